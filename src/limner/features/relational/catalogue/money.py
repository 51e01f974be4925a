"""Movements on accounts: how much, how often, how evenly, through which channel, with whom."""

from limner.domain import Bilingual
from limner.features.relational.catalogue.family import ANY_PURPOSE, Family, Rows, feature, ratio
from limner.features.relational.catalogue.family import NOTHING_MOVED as NOTHING
from limner.features.relational.definitions import Difference, Ratio, SnapshotFeature, where

MONEY = Family("transactions", ANY_PURPOSE, of="amount_minor")
MOVES = Family("transactions", ANY_PURPOSE, events="transactions")
PARTNERS = Family("transactions", ANY_PURPOSE, events="counterparties")

IN, OUT = (where("direction", "credit"),), (where("direction", "debit"),)


def by_channel(channel: str) -> Rows:
    """Rows made through one channel."""
    return (where("channel", channel),)


_RECEIVED = Bilingual("money received", "入账金额")
_SPENT = Bilingual("money paid out", "支出金额")
_MOVES = Bilingual("number of transactions", "交易笔数")


def _net_flow(days: int) -> SnapshotFeature:
    words = Bilingual(f"money in less money out, last {days} days", f"近{days}天净流入")
    return feature(
        f"net_flow_{days}d", Difference(MONEY.sum(days, IN), MONEY.sum(days, OUT)), "minor units",
        f"Money received less money paid out in the {days} days before the snapshot",
        words, NOTHING, ANY_PURPOSE, risk=-1,
    )  # fmt: skip


def _spent_of_received(days: int) -> SnapshotFeature:
    return ratio(
        f"debit_to_credit_{days}d",
        Bilingual("money paid out compared with money received", "支出与入账之比"),
        Ratio(MONEY.sum(days, OUT), MONEY.sum(days, IN)), days, ANY_PURPOSE, risk=1,
    )  # fmt: skip


def _channel_share(channel: str, en: str, zh: str) -> SnapshotFeature:
    words = Bilingual(f"share of transactions {en}", f"{zh}交易占比")
    return MOVES.share(f"{channel}_share", words, by_channel(channel), (), 90)


FEATURES = (
    *MONEY.total("credit_sum", _RECEIVED, IN, (30, 90, 365)),
    *MONEY.total("debit_sum", _SPENT, OUT, (30, 90, 365)),
    *MOVES.times("transaction_count", _MOVES, (), (30, 90)),
    *MONEY.summary("mean", "debit_mean", Bilingual("average payment", "平均单笔支出"), OUT, (90,)),
    *MONEY.summary("max", "debit_max", Bilingual("largest payment", "最大单笔支出"), OUT, (90,)),
    _net_flow(30),
    _net_flow(90),
    _spent_of_received(90),
    _spent_of_received(365),
    MONEY.trend("debit", _SPENT, OUT, 30, 90),
    MONEY.trend("debit", _SPENT, OUT, 90, 365),
    MONEY.trend("credit", _RECEIVED, IN, 30, 90, risk=-1),
    MONEY.trend("credit", _RECEIVED, IN, 90, 365, risk=-1),
    MOVES.trend("transaction_count", _MOVES, (), 30, 90),
    MONEY.variation("debit", _SPENT, OUT, 6),
    MOVES.days_since("transaction", Bilingual("transaction", "交易"), (), 365),
    *PARTNERS.different(
        "counterparties", Bilingual("number of counterparties", "交易对手数量"), "counterparty",
        (30, 90),
    ),
    _channel_share("card", "by card", "刷卡"),
    _channel_share("online", "online", "线上"),
    _channel_share("branch", "at a branch", "柜面"),
)  # fmt: skip
