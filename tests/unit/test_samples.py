"""Four samples: disjoint, whole, alike in their outcome rate, and the last one late."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.domain import SampleName
from limner.errors import EmptySample, SingleClassSample
from limner.samples import (
    SAMPLE_COLUMN,
    check_samples,
    count_samples,
    draw_samples,
    expected_samples,
    sample_rows,
    samples_present,
)
from limner.settings import Samples

SHARES = Samples(development=0.6, validation=0.2, test=0.2)
RANDOM = {"development", "validation", "test"}
DAY = dt.date(2010, 9, 1)

outcomes = st.lists(st.integers(0, 1), min_size=1, max_size=60).map(np.array)
days = st.dates(dt.date(2010, 8, 25), dt.date(2010, 9, 8))


def rated(rows: int, events: int) -> npt.NDArray[np.int64]:
    return np.repeat([1, 0], [events, rows - events])


@settings(deadline=None)
@given(outcome=outcomes, data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_every_customer_is_in_exactly_one_sample_and_only_late_ones_are_out_of_time(
    outcome: npt.NDArray[np.int64], data: st.DataObject, seed: int
) -> None:
    dates = data.draw(st.lists(days, min_size=len(outcome), max_size=len(outcome)))
    names = draw_samples(outcome, pd.Series(dates), SHARES, DAY, seed)
    assert set(names) <= set(SampleName)
    late = np.array([day >= DAY for day in dates])
    assert ((names == "out_of_time") == late).all()
    parted = [sample_rows(pd.DataFrame({SAMPLE_COLUMN: names}), sample) for sample in SampleName]
    assert sum(len(part) for part in parted) == len(outcome)


@pytest.mark.parametrize("day", [None, DAY])
def test_never_out_of_time_without_dates_or_without_a_day(day: dt.date | None) -> None:
    dates = pd.Series([DAY] * 100) if day is None else None
    names = draw_samples(rated(100, 40), dates, SHARES, day, 1)
    assert set(names) == RANDOM


@pytest.mark.parametrize("kind", ["dates of Python", "timestamps"])
def test_the_first_out_of_time_day_is_the_one_stated(kind: str) -> None:
    dates = pd.Series([dt.date(2010, 8, 31), DAY, dt.date(2010, 9, 2)])
    if kind == "timestamps":
        dates = pd.to_datetime(dates)
    names = draw_samples(np.array([0, 1, 0]), dates, SHARES, DAY, 1)
    assert (names == "out_of_time").tolist() == [False, True, True]


def test_samples_have_the_stated_shares_and_the_same_outcome_rate() -> None:
    outcome = rated(1000, 120)
    names = draw_samples(outcome, None, SHARES, None, 1)
    assert count_samples(outcome, names) == {
        "development": {"customers": 600, "events": 72, "event_rate": 0.12},
        "validation": {"customers": 200, "events": 24, "event_rate": 0.12},
        "test": {"customers": 200, "events": 24, "event_rate": 0.12},
    }


def test_equal_seeds_give_equal_samples_and_other_seeds_others() -> None:
    outcome = rated(500, 100)
    first, again, other = (draw_samples(outcome, None, SHARES, None, s) for s in (7, 7, 8))
    assert (first == again).all()
    assert (first != other).any()


def test_refuses_an_expected_sample_that_holds_nobody() -> None:
    outcome = rated(100, 50)
    names = draw_samples(outcome, None, SHARES, None, 1)
    with pytest.raises(EmptySample, match=r"out_of_time sample holds no customer.*to a day inside"):
        check_samples("m", "opened", outcome, names, expected_samples(dated=True))
    check_samples("m", "opened", outcome, names, expected_samples(dated=False))
    everyone_late = np.full(100, "out_of_time", dtype=object)
    with pytest.raises(EmptySample, match=r"development sample.*check samples\.\*"):
        check_samples("m", "opened", outcome, everyone_late, expected_samples(dated=True))


@pytest.mark.parametrize("value", [0, 1])
def test_refuses_a_sample_of_one_outcome(value: int) -> None:
    outcome = np.full(100, value)
    names = draw_samples(outcome, None, SHARES, None, 1)
    with pytest.raises(SingleClassSample, match=f"all 60 customers.*have opened = {value}"):
        check_samples("m", "opened", outcome, names, expected_samples(dated=False))


def test_rows_of_a_sample_keep_the_order_of_the_table() -> None:
    frame = pd.DataFrame({"key": range(5), SAMPLE_COLUMN: ["test", "development"] * 2 + ["test"]})
    assert sample_rows(frame, SampleName.TEST)["key"].tolist() == [0, 2, 4]
    assert samples_present(frame) == (SampleName.DEVELOPMENT, SampleName.TEST)
