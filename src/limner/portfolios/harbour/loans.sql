-- Loans granted. Keys are filled up with zeros, dates day first, 31.01.2023, decimals have commas.
SELECT
    ltrim(loan_no, 'L') AS loan_id,
    'core:' || ltrim(client, '0') AS customer_id,
    ltrim(account, '0') AS account_id,
    CASE kind WHEN 'AUTO' THEN 'car' WHEN 'CONS' THEN 'consumer' WHEN 'HOME' THEN 'mortgage'
        WHEN 'MISC' THEN 'other' ELSE kind END AS kind,
    regexp_replace(granted, '^(\d{2})\.(\d{2})\.(\d{4})$', '\3-\2-\1') AS granted_on,
    coalesce(
        CAST(CAST(TRY_CAST(replace(principal, ',', '.') AS DECIMAL(18, 2)) * 100 AS BIGINT)
            AS VARCHAR), principal) AS principal_minor,
    term AS term_months,
    -- Percent a year become a fraction.
    coalesce(CAST(CAST(TRY_CAST(replace(rate_pct, ',', '.') AS DECIMAL(9, 4)) / 100
        AS DECIMAL(9, 6)) AS VARCHAR), rate_pct) AS annual_rate
FROM loans_loans
