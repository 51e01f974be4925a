-- From the extract (every column as text) to the contract of give_me_credit.
-- Only names change: late-payment codes 96 and 98 are told from counts by the contract.
SELECT
    "id" AS customer_id,
    "RevolvingUtilizationOfUnsecuredLines" AS revolving_utilisation,
    "age" AS age,
    "NumberOfTime30-59DaysPastDueNotWorse" AS late_30_59_days,
    "NumberOfTime60-89DaysPastDueNotWorse" AS late_60_89_days,
    "NumberOfTimes90DaysLate" AS late_90_days,
    "DebtRatio" AS debt_ratio,
    "MonthlyIncome" AS monthly_income,
    "NumberOfOpenCreditLinesAndLoans" AS open_credit_lines,
    "NumberRealEstateLoansOrLines" AS real_estate_loans,
    "NumberOfDependents" AS dependents,
    "SeriousDlqin2yrs" AS seriously_delinquent
FROM extract
