-- The call centre's cases. Notes are free text and may name people.
SELECT
    case_no AS interaction_id,
    'core:' || regexp_replace(client, '^C0*', '') AS customer_id,
    regexp_replace(started, '^(.{10})T(.{5})$', '\1 \2:00') AS occurred_at,
    CASE channel WHEN 'TEL' THEN 'phone' WHEN 'CHAT' THEN 'chat' WHEN 'MAIL' THEN 'email'
        WHEN 'FIL' THEN 'branch' ELSE channel END AS channel,
    CASE topic WHEN 'ACC' THEN 'account' WHEN 'APP' THEN 'app' WHEN 'CRD' THEN 'card'
        WHEN 'CMP' THEN 'complaint' WHEN 'FEE' THEN 'fees' WHEN 'FRD' THEN 'fraud'
        WHEN 'LOA' THEN 'loan' WHEN 'OTH' THEN 'other' WHEN 'SAV' THEN 'savings'
        ELSE topic END AS topic,
    CASE solved WHEN 'J' THEN 'yes' WHEN 'N' THEN 'no' ELSE solved END AS resolved,
    note
FROM service_cases
