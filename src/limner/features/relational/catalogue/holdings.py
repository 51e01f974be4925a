"""What the customer holds: accounts by kind of product, cards, shared accounts, standing orders."""

from limner.domain import Bilingual
from limner.features.relational.catalogue.family import (
    ANY_PURPOSE,
    NOT_IN_WINDOW,
    Direction,
    Family,
    Rows,
    feature,
)
from limner.features.relational.definitions import (
    Aggregate,
    Distinct,
    SnapshotFeature,
    WhenEmpty,
    where,
)
from limner.features.relational.sources import HOLDING_DAYS

_NONE_HELD = WhenEmpty(0, "no such holding means that none is held")
_OPEN = (where("is_open", True),)
_EVER = HOLDING_DAYS

OPEN_OVERDRAFTS = Aggregate("sum", "accounts", _EVER, "overdraft_limit_minor", _OPEN)
ACCOUNTS = Family("accounts", ANY_PURPOSE, events="accounts")
ORDERS = Family("standing_orders", ANY_PURPOSE, events="orders")
CARDS = Family("cards", ANY_PURPOSE, events="cards")


def _held(
    name: str, source: str, rows: Rows, en: str, zh: str, unit: str, risk: Direction = None
) -> SnapshotFeature:
    return feature(
        name, Aggregate("count", source, _EVER, None, (*_OPEN, *rows)), unit,
        f"Number of {en} on the day before the snapshot",
        Bilingual(f"number of {en}", f"{zh}数量"), _NONE_HELD, ANY_PURPOSE, risk=risk,
    )  # fmt: skip


def _amount(
    name: str, source: str, of: str, rows: Rows, en: str, zh: str, risk: Direction = None
) -> SnapshotFeature:
    return feature(name, Aggregate("sum", source, _EVER, of, (*_OPEN, *rows)), "minor units",
                   f"Sum of {en} on the day before the snapshot", Bilingual(en, zh), _NONE_HELD,
                   ANY_PURPOSE, risk=risk)  # fmt: skip


def _closed(name: str, source: str, en: str, zh: str) -> SnapshotFeature:
    recently = (where("days_since_end", 365, operator="<="),)
    return feature(
        name, Aggregate("count", source, _EVER, None, recently), en.split(maxsplit=1)[0],
        f"Number of {en} in the 365 days before the snapshot",
        Bilingual(f"{en}, last 365 days", f"近365天{zh}数量"), _NONE_HELD, ANY_PURPOSE,
    )  # fmt: skip


def _oldest(name: str, source: str, en: str, zh: str, risk: Direction = None) -> SnapshotFeature:
    return feature(name, Aggregate("days_since_first", source, _EVER, None, _OPEN), "days",
                   f"Days since the oldest {en} was opened",
                   Bilingual(f"age of the oldest {en}", f"最早{zh}开立天数"), NOT_IN_WINDOW,
                   ANY_PURPOSE, risk=risk)  # fmt: skip


def _newest(name: str, source: str, en: str, zh: str) -> SnapshotFeature:
    return feature(name, Aggregate("days_since_last", source, _EVER, None), "days",
                   f"Days since the newest {en} was opened",
                   Bilingual(f"days since the newest {en}", f"最近开立{zh}距今天数"), NOT_IN_WINDOW,
                   ANY_PURPOSE)  # fmt: skip


def _of_kind(kind: str, en: str, zh: str) -> SnapshotFeature:
    return _held(f"{kind}_accounts_open", "accounts", (where("kind", kind),), en, zh, "accounts")


_CREDIT = (where("kind", "credit"),)

FEATURES = (
    _held("accounts_open", "accounts", (), "open accounts", "有效账户", "accounts"),
    _of_kind("savings", "open savings accounts", "储蓄账户"),
    _of_kind("term_deposit", "running term deposits", "定期存款"),
    _of_kind("investment", "open investment accounts", "投资账户"),
    _of_kind("insurance", "running insurance policies", "保险产品"),
    _of_kind("mortgage", "running mortgage accounts", "按揭账户"),
    feature("product_kinds_held", Distinct("accounts", "kind", _EVER, _OPEN), "kinds",
            "Number of kinds of product among the open accounts",
            Bilingual("kinds of product held", "持有产品种类数"), _NONE_HELD, ANY_PURPOSE),
    *ACCOUNTS.times("accounts_opened", Bilingual("accounts opened", "新开账户数"), (), (365,)),
    _closed("accounts_closed_365d", "accounts", "accounts closed", "销户"),
    _oldest("oldest_account_days", "accounts", "open account", "有效账户", risk=-1),
    _newest("newest_account_days", "accounts", "account", "账户"),
    feature("overdraft_limit", OPEN_OVERDRAFTS, "minor units",
            "Sum of the agreed overdrafts of open accounts",
            Bilingual("agreed overdrafts", "约定透支额度"), _NONE_HELD, ANY_PURPOSE),
    feature("shared_accounts",
            Aggregate("count", "account_holders", _EVER, None,
                      (where("role", "authorised", "joint"),)), "accounts",
            "Accounts of others that the customer may use",
            Bilingual("accounts shared with others", "共有或授权账户数"), _NONE_HELD, ANY_PURPOSE),
    _held("cards_open", "cards", (), "open cards", "有效银行卡", "cards"),
    _held("credit_cards_open", "cards", _CREDIT, "open credit cards", "有效信用卡", "cards"),
    _amount("card_limit", "cards", "limit_minor", _CREDIT, "limits of open credit cards",
            "信用卡总额度", risk=-1),
    _newest("newest_card_days", "cards", "card", "银行卡"),
    _held("standing_orders_active", "standing_orders", (), "active standing orders", "有效定期支付",
          "orders"),
    _amount("standing_orders_amount", "standing_orders", "amount_minor", (),
            "payments of active standing orders", "定期支付总额"),
    _held("saving_orders_active", "standing_orders", (where("purpose", "saving"),),
          "active standing orders for saving", "有效定期储蓄", "orders", risk=-1),
    *ORDERS.times("standing_orders_started", Bilingual("standing orders started", "新设定期支付数"),
                  (), (365,)),
    _closed("standing_orders_ended_365d", "standing_orders", "orders ended", "终止的定期支付"),
)  # fmt: skip
