-- One row a client and account: its owner, or a disponent, who may use it.
--
-- The bank dates no right of use. An owner has it from the account's opening. That a disponent
-- has it from then on too is an assumption, and a risky one: no loan of an account with a
-- disponent went bad, which may well mean that the right was recorded later. A model of how
-- loans end should not use disponents.
SELECT
    disp.account_id,
    'core:' || disp.client_id AS customer_id,
    CASE disp."type"
        WHEN 'OWNER' THEN 'owner'
        WHEN 'DISPONENT' THEN 'authorised'
        ELSE disp."type"
    END AS role,
    regexp_replace(account."date", '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3') AS since
FROM disp
LEFT JOIN account ON account.account_id = disp.account_id
