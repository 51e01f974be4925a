"""Every point-in-time feature again: slow, obvious, from what it means.

Written from the catalogue's meanings, not from its formulas or SQL: plain loops over
dictionaries. ``TWIN[name](customer)`` is the feature's value, None where it is missing.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

from feature_bank import Row
from twin_customer import EVER, Customer, least, most

Value = float | int | str | None
ESSENTIALS = ("groceries", "health", "housing", "insurance", "transport", "utilities")
PLEASURES = ("leisure", "restaurants", "shopping", "travel")


def amount(rows: Iterable[Row], column: str = "amount_minor") -> int:
    return sum(row[column] for row in rows if row[column] is not None)


def known(rows: Iterable[Row], column: str) -> list[Any]:
    return [row[column] for row in rows if row[column] is not None]


def mean(values: list[Any]) -> float | None:
    return sum(values) / len(values) if values else None


def over(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None or b == 0 else a / b


def minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def deviation(values: list[int]) -> float | None:
    if not values:
        return None
    middle = sum(values) / len(values)
    return math.sqrt(sum((v - middle) ** 2 for v in values) / len(values))


def trend(total: Callable[[int], float], short: int, long: int) -> float | None:
    return over(total(short) / short, total(long) / long)


def unevenness(rows: list[Row], periods: int = 6) -> float | None:
    totals = [amount(r for r in rows if 30 * n < r["age"] <= 30 * (n + 1)) for n in range(periods)]
    return over(deviation(totals), mean(totals))


def last(rows: Iterable[Row]) -> int | None:
    return least(row["age"] for row in rows)


def first(rows: Iterable[Row]) -> int | None:
    return most(row["age"] for row in rows)


def came_in(c: Customer, days: int, *categories: str) -> int:
    return amount(c.transactions(days, "credit", *categories))


def went_out(c: Customer, days: int, *categories: str) -> int:
    return amount(c.transactions(days, "debit", *categories))


def income(c: Customer, days: int) -> int:
    return came_in(c, days, "salary", "pension")


def through(c: Customer, days: int, channel: str) -> list[Row]:
    return [t for t in c.transactions(days) if t["channel"] == channel]


def bought_by_card(c: Customer, days: int) -> int:
    return len([t for t in through(c, days, "card") if t["direction"] == "debit"])


def balances(c: Customer, days: int) -> list[int]:
    return known(c.transactions(days), "balance_minor")


def below_zero(c: Customer, days: int) -> list[Row]:
    return [
        t for t in c.transactions(days) if t["balance_minor"] is not None and t["balance_minor"] < 0
    ]


def card_use(c: Customer, days: int) -> float | None:
    statements = c.statements(days)
    return over(amount(statements, "balance_minor"), amount(statements, "limit_minor"))


def latest_on_cards(c: Customer, column: str) -> int | None:
    values = c.latest_by("card_id", "card_statements", "statement_on", column, 62)
    return sum(values) if values else None


def past_due_statements(c: Customer, days: int) -> list[Row]:
    return [s for s in c.statements(days) if s["past_due_minor"] > 0]


def overdue(c: Customer) -> list[Row]:
    return [i for i in c.instalments(730) if i["unpaid"] > 0]


def late(c: Customer, days: int, by: int) -> list[Row]:
    return [i for i in c.instalments(days) if i["late"] >= by]


def paid_back(c: Customer, days: int) -> list[Row]:
    return c.rows("repayments", "paid_on", days)


def unresolved(c: Customer, days: int) -> list[Row]:
    return [i for i in c.contacts(days) if i["resolved"] == "no"]


TWIN: dict[str, Callable[[Customer], Value]] = {}
for _d in (30, 90, 365):
    TWIN |= {
        f"credit_sum_{_d}d": lambda c, d=_d: came_in(c, d),
        f"debit_sum_{_d}d": lambda c, d=_d: went_out(c, d),
        f"transaction_count_{_d}d": lambda c, d=_d: len(c.transactions(d)),
        f"net_flow_{_d}d": lambda c, d=_d: came_in(c, d) - went_out(c, d),
        f"debit_to_credit_{_d}d": lambda c, d=_d: over(went_out(c, d), came_in(c, d)),
        f"counterparties_{_d}d": lambda c, d=_d: len(set(known(c.transactions(d), "counterparty"))),
        f"balance_min_{_d}d": lambda c, d=_d: least(balances(c, d)),
        f"balance_mean_{_d}d": lambda c, d=_d: mean(balances(c, d)),
        f"overdrawn_count_{_d}d": lambda c, d=_d: len(below_zero(c, d)),
        f"income_sum_{_d}d": lambda c, d=_d: income(c, d),
        f"income_count_{_d}d": lambda c, d=_d: len(
            c.transactions(d, "credit", "salary", "pension")
        ),
        f"saved_sum_{_d}d": lambda c, d=_d: went_out(c, d, "savings"),
        f"cash_sum_{_d}d": lambda c, d=_d: went_out(c, d, "cash"),
        f"gambling_sum_{_d}d": lambda c, d=_d: went_out(c, d, "gambling"),
        f"fees_sum_{_d}d": lambda c, d=_d: went_out(c, d, "fees"),
        f"penalty_count_{_d}d": lambda c, d=_d: len(c.transactions(d, "debit", "penalty")),
        f"instalments_due_{_d}d": lambda c, d=_d: amount(c.instalments(d)),
        f"repaid_sum_{_d}d": lambda c, d=_d: amount(paid_back(c, d)),
        f"late_count_{_d}d": lambda c, d=_d: len(late(c, d, 1)),
        f"card_use_{_d}d": lambda c, d=_d: card_use(c, d),
        f"card_past_due_count_{_d}d": lambda c, d=_d: len(past_due_statements(c, d)),
        f"login_count_{_d}d": lambda c, d=_d: len(c.events(d, "login")),
        f"card_payment_count_{_d}d": lambda c, d=_d: bought_by_card(c, d),
        f"product_view_count_{_d}d": lambda c, d=_d: len(c.events(d, "product_view")),
        f"interaction_count_{_d}d": lambda c, d=_d: len(c.contacts(d)),
        f"complaint_count_{_d}d": lambda c, d=_d: len(c.contacts(d, "complaint")),
        f"campaign_contact_count_{_d}d": lambda c, d=_d: len(c.offers(d)),
    }
for _channel in ("card", "online", "branch"):
    TWIN[f"{_channel}_share_90d"] = lambda c, channel=_channel: over(
        len(through(c, 90, channel)), len(c.transactions(90))
    )
for _category in (
    "groceries", "housing", "restaurants", "leisure", "shopping", "travel", "health", "cash",
):  # fmt: skip
    TWIN[f"{_category}_share_90d"] = lambda c, category=_category: over(
        went_out(c, 90, category), went_out(c, 90)
    )
for _kind in ("savings", "term_deposit", "investment", "insurance", "mortgage"):
    TWIN[f"{_kind}_accounts_open"] = lambda c, kind=_kind: len(c.open_accounts(kind))
for _column in (
    "inhabitants", "urban_share", "average_salary_minor", "unemployment_rate", "crimes_per_1000",
):  # fmt: skip
    TWIN[f"region_{_column}"] = lambda c, column=_column: c.region(column)
for _column in ("marital_status", "education", "dependents", "employment", "residence"):
    TWIN[_column] = lambda c, column=_column: c.fact(column)

TWIN |= {
    # people
    "age_years": lambda c: over(
        (c.snapshot - c.record("birth_date")).days if c.record("birth_date") else None, 365.25
    ),
    "sex": lambda c: c.record("sex"),
    "declared_income": lambda c: c.fact("income_minor"),
    "days_since_facts": lambda c: last(c.rows("customer_facts", "recorded_at", 3_652)),
    "tenure_days": lambda c: first(c.records()),
    # holdings
    "accounts_open": lambda c: len(c.open_accounts()),
    "product_kinds_held": lambda c: len({a["kind"] for a in c.open_accounts()}),
    "accounts_opened_365d": lambda c: len([a for a in c.accounts() if a["age"] <= 365]),
    "accounts_closed_365d": lambda c: len(
        [a for a in c.accounts() if a["ended"] is not None and a["ended"] <= 365]
    ),
    "oldest_account_days": lambda c: first(c.open_accounts()),
    "newest_account_days": lambda c: last(c.accounts()),
    "overdraft_limit": lambda c: amount(c.open_accounts(), "overdraft_limit_minor"),
    "shared_accounts": lambda c: len(
        [h for h in c.rows("account_holders", "since", EVER) if h["role"] != "owner"]
    ),
    "cards_open": lambda c: len([k for k in c.cards() if k["ended"] is None]),
    "credit_cards_open": lambda c: len(
        [k for k in c.cards() if k["ended"] is None and k["kind"] == "credit"]
    ),
    "card_limit": lambda c: amount(
        [k for k in c.cards() if k["ended"] is None and k["kind"] == "credit"], "limit_minor"
    ),
    "newest_card_days": lambda c: last(c.cards()),
    "standing_orders_active": lambda c: len([o for o in c.orders() if o["ended"] is None]),
    "standing_orders_amount": lambda c: amount(o for o in c.orders() if o["ended"] is None),
    "saving_orders_active": lambda c: len(
        [o for o in c.orders() if o["ended"] is None and o["purpose"] == "saving"]
    ),
    "standing_orders_started_365d": lambda c: len([o for o in c.orders() if o["age"] <= 365]),
    "standing_orders_ended_365d": lambda c: len(
        [o for o in c.orders() if o["ended"] is not None and o["ended"] <= 365]
    ),
    # money
    "debit_mean_90d": lambda c: mean(known(c.transactions(90, "debit"), "amount_minor")),
    "debit_max_90d": lambda c: most(known(c.transactions(90, "debit"), "amount_minor")),
    "debit_trend_30d_90d": lambda c: trend(lambda d: went_out(c, d), 30, 90),
    "debit_trend_90d_365d": lambda c: trend(lambda d: went_out(c, d), 90, 365),
    "credit_trend_30d_90d": lambda c: trend(lambda d: came_in(c, d), 30, 90),
    "credit_trend_90d_365d": lambda c: trend(lambda d: came_in(c, d), 90, 365),
    "transaction_count_trend_30d_90d": lambda c: trend(lambda d: len(c.transactions(d)), 30, 90),
    "debit_variation_180d": lambda c: unevenness(c.transactions(180, "debit")),
    "days_since_transaction": lambda c: last(c.transactions(365)),
    # balances
    "balance_latest": lambda c: sum(c.latest_balances()) if c.latest_balances() else None,
    "overdrawn_latest": lambda c: (
        sum(-b for b in c.latest_balances() if b < 0) if c.latest_balances() else None
    ),
    "balance_max_90d": lambda c: most(balances(c, 90)),
    "balance_change_30d_90d": lambda c: minus(mean(balances(c, 30)), mean(balances(c, 90))),
    "days_since_overdrawn": lambda c: last(below_zero(c, 365)),
    "overdraft_use": lambda c: over(
        TWIN["overdrawn_latest"](c),  # type: ignore[arg-type]
        TWIN["overdraft_limit"](c),  # type: ignore[arg-type]
    ),
    "months_of_spending_held": lambda c: over(
        TWIN["balance_latest"](c),  # type: ignore[arg-type]
        went_out(c, 90) / 3,
    ),
    # income
    "pension_share_365d": lambda c: over(came_in(c, 365, "pension"), came_in(c, 365)),
    "income_share_90d": lambda c: over(income(c, 90), came_in(c, 90)),
    "income_trend_90d_365d": lambda c: trend(lambda d: income(c, d), 90, 365),
    "income_variation_180d": lambda c: unevenness(
        c.transactions(180, "credit", "salary", "pension")
    ),
    "days_since_income": lambda c: last(c.transactions(365, "credit", "salary", "pension")),
    "income_to_declared": lambda c: over(income(c, 90) / 3, c.fact("income_minor")),
    # spending
    "essentials_share_90d": lambda c: over(went_out(c, 90, *ESSENTIALS), went_out(c, 90)),
    "pleasures_share_90d": lambda c: over(went_out(c, 90, *PLEASURES), went_out(c, 90)),
    "pleasures_trend_30d_90d": lambda c: trend(lambda d: went_out(c, d, *PLEASURES), 30, 90),
    "saved_to_income_90d": lambda c: over(went_out(c, 90, "savings"), income(c, 90)),
    "cash_trend_30d_90d": lambda c: trend(lambda d: went_out(c, d, "cash"), 30, 90),
    "gambling_count_90d": lambda c: len(c.transactions(90, "debit", "gambling")),
    "gambling_to_income_90d": lambda c: over(went_out(c, 90, "gambling"), income(c, 90)),
    "days_since_gambling": lambda c: last(c.transactions(365, "debit", "gambling")),
    "penalty_sum_365d": lambda c: went_out(c, 365, "penalty"),
    "days_since_penalty": lambda c: last(c.transactions(365, "debit", "penalty")),
    "interest_earned_sum_365d": lambda c: came_in(c, 365, "interest"),
    # lending
    "loans_running": lambda c: len(c.running_loans()),
    "loan_principal": lambda c: amount(c.running_loans(), "principal_minor"),
    "loan_rate_max": lambda c: most(loan["annual_rate"] for loan in c.running_loans()),
    "loan_term_elapsed": lambda c: over(
        amount(c.running_loans(), "age"), amount(c.running_loans(), "term_days")
    ),
    "loan_repaid_share": lambda c: over(
        amount(paid_back(c, 11_000)),
        amount(c.rows("loans", "granted_on", 11_000), "principal_minor"),
    ),
    "loans_granted_365d": lambda c: len(c.rows("loans", "granted_on", 365)),
    "days_since_loan": lambda c: last(c.rows("loans", "granted_on", 11_000)),
    "debt_service_90d": lambda c: over(amount(c.instalments(90)), income(c, 90)),
    "repaid_to_due_90d": lambda c: over(amount(paid_back(c, 90)), amount(c.instalments(90))),
    "days_since_repayment": lambda c: last(paid_back(c, 365)),
    "days_past_due": lambda c: first(overdue(c)) or 0,
    "past_due_amount": lambda c: amount(overdue(c), "unpaid"),
    "instalments_past_due": lambda c: len(overdue(c)),
    "late_30_count_365d": lambda c: len(late(c, 365, 30)),
    "late_30_count_730d": lambda c: len(late(c, 730, 30)),
    "days_late_max_365d": lambda c: most(known(c.instalments(365), "late")),
    "days_late_deviation_365d": lambda c: deviation(known(c.instalments(365), "late")),
    "days_late_mean_365d": lambda c: mean(known(c.instalments(365), "late")),
    "late_share_365d": lambda c: over(len(late(c, 365, 1)), len(c.instalments(365))),
    # card use
    "card_owed": lambda c: latest_on_cards(c, "balance_minor"),
    "card_past_due": lambda c: latest_on_cards(c, "past_due_minor"),
    "card_use_latest": lambda c: over(
        latest_on_cards(c, "balance_minor"), latest_on_cards(c, "limit_minor")
    ),
    "card_use_change_90d_365d": lambda c: minus(card_use(c, 90), card_use(c, 365)),
    "card_owed_max_365d": lambda c: most(known(c.statements(365), "balance_minor")),
    "card_past_due_max_365d": lambda c: most(known(c.statements(365), "past_due_minor")),
    "days_since_card_past_due": lambda c: last(past_due_statements(c, 365)),
    # contact
    "failed_login_count_90d": lambda c: len(c.events(90, "failed_login")),
    "digital_payment_count_90d": lambda c: len(c.events(90, "payment")),
    "digital_support_count_90d": lambda c: len(c.events(90, "support")),
    "days_since_login": lambda c: last(c.events(365, "login")),
    "income_trend_30d_180d": lambda c: trend(lambda d: income(c, d), 30, 180),
    "card_payment_trend_30d_180d": lambda c: trend(lambda d: bought_by_card(c, d), 30, 180),
    "login_trend_30d_180d": lambda c: trend(lambda d: len(c.events(d, "login")), 30, 180),
    "login_trend_30d_90d": lambda c: trend(lambda d: len(c.events(d, "login")), 30, 90),
    "mobile_share_90d": lambda c: over(
        len([e for e in c.events(90) if e["device"] != "web"]), len(c.events(90))
    ),
    "visit_seconds_mean_90d": lambda c: mean(known(c.events(90), "seconds")),
    "days_since_complaint": lambda c: last(c.contacts(730, "complaint")),
    "fraud_contact_count_365d": lambda c: len(c.contacts(365, "fraud")),
    "loan_contact_count_180d": lambda c: len(c.contacts(180, "loan")),
    "fees_contact_count_365d": lambda c: len(c.contacts(365, "fees")),
    "unresolved_count_180d": lambda c: len(unresolved(c, 180)),
    "unresolved_share_365d": lambda c: over(
        len(unresolved(c, 365)), len(known(c.contacts(365), "resolved"))
    ),
    "service_branch_share_365d": lambda c: over(
        len([i for i in c.contacts(365) if i["channel"] == "branch"]), len(c.contacts(365))
    ),
    "service_phone_share_365d": lambda c: over(
        len([i for i in c.contacts(365) if i["channel"] == "phone"]), len(c.contacts(365))
    ),
    "days_since_campaign_contact": lambda c: last(c.offers(730)),
    "offers_taken_count_730d": lambda c: len(c.responses("taken")),
    "offers_declined_count_730d": lambda c: len(c.responses("declined")),
    "campaign_complaint_count_730d": lambda c: len(c.responses("complained")),
    "offers_taken_share_730d": lambda c: over(len(c.responses("taken")), len(c.offers(730))),
}
