"""Which calibration: chosen by cross-validated log loss within the validation sample."""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from limner.modelling.calibration import Calibration, Method, fit_calibration

Declared = Literal["auto", Method]
# From the simplest to the most flexible: of equals, the simpler one is taken.
_ORDER: tuple[Method, ...] = ("none", "platt", "beta", "isotonic")
assert set(_ORDER) == set(get_args(Method))
_SMALLEST = 1e-15


class CalibrationChoice(BaseModel):
    """What each calibration would cost on customers that it was not fitted on.

    ``log_loss`` is in nats, the mean over validation with every customer predicted by a
    calibration that was fitted on the other folds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folds: int
    log_loss: Mapping[Method, float]

    @property
    def best(self) -> Method:
        """The method of the lowest loss."""
        return min(_ORDER, key=lambda method: self.log_loss[method])


def compare_calibrations(
    margins: npt.ArrayLike, outcome: npt.NDArray[np.int64], folds: int, seed: int
) -> CalibrationChoice:
    """Measure every method on the same folds, which keep the rate of the outcome.

    Args:
        margins: log-odds on validation, shape (n_customers,).
        outcome: 0 or 1, same shape, both present.
    """
    values = np.asarray(margins, dtype=np.float64)
    fold = _folds(outcome, folds, seed)
    return CalibrationChoice(
        folds=folds,
        log_loss={method: _loss(method, values, outcome, fold, folds) for method in _ORDER},
    )


def calibrate(
    declared: Declared, margins: npt.ArrayLike, outcome: npt.NDArray[np.int64], folds: int,
    seed: int,
) -> Calibration:  # fmt: skip
    """Fit the calibration that the settings declare; ``auto`` takes the best one."""
    if declared == "auto":
        declared = compare_calibrations(margins, outcome, folds, seed).best
    return fit_calibration(declared, margins, outcome)


def _folds(outcome: npt.NDArray[np.int64], folds: int, seed: int) -> npt.NDArray[np.int64]:
    generator = np.random.default_rng(seed)
    fold = np.empty(len(outcome), dtype=np.int64)
    for value in (0, 1):
        stratum = np.flatnonzero(outcome == value)
        fold[generator.permutation(stratum)] = np.arange(len(stratum)) % folds
    return fold


def _loss(
    method: Method, margins: npt.NDArray[np.float64], outcome: npt.NDArray[np.int64],
    fold: npt.NDArray[np.int64], folds: int,
) -> float:  # fmt: skip
    predicted = np.empty(len(outcome))
    for number in range(folds):
        held = fold == number
        fitted = fit_calibration(method, margins[~held], outcome[~held])
        predicted[held] = fitted.probability(margins[held])
    bounded = np.clip(predicted, _SMALLEST, 1 - _SMALLEST)
    return float(-np.mean(np.where(outcome == 1, np.log(bounded), np.log1p(-bounded))))
