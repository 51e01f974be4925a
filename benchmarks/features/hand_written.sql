-- The columns of the catalogue that come from transactions, as an engineer would write them
-- for DuckDB without a catalogue: one wide pass, one for the latest balance of each account,
-- one for counterparties. {files} is the list of parts; the snapshot is 2024-06-30.
WITH recent AS (
    SELECT customer_id, account_id, direction, category, channel, counterparty, amount_minor,
           balance_minor, booked_at,
           date_diff('day', CAST(booked_at AS DATE), DATE '2024-06-30') AS age
    FROM read_parquet({files})
    WHERE booked_at >= DATE '2024-06-30' - INTERVAL 365 DAY AND booked_at < DATE '2024-06-30'
),
totals AS (
    SELECT
        customer_id,
        sum(CASE WHEN direction = 'credit' AND age <= 30 THEN amount_minor END) AS in_30,
        sum(CASE WHEN direction = 'credit' AND age <= 90 THEN amount_minor END) AS in_90,
        sum(CASE WHEN direction = 'credit' THEN amount_minor END) AS in_365,
        sum(CASE WHEN direction = 'debit' AND age <= 30 THEN amount_minor END) AS out_30,
        sum(CASE WHEN direction = 'debit' AND age <= 90 THEN amount_minor END) AS out_90,
        sum(CASE WHEN direction = 'debit' THEN amount_minor END) AS out_365,
        count(CASE WHEN age <= 30 THEN 1 END) AS n_30,
        count(CASE WHEN age <= 90 THEN 1 END) AS n_90,
        count(CASE WHEN direction = 'debit' AND age <= 90 THEN 1 END) AS out_n_90,
        max(CASE WHEN direction = 'debit' AND age <= 90 THEN amount_minor END) AS out_max_90,
        sum(CASE WHEN direction = 'debit' AND age > 30 AND age <= 60 THEN amount_minor END) AS out_2,
        sum(CASE WHEN direction = 'debit' AND age > 60 AND age <= 90 THEN amount_minor END) AS out_3,
        sum(CASE WHEN direction = 'debit' AND age > 90 AND age <= 120 THEN amount_minor END) AS out_4,
        sum(CASE WHEN direction = 'debit' AND age > 120 AND age <= 150 THEN amount_minor END) AS out_5,
        sum(CASE WHEN direction = 'debit' AND age > 150 AND age <= 180 THEN amount_minor END) AS out_6,
        min(age) AS last_any,
        count(CASE WHEN channel = 'card' AND age <= 90 THEN 1 END) AS card_90,
        count(CASE WHEN channel = 'online' AND age <= 90 THEN 1 END) AS online_90,
        count(CASE WHEN channel = 'branch' AND age <= 90 THEN 1 END) AS branch_90,
        min(CASE WHEN age <= 30 THEN balance_minor END) AS low_30,
        min(CASE WHEN age <= 90 THEN balance_minor END) AS low_90,
        max(CASE WHEN age <= 90 THEN balance_minor END) AS high_90,
        avg(CASE WHEN age <= 30 THEN balance_minor END) AS mean_30,
        avg(CASE WHEN age <= 90 THEN balance_minor END) AS mean_90,
        count(CASE WHEN balance_minor < 0 AND age <= 90 THEN 1 END) AS below_90,
        min(CASE WHEN balance_minor < 0 THEN age END) AS last_below,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age <= 30 THEN amount_minor END) AS pay_30,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age <= 90 THEN amount_minor END) AS pay_90,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') THEN amount_minor END) AS pay_365,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age > 30 AND age <= 60 THEN amount_minor END) AS pay_2,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age > 60 AND age <= 90 THEN amount_minor END) AS pay_3,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age > 90 AND age <= 120 THEN amount_minor END) AS pay_4,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age > 120 AND age <= 150 THEN amount_minor END) AS pay_5,
        sum(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age > 150 AND age <= 180 THEN amount_minor END) AS pay_6,
        count(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') AND age <= 90 THEN 1 END) AS pay_n_90,
        min(CASE WHEN direction = 'credit' AND category IN ('salary', 'pension') THEN age END) AS last_pay,
        sum(CASE WHEN direction = 'credit' AND category = 'pension' THEN amount_minor END) AS pension_365,
        sum(CASE WHEN direction = 'debit' AND category = 'groceries' AND age <= 90 THEN amount_minor END) AS groceries,
        sum(CASE WHEN direction = 'debit' AND category = 'housing' AND age <= 90 THEN amount_minor END) AS housing,
        sum(CASE WHEN direction = 'debit' AND category = 'restaurants' AND age <= 90 THEN amount_minor END) AS restaurants,
        sum(CASE WHEN direction = 'debit' AND category = 'leisure' AND age <= 90 THEN amount_minor END) AS leisure,
        sum(CASE WHEN direction = 'debit' AND category = 'shopping' AND age <= 90 THEN amount_minor END) AS shopping,
        sum(CASE WHEN direction = 'debit' AND category = 'travel' AND age <= 90 THEN amount_minor END) AS travel,
        sum(CASE WHEN direction = 'debit' AND category = 'health' AND age <= 90 THEN amount_minor END) AS health,
        sum(CASE WHEN direction = 'debit' AND category IN ('groceries', 'health', 'housing', 'insurance', 'transport', 'utilities') AND age <= 90 THEN amount_minor END) AS essentials,
        sum(CASE WHEN direction = 'debit' AND category IN ('leisure', 'restaurants', 'shopping', 'travel') AND age <= 30 THEN amount_minor END) AS pleasures_30,
        sum(CASE WHEN direction = 'debit' AND category IN ('leisure', 'restaurants', 'shopping', 'travel') AND age <= 90 THEN amount_minor END) AS pleasures_90,
        sum(CASE WHEN direction = 'debit' AND category = 'savings' AND age <= 90 THEN amount_minor END) AS saved_90,
        sum(CASE WHEN direction = 'debit' AND category = 'cash' AND age <= 30 THEN amount_minor END) AS cash_30,
        sum(CASE WHEN direction = 'debit' AND category = 'cash' AND age <= 90 THEN amount_minor END) AS cash_90,
        sum(CASE WHEN direction = 'debit' AND category = 'gambling' AND age <= 90 THEN amount_minor END) AS gambling_90,
        count(CASE WHEN direction = 'debit' AND category = 'gambling' AND age <= 90 THEN 1 END) AS gambling_n_90,
        min(CASE WHEN direction = 'debit' AND category = 'gambling' THEN age END) AS last_gambling,
        sum(CASE WHEN direction = 'debit' AND category = 'fees' AND age <= 90 THEN amount_minor END) AS fees_90,
        sum(CASE WHEN direction = 'debit' AND category = 'penalty' THEN amount_minor END) AS penalty_365,
        count(CASE WHEN direction = 'debit' AND category = 'penalty' THEN 1 END) AS penalty_n_365,
        min(CASE WHEN direction = 'debit' AND category = 'penalty' THEN age END) AS last_penalty,
        sum(CASE WHEN direction = 'credit' AND category = 'interest' THEN amount_minor END) AS interest_365
    FROM recent
    GROUP BY customer_id
),
latest AS (
    SELECT customer_id, sum(balance) AS balance, sum(greatest(-balance, 0)) AS overdrawn
    FROM (
        SELECT customer_id, account_id, arg_max(balance_minor, booked_at) AS balance
        FROM recent GROUP BY customer_id, account_id
    ) GROUP BY customer_id
),
partners AS (
    SELECT customer_id, count(CASE WHEN youngest <= 30 THEN 1 END) AS n_30, count(*) AS n_90
    FROM (
        SELECT customer_id, counterparty, min(age) AS youngest
        FROM recent WHERE counterparty IS NOT NULL AND age <= 90 GROUP BY customer_id, counterparty
    ) GROUP BY customer_id
)
SELECT
    customer_id,
    coalesce(in_30, 0) AS credit_sum_30d,
    coalesce(in_90, 0) AS credit_sum_90d,
    coalesce(in_365, 0) AS credit_sum_365d,
    coalesce(out_30, 0) AS debit_sum_30d,
    coalesce(out_90, 0) AS debit_sum_90d,
    coalesce(out_365, 0) AS debit_sum_365d,
    coalesce(t.n_30, 0) AS transaction_count_30d,
    coalesce(t.n_90, 0) AS transaction_count_90d,
    out_90 / nullif(out_n_90, 0) AS debit_mean_90d,
    out_max_90 AS debit_max_90d,
    coalesce(in_30, 0) - coalesce(out_30, 0) AS net_flow_30d,
    coalesce(in_90, 0) - coalesce(out_90, 0) AS net_flow_90d,
    coalesce(out_90, 0) / nullif(in_90, 0) AS debit_to_credit_90d,
    coalesce(out_365, 0) / nullif(in_365, 0) AS debit_to_credit_365d,
    coalesce(out_30, 0) * 3 / nullif(out_90, 0) AS debit_trend_30d_90d,
    coalesce(out_90, 0) * 365 / nullif(out_365 * 90, 0) AS debit_trend_90d_365d,
    coalesce(in_30, 0) * 3 / nullif(in_90, 0) AS credit_trend_30d_90d,
    coalesce(in_90, 0) * 365 / nullif(in_365 * 90, 0) AS credit_trend_90d_365d,
    t.n_30 * 3 / nullif(t.n_90, 0) AS transaction_count_trend_30d_90d,
    list_stddev_pop([coalesce(x, 0) FOR x IN [out_30, out_2, out_3, out_4, out_5, out_6]])
        / nullif(list_avg([coalesce(x, 0) FOR x IN [out_30, out_2, out_3, out_4, out_5, out_6]]), 0)
        AS debit_variation_180d,
    last_any AS days_since_transaction,
    coalesce(p.n_30, 0) AS counterparties_30d,
    coalesce(p.n_90, 0) AS counterparties_90d,
    card_90 / nullif(t.n_90, 0) AS card_share_90d,
    online_90 / nullif(t.n_90, 0) AS online_share_90d,
    branch_90 / nullif(t.n_90, 0) AS branch_share_90d,
    balance AS balance_latest,
    overdrawn AS overdrawn_latest,
    low_30 AS balance_min_30d,
    low_90 AS balance_min_90d,
    mean_30 AS balance_mean_30d,
    mean_90 AS balance_mean_90d,
    high_90 AS balance_max_90d,
    mean_30 - mean_90 AS balance_change_30d_90d,
    coalesce(below_90, 0) AS overdrawn_count_90d,
    last_below AS days_since_overdrawn,
    balance / nullif(out_90 / 3, 0) AS months_of_spending_held,
    coalesce(pay_30, 0) AS income_sum_30d,
    coalesce(pay_90, 0) AS income_sum_90d,
    coalesce(pay_365, 0) AS income_sum_365d,
    coalesce(pay_n_90, 0) AS income_count_90d,
    coalesce(pension_365, 0) / nullif(in_365, 0) AS pension_share_365d,
    coalesce(pay_90, 0) / nullif(in_90, 0) AS income_share_90d,
    coalesce(pay_90, 0) * 365 / nullif(pay_365 * 90, 0) AS income_trend_90d_365d,
    list_stddev_pop([coalesce(x, 0) FOR x IN [pay_30, pay_2, pay_3, pay_4, pay_5, pay_6]])
        / nullif(list_avg([coalesce(x, 0) FOR x IN [pay_30, pay_2, pay_3, pay_4, pay_5, pay_6]]), 0)
        AS income_variation_180d,
    last_pay AS days_since_income,
    coalesce(groceries, 0) / nullif(out_90, 0) AS groceries_share_90d,
    coalesce(housing, 0) / nullif(out_90, 0) AS housing_share_90d,
    coalesce(restaurants, 0) / nullif(out_90, 0) AS restaurants_share_90d,
    coalesce(leisure, 0) / nullif(out_90, 0) AS leisure_share_90d,
    coalesce(shopping, 0) / nullif(out_90, 0) AS shopping_share_90d,
    coalesce(travel, 0) / nullif(out_90, 0) AS travel_share_90d,
    coalesce(health, 0) / nullif(out_90, 0) AS health_share_90d,
    coalesce(essentials, 0) / nullif(out_90, 0) AS essentials_share_90d,
    coalesce(pleasures_90, 0) / nullif(out_90, 0) AS pleasures_share_90d,
    coalesce(pleasures_30, 0) * 3 / nullif(pleasures_90, 0) AS pleasures_trend_30d_90d,
    coalesce(saved_90, 0) AS saved_sum_90d,
    coalesce(saved_90, 0) / nullif(pay_90, 0) AS saved_to_income_90d,
    coalesce(cash_30, 0) AS cash_sum_30d,
    coalesce(cash_90, 0) AS cash_sum_90d,
    coalesce(cash_90, 0) / nullif(out_90, 0) AS cash_share_90d,
    coalesce(cash_30, 0) * 3 / nullif(cash_90, 0) AS cash_trend_30d_90d,
    coalesce(gambling_90, 0) AS gambling_sum_90d,
    coalesce(gambling_n_90, 0) AS gambling_count_90d,
    coalesce(gambling_90, 0) / nullif(pay_90, 0) AS gambling_to_income_90d,
    last_gambling AS days_since_gambling,
    coalesce(fees_90, 0) AS fees_sum_90d,
    coalesce(penalty_365, 0) AS penalty_sum_365d,
    coalesce(penalty_n_365, 0) AS penalty_count_365d,
    last_penalty AS days_since_penalty,
    coalesce(interest_365, 0) AS interest_earned_sum_365d
FROM (SELECT customer_id FROM read_parquet('{customers}') WHERE onboarded_on < DATE '2024-06-30') AS c
LEFT JOIN totals AS t USING (customer_id)
LEFT JOIN latest USING (customer_id)
LEFT JOIN partners AS p USING (customer_id)
ORDER BY customer_id
