"""Attrition within six months of a snapshot, as worked tables."""

import datetime as dt
from pathlib import Path

import pytest

from dated_bank import Row, fates, write_bank
from limner.outcomes import find_dated_outcome

ATTRITION = find_dated_outcome("attrition")
SNAPSHOT = dt.date(2023, 1, 1)
FIRST_OUTSIDE = dt.date(2023, 7, 1)
SILENT_FROM, KNOWN_BY = dt.date(2023, 6, 1), dt.date(2023, 9, 1)
DAY = dt.timedelta(days=1)
ACTIVE = (dt.datetime(2022, 12, 1), dt.datetime(2023, 6, 1))
PRODUCTS = [{"product_id": kind, "kind": kind} for kind in ("current", "savings")]


def fate(folder: Path, accounts: list[Row], booked: list[Row]) -> int | str:
    rows: dict[str, list[Row]] = {
        "customers": [{"customer_id": "a"}],
        "products": PRODUCTS,
        "accounts": [{"customer_id": "a", "account_id": f"{n}", **row}
                     for n, row in enumerate(accounts)],
        "transactions": [{"customer_id": "a", "transaction_id": f"{n}", **row}
                         for n, row in enumerate(booked)],
    }  # fmt: skip
    return fates(write_bank(folder, rows), ATTRITION, SNAPSHOT)["a"]


def at(*moments: dt.datetime) -> list[Row]:
    return [{"booked_at": moment} for moment in moments]


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


@pytest.mark.parametrize(
    ("closed_on", "found"),
    [
        (None, 0),
        (SNAPSHOT - DAY, "left the bank"),
        (SNAPSHOT, 1),
        (FIRST_OUTSIDE - DAY, 1),
        (FIRST_OUTSIDE, 0),
        (KNOWN_BY - DAY, 0),
    ],
)
def test_closing_the_last_current_account_counts_from_the_snapshot_for_six_months(
    tmp_path: Path, closed_on: dt.date | None, found: int | str
) -> None:
    assert fate(tmp_path, [{"closed_on": closed_on}], at(*ACTIVE)) == found


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, 0),
        ({"product_id": "savings"}, 1),
        ({"closed_on": SNAPSHOT + 60 * DAY}, 1),
        # Moved to a new account within the six months, on their last day, or too late.
        ({"opened_on": FIRST_OUTSIDE - DAY}, 0),
        ({"opened_on": FIRST_OUTSIDE}, 1),
    ],
)
def test_closing_one_of_several_accounts_is_attrition_only_if_no_current_one_is_left(
    tmp_path: Path, other: Row, found: int
) -> None:
    closing = {"closed_on": SNAPSHOT + 30 * DAY}
    assert fate(tmp_path, [closing, other], at(*ACTIVE)) == found


@pytest.mark.parametrize(
    ("last_use", "found"),
    [
        (midnight(SILENT_FROM) - dt.timedelta(seconds=1), 1),
        (midnight(SILENT_FROM), 0),
        (midnight(FIRST_OUTSIDE), 0),
        (midnight(KNOWN_BY) - dt.timedelta(seconds=1), 0),
        (midnight(KNOWN_BY), 1),
    ],
)
def test_silent_is_no_transaction_in_the_sixth_month_and_the_two_after_it(
    tmp_path: Path, last_use: dt.datetime, found: int
) -> None:
    assert fate(tmp_path, [{}], at(ACTIVE[0], last_use)) == found


@pytest.mark.parametrize(
    ("channel", "direction", "found"),
    [
        ("card", "debit", 0),
        ("online", "debit", 0),
        ("transfer", "debit", 0),
        ("atm", "credit", 0),
        ("branch", "credit", 0),
        # A refund, a salary, and what runs by itself.
        ("card", "credit", 1),
        ("transfer", "credit", 1),
        ("standing_order", "debit", 1),
        ("direct_debit", "debit", 1),
        ("system", "debit", 1),
    ],
)
def test_only_what_the_customer_sets_off_shows_that_they_still_use_the_bank(
    tmp_path: Path, channel: str, direction: str, found: int
) -> None:
    use = {"booked_at": ACTIVE[1], "channel": channel, "direction": direction}
    assert fate(tmp_path, [{}], [*at(ACTIVE[0]), use]) == found


@pytest.mark.parametrize(
    ("accounts", "booked", "found"),
    [
        ([{"product_id": "savings"}], at(*ACTIVE), "no current account open"),
        ([{"opened_on": SNAPSHOT}], at(*ACTIVE), "no current account open"),
        ([{"opened_on": SNAPSHOT - DAY}], at(*ACTIVE), 0),
        # October is the first of the three months before the snapshot.
        ([{}], at(dt.datetime(2022, 9, 30, 23, 59, 59), ACTIVE[1]), "dormant already"),
        ([{}], at(dt.datetime(2022, 10, 1), ACTIVE[1]), 0),
        ([{}], at(midnight(SNAPSHOT), ACTIVE[1]), "dormant already"),
        ([{}], [], "dormant already"),
    ],
)
def test_customers_without_a_live_current_account_at_the_snapshot_are_excluded(
    tmp_path: Path, accounts: list[Row], booked: list[Row], found: int | str
) -> None:
    assert fate(tmp_path, accounts, booked) == found
