"""Default within 12 months of a snapshot, as worked tables."""

import datetime as dt
from pathlib import Path

import pytest

from dated_bank import Row, fates, write_bank
from limner.outcomes import find_dated_outcome

DEFAULT = find_dated_outcome("default_90_days")
SNAPSHOT = dt.date(2023, 1, 1)
FIRST_OUTSIDE = dt.date(2024, 1, 1)
DUE = dt.date(2023, 3, 1)
FUTURE = dt.date(2099, 1, 1)


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def fate(
    folder: Path, instalments: list[tuple[dt.date, int]], paid: list[tuple[int, dt.date, int]],
    **loan: object,
) -> int | str:  # fmt: skip
    """Fate of one loan: instalments as (due, amount), payments as (instalment, day, amount)."""
    rows: dict[str, list[Row]] = {
        "customers": [{"customer_id": "a"}],
        "loans": [{"customer_id": "a", "loan_id": "L", **loan}],
        "instalments": [
            {"customer_id": "a", "loan_id": "L", "instalment_id": f"{n}", "due_on": due,
             "amount_minor": amount}
            for n, (due, amount) in enumerate(instalments)
        ],
        "repayments": [
            {"customer_id": "a", "repayment_id": f"{n}", "instalment_id": f"{of}", "paid_on": day,
             "amount_minor": amount}
            for n, (of, day, amount) in enumerate(paid)
        ],
    }  # fmt: skip
    return fates(write_bank(folder, rows), DEFAULT, SNAPSHOT)["a"]


@pytest.mark.parametrize(
    ("late", "outcome"), [(-40, 0), (0, 0), (89, 0), (90, 1), (91, 1), (None, 1)]
)
def test_paid_89_days_late_is_no_default_and_90_days_late_is_one(
    tmp_path: Path, late: int | None, outcome: int
) -> None:
    paid = [] if late is None else [(0, DUE + days(late), 100)]
    assert fate(tmp_path, [(DUE, 100)], paid) == outcome


@pytest.mark.parametrize(
    ("ninetieth_day", "found"),
    [
        (SNAPSHOT - days(1), "in default already"),
        (SNAPSHOT, 1),
        (FIRST_OUTSIDE - days(1), 1),
        (FIRST_OUTSIDE, 0),
        (FIRST_OUTSIDE + days(1), 0),
    ],
)
def test_the_window_holds_the_snapshot_and_ends_before_its_day_a_year_later(
    tmp_path: Path, ninetieth_day: dt.date, found: int | str
) -> None:
    assert fate(tmp_path, [(ninetieth_day - days(90), 100)], []) == found


@pytest.mark.parametrize(
    ("payments", "outcome"),
    [
        ([(0, 99)], 1),
        ([(0, 60), (89, 40)], 0),
        ([(0, 60), (90, 40)], 1),
        ([(0, 60), (89, 39), (120, 1)], 1),
        ([(10, 250)], 0),
    ],
)
def test_partial_payments_count_by_what_they_sum_to_before_the_ninetieth_day(
    tmp_path: Path, payments: list[tuple[int, int]], outcome: int
) -> None:
    paid = [(0, DUE + days(late), amount) for late, amount in payments]
    assert fate(tmp_path, [(DUE, 100)], paid) == outcome


def test_money_paid_on_one_instalment_never_pays_another(tmp_path: Path) -> None:
    instalments = [(DUE, 100), (DUE + days(31), 100)]
    assert fate(tmp_path, instalments, [(1, DUE, 500)]) == 1


@pytest.mark.parametrize(
    ("paid_on", "found"),
    [
        (SNAPSHOT - days(1), 0),
        # Not known strictly before the snapshot.
        (SNAPSHOT, "in default already"),
        (None, "in default already"),
    ],
)
def test_a_default_that_was_made_good_before_the_snapshot_excludes_nobody(
    tmp_path: Path, paid_on: dt.date | None, found: int | str
) -> None:
    paid = [] if paid_on is None else [(0, paid_on, 100)]
    assert fate(tmp_path, [(dt.date(2022, 5, 1), 100)], paid) == found


@pytest.mark.parametrize(
    ("granted_on", "term_months", "arrears_due", "found"),
    [
        (SNAPSHOT - days(1), 12, None, 0),
        # Granted on the snapshot: not known strictly before it.
        (SNAPSHOT, 12, None, "no open loan"),
        # Its last month ends on the snapshot, or ended the day before.
        (dt.date(2022, 1, 1), 12, None, 0),
        (dt.date(2021, 12, 31), 12, None, "left the bank"),
        # Over its term, but not paid off.
        (dt.date(2021, 12, 31), 12, SNAPSHOT - days(1), 1),
    ],
)
def test_a_loan_is_open_within_its_term_and_while_something_is_owed(
    tmp_path: Path, granted_on: dt.date, term_months: int, arrears_due: dt.date | None,
    found: int | str,
) -> None:  # fmt: skip
    instalments = [(arrears_due, 100)] if arrears_due else []
    loan = {"granted_on": granted_on, "term_months": term_months}
    assert fate(tmp_path, instalments, [], **loan) == found


def test_a_customer_without_any_loan_is_excluded(tmp_path: Path) -> None:
    empty: dict[str, list[Row]] = {"loans": [], "instalments": [], "repayments": []}
    write_bank(tmp_path, {"customers": [{"customer_id": "a"}], **empty})
    assert fates(tmp_path, DEFAULT, SNAPSHOT) == {"a": "no open loan"}
