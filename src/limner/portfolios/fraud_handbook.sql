-- From the extract (every column as text) to the contract of fraud_handbook: one row a
-- transaction, with what was known the moment before it and nothing else.
--
--   * The past is what lies strictly before. Of transactions in the same second none is another's
--     past, whatever their order in the file. "30 days" are the 30 times 24 hours before.
--   * That a transaction was fraudulent becomes known label_delay_days after it (delay_days in
--     params.yaml). What rests on frauds therefore ends that long before the transaction: with a
--     delay of 7, the 30 days of a terminal are those from 37 to 7 days before.
--   * A row that the contract will not trust is nobody's past.
--   * Amounts are summed in whole cents: sums are exact, whatever lies outside their window.
--   * Ids leave this query as keyed pseudonyms only.
WITH given AS (
    SELECT
        *,
        row_number() OVER () AS place,
        try_cast("TRANSACTION_ID" AS BIGINT) AS number,
        try_cast("TX_DATETIME" AS TIMESTAMP) AS moment,
        try_cast("TX_AMOUNT" AS DOUBLE) AS paid,
        try_cast("TX_FRAUD" AS INTEGER) AS fraud,
        nullif(trim("CUSTOMER_ID"), '') AS customer,
        -- The network has 10,000 terminals, 0 to 9999: any other is unknown.
        CASE WHEN try_cast("TERMINAL_ID" AS INTEGER) BETWEEN 0 AND 9999
            THEN try_cast("TERMINAL_ID" AS INTEGER) END AS terminal
    FROM extract
),
sound AS (
    SELECT
        place, customer, terminal, moment, fraud,
        CAST(moment AS DATE) AS day,
        CAST(round(paid * 100) AS BIGINT) AS cents
    FROM given
    WHERE paid BETWEEN 0 AND 100000 AND fraud IN (0, 1) AND number IS NOT NULL
        AND customer IS NOT NULL AND terminal IS NOT NULL AND isfinite(moment)
    QUALIFY count(*) OVER (PARTITION BY number) = 1
),
of_customer AS (
    SELECT
        place,
        count(*) OVER last_1 AS customer_count_1,
        count(*) OVER last_7 AS customer_count_7,
        count(*) OVER last_30 AS customer_count_30,
        sum(cents) OVER last_1 / 100 / count(*) OVER last_1 AS customer_mean_1,
        sum(cents) OVER last_7 / 100 / count(*) OVER last_7 AS customer_mean_7,
        sum(cents) OVER last_30 / 100 / count(*) OVER last_30 AS customer_mean_30,
        max(cents) OVER last_7 / 100 AS customer_largest_7,
        max(cents) OVER last_30 / 100 AS customer_largest_30,
        date_diff('day', max(CASE WHEN fraud = 1 THEN day END) OVER known_days, day)
            AS customer_days_since_fraud
    FROM sound
    WINDOW
        last_1 AS (PARTITION BY customer ORDER BY moment
            RANGE BETWEEN to_days(1) PRECEDING AND to_microseconds(1) PRECEDING),
        last_7 AS (PARTITION BY customer ORDER BY moment
            RANGE BETWEEN to_days(7) PRECEDING AND to_microseconds(1) PRECEDING),
        last_30 AS (PARTITION BY customer ORDER BY moment
            RANGE BETWEEN to_days(30) PRECEDING AND to_microseconds(1) PRECEDING),
        -- By whole days, as the samples' protocol counts: for them, not for any feature.
        known_days AS (PARTITION BY customer ORDER BY day
            RANGE BETWEEN UNBOUNDED PRECEDING
            AND to_days(getvariable('label_delay_days') + 1) PRECEDING)
),
of_terminal AS (
    SELECT
        place,
        count(*) OVER known_1 AS terminal_count_1,
        count(*) OVER known_7 AS terminal_count_7,
        count(*) OVER known_30 AS terminal_count_30,
        sum(fraud) OVER known_1 / count(*) OVER known_1 AS terminal_rate_1,
        sum(fraud) OVER known_7 / count(*) OVER known_7 AS terminal_rate_7,
        sum(fraud) OVER known_30 / count(*) OVER known_30 AS terminal_rate_30,
        date_diff('second', min(CASE WHEN fraud = 1 THEN moment END) OVER known_30, moment) / 86400
            AS terminal_days_since_first_fraud,
        date_diff('second', max(CASE WHEN fraud = 1 THEN moment END) OVER known_30, moment) / 86400
            AS terminal_days_since_fraud,
        date_diff('second', max(CASE WHEN fraud = 0 THEN moment END) OVER known_30, moment) / 86400
            AS terminal_days_since_genuine
    FROM sound
    WINDOW
        known_1 AS (PARTITION BY terminal ORDER BY moment
            RANGE BETWEEN to_days(getvariable('label_delay_days') + 1) PRECEDING
            AND to_days(getvariable('label_delay_days')) + to_microseconds(1) PRECEDING),
        known_7 AS (PARTITION BY terminal ORDER BY moment
            RANGE BETWEEN to_days(getvariable('label_delay_days') + 7) PRECEDING
            AND to_days(getvariable('label_delay_days')) + to_microseconds(1) PRECEDING),
        known_30 AS (PARTITION BY terminal ORDER BY moment
            RANGE BETWEEN to_days(getvariable('label_delay_days') + 30) PRECEDING
            AND to_days(getvariable('label_delay_days')) + to_microseconds(1) PRECEDING)
),
customers AS (
    SELECT customer, customer_pseudonym(customer) AS customer_name
    FROM (SELECT DISTINCT customer FROM given WHERE customer IS NOT NULL)
),
terminals AS (
    SELECT terminal, terminal_pseudonym(terminal) AS terminal_name
    FROM (SELECT DISTINCT terminal FROM given WHERE terminal IS NOT NULL)
),
described AS (
    SELECT
        *,
        -- What cannot be read stays as it came, and breaks the contract.
        coalesce(CAST(CAST(moment AS DATE) AS VARCHAR), "TX_DATETIME") AS day_or_text,
        CASE WHEN isodow(moment) >= 6 THEN 'yes' ELSE 'no' END AS weekend,
        -- Up to seven o'clock, as the handbook's own function has it.
        CASE WHEN hour(moment) <= 6 THEN 'yes' ELSE 'no' END AS night
    FROM given
    LEFT JOIN of_customer USING (place)
    LEFT JOIN of_terminal USING (place)
    LEFT JOIN customers USING (customer)
    LEFT JOIN terminals USING (terminal)
)
SELECT
    "TRANSACTION_ID" AS transaction_id,
    customer_name AS customer_id,
    terminal_name AS terminal_id,
    day_or_text AS transacted_on,
    "TX_AMOUNT" AS amount,
    weekend AS on_weekend,
    night AS at_night,
    coalesce(customer_count_1, 0) AS customer_transactions_1_day,
    coalesce(customer_count_7, 0) AS customer_transactions_7_days,
    coalesce(customer_count_30, 0) AS customer_transactions_30_days,
    customer_mean_1 AS customer_mean_amount_1_day,
    customer_mean_7 AS customer_mean_amount_7_days,
    customer_mean_30 AS customer_mean_amount_30_days,
    customer_largest_7 AS customer_largest_amount_7_days,
    customer_largest_30 AS customer_largest_amount_30_days,
    coalesce(terminal_count_1, 0) AS terminal_transactions_1_day,
    coalesce(terminal_count_7, 0) AS terminal_transactions_7_days,
    coalesce(terminal_count_30, 0) AS terminal_transactions_30_days,
    terminal_rate_1 AS terminal_fraud_rate_1_day,
    terminal_rate_7 AS terminal_fraud_rate_7_days,
    terminal_rate_30 AS terminal_fraud_rate_30_days,
    terminal_days_since_first_fraud AS terminal_days_since_first_known_fraud,
    terminal_days_since_fraud AS terminal_days_since_known_fraud,
    terminal_days_since_genuine AS terminal_days_since_known_genuine,
    customer_days_since_fraud AS customer_days_since_known_fraud,
    "TX_FRAUD" AS fraudulent
FROM described
ORDER BY place
