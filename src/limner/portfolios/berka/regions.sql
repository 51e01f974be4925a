-- One row a district. Its figures carry no day of their own; where the bank has two years'
-- (unemployment, crimes) the earlier, 1995, is taken.
--
-- '?' is not known: Jesenik's unemployment and crimes of 1995. One copy of the file in
-- circulation has the same number in both places instead, 3.08: a rate where a count must
-- be, so neither of the two is believed.
WITH districts AS (
    SELECT
        *,
        CASE WHEN A12 <> '?' AND A12 IS DISTINCT FROM A15 THEN A12 END AS unemployed_percent,
        CASE WHEN A15 <> '?' AND A12 IS DISTINCT FROM A15 THEN A15 END AS crimes
    FROM district
)
SELECT
    A1 AS region_id,
    A2 AS name,
    A4 AS inhabitants,
    coalesce(CAST(round(try_cast(A10 AS DOUBLE) / 100, 6) AS VARCHAR), A10) AS urban_share,
    CASE WHEN regexp_full_match(A11, '\d{1,9}') THEN A11 || '00' ELSE A11 END
        AS average_salary_minor,
    coalesce(
        CAST(round(try_cast(unemployed_percent AS DOUBLE) / 100, 6) AS VARCHAR),
        unemployed_percent) AS unemployment_rate,
    coalesce(
        CAST(round(
            1000 * try_cast(crimes AS DOUBLE) / nullif(try_cast(A4 AS DOUBLE), 0), 6) AS VARCHAR),
        crimes) AS crimes_per_1000
FROM districts
