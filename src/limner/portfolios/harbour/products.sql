-- The product catalogue.
SELECT
    product_code AS product_id,
    CASE group_code WHEN 'CUR' THEN 'current' WHEN 'SAV' THEN 'savings'
        WHEN 'TDP' THEN 'term_deposit' WHEN 'INV' THEN 'investment' WHEN 'INS' THEN 'insurance'
        WHEN 'CRD' THEN 'card' WHEN 'LON' THEN 'loan' WHEN 'MTG' THEN 'mortgage'
        ELSE group_code END AS kind,
    label AS name
FROM ref_products
