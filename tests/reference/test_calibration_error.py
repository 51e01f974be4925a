"""Calibration figures against a slow loop, bin by bin and customer by customer."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.assessment.calibration_error import Reliability

Customer = tuple[float, int, int]
customers = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 1), st.integers(0, 3)), min_size=1, max_size=40
).filter(lambda drawn: any(weight for _, _, weight in drawn))


def slow_bins(drawn: list[Customer], bins: int) -> list[list[Customer]]:
    """Deal customers in order of probability into bins as equal as can be."""
    bins = min(bins, len(drawn))
    ranked = sorted(drawn, key=lambda customer: customer[0])
    dealt: list[list[Customer]] = [[] for _ in range(bins)]
    for rank, customer in enumerate(ranked):
        dealt[rank * bins // len(ranked)].append(customer)
    return dealt


def slow_ece(drawn: list[Customer], bins: int) -> float:
    total = sum(weight for _, _, weight in drawn)
    error = 0.0
    for dealt in slow_bins(drawn, bins):
        inside = sum(weight for _, _, weight in dealt)
        if inside:
            predicted = sum(p * weight for p, _, weight in dealt) / inside
            observed = sum(y * weight for _, y, weight in dealt) / inside
            error += inside / total * abs(predicted - observed)
    return error


def slow_mean(drawn: list[Customer], losses: list[float]) -> float:
    weights = [weight for _, _, weight in drawn]
    return math.fsum(w * loss for w, loss in zip(weights, losses, strict=True)) / sum(weights)


@settings(deadline=None)
@given(drawn=customers, bins=st.integers(2, 12))
def test_figures_agree_with_a_slow_loop(drawn: list[Customer], bins: int) -> None:
    probability, outcome, weights = (np.array(column) for column in zip(*drawn, strict=True))
    found = Reliability(probability, outcome, bins).figures(weights.astype(float))
    likelihoods = [p if y else 1 - p for p, y, _ in drawn]
    assert found["ece"] == pytest.approx(slow_ece(drawn, bins), abs=1e-12)
    assert found["brier"] == pytest.approx(
        slow_mean(drawn, [(p - y) ** 2 for p, y, _ in drawn]), abs=1e-12
    )
    bounded = [min(max(likelihood, 1e-15), 1) for likelihood in likelihoods]
    assert found["log_loss"] == pytest.approx(
        slow_mean(drawn, [-math.log(likelihood) for likelihood in bounded]), rel=1e-4, abs=1e-9
    )


@settings(deadline=None)
@given(drawn=customers, bins=st.integers(2, 12))
def test_the_table_agrees_with_a_slow_loop(drawn: list[Customer], bins: int) -> None:
    probability, outcome, _ = (np.array(column) for column in zip(*drawn, strict=True))
    table = Reliability(probability, outcome, bins).table(resamples=3, confidence=0.9, seed=1)
    slow = slow_bins(drawn, bins)
    assert [row.customers for row in table] == [len(dealt) for dealt in slow]
    for row, dealt in zip(table, slow, strict=True):
        assert row.predicted == pytest.approx(sum(p for p, _, _ in dealt) / len(dealt))
        assert row.observed.value == pytest.approx(sum(y for _, y, _ in dealt) / len(dealt))
