"""Calibration error, Brier score and log loss, worked by hand."""

import numpy as np
import pytest

from limner.assessment.calibration_error import Reliability, equal_count_bins

#   customer      1    2    3    4
PROBABILITY = [0.1, 0.2, 0.8, 0.9]
OUTCOME = np.array([0, 1, 1, 1])


def figures(weights: list[float], bins: int = 2) -> dict[str, float]:
    return dict(Reliability(PROBABILITY, OUTCOME, bins).figures(np.array(weights)))


@pytest.mark.parametrize(
    ("weights", "ece", "brier"),
    [
        # Bins {1, 2}: predicted 0.15, observed 0.5; {3, 4}: 0.85, 1. Gaps 0.35 and 0.15.
        ([1, 1, 1, 1], 0.25, (0.01 + 0.64 + 0.04 + 0.01) / 4),
        # Customer 1 twice: 0.4 / 3 against 1 / 3, gap 0.2, of 3 of 5 customers.
        ([2, 1, 1, 1], (3 * 0.2 + 2 * 0.15) / 5, (0.02 + 0.64 + 0.04 + 0.01) / 5),
        # A bin that nobody was drawn from counts nothing.
        ([0, 0, 1, 1], 0.15, (0.04 + 0.01) / 2),
    ],
)
def test_figures_of_customers_with_weights(weights: list[float], ece: float, brier: float) -> None:
    found = figures(weights)
    assert found["ece"] == pytest.approx(ece)
    assert found["brier"] == pytest.approx(brier)


def test_log_loss_is_the_mean_of_minus_the_log_of_what_happened() -> None:
    by_hand = -(np.log(0.9) + np.log(0.2) + np.log(0.8) + np.log(0.9)) / 4
    assert figures([1, 1, 1, 1])["log_loss"] == pytest.approx(by_hand)


def test_one_bin_compares_the_mean_probability_with_the_rate() -> None:
    assert figures([1, 1, 1, 1], bins=1)["ece"] == pytest.approx(0.75 - 0.5)


def test_a_certain_miss_costs_much_but_never_without_end() -> None:
    certain = Reliability([0.0, 1.0], np.array([1, 0]), 2).figures(np.ones(2))
    assert 30 < certain["log_loss"] < 40
    assert certain["ece"] == certain["brier"] == 1


@pytest.mark.parametrize(
    ("values", "bins", "numbers"),
    [
        ([0.3, 0.1, 0.2, 0.4], 2, [1, 0, 0, 1]),
        ([0.1, 0.2, 0.3, 0.4, 0.5], 2, [0, 0, 0, 1, 1]),
        # Ties are parted by their place, so that bins stay equal.
        ([0.5, 0.5, 0.5, 0.5], 2, [0, 0, 1, 1]),
        ([0.2, 0.1], 10, [1, 0]),
    ],
)
def test_bins_hold_equal_counts(values: list[float], bins: int, numbers: list[int]) -> None:
    assert equal_count_bins(np.array(values), bins).tolist() == numbers


def test_the_table_lists_bins_from_low_to_high_with_observed_rates() -> None:
    low, high = Reliability(PROBABILITY, OUTCOME, 2).table(resamples=200, confidence=0.9, seed=1)
    assert (low.customers, low.predicted, low.observed.value) == (2, pytest.approx(0.15), 0.5)
    assert (high.customers, high.predicted, high.observed.value) == (2, pytest.approx(0.85), 1)
    assert low.observed.low < 0.5 < low.observed.high
