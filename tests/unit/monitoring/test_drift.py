"""Which columns are watched, and which customers are compared with which."""

import datetime as dt

import pandas as pd
import pytest

from limner.contract import Sensitivity, Timing
from limner.errors import EmptySample
from limner.monitoring.drift import Sides, part_customers, watched_columns
from limner.portfolios import find_portfolio, portfolio_names
from limner.settings import Settings
from project import settings, settings_with
from synthetic import bank_marketing_rows, give_me_credit_rows

BANK, CREDIT = find_portfolio("bank_marketing"), find_portfolio("give_me_credit")
CALLS, BORROWERS = bank_marketing_rows(400, seed=1), give_me_credit_rows(401, seed=1)


def part_calls(day: str | None, given: Settings | None = None, seed: int = 1) -> Sides:
    late_from = dt.date.fromisoformat(day) if day else None
    return part_customers(CALLS, BANK, late_from, (given or settings()).monitoring, seed)


def part_borrowers(seed: int = 1) -> Sides:
    portfolio = settings().portfolio("give_me_credit")
    return part_customers(BORROWERS, CREDIT, portfolio, settings().monitoring, seed)


@pytest.mark.parametrize("name", portfolio_names())
def test_never_watches_an_outcome_what_comes_after_it_an_identifier_or_a_day(name: str) -> None:
    contract = find_portfolio(name).contract
    numbers, categories = watched_columns(contract)
    for column in (contract.column(watched) for watched in numbers + categories):
        assert column.timing is Timing.BEFORE_OUTCOME
        assert column.sensitivity is not Sensitivity.IDENTIFIER
        assert column.kind != "date"


def test_watches_every_other_column_as_what_it_is() -> None:
    numbers, categories = watched_columns(BANK.contract)
    left_out = {"customer_id", "contacted_on", "call_seconds", "subscribed"}
    assert set(numbers + categories) == set(BANK.contract.names) - left_out
    assert "balance" in numbers
    assert "job" in categories
    # A protected attribute may drift too.
    assert {"age", "marital_status"} <= set(numbers + categories)


def test_a_dated_portfolio_is_parted_by_its_day() -> None:
    sides = part_calls("2010-06-01")
    day = dt.date(2010, 6, 1)
    assert max(sides.reference["contacted_on"]) < day <= min(sides.current["contacted_on"])
    assert len(sides.reference) + len(sides.current) == len(CALLS)
    assert sides.reference_words == "rows dated before 2010-06-01"
    assert sides.current_words == "rows dated 2010-06-01 or later"


@pytest.mark.parametrize(("day", "side"), [("2008-01-01", "reference"), ("2011-01-01", "current")])
def test_refuses_a_day_with_nobody_on_one_side(day: str, side: str) -> None:
    with pytest.raises(EmptySample, match=f"the {side} sample holds no customer.*inside the data"):
        part_calls(day)


@pytest.mark.parametrize("sides", [part_borrowers(), part_calls(None)], ids=["no dates", "no day"])
def test_an_undated_portfolio_is_parted_into_random_halves(sides: Sides) -> None:
    first, second = set(sides.reference["customer_id"]), set(sides.current["customer_id"])
    assert not first & second
    assert abs(len(first) - len(second)) <= 1
    assert len(first) + len(second) in (len(CALLS), len(BORROWERS))
    # Drawn at random, not cut through the middle of the file.
    assert abs(sides.reference["customer_id"].mean() - sides.current["customer_id"].mean()) < 60
    assert "half" in sides.reference_words + sides.current_words


def test_at_most_the_stated_rows_of_a_side_are_drawn_and_keep_their_order() -> None:
    sides = part_calls("2010-01-01", settings_with({"monitoring.rows": 50}))
    assert (len(sides.reference), len(sides.current)) == (50, 50)
    for side in (sides.reference, sides.current):
        assert side["customer_id"].is_monotonic_increasing
        assert side.index.tolist() == list(range(50))


def test_equal_seeds_draw_equal_customers() -> None:
    first, again, other = (part_borrowers(seed).reference for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert first["customer_id"].tolist() != other["customer_id"].tolist()
