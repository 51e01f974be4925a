-- Payments ordered in advance; amounts in major units with a comma.
SELECT
    order_no AS order_id,
    account_no AS account_id,
    'core:' || client_no AS customer_id,
    CASE purpose WHEN 'R' THEN 'rent' WHEN 'I' THEN 'insurance' WHEN 'S' THEN 'saving'
        ELSE purpose END AS purpose,
    coalesce(
        CAST(CAST(TRY_CAST(replace(amount, ',', '.') AS DECIMAL(18, 2)) * 100 AS BIGINT) AS VARCHAR),
        amount) AS amount_minor,
    first_on AS started_on,
    last_on AS ended_on
FROM core_orders
