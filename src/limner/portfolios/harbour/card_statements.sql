-- Monthly statements of credit cards. Dates are numbers, 20230131; amounts are in cents.
SELECT
    CAST(card_token AS VARCHAR) AS card_id,
    'core:' || client_no AS customer_id,
    regexp_replace(CAST(stmt_date AS VARCHAR), '^(\d{4})(\d{2})(\d{2})$', '\1-\2-\3')
        AS statement_on,
    owed_cents AS balance_minor,
    limit_cents AS limit_minor,
    overdue_cents AS past_due_minor
FROM cards_statements
