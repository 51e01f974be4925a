-- One row a card; the customer is the client who may use the account through it. The bank
-- calls them credit cards, but each draws on a current account and none has a limit: debit.
SELECT
    card.card_id,
    'core:' || disp.client_id AS customer_id,
    disp.account_id,
    'debit' AS kind,
    card."type" AS tier,
    regexp_replace(card.issued, '^(\d\d)(\d\d)(\d\d)( 00:00:00)?$', '19\1-\2-\3') AS issued_on,
    CAST(NULL AS VARCHAR) AS closed_on,
    CAST(NULL AS VARCHAR) AS limit_minor
FROM card
LEFT JOIN disp ON disp.disp_id = card.disp_id
