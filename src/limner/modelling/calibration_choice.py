"""Which calibration: chosen by cross-validated log loss within the validation sample."""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from limner.errors import LimnerError
from limner.modelling.calibration import Calibration, Method, fit_calibration
from limner.modelling.folds import events_of, places_of
from limner.modelling.record import Record

Declared = Literal["auto", Method]
# From the simplest to the most flexible: of equals, the simpler one is taken.
_ORDER: tuple[Method, ...] = ("none", "platt", "beta", "isotonic")
assert set(_ORDER) == set(get_args(Method))
_SMALLEST = 1e-15


class CalibrationChoice(Record):
    """What each calibration would cost on customers that it was not fitted on.

    ``log_loss`` is in nats, the mean over validation with every customer predicted by a
    calibration that was fitted on the other folds.
    """

    folds: int
    log_loss: Mapping[Method, float]

    @property
    def best(self) -> Method:
        """The method of the lowest loss."""
        return min(_ORDER, key=lambda method: self.log_loss[method])


class TooFewForFolds(LimnerError):
    """Too few customers of an outcome to compare calibrations on parts of validation."""

    exit_code = 76

    def __init__(self, model: str, value: int, customers: int, folds: int) -> None:
        self.model, self.value = model, value
        self.customers, self.folds = customers, folds
        super().__init__(
            f"model {model}, validation sample: {customers:,} customers have the outcome {value},"
            f" too few for {folds} parts: lower rivals.calibration_folds in params.yaml, or give"
            " validation a larger share"
        )


def compare_calibrations(
    model: str, margins: npt.ArrayLike, outcome: npt.NDArray[np.int64], folds: int, seed: int,
    customers: npt.NDArray[np.int64] | None = None,
) -> CalibrationChoice:  # fmt: skip
    """Measure every method on the same folds, which keep the rate of the outcome.

    Args:
        model: named in an error.
        margins: log-odds on validation, shape (n_rows,).
        outcome: 0 or 1, same shape.
        customers: number of each row's customer where one stands in several rows: all of
            them lie in one fold.

    Raises:
        TooFewForFolds: an outcome has fewer customers than there are folds.
    """
    values = np.asarray(margins, dtype=np.float64)
    fold = _folds(model, outcome, folds, seed, customers)
    return CalibrationChoice(
        folds=folds,
        log_loss={method: _loss(method, values, outcome, fold, folds) for method in _ORDER},
    )


def calibrate(
    declared: Declared, model: str, margins: npt.ArrayLike, outcome: npt.NDArray[np.int64],
    folds: int, seed: int, customers: npt.NDArray[np.int64] | None = None,
) -> Calibration:  # fmt: skip
    """Fit the calibration that the settings declare; ``auto`` takes the best one.

    Raises:
        TooFewForFolds: an outcome has fewer customers than there are folds to choose on.
    """
    if declared == "auto":
        declared = compare_calibrations(model, margins, outcome, folds, seed, customers).best
    return fit_calibration(declared, margins, outcome)


def _folds(
    model: str, outcome: npt.NDArray[np.int64], folds: int, seed: int,
    customers: npt.NDArray[np.int64] | None,
) -> npt.NDArray[np.int64]:  # fmt: skip
    numbers = np.arange(len(outcome)) if customers is None else customers
    happened = events_of(numbers, outcome)
    for value in (0, 1):
        found = int((happened == value).sum())
        if found < folds:
            raise TooFewForFolds(model, value, found, folds)
    return places_of(happened, folds, np.random.default_rng(seed))[numbers]


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
