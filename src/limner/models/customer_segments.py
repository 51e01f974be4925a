"""Who are the bank's customers, in a handful of groups that stay the same?"""

from limner.domain import Bilingual, Purpose
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="customer_segments",
    title=Bilingual("Segments of the bank's customers", "银行客户分群"),
    portfolio="harbour",
    family="segmentation",
    purpose=Purpose.PROFILING,
    # Not used to form segments: each segment's rate of leaving describes it.
    outcome_name="attrition",
    # One feature for each thing that a customer may be: of two that say the same, such as income
    # declared and income received, a segment would be made of what only they share.
    feature_names=(
        # Stage of life
        "age_years",
        "employment",
        "education",
        "marital_status",
        "dependents",
        "residence",
        # Means
        "declared_income",
        # What is held
        "savings_accounts_open",
        "term_deposit_accounts_open",
        "investment_accounts_open",
        "insurance_accounts_open",
        "credit_cards_open",
        # How the bank is used, and money spent
        "login_count_90d",
        "travel_share_90d",
    ),
    use="Shape products, advice and communication for groups of alike customers",
    not_for="Pricing, refusing a product, or any decision on one customer's credit",
    owner="Customer insight",
)
