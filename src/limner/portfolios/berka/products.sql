-- The bank lists no products: these are the kinds of dealings that its files know. Current
-- accounts differ by how often a statement is made.
SELECT *
FROM (
    VALUES
    ('current_monthly', 'current', 'Current account, monthly statements'),
    ('current_weekly', 'current', 'Current account, weekly statements'),
    ('current_per_transaction', 'current', 'Current account, a statement after each transaction'),
    ('card', 'card', 'Card on a current account'),
    ('loan', 'loan', 'Loan on a current account')
) AS products (product_id, kind, name)
