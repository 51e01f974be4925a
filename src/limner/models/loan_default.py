"""Which loans will not be repaid, asked on the day of the application?"""

from limner.domain import Bilingual, Purpose
from limner.features.application import COLUMNS as ASKED_FOR
from limner.features.bank_features import risk_directions
from limner.models.spec import ModelSpec

# How the account was kept before, chosen by what they mean: few loans went bad, and of many
# features some would fit them by chance. Not whether others may use the account: none of those
# loans went bad, which may mean that the right was recorded after the loan.
_KEPT = (
    "credit_sum_90d",
    "debit_sum_90d",
    "transaction_count_90d",
    "debit_max_90d",
    "net_flow_90d",
    "debit_to_credit_90d",
    "debit_to_credit_365d",
    "credit_trend_90d_365d",
    "debit_variation_180d",
    "balance_latest",
    "balance_min_30d",
    "balance_min_90d",
    "balance_mean_90d",
    "balance_max_90d",
    "balance_change_30d_90d",
    "overdrawn_count_90d",
    "days_since_overdrawn",
    "months_of_spending_held",
    "cash_share_90d",
    "fees_sum_90d",
    "penalty_count_365d",
)

SPEC = ModelSpec(
    name="loan_default",
    title=Bilingual("Loans not repaid, at application", "贷款申请时的违约风险"),
    portfolio="berka",
    family="probability",
    purpose=Purpose.CREDIT,
    outcome_name="loan_not_repaid",
    feature_names=(*_KEPT, *(column.name for column in ASKED_FOR)),
    # A higher monthly payment never lowers the risk; the catalogue states the others.
    monotone={**risk_directions(_KEPT), "applied_instalment": 1},
    few_events=True,
    use="Order loan applications of the bank's own customers for review by a person",
    not_for="Refusing a loan without a person, pricing, or applicants whose account is new here",
    owner="Credit risk",
)
