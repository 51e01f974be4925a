"""Nothing that became known on the snapshot date or later reaches a feature."""

import datetime as dt
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feature_bank import (
    ENDS,
    SNAPSHOT,
    BankRows,
    Row,
    features_of,
    make_bank,
    without_future,
)
from limner.portfolios.canonical import TABLES, canonical_table

DATED = [table.table for table in TABLES if table.known_at]


def found(bank: BankRows) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return features_of(bank, Path(folder))


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(1, 8))
def test_deleting_the_future_changes_nothing(seed: int, customers: int) -> None:
    bank = make_bank(Random(seed), customers)
    assert found(bank) == found(without_future(bank, SNAPSHOT))


@pytest.mark.parametrize("table", DATED)
def test_deleting_the_future_of_one_source_changes_nothing(table: str) -> None:
    bank = make_bank(Random(7), 30)
    past = {**bank, table: without_future(bank, SNAPSHOT)[table]}
    assert past != bank, "the bank has no future to delete"
    assert found(bank) == found(past)


@pytest.mark.parametrize("table", DATED)
def test_a_second_before_the_snapshot_is_known_and_midnight_is_not(table: str) -> None:
    bank = make_bank(Random(7), 30)
    known_at = canonical_table(table).known_at or ""
    is_day = canonical_table(table).column(known_at).kind == "date"
    midnight = dt.datetime.combine(SNAPSHOT, dt.time())

    def moved(to: dt.datetime) -> BankRows:
        day_or_time = to.date() if is_day else to
        rows = [{**row, known_at: day_or_time} for row in bank[table]]
        return {**bank, table: rows}

    at_midnight, never = found(moved(midnight)), found({**bank, table: []})
    assert at_midnight == never
    assert found(moved(midnight - dt.timedelta(seconds=1))) != never


@pytest.mark.parametrize(("table", "end"), ENDS.items())
def test_a_holding_is_held_until_the_day_after_its_end(table: str, end: str) -> None:
    bank = make_bank(Random(7), 30)

    def ending(day: dt.date | None) -> list[Row]:
        start = canonical_table(table).known_at or ""
        past = [row for row in bank[table] if row[start] < SNAPSHOT]
        return found({**bank, table: [{**row, end: day} for row in past]})

    assert ending(SNAPSHOT) == ending(None)
    assert ending(SNAPSHOT - dt.timedelta(days=1)) != ending(None)
