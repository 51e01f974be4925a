-- What was paid on each instalment; some are paid in two parts.
SELECT
    receipt_no AS repayment_id,
    instalment_no AS instalment_id,
    'core:' || ltrim(client, '0') AS customer_id,
    regexp_replace(paid, '^(\d{2})\.(\d{2})\.(\d{4})$', '\3-\2-\1') AS paid_on,
    coalesce(
        CAST(CAST(TRY_CAST(replace(amount, ',', '.') AS DECIMAL(18, 2)) * 100 AS BIGINT) AS VARCHAR),
        amount) AS amount_minor
FROM loans_receipts
