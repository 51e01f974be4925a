-- Decisions of core clients and of CRM contacts, by purpose.
SELECT
    system || ':' || CASE system WHEN 'crm' THEN 'K' ELSE '' END || party_no AS customer_id,
    CASE purpose WHEN 'PROF' THEN 'profiling' WHEN 'CRED' THEN 'credit' WHEN 'MKT' THEN 'marketing'
        ELSE purpose END AS purpose,
    CASE decision WHEN '1' THEN 'given' WHEN '0' THEN 'withdrawn' ELSE decision END AS decision,
    replace(recorded_at, 'T', ' ') AS recorded_at
FROM consent_decisions
