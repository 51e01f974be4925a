-- From the extract (every column as text) to the contract of bank_marketing.
--
-- The file is in time order and gives day and month, but no year. It starts in
-- May 2008; whenever the month falls from one row to the next, a new year has begun.
WITH numbered AS (
    SELECT
        row_number() OVER () AS customer_id,
        nullif(list_position(
            ['jan', 'feb', 'mar', 'apr', 'may', 'jun',
             'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], lower(trim("month"))), 0) AS month_number,
        *
    FROM extract
),
with_month_before AS (
    SELECT
        *,
        last_value(month_number IGNORE NULLS) OVER (
            ORDER BY customer_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS month_before
    FROM numbered
),
with_year AS (
    SELECT
        *,
        2008 + count(*) FILTER (month_number < month_before) OVER (
            ORDER BY customer_id ROWS UNBOUNDED PRECEDING
        ) AS year_number
    FROM with_month_before
)
SELECT
    customer_id::VARCHAR AS customer_id,
    printf('%d-%02d-', year_number, month_number) || lpad(trim("day"), 2, '0') AS contacted_on,
    "age" AS age,
    "job" AS job,
    "marital" AS marital_status,
    "education" AS education,
    "default" AS credit_in_default,
    "balance" AS balance,
    "housing" AS housing_loan,
    "loan" AS personal_loan,
    "contact" AS contact_channel,
    "day" AS contact_day,
    CASE WHEN month_number IS NULL THEN "month" ELSE lower(trim("month")) END AS contact_month,
    "duration" AS call_seconds,
    "campaign" AS campaign_contacts,
    "pdays" AS days_since_contact,
    "previous" AS previous_contacts,
    "poutcome" AS previous_outcome,
    CASE lower(trim("y")) WHEN 'yes' THEN '1' WHEN 'no' THEN '0' ELSE "y" END AS subscribed
FROM with_year
ORDER BY with_year.customer_id
