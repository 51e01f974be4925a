"""Which customers are likely to open a term deposit when they are called?"""

from limner.domain import Bilingual, Purpose
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="term_deposit_propensity",
    title=Bilingual("Term-deposit propensity", "定期存款购买倾向"),
    portfolio="bank_marketing",
    family="probability",
    purpose=Purpose.PROFILING,
    outcome_name="term_deposit_opened",
    # Not call_seconds: it is known only after the call. Not marital status or
    # education: protected, and no reason to use them outweighs that.
    feature_names=(
        "age",
        "job",
        "credit_in_default",
        "balance",
        "housing_loan",
        "personal_loan",
        "contact_channel",
        "contact_day",
        "contact_month",
        "campaign_contacts",
        "days_since_contact",
        "previous_contacts",
        "previous_outcome",
    ),
    use="Order the calls of a term-deposit campaign",
    not_for="Pricing, refusing a product, or any decision on credit",
    owner="Direct marketing",
)
