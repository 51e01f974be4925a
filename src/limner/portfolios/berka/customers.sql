-- One row a client, whether owner or disponent. There are no names, telephones or addresses.
--
-- birth_number is YYMMDD, of which women have month + 50: 706213 is a woman born on
-- 13 December 1970. Every client was born in the 1900s. What is no such number goes on as it
-- is, and is found out by the contract.
--
-- A client joins the bank with the first account that they own or may use. A client without
-- an account has no such day, and is found out as well.
WITH first_accounts AS (
    SELECT
        disp.client_id,
        min(account."date") AS first_date
    FROM disp
    INNER JOIN account ON account.account_id = disp.account_id
    GROUP BY disp.client_id
),
clients AS (
    SELECT
        client.*,
        regexp_full_match(birth_number, '\d{6}') AS is_birth_number,
        try_cast(birth_number[3:4] AS INTEGER) AS birth_month
    FROM client
)
SELECT
    'core:' || clients.client_id AS customer_id,
    'core' AS system,
    regexp_replace(first_date, '^(\d\d)(\d\d)(\d\d)$', '19\1-\2-\3') AS onboarded_on,
    CASE
        WHEN is_birth_number THEN printf(
            '19%s-%02d-%s',
            birth_number[1:2],
            birth_month - CASE WHEN birth_month > 50 THEN 50 ELSE 0 END,
            birth_number[5:6])
        ELSE birth_number
    END AS birth_date,
    CASE WHEN is_birth_number THEN
        CASE WHEN birth_month > 50 THEN 'female' ELSE 'male' END
    END AS sex,
    clients.district_id AS region_id,
    CAST(NULL AS VARCHAR) AS full_name,
    -- Without its last four digits a birth number is a day of birth, and names nobody.
    CAST(NULL AS VARCHAR) AS national_id,
    CAST(NULL AS VARCHAR) AS phone,
    CAST(NULL AS VARCHAR) AS email,
    CAST(NULL AS VARCHAR) AS address,
    CAST(NULL AS VARCHAR) AS postcode
FROM clients
LEFT JOIN first_accounts ON first_accounts.client_id = clients.client_id
