-- The instalments of each loan that have fallen due.
SELECT
    instalment_no AS instalment_id,
    ltrim(loan_no, 'L') AS loan_id,
    'core:' || ltrim(client, '0') AS customer_id,
    regexp_replace(due, '^(\d{2})\.(\d{2})\.(\d{4})$', '\3-\2-\1') AS due_on,
    coalesce(
        CAST(CAST(TRY_CAST(replace(amount, ',', '.') AS DECIMAL(18, 2)) * 100 AS BIGINT) AS VARCHAR),
        amount) AS amount_minor
FROM loans_schedule
