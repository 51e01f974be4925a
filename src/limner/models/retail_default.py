"""Which borrowers will fall 90 days behind within twelve months?"""

from limner.domain import Bilingual, Purpose
from limner.features.bank_features import ordinary_features, risk_directions
from limner.models.spec import ModelSpec

_FEATURES = ordinary_features(Purpose.CREDIT)

SPEC = ModelSpec(
    name="retail_default",
    title=Bilingual("Default of retail borrowers within a year", "零售借款人一年内违约风险"),
    portfolio="harbour",
    family="probability",
    purpose=Purpose.CREDIT,
    outcome_name="default_90_days",
    # Neither what is protected nor what stands for it: income, spending and conduct suffice.
    feature_names=_FEATURES,
    # The score may only move the way in which the catalogue says that risk goes.
    monotone=risk_directions(_FEATURES),
    use="Estimate the risk of customers who owe a loan: limits, provisions, early help",
    not_for="Applicants without a loan here, marketing, or a decision without human review",
    owner="Credit risk",
)
