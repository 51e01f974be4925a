"""Which customers are about to leave, or to stop using their account?"""

from limner.domain import Bilingual, Purpose
from limner.features.bank_features import ordinary_features
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="attrition",
    title=Bilingual("Attrition within six months", "六个月内客户流失"),
    portfolio="harbour",
    family="probability",
    purpose=Purpose.PROFILING,
    outcome_name="attrition",
    feature_names=ordinary_features(Purpose.PROFILING),
    use="Choose whom a relationship manager calls, or who is made an offer to stay",
    not_for="Pricing that punishes loyalty, refusing a product, or any decision on credit",
    owner="Customer relations",
)
