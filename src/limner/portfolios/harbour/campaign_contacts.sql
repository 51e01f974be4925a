-- Who was in a campaign, in which random arm; contacts are the CRM's. Moments: 20230131 0930.
SELECT
    contact_no AS contact_id,
    campaign AS campaign_id,
    'crm:' || contact AS customer_id,
    regexp_replace("at", '^(\d{4})(\d{2})(\d{2}) (\d{2})(\d{2})$', '\1-\2-\3 \4:\5:00')
        AS contacted_at,
    CASE arm WHEN 'C' THEN 'control' WHEN 'T' THEN 'treated' ELSE arm END AS arm,
    CASE offer WHEN 'CC' THEN 'card' WHEN 'TD' THEN 'term_deposit' WHEN 'INS' THEN 'insurance'
        ELSE offer END AS offer,
    CASE channel WHEN 'A' THEN 'app' WHEN 'E' THEN 'email' WHEN 'M' THEN 'mail' WHEN 'P' THEN 'phone'
        ELSE channel END AS channel
FROM campaign_list
