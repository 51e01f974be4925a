-- One row an instalment: a loan's plan is its duration in months times its payments. It is
-- derived from what is agreed when the loan is granted, and from nothing that came later.
--
-- The files state no days. Every repayment among the transactions is booked on the 12th, so
-- an instalment is due on the 12th of each month, the first on the first 12th after granting.
--
-- A loan whose date or duration cannot be read has no plan; the loan itself is found out.
WITH granted AS (
    SELECT
        *,
        try_cast(regexp_replace("date", '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3') AS DATE)
            AS granted_on,
        try_cast(duration AS INTEGER) AS months
    FROM loan
),
plan AS (
    SELECT
        *,
        unnest(range(1, months + 1)) AS number
    FROM granted
    WHERE granted_on IS NOT NULL AND months BETWEEN 1 AND 600
)
SELECT
    plan.loan_id || '-' || plan.number AS instalment_id,
    plan.loan_id,
    'core:' || disp.client_id AS customer_id,
    CAST(CAST(
        date_trunc('month', granted_on)
        + to_months(CAST(plan.number - CASE WHEN day(granted_on) < 12 THEN 1 ELSE 0 END AS INTEGER))
        + to_days(11) AS DATE) AS VARCHAR) AS due_on,
    CASE
        WHEN regexp_full_match(plan.payments, '\d{1,12}([.]\d{1,2})?')
            THEN CAST(CAST(100 * CAST(plan.payments AS DECIMAL(18, 2)) AS BIGINT) AS VARCHAR)
        ELSE plan.payments
    END AS amount_minor
FROM plan
LEFT JOIN disp ON disp.account_id = plan.account_id AND disp."type" = 'OWNER'
ORDER BY plan.loan_id, plan.number
