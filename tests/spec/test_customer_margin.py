"""What a customer earned the bank in a window, line by line, as worked tables."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from dated_bank import Row, fates, write_bank
from limner.outcomes import find_dated_outcome
from limner.outcomes.dated_amounts import DatedAmount, months_before

FOUND = find_dated_outcome("customer_margin")
assert isinstance(FOUND, DatedAmount)
SNAPSHOT, END = dt.date(2023, 1, 1), dt.date(2024, 1, 1)
RATES = {
    "deposit_spread": 0.012, "savings_spread": 0.024, "lending_spread": 0.06,
    "overdraft_share": 0.5, "interchange": 0.01, "monthly_cost_minor": 100,
}  # fmt: skip
MARGIN = FOUND.at_rates(RATES)
COSTS = 12 * 100
PRODUCTS = [{"product_id": kind, "kind": kind} for kind in ("current", "savings")]
CURRENT = {"account_id": "1", "product_id": "current"}


def at(year: int, month: int, day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(year, month, day, hour)


def earned(
    folder: Path, booked: Sequence[Row] = (), accounts: Sequence[Row] = (CURRENT,),
    outcome: DatedAmount = MARGIN, **tables: list[Row],
) -> int | str:  # fmt: skip
    """Tell what customer ``a`` earned, or why they are not asked about."""
    rows: dict[str, Sequence[Row]] = {
        "customers": [{"customer_id": "a"}],
        "products": PRODUCTS,
        "accounts": [{"customer_id": "a", **row} for row in accounts],
        "transactions": [
            {"customer_id": "a", "account_id": "1", "transaction_id": f"{n:03}",
             "amount_minor": 0, "category": "other", "channel": "transfer", **row}
            for n, row in enumerate(booked)
        ],
        "loans": [], "instalments": [], "repayments": [], **tables,
    }  # fmt: skip
    return fates(write_bank(folder, rows), outcome, SNAPSHOT)["a"]


def test_an_account_costs_each_month_at_whose_end_it_is_open(tmp_path: Path) -> None:
    assert earned(tmp_path) == -COSTS


def test_a_customer_who_leaves_earns_what_was_earned_until_then(tmp_path: Path) -> None:
    left = CURRENT | {"closed_on": dt.date(2023, 4, 15)}
    held = {"booked_at": at(2022, 12, 5), "balance_minor": 1_200_000}
    # Three month ends: a thousandth of the balance each, and the cost.
    assert earned(tmp_path, [held], [left]) == 3 * (1_200 - 100)


def test_deposits_earn_by_what_is_held_at_each_months_end(tmp_path: Path) -> None:
    booked = [
        {"booked_at": at(2022, 11, 5), "balance_minor": 500},
        {"booked_at": at(2022, 12, 5), "balance_minor": 1_000_000},
        # Gone within a month: no month's end sees it.
        {"booked_at": at(2023, 2, 3), "balance_minor": 9_000_000},
        {"booked_at": at(2023, 2, 28), "balance_minor": 1_000_000},
        {"booked_at": at(2023, 7, 1), "balance_minor": 0},
    ]
    assert earned(tmp_path, booked) == 6 * 1_000 - COSTS


def test_of_two_movements_at_one_moment_one_is_always_the_last(tmp_path: Path) -> None:
    booked = [{"booked_at": at(2022, 12, 5), "balance_minor": b} for b in (0, 1_000_000)]
    assert earned(tmp_path, booked) == 12 * 1_000 - COSTS
    assert earned(tmp_path, booked[::-1]) == -COSTS


def test_savings_have_a_spread_of_their_own(tmp_path: Path) -> None:
    accounts = [CURRENT, {"account_id": "2", "product_id": "savings"}]
    booked = [{"account_id": "2", "booked_at": at(2022, 12, 5), "balance_minor": 1_000_000}]
    assert earned(tmp_path, booked, accounts) == 12 * 2_000 - COSTS


def test_an_overdraft_is_no_deposit_and_earns_by_its_interest(tmp_path: Path) -> None:
    booked = [
        {"booked_at": at(2022, 12, 5), "balance_minor": -800_000},
        {"booked_at": at(2023, 1, 31), "category": "interest", "channel": "system",
         "amount_minor": 7_000},
        # Interest that the bank pays is no income.
        {"booked_at": at(2023, 2, 28), "category": "interest", "channel": "system",
         "direction": "credit", "amount_minor": 7_000},
    ]  # fmt: skip
    assert earned(tmp_path, booked) == 3_500 - COSTS


@pytest.mark.parametrize(
    ("row", "income"),
    [
        ({"category": "fees", "channel": "system"}, 10_000),
        ({"category": "penalty", "channel": "system"}, 0),
        ({"category": "groceries", "channel": "card"}, 100),
        ({"category": "shopping", "channel": "online"}, 100),
        ({"category": "groceries", "channel": "card", "direction": "credit"}, 0),
        ({"category": "cash", "channel": "atm"}, 0),
        ({"category": "housing", "channel": "standing_order"}, 0),
    ],
)
def test_fees_count_whole_and_card_payments_by_their_share(
    tmp_path: Path, row: Row, income: int
) -> None:
    booked = [{"booked_at": at(2023, 3, 3), "amount_minor": 10_000, **row}]
    assert earned(tmp_path, booked) == income - COSTS


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (at(2022, 12, 31, 23), False),
        (at(2023, 1, 1, 0), True),
        (at(2023, 12, 31, 23), True),
        (at(2024, 1, 1, 0), False),
    ],
)
def test_the_window_holds_its_first_day_and_not_the_day_after_its_last(
    tmp_path: Path, day: dt.datetime, counts: bool
) -> None:
    booked = [{"booked_at": day, "category": "fees", "channel": "system", "amount_minor": 900}]
    assert earned(tmp_path, booked) == 900 * counts - COSTS


def test_a_loan_earns_on_what_is_still_out_over_its_agreed_term(tmp_path: Path) -> None:
    loan = {"loan_id": "l", "customer_id": "a", "granted_on": dt.date(2022, 7, 1),
            "principal_minor": 2_400_000, "term_months": 12}  # fmt: skip
    # 1 % of a twelfth of the principal a month left: 6, 5 … 1 twelfths from January to June.
    assert earned(tmp_path, loans=[loan]) == 1_000 * (6 + 5 + 4 + 3 + 2 + 1) - COSTS


def test_a_loan_granted_within_the_window_earns_from_its_month_on(tmp_path: Path) -> None:
    loan = {"loan_id": "l", "customer_id": "a", "granted_on": dt.date(2023, 12, 15),
            "principal_minor": 2_400_000, "term_months": 12}  # fmt: skip
    assert earned(tmp_path, loans=[loan]) == 12_000 - COSTS


@pytest.mark.parametrize(("days_late", "months"), [(89, 12), (90, 4)])
def test_a_loan_90_days_past_due_earns_no_more(tmp_path: Path, days_late: int, months: int) -> None:
    # Due on 31 January, its 90th day past due is 1 May: four months' ends come before.
    due = dt.date(2023, 1, 31)
    loan = {"loan_id": "l", "customer_id": "a", "granted_on": dt.date(2022, 12, 1),
            "principal_minor": 120_000_000, "term_months": 600}  # fmt: skip
    instalment = {"instalment_id": "i", "loan_id": "l", "customer_id": "a", "due_on": due,
                  "amount_minor": 100}  # fmt: skip
    paid = {"repayment_id": "r", "instalment_id": "i", "customer_id": "a",
            "paid_on": due + dt.timedelta(days_late), "amount_minor": 100}  # fmt: skip
    found = earned(tmp_path, loans=[loan], instalments=[instalment], repayments=[paid])
    assert found == sum(1_000 * (600 - month) for month in range(1, months + 1)) - COSTS


def test_who_has_no_current_account_is_not_asked_about(tmp_path: Path) -> None:
    savings = [{"account_id": "1", "product_id": "savings"}]
    assert earned(tmp_path, accounts=savings) == "no current account open"


def test_the_months_before_are_worked_out_alike_and_know_nothing_later(tmp_path: Path) -> None:
    (before,) = MARGIN.parts
    assert isinstance(before, DatedAmount)
    fee = {"category": "fees", "channel": "system", "amount_minor": 900}
    days = (at(2022, 6, 30), at(2022, 7, 1), at(2022, 12, 31), at(2023, 1, 1))
    booked = [fee | {"booked_at": day} for day in days]
    assert earned(tmp_path, booked, outcome=before) == 2 * 900 - 6 * 100
    assert months_before(MARGIN) == ("customer_margin_before_minor", 2.0)


def test_refuses_to_work_an_amount_out_without_its_rates() -> None:
    with pytest.raises(KeyError, match="spread"):
        FOUND.happened_sql(SNAPSHOT)


def test_an_amount_is_found_as_a_column_of_minor_units() -> None:
    assert FOUND.undated.column == FOUND.column == "customer_margin_minor"
    assert MARGIN.performance_months == 12
    assert MARGIN.window_end(SNAPSHOT) == END
