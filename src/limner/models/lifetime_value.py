"""What will a customer earn the bank in the next twelve months, and which tier is that?"""

from limner.domain import Bilingual, Purpose
from limner.features.bank_features import ordinary_features
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="lifetime_value",
    title=Bilingual("Margin of a customer in the next twelve months", "未来十二个月客户贡献利润"),
    portfolio="harbour",
    family="amount",
    purpose=Purpose.PROFILING,
    outcome_name="customer_margin",
    # Nothing protected, and nothing that stands for it: what a customer holds and does suffices.
    feature_names=ordinary_features(Purpose.PROFILING),
    use="Choose who is offered the premium service, and plan the income of a body of customers",
    not_for="Pricing, refusing a product or worse service, or any decision on credit",
    owner="Customer value",
)
