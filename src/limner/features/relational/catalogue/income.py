"""Salaries and pensions, how regular they are, and what is earned against what is declared."""

from limner.domain import Bilingual
from limner.features.relational.catalogue.family import (
    ANY_PURPOSE,
    NO_DENOMINATOR,
    Family,
    as_proxy,
    feature,
)
from limner.features.relational.catalogue.money import IN
from limner.features.relational.catalogue.people import DECLARED_INCOME
from limner.features.relational.definitions import Ratio, Scaled, where

PAY = Family("transactions", ANY_PURPOSE, of="amount_minor")
PAYMENTS = Family("transactions", ANY_PURPOSE, events="payments")

INCOME = (where("direction", "credit"), where("category", "salary", "pension"))
_PENSION = (where("direction", "credit"), where("category", "pension"))
_WORDS = Bilingual("salary and pension received", "工资及养老金收入")
_TIMES = Bilingual("payments of salary or pension", "工资及养老金入账次数")
_PENSION_SHARE = Bilingual("pension as a share of money received", "养老金占入账比例")
_SHARE = Bilingual("salary and pension as a share of money received", "工资及养老金占入账比例")

MONTHLY_INCOME = Scaled(PAY.sum(90, INCOME), 1 / 3)

FEATURES = (
    *PAY.total("income_sum", _WORDS, INCOME, (30, 90, 365), risk=-1),
    *PAYMENTS.times("income_count", _TIMES, INCOME, (90,), risk=-1),
    as_proxy(PAY.share("pension_share", _PENSION_SHARE, _PENSION, IN, 365),
             "few but the old draw a pension: it stands for age"),
    PAY.share("income_share", _SHARE, INCOME, IN, 90, risk=-1),
    PAY.trend("income", _WORDS, INCOME, 90, 365, risk=-1),
    # Pay that goes to another bank shows here within the month.
    PAY.trend("income", _WORDS, INCOME, 30, 180, risk=-1),
    PAY.variation("income", _WORDS, INCOME, 6, risk=1),
    PAYMENTS.days_since("income", Bilingual("payment of salary or pension", "工资或养老金入账"),
                        INCOME, 365, risk=1),
    feature("income_to_declared", Ratio(MONTHLY_INCOME, DECLARED_INCOME), "ratio",
            "A month's salary and pension received, the mean of the last 90 days, over the latest"
            " declared monthly income",
            Bilingual("income received compared with declared", "实际收入与申报收入之比"),
            NO_DENOMINATOR, ANY_PURPOSE, risk=-1),
)  # fmt: skip
