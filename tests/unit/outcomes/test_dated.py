"""Compiled definitions: months, tables as they were known, every definition whole."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dated_bank import write_bank
from limner.engine import connect
from limner.errors import UnknownName
from limner.outcomes import find_dated_outcome, find_outcome
from limner.outcomes.dated import DatedOutcome, customers_sql, months_after
from limner.outcomes.dated_definitions import ATTRITION, DATED_OUTCOMES
from limner.outcomes.own_definitions import OWN_OUTCOMES
from limner.portfolios.canonical import canonical_table
from limner.snapshots.cohort import open_tables

DAY = dt.date(2024, 2, 29)
EVERY_OUTCOME = (*DATED_OUTCOMES, *OWN_OUTCOMES)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2023, 1, 31), 1, dt.date(2023, 2, 28)),
        (dt.date(2023, 1, 31), 13, DAY),
        (DAY, 12, dt.date(2025, 2, 28)),
        (DAY, -1, dt.date(2024, 1, 29)),
        (dt.date(2023, 1, 1), -1, dt.date(2022, 12, 1)),
        (dt.date(2023, 12, 31), 0, dt.date(2023, 12, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(
    day: dt.date, months: int, later: dt.date
) -> None:
    assert months_after(day, months) == later


@settings(deadline=None, max_examples=30)
@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(-60, 60))
def test_months_agree_with_the_engines(day: dt.date, months: int) -> None:
    with connect() as connection:
        found = connection.execute(f"SELECT DATE '{day}' + to_months({months})").fetchone()
    assert found is not None
    assert found[0].date() == months_after(day, months)


@pytest.mark.parametrize(
    ("known_before", "seen"),
    [
        (dt.date(2023, 5, 1), []),
        (dt.date(2023, 5, 2), [(None,)]),
        (dt.date(2023, 6, 1), [(None,)]),
        (dt.date(2023, 6, 2), [(dt.date(2023, 6, 1),)]),
    ],
)
def test_a_table_never_shows_what_was_learned_on_the_day_or_later(
    tmp_path: Path, known_before: dt.date, seen: list[tuple[dt.date | None]]
) -> None:
    account = {"opened_on": dt.date(2023, 5, 1), "closed_on": dt.date(2023, 6, 1)}
    bank = {"customers": [], "products": [], "transactions": [], "accounts": [account]}
    write_bank(tmp_path, bank)
    with connect() as connection:
        open_tables(connection, tmp_path, ATTRITION)
        sql = customers_sql("SELECT closed_on FROM accounts", ("accounts",), known_before, {})
        assert connection.execute(sql).fetchall() == seen


@pytest.mark.parametrize("outcome", EVERY_OUTCOME, ids=lambda outcome: outcome.name)
def test_every_definition_runs_on_the_tables_it_says_it_needs(
    tmp_path: Path, outcome: DatedOutcome
) -> None:
    write_bank(tmp_path, {name: [] for name in (*outcome.needs, *outcome.needs_own)})
    with connect() as connection:
        open_tables(connection, tmp_path, outcome, tmp_path)
        queries = [outcome.exclusion_sql(e, DAY) for e in outcome.exclusions]
        queries += [facts] if (facts := outcome.facts_sql(DAY)) else []
        for sql in (outcome.happened_sql(DAY), *queries):
            assert connection.execute(sql).fetchall() == []
    assert "customers" in outcome.needs
    assert set(outcome.observed_by) <= set(outcome.needs)
    assert all(canonical_table(name).known_at for name in outcome.observed_by)
    assert outcome.favourable.en
    assert outcome.favourable.zh


def test_refuses_sql_that_names_a_day_nobody_stated() -> None:
    with pytest.raises(KeyError, match="weekend"):
        customers_sql("SELECT 1 WHERE :weekend > :snapshot", (), DAY, {"snapshot": DAY})


def test_dated_and_undated_outcomes_are_found_by_name_and_share_none() -> None:
    assert find_dated_outcome("attrition").deserved == 1
    assert find_dated_outcome("default_90_days").deserved == 0
    assert find_outcome("serious_delinquency").deserved == 0
    with pytest.raises(UnknownName, match="attrition"):
        find_dated_outcome("churn")
    assert len({outcome.name for outcome in EVERY_OUTCOME}) == len(EVERY_OUTCOME)
