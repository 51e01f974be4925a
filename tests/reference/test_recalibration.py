"""Calibration slope and intercept against scikit-learn's logistic regression, and refits."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from limner.assessment.bootstrap import bootstrap, resampled_weights
from limner.assessment.recalibration import Recalibration

Floats = npt.NDArray[np.float64]


def customers(
    seed: int, slope: float, shift: float, rows: int = 2000
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Draw probabilities, and outcomes that happen as slope and shift say."""
    draw = np.random.default_rng(seed)
    margin = draw.normal(-1.5, 1.2, rows)
    return expit(margin), (draw.random(rows) < expit(slope * margin + shift)).astype(np.int64)


def slow_slope(probability: Floats, outcome: npt.NDArray[np.int64], weights: Floats) -> float:
    model = LogisticRegression(C=1e9, tol=1e-10, max_iter=1000)
    fitted = model.fit(logit(probability)[:, None], outcome, sample_weight=weights)
    return float(fitted.coef_[0, 0])


def slow_shift(probability: Floats, outcome: npt.NDArray[np.int64], weights: Floats) -> float:
    """Find by bisection the shift at which expected events are those observed."""
    low, high = -20.0, 20.0
    for _ in range(100):
        middle = (low + high) / 2
        expected = weights @ expit(logit(probability) + middle)
        low, high = (middle, high) if expected < weights @ outcome else (low, middle)
    return low


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.6, 0.4), (1.5, -0.8)])
def test_slope_and_intercept_are_those_of_a_logistic_regression(slope: float, shift: float) -> None:
    probability, outcome = customers(1, slope, shift)
    every = np.ones(len(outcome))
    found = Recalibration(probability, outcome).figures(every)
    assert found["calibration_slope"] == pytest.approx(
        slow_slope(probability, outcome, every), abs=1e-4
    )
    assert found["calibration_intercept"] == pytest.approx(
        slow_shift(probability, outcome, every), abs=1e-8
    )


def test_one_step_from_the_sample_agrees_with_fitting_each_resample_anew() -> None:
    probability, outcome = customers(2, 0.8, 0.2)
    fast = Recalibration(probability, outcome)
    for weights in resampled_weights(len(outcome), 20, seed=5):
        found = fast.figures(weights)
        spread = 0.07  # of the slope over resamples; one step misses by a fraction of it
        assert found["calibration_slope"] == pytest.approx(
            slow_slope(probability, outcome, weights), abs=0.1 * spread
        )
        assert found["calibration_intercept"] == pytest.approx(
            slow_shift(probability, outcome, weights), abs=0.1 * spread
        )


def test_the_interval_covers_a_true_slope_of_one() -> None:
    covered = 0
    for seed in range(40):
        probability, outcome = customers(seed, 1.0, 0.0, rows=500)
        fast = Recalibration(probability, outcome)
        found = bootstrap(
            fast.figures, 500, 200, 0.9, 3, unbounded=frozenset(["calibration_slope"])
        )
        covered += found["calibration_slope"].low <= 1 <= found["calibration_slope"].high
    assert covered >= 30


def test_a_sample_that_the_probability_splits_without_a_fault_has_finite_figures() -> None:
    found = Recalibration([0.1, 0.2, 0.8, 0.9], np.array([0, 0, 1, 1])).figures(np.ones(4))
    assert np.isfinite(list(found.values())).all()
    assert found["calibration_slope"] > 1


def test_probabilities_of_nought_and_one_are_held_to_account_too() -> None:
    found = Recalibration([0.0, 1.0, 0.5, 0.5], np.array([0, 1, 0, 1])).figures(np.ones(4))
    assert np.isfinite(list(found.values())).all()
