"""Intervals that hold what they promise, whatever the model is worth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.modelling.conformal import conformity, correction


@settings(deadline=None, max_examples=60)
@given(
    beyond=st.lists(st.integers(-1000, 1000), min_size=1, max_size=60),
    coverage=st.sampled_from([0.5, 0.8, 0.9]),
)
def test_the_correction_lets_in_no_fewer_than_promised_and_no_more_than_it_must(
    beyond: list[int], coverage: float
) -> None:
    rows = np.array(beyond, dtype=float)
    moved = correction(rows, len(rows), coverage)
    needed = (len(rows) + 1) * coverage
    if moved is None:
        assert needed > len(rows)
        return
    assert (rows <= moved).sum() >= needed - 1e-9
    assert (rows < moved).sum() < needed


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.95])
def test_a_new_customer_lies_within_as_often_as_promised_however_bad_the_interval(
    coverage: float,
) -> None:
    draw = np.random.default_rng(7)
    inside = []
    for _ in range(400):
        amounts = draw.exponential(1000, 101)
        # As if everybody earned from 0 to 10.
        low, high = np.zeros(101), np.full(101, 10.0)
        moved = correction(conformity(low[1:], high[1:], amounts[1:]), 100, coverage)
        assert moved is not None
        inside.append(low[0] - moved <= amounts[0] <= high[0] + moved)
    assert np.mean(inside) == pytest.approx(coverage, abs=3 * np.sqrt(0.25 / 400))


def test_rows_of_one_customer_are_no_more_evidence_than_the_customer() -> None:
    beyond = np.arange(40.0)
    assert correction(np.repeat(beyond, 5), 40, 0.9) == correction(beyond, 40, 0.9)
    assert correction(np.repeat(beyond[:5], 8), 5, 0.9) is None


def test_nobody_corrects_nothing() -> None:
    assert correction(np.array([]), 0, 0.8) is None
