"""Observed over expected events by group."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.assessment.group_calibration import calibrate_groups, score_bands
from limner.assessment.soundness_evidence import CalibratedGroup
from limner.domain import ScoreBand, band_of
from project import settings

BANDS = (ScoreBand("A", 0.1), ScoreBand("B", 0.3), ScoreBand("C", 1.0))
LIMITS = settings().fairness
SETTINGS = settings().assessment


def by_group(
    probability: list[float], outcome: list[int], groups: list[str | None],
    clusters: np.ndarray | None = None,
) -> dict[str, CalibratedGroup]:  # fmt: skip
    (found,) = calibrate_groups(
        "test", np.array(probability), np.array(outcome), {"job": pd.Series(groups)}, SETTINGS,
        LIMITS, 1, clusters,
    )  # fmt: skip
    return {group.group: group for group in found.groups}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_all_customers_at_once_stand_in_the_bands_that_one_by_one_they_do(
    probabilities: list[float],
) -> None:
    found = score_bands(np.array([*probabilities, 0.1, 0.3, 1.0]), BANDS)
    assert list(found) == [band_of(p, BANDS) for p in [*probabilities, 0.1, 0.3, 1.0]]


def test_the_ratio_is_observed_over_expected_events_of_the_group_alone() -> None:
    found = by_group([0.1] * 400 + [0.5] * 400, [1] * 80 + [0] * 320 + [1, 0] * 200,
                     ["few"] * 400 + ["many"] * 400)  # fmt: skip
    assert (found["few"].events, found["few"].expected) == (80, pytest.approx(40))
    ratio, even = found["few"].observed_to_expected, found["many"].observed_to_expected
    assert ratio and even
    assert ratio.value == pytest.approx(2)
    assert ratio.low > 1.5
    assert ratio.high < 2.5
    assert even.low < 1 < even.high


def test_a_group_of_few_customers_or_outcomes_is_never_judged() -> None:
    few = LIMITS.minimum_group - 1
    rows = 10 * LIMITS.minimum_group
    rare = LIMITS.minimum_outcomes - 1
    outcome = [0, 1] * few + [1] * rare + [0] * (rows - rare) + [0, 1] * rows
    found = by_group([0.5] * len(outcome), outcome,
                     ["few"] * few + ["rare"] * 0 + [None] * few + ["rare"] * rows
                     + ["all"] * 2 * rows)  # fmt: skip
    assert not found["few"].sufficient
    assert not found["rare"].sufficient
    assert not found["not stated"].sufficient
    assert found["all"].sufficient


def test_customers_at_many_snapshots_are_no_more_evidence_than_once() -> None:
    draw = np.random.default_rng(1)
    outcome = (draw.random(300) < 0.2).astype(int)
    once = by_group([0.2] * 300, outcome.tolist(), ["all"] * 300)["all"].observed_to_expected
    repeated = np.repeat(outcome, 6).tolist()
    rows, numbers = len(repeated), np.repeat(np.arange(300), 6)
    naive = by_group([0.2] * rows, repeated, ["all"] * rows)["all"].observed_to_expected
    honest = by_group([0.2] * rows, repeated, ["all"] * rows, numbers)["all"].observed_to_expected
    assert once and naive and honest
    assert honest.high - honest.low == pytest.approx(once.high - once.low, rel=0.1)
    assert naive.high - naive.low < 0.6 * (honest.high - honest.low)
