-- Debit and credit cards. Dates are numbers, 20230131, and 0 where there is none.
WITH dated AS (
    SELECT *, CAST(issued AS VARCHAR) AS issue_text, CAST(closed AS VARCHAR) AS close_text
    FROM cards_cards
)
SELECT
    CAST(card_token AS VARCHAR) AS card_id,
    'core:' || client_no AS customer_id,
    ltrim(account_no, '0') AS account_id,
    CASE type WHEN 'DB' THEN 'debit' WHEN 'CR' THEN 'credit' ELSE type END AS kind,
    CASE tier WHEN 1 THEN 'classic' WHEN 2 THEN 'gold' WHEN 3 THEN 'junior'
        ELSE CAST(tier AS VARCHAR) END AS tier,
    CASE WHEN issued <> 0 THEN regexp_replace(issue_text, '^(\d{4})(\d{2})(\d{2})$', '\1-\2-\3')
        END AS issued_on,
    CASE WHEN closed <> 0 THEN regexp_replace(close_text, '^(\d{4})(\d{2})(\d{2})$', '\1-\2-\3')
        END AS closed_on,
    limit_cents AS limit_minor
FROM dated
