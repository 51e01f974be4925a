-- One row a current account; the customer is its owner. The bank records no closing of an
-- account and no overdraft limit.
--
-- frequency, of statements, is in Czech: POPLATEK MESICNE monthly, POPLATEK TYDNE weekly,
-- POPLATEK PO OBRATU after each transaction.
SELECT
    account.account_id,
    'core:' || disp.client_id AS customer_id,
    CASE trim(account.frequency)
        WHEN 'POPLATEK MESICNE' THEN 'current_monthly'
        WHEN 'POPLATEK TYDNE' THEN 'current_weekly'
        WHEN 'POPLATEK PO OBRATU' THEN 'current_per_transaction'
        ELSE account.frequency
    END AS product_id,
    regexp_replace(account."date", '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3') AS opened_on,
    CAST(NULL AS VARCHAR) AS closed_on,
    CAST(NULL AS VARCHAR) AS overdraft_limit_minor
FROM account
LEFT JOIN disp ON disp.account_id = account.account_id AND disp."type" = 'OWNER'
