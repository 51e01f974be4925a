-- Circumstances, as core banking records them at joining, yearly reviews and job losses.
SELECT
    'core:' || client_no AS customer_id,
    recorded AS recorded_at,
    CASE marital WHEN 'S' THEN 'single' WHEN 'M' THEN 'married' WHEN 'D' THEN 'divorced'
        WHEN 'W' THEN 'widowed' ELSE marital END AS marital_status,
    CASE education WHEN '1' THEN 'primary' WHEN '2' THEN 'secondary' WHEN '3' THEN 'tertiary'
        ELSE education END AS education,
    CASE employment WHEN 'EMP' THEN 'employed' WHEN 'SLF' THEN 'self-employed'
        WHEN 'RET' THEN 'retired' WHEN 'STU' THEN 'student' WHEN 'UNE' THEN 'unemployed'
        ELSE employment END AS employment,
    -- Major units with a point; what is no amount goes on as it is, and is found out.
    coalesce(CAST(CAST(TRY_CAST(net_income AS DECIMAL(18, 2)) * 100 AS BIGINT) AS VARCHAR),
        net_income) AS income_minor,
    dependents,
    CASE housing WHEN 'R' THEN 'rented' WHEN 'O' THEN 'owned' WHEN 'M' THEN 'mortgaged'
        WHEN 'X' THEN 'other' ELSE housing END AS residence
FROM core_kyc
