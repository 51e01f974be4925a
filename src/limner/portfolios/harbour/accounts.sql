-- Current and savings accounts, deposits, funds, insurance and card accounts.
SELECT
    CAST(account_no AS VARCHAR) AS account_id,
    'core:' || client_no AS customer_id,
    product_code AS product_id,
    opened AS opened_on,
    closed AS closed_on,
    CAST(overdraft * 100 AS BIGINT) AS overdraft_limit_minor
FROM core_accounts
