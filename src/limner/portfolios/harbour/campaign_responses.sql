-- What came of a contact; customers of the control group can only have taken the product.
SELECT
    contact_no AS contact_id,
    'crm:' || contact AS customer_id,
    regexp_replace("at", '^(\d{4})(\d{2})(\d{2}) (\d{2})(\d{2})$', '\1-\2-\3 \4:\5:00')
        AS responded_at,
    CASE answer WHEN 'YES' THEN 'taken' WHEN 'NO' THEN 'declined' WHEN 'CMP' THEN 'complained'
        ELSE answer END AS response
FROM campaign_answers
