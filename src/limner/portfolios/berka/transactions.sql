-- One row a transaction; the customer is the account's owner. Codes are Czech in the bank's
-- own files and English, in the words of its guide, in a part that others made. A code that is
-- in neither goes on as it is, and is found out by the contract.
WITH directions (code, direction) AS (
    VALUES
    ('PRIJEM', 'credit'), ('credit', 'credit'),
    ('VYDAJ', 'debit'), ('withdrawal', 'debit'),
    -- A cash withdrawal, as some rows say it.
    ('VYBER', 'debit'), ('withdrawal in cash', 'debit')
),
operations (code, channel, category) AS (
    VALUES
    ('VKLAD', 'branch', 'cash'), ('credit in cash', 'branch', 'cash'),
    ('VYBER', 'branch', 'cash'), ('withdrawal in cash', 'branch', 'cash'),
    -- Withdrawals by card are whole hundreds of crowns: cash from a machine.
    ('VYBER KARTOU', 'atm', 'cash'), ('credit card withdrawal', 'atm', 'cash'),
    -- Of transfers the files do not say what they are for, salaries among them.
    ('PREVOD Z UCTU', 'transfer', 'other'), ('collection from another bank', 'transfer', 'other'),
    ('PREVOD NA UCET', 'transfer', 'other'), ('remittance to another bank', 'transfer', 'other')
),
-- What a transaction is for tells more than how it was made. What the bank itself books has
-- operation 'cash withdrawal' (fees, penalties) or none (interest).
purposes (code, channel, category) AS (
    VALUES
    ('SIPO', NULL, 'housing'), ('household', NULL, 'housing'),
    ('POJISTNE', NULL, 'insurance'), ('insurrance payment', NULL, 'insurance'),
    ('DUCHOD', NULL, 'pension'), ('old-age pension', NULL, 'pension'),
    ('UVER', NULL, 'loan'), ('loan payment', NULL, 'loan'),
    ('SLUZBY', 'system', 'fees'), ('payment for statement', 'system', 'fees'),
    ('UROK', 'system', 'interest'), ('interest credited', 'system', 'interest'),
    ('SANKC. UROK', 'system', 'penalty'),
    ('sanction interest if negative balance', 'system', 'penalty')
)
-- The parts of the transactions may overlap: copies that say the same are one transaction.
-- Copies that do not are all kept, share a key, and are found out.
SELECT DISTINCT
    trans.trans_id AS transaction_id,
    trans.account_id,
    'core:' || disp.client_id AS customer_id,
    -- The files know the day only.
    regexp_replace(trans."date", '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3 00:00:00') AS booked_at,
    coalesce(directions.direction, trans."type") AS direction,
    -- Crowns, with decimals or without, to hellers; decimal arithmetic loses none.
    CASE
        WHEN regexp_full_match(trans.amount, '-?\d{1,12}([.]\d{1,2})?')
            THEN CAST(CAST(100 * CAST(trans.amount AS DECIMAL(18, 2)) AS BIGINT) AS VARCHAR)
        ELSE trans.amount
    END AS amount_minor,
    coalesce(purposes.channel, operations.channel, trans.operation) AS channel,
    coalesce(purposes.category, nullif(trim(trans.k_symbol), ''), operations.category) AS category,
    -- Account 0 of no bank is nobody.
    nullif(trim(trans.bank), '') || ':' || nullif(nullif(trim(trans.account), ''), '0')
        AS counterparty,
    CASE
        WHEN regexp_full_match(trans.balance, '-?\d{1,12}([.]\d{1,2})?')
            THEN CAST(CAST(100 * CAST(trans.balance AS DECIMAL(18, 2)) AS BIGINT) AS VARCHAR)
        ELSE trans.balance
    END AS balance_minor
FROM trans
LEFT JOIN disp ON disp.account_id = trans.account_id AND disp."type" = 'OWNER'
LEFT JOIN directions ON directions.code = trim(trans."type")
LEFT JOIN operations ON operations.code = trim(trans.operation)
LEFT JOIN purposes ON purposes.code = trim(trans.k_symbol)
ORDER BY ALL
