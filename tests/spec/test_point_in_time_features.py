"""What the delicate features mean, as tables worked out by hand."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from feature_bank import BankRows, Row, features_of
from limner.portfolios.canonical import TABLES

SNAPSHOT = dt.date(2024, 6, 30)


def days_before(days: int, hour: int = 12) -> dt.datetime:
    return dt.datetime.combine(SNAPSHOT - dt.timedelta(days=days), dt.time(hour))


def known(folder: Path, **tables: list[Row]) -> dict[str, Any]:
    """The one customer's features."""
    bank: BankRows = {table.table: [] for table in TABLES}
    customer = {"customer_id": "c", "system": "core", "onboarded_on": dt.date(2020, 1, 1)}
    bank["customers"] = [customer]
    for name, rows in tables.items():
        bank[name] = [{"customer_id": "c", **row} for row in rows]
    (row,) = features_of(bank, folder, SNAPSHOT)
    return row


def moved(days: int, amount: int, direction: str = "debit", **more: Any) -> Row:
    return {
        "transaction_id": f"t{days}{amount}{direction}", "account_id": "a",
        "booked_at": days_before(days), "direction": direction, "amount_minor": amount,
        "channel": "card", "category": "other", "counterparty": None, "balance_minor": None, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "in_30", "in_90", "in_365"),
    [(1, 500, 500, 500), (30, 500, 500, 500), (31, 0, 500, 500), (90, 0, 500, 500),
     (91, 0, 0, 500), (365, 0, 0, 500), (366, 0, 0, 0), (0, 0, 0, 0), (-1, 0, 0, 0)],
)  # fmt: skip
def test_a_window_takes_in_its_first_day_and_not_the_snapshot_date(
    tmp_path: Path, days: int, in_30: int, in_90: int, in_365: int
) -> None:
    found = known(tmp_path, transactions=[moved(days, 500)])
    sums = [found[f"debit_sum_{window}d"] for window in (30, 90, 365)]
    assert sums == [in_30, in_90, in_365]


def test_a_trend_compares_money_a_day(tmp_path: Path) -> None:
    # 60 a day for 30 days against 80 a day for 90 days.
    found = known(tmp_path, transactions=[moved(10, 1_800), moved(60, 5_400)])
    assert found["debit_trend_30d_90d"] == pytest.approx((1_800 / 30) / (7_200 / 90))
    assert found["credit_trend_30d_90d"] is None


def test_a_variation_is_the_spread_of_periods_over_their_mean(tmp_path: Path) -> None:
    even = known(tmp_path / "even", transactions=[moved(5 + 30 * n, 700) for n in range(6)])
    assert even["debit_variation_180d"] == 0
    # Totals 600, 0, 0, 0, 0, 0: mean 100, deviation sqrt(5) * 100.
    once = known(tmp_path / "once", transactions=[moved(30, 600)])
    assert once["debit_variation_180d"] == pytest.approx(5**0.5)
    assert once["income_variation_180d"] is None


def test_the_latest_balance_adds_the_accounts_and_takes_the_lower_at_one_moment(
    tmp_path: Path,
) -> None:
    found = known(
        tmp_path,
        transactions=[
            moved(9, 1, balance_minor=900),
            moved(3, 2, balance_minor=400),
            moved(3, 3, balance_minor=250),
            moved(2, 4, balance_minor=None),
            moved(7, 5, balance_minor=-1_000, account_id="b"),
            moved(0, 6, balance_minor=77, account_id="b"),
        ],
    )
    assert found["balance_latest"] == 250 - 1_000
    assert found["overdrawn_latest"] == 1_000
    assert found["balance_min_30d"] == -1_000
    assert found["days_since_overdrawn"] == 7


def test_a_counterparty_counts_once_however_often_and_unknown_never(tmp_path: Path) -> None:
    partners = [(5, "x"), (6, "x"), (80, "x"), (45, "y"), (95, "z"), (10, None)]
    rows = [moved(days, n, counterparty=who) for n, (days, who) in enumerate(partners)]
    found = known(tmp_path, transactions=rows)
    assert (found["counterparties_30d"], found["counterparties_90d"]) == (1, 2)


ARREARS = [
    # due so many days ago, payments (days ago, amount), unpaid, days late
    ("paid on the day", 40, [(40, 1_000)], 0, 0),
    ("paid early", 40, [(50, 1_000)], 0, 0),
    ("paid ten days late", 40, [(30, 1_000)], 0, 10),
    ("paid in two parts", 40, [(40, 600), (15, 400)], 0, 25),
    ("half paid", 40, [(40, 500)], 500, 40),
    ("unpaid", 40, [], 1_000, 40),
    ("overpaid", 40, [(40, 1_700)], 0, 0),
    ("paid on the snapshot date", 40, [(0, 1_000)], 1_000, 40),
    ("due on the snapshot date", 0, [], 0, None),
]


@pytest.mark.parametrize(("case", "due", "paid", "unpaid", "late"), ARREARS)
def test_arrears(
    tmp_path: Path, case: str, due: int, paid: list[tuple[int, int]], unpaid: int, late: int | None
) -> None:
    found = known(
        tmp_path,
        instalments=[
            {"instalment_id": "i", "loan_id": "l", "due_on": days_before(due).date(),
             "amount_minor": 1_000}
        ],
        repayments=[
            {"repayment_id": f"r{n}", "instalment_id": "i", "paid_on": days_before(days).date(),
             "amount_minor": amount}
            for n, (days, amount) in enumerate(paid)
        ],
    )  # fmt: skip
    assert found["past_due_amount"] == unpaid, case
    assert found["days_past_due"] == (due if unpaid else 0)
    assert found["days_late_max_365d"] == late
    assert found["late_count_90d"] == (1 if late else 0)
    assert found["late_30_count_365d"] == (1 if late and late >= 30 else 0)


def test_what_changes_about_a_customer_is_the_latest_known_value_of_each_column(
    tmp_path: Path,
) -> None:
    found = known(
        tmp_path,
        customer_facts=[
            {"recorded_at": days_before(300), "employment": "student", "income_minor": 100},
            {"recorded_at": days_before(20), "employment": None, "income_minor": 900},
            {"recorded_at": days_before(0), "employment": "retired", "income_minor": 5},
            {"recorded_at": days_before(4_000), "residence": "rented"},
        ],
    )
    assert (found["employment"], found["declared_income"]) == ("student", 900)
    assert found["residence"] is None
    assert found["days_since_facts"] == 20


def test_the_control_group_was_offered_nothing(tmp_path: Path) -> None:
    contacts = [
        {"contact_id": arm, "campaign_id": "m", "contacted_at": days_before(9), "arm": arm,
         "offer": "loan", "channel": None}
        for arm in ("treated", "control")
    ]  # fmt: skip
    found = known(tmp_path, campaign_contacts=contacts)
    assert found["campaign_contact_count_90d"] == 1
