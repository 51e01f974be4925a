"""Scorecard points, worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.assessment.worth import assess_scorecard
from limner.domain import ScoreBand
from limner.outcomes.point_scale import PointScale

SCALE = PointScale(600, 50, 20)


@pytest.mark.parametrize(
    ("good_to_bad", "points"), [(50, 600), (100, 620), (200, 640), (25, 580), (12.5, 560)]
)
def test_points_double_the_odds(good_to_bad: float, points: float) -> None:
    assert float(SCALE.points(1 / (1 + good_to_bad))) == pytest.approx(points)


@given(st.floats(1e-5, 1 - 1e-5), st.floats(1e-5, 1 - 1e-5))
def test_more_points_are_less_risk_and_points_turn_back(first: float, second: float) -> None:
    points = SCALE.points([first, second])
    assert (points[0] > points[1]) == (first < second) or first == pytest.approx(second)
    assert SCALE.probability(points) == pytest.approx([first, second], rel=1e-6)


def test_whole_points_are_the_nearest_and_never_out_of_order() -> None:
    chances = np.linspace(0, 1, 5001)
    whole, exact = SCALE.whole_points(chances), SCALE.points(chances)
    assert whole.dtype == np.int64
    assert np.abs(whole - exact).max() <= 0.5
    assert (np.diff(whole) <= 0).all()


def test_certainty_has_a_finite_number_of_points() -> None:
    assert np.isfinite(SCALE.points([0.0, 1.0])).all()


def test_bands_meet_on_the_scale_the_safest_on_top() -> None:
    bands = (ScoreBand("A", 1 / 101), ScoreBand("B", 1 / 51), ScoreBand("C", 1.0))
    found = assess_scorecard(SCALE, bands, 1 / 51, np.array([1 / 51] * 3))
    ends = [(band.band, band.low, band.high) for band in found.bands]
    assert ends == [("A", pytest.approx(620), None), ("B", pytest.approx(600), pytest.approx(620)),
                    ("C", None, pytest.approx(600))]  # fmt: skip
    assert found.threshold == pytest.approx(600)
    assert found.quantiles["0.5"] == pytest.approx(600)
