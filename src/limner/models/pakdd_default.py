"""Which applicants for a retail chain's card will default on its payments?"""

from limner.domain import Bilingual, Purpose
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="pakdd_default",
    title=Bilingual("Default on a private label card", "零售联名卡违约风险"),
    portfolio="pakdd_2009",
    family="probability",
    purpose=Purpose.CREDIT,
    outcome_name="card_default",
    # Not sex or marital status, which the file has: no decision on credit may rest on them
    # (12 CFR 1002.6(b)); benchmarks/quality shows what that costs in AUC.
    feature_names=(
        "age",
        "shop",
        "shop_rank",
        "home_phone",
        "phone_area",
        "payment_day",
        "residence_type",
        "months_in_residence",
        "mother_named",
        "father_named",
        "works_in_home_town",
        "works_in_home_state",
        "months_in_job",
        "profession",
        "partner_income",
        "monthly_income",
        "household_income",
        "post_at_home",
        "additional_cards",
    ),
    # A higher age never raises the risk (the condition on which Regulation B lets a score
    # use age).
    monotone={"age": -1},
    use="Estimate the risk of an applicant for the card, for a decision with human review",
    not_for="Marketing, collections, or applicants unlike those the chain has accepted",
    owner="Consumer credit",
)
