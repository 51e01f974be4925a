-- Who may use an account besides its owner.
SELECT
    CAST(account_no AS VARCHAR) AS account_id,
    'core:' || client_no AS customer_id,
    CASE role_code WHEN 'J' THEN 'joint' WHEN 'A' THEN 'authorised' ELSE role_code END AS role,
    valid_from AS since
FROM core_holders
