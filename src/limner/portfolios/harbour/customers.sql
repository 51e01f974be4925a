-- One row a customer record: clients of core banking and contacts of the CRM.
-- Identity finds out later which of them are the same person.
SELECT
    'core:' || client_no AS customer_id,
    'core' AS system,
    opened AS onboarded_on,
    birth AS birth_date,
    CASE gender WHEN 1 THEN 'male' WHEN 2 THEN 'female' ELSE CAST(gender AS VARCHAR) END AS sex,
    region_code AS region_id,
    full_name,
    id_card AS national_id,
    replace(mobile, ' ', '') AS phone,
    mail AS email,
    street AS address,
    zip AS postcode
FROM core_clients
UNION ALL
SELECT
    'crm:' || contact,
    'crm',
    -- Day first, 31/01/2023; what is no such date goes on as it is, and is found out.
    regexp_replace(since, '^(\d{2})/(\d{2})/(\d{4})$', '\3-\2-\1'),
    regexp_replace(born, '^(\d{2})/(\d{2})/(\d{4})$', '\3-\2-\1'),
    CASE salutation WHEN 'Mr' THEN 'male' WHEN 'Ms' THEN 'female' ELSE salutation END,
    -- The CRM writes the region's name.
    coalesce(ref_regions.region_code, area),
    given || ' ' || surname,
    id_no,
    regexp_replace(tel, '^0099/', '+99'),
    email,
    street,
    zip
FROM crm_contacts
LEFT JOIN ref_regions ON ref_regions.label = area
