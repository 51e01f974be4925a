"""From a tree ensemble's margin to a probability that means what it says."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic.dataclasses import dataclass

Method = Literal["none", "platt", "isotonic"]
Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """A non-decreasing map from margin (log-odds) to probability, as plain numbers.

    ``platt`` uses slope and intercept on the margin; ``isotonic`` interpolates
    between ``margins`` and ``probabilities`` and is flat outside them.
    """

    method: Method
    slope: float = 1.0
    intercept: float = 0.0
    margins: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()

    def probability(self, margin: npt.ArrayLike) -> Probabilities:
        """Calibrate margins of any shape.

        >>> float(Calibration("none").probability(0.0))
        0.5
        """
        values = np.asarray(margin, dtype=np.float64)
        if self.method == "isotonic":
            return np.interp(values, self.margins, self.probabilities)
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * values + self.intercept))))


def fit_calibration(
    method: Method, margins: npt.ArrayLike, outcome: npt.NDArray[np.int64]
) -> Calibration:
    """Fit a calibration on a sample that the trees were not fitted on.

    Args:
        margins: log-odds, shape (n_customers,).
        outcome: 0 or 1, same shape, both present.

    Source:
        Platt (1999), Probabilistic outputs for support vector machines; Zadrozny and
        Elkan (2002), Transforming classifier scores into accurate probabilities.
    """
    values = np.asarray(margins, dtype=np.float64)
    if method == "platt":
        return _fit_platt(values, outcome)
    if method == "isotonic":
        return _fit_isotonic(values, outcome)
    return Calibration("none")


def _fit_platt(margins: npt.NDArray[np.float64], outcome: npt.NDArray[np.int64]) -> Calibration:
    from sklearn.linear_model import LogisticRegression

    # So weak a penalty that the fit is the maximum-likelihood one.
    model = LogisticRegression(C=1e9, tol=1e-8).fit(margins.reshape(-1, 1), outcome)
    # A falling map would turn the ranking round; such a model is left as it is.
    if model.coef_[0, 0] <= 0:
        return Calibration("none")
    return Calibration("platt", float(model.coef_[0, 0]), float(model.intercept_[0]))


def _fit_isotonic(margins: npt.NDArray[np.float64], outcome: npt.NDArray[np.int64]) -> Calibration:
    from sklearn.isotonic import IsotonicRegression

    model = IsotonicRegression(out_of_bounds="clip").fit(margins, outcome)
    return Calibration(
        "isotonic",
        margins=tuple(map(float, model.X_thresholds_)),
        probabilities=tuple(map(float, model.y_thresholds_)),
    )
