"""Credit cards as their monthly statements show them: use of limits, amounts past due."""

from limner.domain import Bilingual
from limner.features.relational.catalogue.family import (
    CREDIT,
    NO_DENOMINATOR,
    PROFILING,
    Family,
    feature,
    ratio,
)
from limner.features.relational.definitions import (
    Aggregate,
    Difference,
    Latest,
    Ratio,
    SnapshotFeature,
    where,
)

_PURPOSES = (PROFILING, CREDIT)
# Two months: a statement a month, one of which may be late.
_CURRENT_DAYS = 62

OWED = Family("card_statements", _PURPOSES, of="balance_minor")
PAST_DUE = Family("card_statements", _PURPOSES, of="past_due_minor")
STATEMENTS = Family("card_statements", _PURPOSES, events="statements")
_IS_PAST_DUE = (where("past_due_minor", 0, operator=">"),)


def _use(days: int) -> Ratio:
    def total(column: str) -> Aggregate:
        return Aggregate("sum", "card_statements", days, column)

    return Ratio(total("balance_minor"), total("limit_minor"))


def _use_over(days: int) -> SnapshotFeature:
    words = Bilingual("balances over limits of card statements", "信用卡额度使用率")
    return ratio(f"card_use_{days}d", words, _use(days), days, _PURPOSES, risk=1)


_OWED = Bilingual("amount owed on the latest card statements", "信用卡最新欠款")
_PAST_DUE = Bilingual("amount past due on the latest card statements", "信用卡最新逾期金额")
_MOST_OWED = Bilingual("most owed on a card statement", "信用卡最高欠款")
_MOST_PAST_DUE = Bilingual("most past due on a card statement", "信用卡最高逾期金额")
_TIMES_PAST_DUE = Bilingual("card statements with an amount past due", "信用卡逾期账单数")
_EVENT = Bilingual("card statement past due", "信用卡逾期账单")
_USE_CHANGE = Bilingual(
    "change in use of card limits, 90 against 365 days",
    "信用卡额度使用率变化（近90天对近365天）",
)
_USE_LATEST = Ratio(
    Latest("card_statements", "balance_minor", _CURRENT_DAYS),
    Latest("card_statements", "limit_minor", _CURRENT_DAYS),
)

FEATURES = (
    OWED.latest("card_owed", _OWED, _CURRENT_DAYS, risk=1),
    PAST_DUE.latest("card_past_due", _PAST_DUE, _CURRENT_DAYS, risk=1),
    feature("card_use_latest", _USE_LATEST, "ratio",
            "Amounts owed over limits of the latest statement of each card",
            Bilingual("use of card limits", "信用卡额度最新使用率"), NO_DENOMINATOR, _PURPOSES,
            risk=1),
    _use_over(90),
    _use_over(365),
    feature("card_use_change_90d_365d", Difference(_use(90), _use(365)), "ratio",
            "Use of card limits in the last 90 days less that in the last 365",
            _USE_CHANGE, NO_DENOMINATOR, _PURPOSES, risk=1),
    *OWED.summary("max", "card_owed_max", _MOST_OWED, (), (365,)),
    *STATEMENTS.times("card_past_due_count", _TIMES_PAST_DUE, _IS_PAST_DUE, (90, 365), risk=1),
    *PAST_DUE.summary("max", "card_past_due_max", _MOST_PAST_DUE, (), (365,), risk=1),
    STATEMENTS.days_since("card_past_due", _EVENT, _IS_PAST_DUE, 365, risk=-1),
)  # fmt: skip
