-- One row a loan; the customer is the account's owner. The status is not here: how a loan
-- ends is known only afterwards (outcome_loan_status.sql).
--
-- What a loan is for is not recorded, hence kind 'other'. Its amount is its term times its
-- instalment, so that no interest can be told from it.
SELECT
    loan.loan_id,
    'core:' || disp.client_id AS customer_id,
    loan.account_id,
    'other' AS kind,
    regexp_replace(loan."date", '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3') AS granted_on,
    -- Crowns, with decimals or without, to hellers; decimal arithmetic loses none.
    CASE
        WHEN regexp_full_match(loan.amount, '\d{1,12}([.]\d{1,2})?')
            THEN CAST(CAST(100 * CAST(loan.amount AS DECIMAL(18, 2)) AS BIGINT) AS VARCHAR)
        ELSE loan.amount
    END AS principal_minor,
    loan.duration AS term_months,
    CAST(NULL AS VARCHAR) AS annual_rate
FROM loan
LEFT JOIN disp ON disp.account_id = loan.account_id AND disp."type" = 'OWNER'
