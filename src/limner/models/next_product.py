"""Which product will a customer take next?"""

from limner.domain import Bilingual, Purpose
from limner.features.bank_features import ordinary_features
from limner.models.spec import ModelSpec
from limner.outcomes.products import PRODUCTS

SPEC = ModelSpec(
    name="next_product",
    title=Bilingual("Next product within three months", "三个月内的下一款产品"),
    portfolio="harbour",
    family="choice",
    # Whoever it favours is made an offer, which is marketing, and so is the profile that is made
    # for it: only customers who allow marketing are learned from, scored and offered anything,
    # and what may not be known for marketing, their loans above all, is not looked at. Nobody
    # can then be told apart by whether they have a loan: loans are not asked about.
    purpose=Purpose.MARKETING,
    outcome_name="next_product",
    feature_names=ordinary_features(Purpose.MARKETING),
    products=PRODUCTS,
    use="Choose which product a customer who allows marketing is offered, and whom to offer any",
    not_for="Pricing, credit decisions, or offers to customers who do not allow marketing",
    owner="Marketing",
)
