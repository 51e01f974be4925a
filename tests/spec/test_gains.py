"""Lift and capture by deciles, worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.assessment.discrimination import Ranking
from limner.assessment.gains import DECILES, gains_figures


def captured(scores: list[float], outcome: list[int], shares: list[float]) -> list[float]:
    ranking = Ranking(scores, np.array(outcome))
    return [float(x) for x in ranking.gains(np.ones(len(scores)), np.array(shares))]


def test_ten_customers_with_three_events() -> None:
    # From the highest score: event, none, event, none x 4, event, none, none.
    outcome = [1, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    found = captured([1 - i / 10 for i in range(10)], outcome, [0.1, 0.2, 0.3, 0.7, 0.8, 1.0])
    assert found == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3, 1, 1])
    figures = gains_figures(
        np.array(captured([10 - i for i in range(10)], outcome, [*DECILES])), 0.3
    )
    assert figures["gains/lift/1"] == pytest.approx((1 / 3) / 0.1)
    assert figures["gains/lift/3"] == pytest.approx((2 / 3) / 0.3)
    assert [figures[f"gains/rate/{i}"] for i in (1, 2, 3)] == pytest.approx([1, 0, 1])


def test_a_tie_that_a_share_cuts_through_counts_in_parts() -> None:
    # Four tied customers with two events: half of them hold half of the events.
    assert captured([5, 5, 5, 5], [1, 1, 0, 0], [0.25, 0.5, 1]) == pytest.approx([0.25, 0.5, 1])


@st.composite
def samples(draw: st.DrawFn) -> tuple[list[float], list[int], list[float]]:
    n = draw(st.integers(2, 40))
    scores = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    outcome = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n).filter(any))
    weights = draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    return [float(s) for s in scores], outcome, [float(w) for w in weights]


@settings(deadline=None)
@given(samples())
def test_all_deciles_together_capture_every_event(
    drawn: tuple[list[float], list[int], list[float]],
) -> None:
    scores, outcome, weights = drawn
    ranking, counted = Ranking(scores, np.array(outcome)), np.array(weights)
    found = ranking.gains(counted, DECILES)
    figures = gains_figures(found, float(counted @ outcome / counted.sum()))
    assert found[-1] == pytest.approx(1)
    assert figures["gains/lift/10"] == pytest.approx(1)
    assert (np.diff(found) >= -1e-12).all()
    rates = [figures[f"gains/rate/{i}"] for i in range(1, 11)]
    assert np.mean(rates) == pytest.approx(counted @ outcome / counted.sum())


def test_without_an_event_nothing_is_captured_and_nothing_claimed() -> None:
    assert all(np.isnan(captured([3, 2, 1], [0, 0, 0], [0.5, 1.0])))
