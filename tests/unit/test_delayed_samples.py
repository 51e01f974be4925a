"""Weeks to fit on and to judge, the delay between them, and whose rows are not judged."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.delayed_samples import (
    DatedRows,
    DelayedColumns,
    Round,
    judged_rows,
    round_judging,
    rounds,
    rows_of,
    served_round,
)
from limner.errors import RoundWithoutRows, SettingsInvalid
from limner.portfolios import find_portfolio
from limner.settings import DelayedSamples, parse_settings
from limner.stages.intake import told_of
from project import changed, settings, settings_with

PROTOCOL = DelayedSamples(
    train_days=7, delay_days=7, test_days=7, first_test_day=dt.date(2018, 7, 4), weeks=4,
    validation_share=0.25, extract_day=dt.date(2018, 7, 31),
)  # fmt: skip
FIRST = dt.date(2018, 6, 1)


def dated(days: list[int], customers: list[str], events: list[int]) -> DatedRows:
    """Rows by days after the first; what is known of a customer is worked out the slow way."""
    known = []
    for day, customer in zip(days, customers, strict=True):
        earlier = [
            d for d, c, e in zip(days, customers, events, strict=True)
            if c == customer and e and d <= day - PROTOCOL.delay_days - 1
        ]  # fmt: skip
        known.append(float(day - max(earlier)) if earlier else np.nan)
    start = np.datetime64(FIRST, "D")
    return DatedRows(
        start + np.array(days, dtype="timedelta64[D]"), np.array(events, dtype=np.int64),
        np.array(customers, dtype=object), np.array(known),
    )  # fmt: skip


def handbooks_test_rows(
    days: list[int], customers: list[str], events: list[int], train_start: int
) -> list[int]:
    """The rows that the handbook's authors judge, in the words of their chapter 5."""
    rows = list(zip(days, customers, events, strict=True))
    known = {c for d, c, e in rows if e and train_start <= d < train_start + 7}
    judged = []
    for offset in range(7):
        day, became_known = train_start + 14 + offset, train_start + 7 + offset - 1
        known |= {c for d, c, e in rows if e and d == became_known}
        judged += [i for i, (d, c, _) in enumerate(rows) if d == day and c not in known]
    return sorted(judged)


def test_a_round_leaves_the_days_of_the_delay_out() -> None:
    assert rounds(PROTOCOL)[0] == Round(
        dt.date(2018, 6, 20), dt.date(2018, 6, 27), dt.date(2018, 7, 4), dt.date(2018, 7, 11)
    )
    assert [found.judged_from.day for found in rounds(PROTOCOL)] == [4, 11, 18, 25]
    assert [found.fitted_from.isoformat() for found in rounds(PROTOCOL)] == [
        "2018-06-20", "2018-06-27", "2018-07-04", "2018-07-11",
    ]  # fmt: skip


def test_the_served_model_is_judged_up_to_the_day_before_the_out_of_time_sample() -> None:
    late = dt.date(2018, 7, 25)
    assert served_round(late, PROTOCOL).judged_end == late
    assert served_round(late, PROTOCOL) == rounds(PROTOCOL)[2]


@hypothesis_settings(deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("abcdefgh"), st.integers(0, 1)),
        min_size=20, max_size=80,
    ),
    judged_from=st.integers(14, 34),
)  # fmt: skip
def test_judges_the_rows_that_the_handbook_judges(
    rows: list[tuple[int, str, int]], judged_from: int
) -> None:
    days, customers, events = (list(column) for column in zip(*rows, strict=True))
    first = FIRST + dt.timedelta(days=judged_from)
    found = round_judging(first, PROTOCOL)
    try:
        judged, known = judged_rows(
            "p", dated(days, customers, events), first, found.judged_end, found.fitted_from
        )
    except RoundWithoutRows:
        assert not [day for day in days if judged_from <= day < judged_from + 7]
        return
    expected = handbooks_test_rows(days, customers, events, judged_from - 14)
    assert judged[~known].tolist() == expected


