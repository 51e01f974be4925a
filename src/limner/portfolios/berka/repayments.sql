-- One row a transaction that repays a loan (k_symbol UVER), and nothing else: each was known
-- on the day that it was booked.
--
-- An account has one loan at most, and a repayment does not say which instalment it pays: the
-- first repayment pays the instalment that is due first, the second the next, and so on. A
-- repayment without a loan, or beyond the plan, has no instalment and is found out.
--
-- Lending counts in whole crowns (an instalment of 2939.00 is collected as 2938.70), so a
-- repayment does as well: else every instalment would stay short of a few hellers, and look
-- unpaid. The transaction keeps its hellers.
--
-- Where the transactions are partial, a repayment that is missing is no arrears.
WITH paid AS (
    -- Parts of the transactions may overlap.
    SELECT DISTINCT
        trans_id,
        account_id,
        "date",
        amount
    FROM trans
    WHERE trim(k_symbol) IN ('UVER', 'loan payment')
),
numbered AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY account_id ORDER BY "date", try_cast(trans_id AS BIGINT), trans_id
        ) AS number
    FROM paid
)
SELECT
    numbered.trans_id AS repayment_id,
    loan.loan_id || '-' || numbered.number AS instalment_id,
    'core:' || disp.client_id AS customer_id,
    regexp_replace(numbered."date", '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3') AS paid_on,
    CASE
        WHEN regexp_full_match(numbered.amount, '\d{1,12}([.]\d{1,2})?') THEN
            CAST(100 * CAST(round(CAST(numbered.amount AS DECIMAL(18, 2))) AS BIGINT) AS VARCHAR)
        ELSE numbered.amount
    END AS amount_minor
FROM numbered
LEFT JOIN loan ON loan.account_id = numbered.account_id
LEFT JOIN disp ON disp.account_id = numbered.account_id AND disp."type" = 'OWNER'
ORDER BY ALL
