-- Every movement on current and savings accounts. Purposes are numbers of core banking; from
-- 4000 on they are the card schemes' merchant categories.
SELECT
    CAST(txn_no AS VARCHAR) AS transaction_id,
    CAST(account_no AS VARCHAR) AS account_id,
    'core:' || client_no AS customer_id,
    booked AS booked_at,
    CASE dc WHEN 'C' THEN 'credit' WHEN 'D' THEN 'debit' ELSE dc END AS direction,
    -- DECIMAL(14,2) times 100 is exact.
    CAST(amount * 100 AS BIGINT) AS amount_minor,
    CASE channel WHEN 1 THEN 'atm' WHEN 2 THEN 'branch' WHEN 3 THEN 'card'
        WHEN 4 THEN 'direct_debit' WHEN 5 THEN 'online' WHEN 6 THEN 'standing_order'
        WHEN 7 THEN 'system' WHEN 8 THEN 'transfer' ELSE CAST(channel AS VARCHAR) END AS channel,
    CASE purpose WHEN 10 THEN 'other' WHEN 100 THEN 'salary' WHEN 110 THEN 'pension'
        WHEN 200 THEN 'housing' WHEN 300 THEN 'loan' WHEN 310 THEN 'savings' WHEN 400 THEN 'fees'
        WHEN 410 THEN 'interest' WHEN 420 THEN 'penalty' WHEN 4111 THEN 'transport'
        WHEN 4511 THEN 'travel' WHEN 4900 THEN 'utilities' WHEN 5311 THEN 'shopping'
        WHEN 5411 THEN 'groceries' WHEN 5812 THEN 'restaurants' WHEN 6011 THEN 'cash'
        WHEN 6300 THEN 'insurance' WHEN 7832 THEN 'leisure' WHEN 7995 THEN 'gambling'
        WHEN 8011 THEN 'health' ELSE CAST(purpose AS VARCHAR) END AS category,
    CAST(counterparty AS VARCHAR) AS counterparty,
    CAST(balance * 100 AS BIGINT) AS balance_minor
FROM core_transactions
