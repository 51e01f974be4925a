"""Which borrowers will be 90 days late or worse within two years?"""

from limner.domain import Bilingual, Purpose
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="serious_delinquency",
    title=Bilingual("Serious delinquency within two years", "两年内严重逾期风险"),
    portfolio="give_me_credit",
    family="probability",
    purpose=Purpose.CREDIT,
    outcome_name="serious_delinquency",
    feature_names=(
        "revolving_utilisation",
        "lines_in_use",
        "age",
        "late_30_59_days",
        "late_60_89_days",
        "late_90_days",
        "late_payments",
        "serious_late_payments",
        "late_payments_a_line",
        "late_payment_code",
        "debt_ratio",
        "monthly_debt",
        "debt_a_line",
        "monthly_income",
        "income_a_head",
        "open_credit_lines",
        "real_estate_loans",
        "dependents",
    ),
    # More late payments or a fuller use of credit never lowers the risk; a higher age
    # never raises it (the condition on which Regulation B lets a score use age).
    monotone={
        "revolving_utilisation": 1,
        "lines_in_use": 1,
        "age": -1,
        "late_30_59_days": 1,
        "late_60_89_days": 1,
        "late_90_days": 1,
        "late_payments": 1,
        "serious_late_payments": 1,
        "late_payments_a_line": 1,
    },
    use="Estimate the risk of a borrower at application, for a decision with human review",
    not_for="Marketing, collections, or borrowers unlike those of the portfolio",
    owner="Credit risk",
)