def weeks_of_customers(n: int = 400, seed: int = 1) -> DatedRows:
    draw = np.random.default_rng(seed)
    days = draw.integers(0, 40, n).tolist()
    customers = [f"c{number}" for number in draw.integers(0, 60, n)]
    return dated(days, customers, (draw.random(n) < 0.1).astype(int).tolist())


def test_fitted_and_stopping_rows_are_of_different_customers_and_of_the_fitted_days() -> None:
    rows = weeks_of_customers()
    days = round_judging(dt.date(2018, 6, 28), PROTOCOL)
    found = rows_of("p", rows, days, 0.25, seed=3)
    of = {name: set(rows.customers[getattr(found, name)]) for name in ("fitted", "stopped")}
    assert not of["fitted"] & of["stopped"]
    assert 0.15 < len(of["stopped"]) / len(of["fitted"] | of["stopped"]) < 0.35
    both = np.concatenate([found.fitted, found.stopped])
    assert rows.days[both].min() >= np.datetime64(days.fitted_from)
    assert rows.days[both].max() < np.datetime64(days.fitted_end)
    assert rows.days[found.judged].min() >= np.datetime64(days.judged_from)
    assert len(set(both)) == len(both) == int(
        ((rows.days >= np.datetime64(days.fitted_from))
         & (rows.days < np.datetime64(days.fitted_end))).sum()
    )  # fmt: skip


def test_the_same_seed_parts_customers_alike_whatever_their_pseudonyms() -> None:
    rows = weeks_of_customers()
    days = round_judging(dt.date(2018, 6, 28), PROTOCOL)
    renamed = DatedRows(
        rows.days, rows.outcome, np.array([f"x{hash(c)}" for c in rows.customers], dtype=object),
        rows.days_since_known,
    )  # fmt: skip
    first, again = (rows_of("p", each, days, 0.25, seed=3) for each in (rows, renamed))
    assert first.stopped.tolist() == again.stopped.tolist()
    assert first.stopped.tolist() != rows_of("p", rows, days, 0.25, seed=4).stopped.tolist()


def test_refuses_a_week_outside_the_data_and_says_what_to_move() -> None:
    rows = weeks_of_customers()
    with pytest.raises(RoundWithoutRows, match=r"no rows from 2018-07-25 to 2018-07-31.*move dela"):
        rows_of("cards", rows, round_judging(dt.date(2018, 8, 8), PROTOCOL), 0.2, 1)
    nothing = DatedRows.of(
        pd.DataFrame({"d": pd.Series([], dtype="datetime64[ns]"), "o": [], "c": [], "k": []}),
        DelayedColumns("d", "o", "c", "k"),
    )
    with pytest.raises(RoundWithoutRows, match="no rows at all"):
        rows_of("cards", nothing, rounds(PROTOCOL)[0], 0.2, 1)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("delayed_samples.fraud_handbook.weeks", 5, "2018-08-07, is after extract_day"),
        ("delayed_samples.fraud_handbook.train_days", 0, "train_days"),
        ("delayed_samples.fraud_handbook.validation_share", 1.0, "validation_share"),
        ("delayed_samples.fraud_handbook.day", 1, "day: unknown key"),
        ("out_of_time_from.fraud_handbook", None, "out_of_time_from.fraud_handbook: must be a day"),
        ("out_of_time_from.fraud_handbook", "2018-07-26", "7 days up to 2018-07-31"),
        ("delayed_samples", {"nobody": PROTOCOL.model_dump()}, "no portfolio of that name"),
    ],
)
def test_refuses_days_that_cannot_be_judged(path: str, value: object, fault: str) -> None:
    with pytest.raises(SettingsInvalid, match=fault):
        parse_settings(changed(path, value))


def test_refuses_a_late_outcome_of_which_nothing_says_how_late() -> None:
    portfolio = find_portfolio("fraud_handbook")
    told = told_of(portfolio, settings())
    assert (told.label_delay_days, told.extract_day) == (7, dt.date(2018, 7, 31))
    silent = settings_with({"delayed_samples": {}})
    with pytest.raises(SettingsInvalid, match=r"delayed_samples\.fraud_handbook: missing key"):
        told_of(portfolio, silent)
    assert told_of(find_portfolio("give_me_credit"), silent).label_delay_days is None
