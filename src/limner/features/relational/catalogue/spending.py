"""What money is spent on: the mix, cash, gambling, saving, fees and penalties."""

from limner.domain import Bilingual, Purpose
from limner.features.relational.catalogue.family import (
    ANY_PURPOSE,
    CREDIT,
    MARKETING,
    PROFILING,
    Family,
    Rows,
    as_proxy,
    ratio,
)
from limner.features.relational.catalogue.income import INCOME
from limner.features.relational.catalogue.money import OUT
from limner.features.relational.definitions import Ratio, SnapshotFeature, where

ESSENTIALS = ("groceries", "health", "housing", "insurance", "transport", "utilities")
PLEASURES = ("leisure", "restaurants", "shopping", "travel")
_CARD_WORDS = Bilingual("payments by card", "刷卡支付次数")
_TASTE = (PROFILING, MARKETING)
_PRUDENCE = (PROFILING, CREDIT)
_HEALTH = "spending on health may stand for illness or disability"

PAYMENTS = Family("transactions", ANY_PURPOSE, events="payments")
ANY = Family("transactions", ANY_PURPOSE, of="amount_minor")
PRUDENCE = Family("transactions", _PRUDENCE, of="amount_minor")
PRUDENCE_TIMES = Family("transactions", _PRUDENCE, events="transactions")


def spent_on(*categories: str) -> Rows:
    """Money out for one of some categories."""
    return (*OUT, where("category", *categories))


def _share(
    category: str, en: str, zh: str, purposes: tuple[Purpose, ...] = _TASTE
) -> SnapshotFeature:
    words = Bilingual(f"share of spending on {en}", f"{zh}支出占比")
    family = Family("transactions", purposes, of="amount_minor")
    return family.share(f"{category}_share", words, spent_on(category), OUT, 90)


_CASH, _GAMBLING, _PENALTY = spent_on("cash"), spent_on("gambling"), spent_on("penalty")
_ESSENTIALS, _PLEASURES = spent_on(*ESSENTIALS), spent_on(*PLEASURES)
_BY_CARD = (*OUT, where("channel", "card"))
_CASH_WORDS = Bilingual("cash withdrawn", "取现金额")
_GAMBLING_WORDS = Bilingual("money spent on gambling", "博彩支出")
_GAMBLING_TO_INCOME = Bilingual("gambling compared with income", "博彩支出与收入之比")
_SAVED, _SAVINGS = Bilingual("money moved to savings", "转入储蓄金额"), spent_on("savings")
_INTEREST = (where("direction", "credit"), where("category", "interest"))

FEATURES = (
    *PAYMENTS.times("card_payment_count", _CARD_WORDS, _BY_CARD, (30, 90)),
    PAYMENTS.trend("card_payment", _CARD_WORDS, _BY_CARD, 30, 180),
    _share("groceries", "groceries", "日用食品"),
    _share("housing", "housing", "住房"),
    _share("restaurants", "restaurants", "餐饮"),
    _share("leisure", "leisure", "休闲娱乐"),
    _share("shopping", "shopping", "购物"),
    _share("travel", "travel", "旅行"),
    as_proxy(_share("health", "health", "医疗健康", (PROFILING,)), _HEALTH),
    ANY.share("essentials_share", Bilingual("share of spending on essentials", "必需支出占比"),
              _ESSENTIALS, OUT, 90),
    ANY.share("pleasures_share", Bilingual("share of spending on pleasures", "享受型支出占比"),
              _PLEASURES, OUT, 90),
    ANY.trend("pleasures", Bilingual("spending on pleasures", "享受型支出"), _PLEASURES, 30, 90),
    *ANY.total("saved_sum", _SAVED, _SAVINGS, (90,), risk=-1),
    ratio("saved_to_income_90d", Bilingual("money saved compared with income", "储蓄与收入之比"),
          Ratio(ANY.sum(90, _SAVINGS), ANY.sum(90, INCOME)), 90, ANY_PURPOSE, risk=-1),
    *ANY.total("cash_sum", _CASH_WORDS, _CASH, (30, 90)),
    ANY.share("cash_share", Bilingual("share of money out taken as cash", "取现占支出比例"),
              _CASH, OUT, 90, risk=1),
    ANY.trend("cash", _CASH_WORDS, _CASH, 30, 90, risk=1),
    *PRUDENCE.total("gambling_sum", _GAMBLING_WORDS, _GAMBLING, (90,), risk=1),
    *PRUDENCE_TIMES.times("gambling_count", Bilingual("payments for gambling", "博彩支付次数"),
                          _GAMBLING, (90,), risk=1),
    ratio("gambling_to_income_90d", _GAMBLING_TO_INCOME,
          Ratio(PRUDENCE.sum(90, _GAMBLING), PRUDENCE.sum(90, INCOME)), 90, _PRUDENCE, risk=1),
    PRUDENCE_TIMES.days_since("gambling", Bilingual("payment for gambling", "博彩支付"), _GAMBLING,
                              365, risk=-1),
    *ANY.total("fees_sum", Bilingual("bank fees paid", "支付的银行费用"), spent_on("fees"), (90,)),
    *PRUDENCE.total("penalty_sum", Bilingual("penalties paid", "支付的罚息罚金"), _PENALTY, (365,),
                    risk=1),
    *PRUDENCE_TIMES.times("penalty_count", Bilingual("penalties", "罚息罚金次数"), _PENALTY,
                          (365,), risk=1),
    PRUDENCE_TIMES.days_since("penalty", Bilingual("penalty", "罚息罚金"), _PENALTY, 365, risk=-1),
    *ANY.total("interest_earned_sum", Bilingual("interest received", "利息收入"), _INTEREST, (365,),
               risk=-1),
)  # fmt: skip
