-- Regions, from the statistical office: percentages become fractions, salaries minor units.
SELECT
    region_code AS region_id,
    label AS name,
    inhabitants,
    CAST(urban_pct AS DECIMAL(6, 3)) / 100 AS urban_share,
    CAST(CAST(mean_salary AS DECIMAL(18, 2)) * 100 AS BIGINT) AS average_salary_minor,
    CAST(jobless_pct AS DECIMAL(6, 3)) / 100 AS unemployment_rate,
    crimes_per_1000
FROM ref_regions
