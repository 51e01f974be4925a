"""Calibration slope and intercept: by how much a probability is too sure, and too high."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Beyond these a log-odds would speak of a certainty that no sample can check.
_SMALLEST = 1e-6
_STEPS = 50
_CONVERGED = 1e-10


class Recalibration:
    """The logistic regression of the outcome on a probability's log-odds.

    Fitted once on the sample; a resample takes one Newton step from there, which agrees
    with fitting anew to second order, and costs sums instead of a fit.
    """

    def __init__(self, probability: npt.ArrayLike, outcome: npt.NDArray[np.int64]) -> None:
        bounded = np.clip(np.asarray(probability, dtype=np.float64), _SMALLEST, 1 - _SMALLEST)
        margin = np.log(bounded) - np.log1p(-bounded)
        ones, happened = np.ones(len(margin)), outcome.astype(np.float64)
        line = np.stack([ones, margin])
        self._line, self._line_terms = _fit(line, np.zeros(len(margin)), happened, (0.0, 1.0))
        self._shift, self._shift_terms = _fit(ones[None], margin, happened, (0.0,))

    def figures(self, weights: Floats) -> Mapping[str, float]:
        """Compute both figures with customers weighted, shape (n_customers,).

        calibration_slope: below 1 where probabilities are too extreme, above 1 where too
        timid. calibration_intercept: calibration in the large, in log-odds with the slope
        held at 1; below 0 where probabilities are too high on the whole.

        Source:
            Cox (1958), Two further applications of a model for binary regression; Van
            Calster et al. (2019), Calibration: the Achilles heel of predictive analytics.
        """
        slope = _step(self._line, self._line_terms, weights)[1]
        return {
            "calibration_slope": float(slope),
            "calibration_intercept": float(_step(self._shift, self._shift_terms, weights)[0]),
        }


def _fit(
    design: Floats, offset: Floats, happened: Floats, start: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Maximise the likelihood; return the coefficients and each customer's terms there."""
    coefficients = np.array(start)
    every = np.ones(design.shape[1])
    terms = _terms(design, offset, happened, coefficients)
    for _ in range(_STEPS):
        moved = _step(coefficients, terms, every)
        done = np.abs(moved - coefficients).max() < _CONVERGED
        coefficients = moved
        terms = _terms(design, offset, happened, coefficients)
        if done:
            break
    return coefficients, terms


def _terms(design: Floats, offset: Floats, happened: Floats, coefficients: Floats) -> Floats:
    """Each customer's part of the gradient and of the information, one row a term."""
    margin = np.clip((coefficients[:, None] * design).sum(axis=0) + offset, -35, 35)
    probability = 1 / (1 + np.exp(-margin))
    gradient = design * (happened - probability)
    variance = probability * (1 - probability)
    information = [a * b * variance for i, a in enumerate(design) for b in design[: i + 1]]
    return np.concatenate([gradient, np.stack(information)])


def _step(coefficients: Floats, terms: Floats, weights: Floats) -> Floats:
    # Not BLAS: on few rows its threads cost more than they bring.
    sums = np.einsum("ij,j->i", terms, weights)
    step = _solve(sums[len(coefficients) :], sums[: len(coefficients)])
    # A sample that a line separates has no finite slope: go there in bounded steps.
    moved: Floats = coefficients + np.clip(step, -3, 3)
    return moved


def _solve(information: Floats, gradient: Floats) -> Floats:
    """Solve for one or two coefficients; stay where the information says nothing of one."""
    if len(gradient) == 1:
        return np.asarray(gradient / information) if information[0] > 0 else np.zeros(1)
    first, both, second = information
    determinant = first * second - both**2
    if determinant <= 1e-12 * first * second or first <= 0:
        # The same log-odds for everyone: there is no slope to speak of.
        return np.array([gradient[0] / first if first > 0 else 0.0, 0.0])
    step = (second * gradient[0] - both * gradient[1], first * gradient[1] - both * gradient[0])
    return np.array(step) / float(determinant)
