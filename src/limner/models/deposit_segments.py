"""Into which groups do the customers who are called about a deposit fall?"""

from limner.domain import Bilingual, Purpose
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="deposit_segments",
    title=Bilingual("Segments for the deposit campaign", "存款营销客户分群"),
    portfolio="bank_marketing",
    family="segmentation",
    purpose=Purpose.PROFILING,
    # Not used to form segments: each segment's response rate describes it.
    outcome_name="term_deposit_opened",
    feature_names=(
        "age",
        "job",
        "balance",
        "housing_loan",
        "personal_loan",
        "previous_contacts",
        "previous_outcome",
    ),
    use="Shape communication and offers for groups of alike customers",
    not_for="Pricing, refusing a product, or any decision on one customer's credit",
    owner="Customer insight",
)
