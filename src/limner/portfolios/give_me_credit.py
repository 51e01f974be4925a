"""Give Me Some Credit: 150,000 borrowers and their serious delinquency within two years.

Source: "Give Me Some Credit" challenge (2011), training part.
"""

from limner.contract import Column, Contract, Sensitivity, Timing
from limner.domain import Bilingual
from limner.portfolios.portfolio import Portfolio

_LATE_CODES = ((96, "reported as a code, not a count"), (98, "reported as a code, not a count"))


def _late(name: str, days: str) -> Column:
    return Column(
        name, "integer", f"Times {days} days past due in the last two years", "times",
        low=0, high=50, codes=_LATE_CODES,
    )  # fmt: skip


PORTFOLIO = Portfolio(
    name="give_me_credit",
    title=Bilingual("Borrowers of the Give Me Some Credit file", "Give Me Some Credit 借款人"),
    separator=",",
    extract_columns=(
        "id", "SeriousDlqin2yrs", "RevolvingUtilizationOfUnsecuredLines", "age",
        "NumberOfTime30-59DaysPastDueNotWorse", "DebtRatio", "MonthlyIncome",
        "NumberOfOpenCreditLinesAndLoans", "NumberOfTimes90DaysLate",
        "NumberRealEstateLoansOrLines", "NumberOfTime60-89DaysPastDueNotWorse",
        "NumberOfDependents",
    ),
    contract=Contract(
        table="give_me_credit",
        owner="Credit risk",
        source="Give Me Some Credit, training part",
        columns=(
            Column("customer_id", "integer", "Number of the row: it names no person", unique=True,
                   sensitivity=Sensitivity.IDENTIFIER),
            Column("revolving_utilisation", "number",
                   "Balance on cards and credit lines over their limits", "ratio",
                   low=0, high=100_000),
            Column("age", "integer", "Age of the borrower", "years", low=18, high=110,
                   sensitivity=Sensitivity.PROTECTED),
            _late("late_30_59_days", "30 to 59"),
            _late("late_60_89_days", "60 to 89"),
            _late("late_90_days", "90 or more"),
            Column("debt_ratio", "number",
                   "Monthly debt payments and living costs over monthly gross income; the amount"
                   " itself where income is missing", "ratio", low=0, high=1_000_000),
            Column("monthly_income", "number", "Monthly gross income", "US dollars",
                   low=0, high=10_000_000, required=False, missing=("", "NA")),
            Column("open_credit_lines", "integer", "Open loans and lines of credit", "lines",
                   low=0, high=200),
            Column("real_estate_loans", "integer", "Mortgages and real-estate loans", "loans",
                   low=0, high=100),
            Column("dependents", "integer", "Dependents in the family", "persons",
                   low=0, high=50, required=False, missing=("", "NA")),
            Column("seriously_delinquent", "integer",
                   "90 days past due or worse within two years", low=0, high=1,
                   timing=Timing.IS_OUTCOME),
        ),
    ),
)  # fmt: skip
