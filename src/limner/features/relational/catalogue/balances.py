"""Balances as each transaction left them."""

from limner.domain import Bilingual
from limner.features.relational.catalogue.family import (
    ANY_PURPOSE,
    NO_DENOMINATOR,
    NOTHING_OBSERVED,
    Family,
    feature,
)
from limner.features.relational.catalogue.holdings import OPEN_OVERDRAFTS
from limner.features.relational.catalogue.money import MONEY, OUT
from limner.features.relational.definitions import (
    Aggregate,
    Difference,
    Latest,
    Ratio,
    Scaled,
    SnapshotFeature,
    where,
)

BALANCE = Family("transactions", ANY_PURPOSE, of="balance_minor")
TIMES_BELOW = Family("transactions", ANY_PURPOSE, events="transactions")
BELOW_ZERO = (where("balance_minor", 0, operator="<"),)

_LATEST = Latest("transactions", "balance_minor", 365)
_OVERDRAWN = Latest("transactions", "balance_minor", 365, below_zero=True)


def _mean(days: int) -> Aggregate:
    return Aggregate("mean", "transactions", days, "balance_minor")


def _change(short: int, long: int) -> SnapshotFeature:
    # Balances may be negative, where a ratio of two of them says nothing: a difference.
    return feature(
        f"balance_change_{short}d_{long}d", Difference(_mean(short), _mean(long)), "minor units",
        f"Mean balance of the last {short} days less that of the last {long} days",
        Bilingual(f"change of balance, {short} against {long} days",
                  f"余额变化（近{short}天对近{long}天）"),
        NOTHING_OBSERVED, ANY_PURPOSE, risk=-1,
    )  # fmt: skip


_WORDS = {
    "latest": Bilingual("latest balance over all accounts", "最新账户总余额"),
    "overdrawn": Bilingual("latest overdrawn amount over all accounts", "最新透支总额"),
    "mean": Bilingual("mean balance after transactions", "平均余额"),
    "below": Bilingual("transactions that left a balance below zero", "余额为负的交易笔数"),
    "held": Bilingual("months of spending held as balance", "余额可支撑支出的月数"),
}

FEATURES = (
    BALANCE.latest("balance_latest", _WORDS["latest"], 365, risk=-1),
    BALANCE.latest("overdrawn_latest", _WORDS["overdrawn"], 365, below_zero=True, risk=1),
    *BALANCE.summary("min", "balance_min", Bilingual("lowest balance", "最低余额"), (), (30, 90),
                     risk=-1),
    *BALANCE.summary("mean", "balance_mean", _WORDS["mean"], (), (30, 90), risk=-1),
    *BALANCE.summary("max", "balance_max", Bilingual("highest balance", "最高余额"), (), (90,)),
    _change(30, 90),
    *TIMES_BELOW.times("overdrawn_count", _WORDS["below"], BELOW_ZERO, (90,), risk=1),
    TIMES_BELOW.days_since("overdrawn", Bilingual("balance below zero", "余额为负"), BELOW_ZERO,
                           365, risk=-1),
    feature("overdraft_use", Ratio(_OVERDRAWN, OPEN_OVERDRAFTS), "ratio",
            "Latest overdrawn amount over the agreed overdrafts of open accounts",
            Bilingual("use of agreed overdrafts", "透支额度使用率"), NO_DENOMINATOR, ANY_PURPOSE,
            risk=1),
    feature("months_of_spending_held", Ratio(_LATEST, Scaled(MONEY.sum(90, OUT), 1 / 3)), "months",
            "Latest balance over a month's money paid out, the mean of the last 90 days",
            _WORDS["held"], NO_DENOMINATOR, ANY_PURPOSE, risk=-1),
)  # fmt: skip
