-- How each loan ended. Known only afterwards: for the outcome of a model of loans granted, and
-- never a fact about a customer, so it is mapped to no canonical table.
--
-- A finished, paid; B finished, not paid; C running, paid so far; D running, in debt: bad is
-- B or D. Status is as of the end of 1998, when C loans granted late have run for a year only.
SELECT
    loan.loan_id,
    'core:' || disp.client_id AS customer_id,
    regexp_replace(loan."date", '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3') AS granted_on,
    loan.status,
    CASE
        WHEN loan.status IN ('B', 'D') THEN 1
        WHEN loan.status IN ('A', 'C') THEN 0
    END AS bad
FROM loan
LEFT JOIN disp ON disp.account_id = loan.account_id AND disp."type" = 'OWNER'
ORDER BY ALL
