"""From a tree ensemble's margin to a probability that means what it says."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import SerializerFunctionWrapHandler, model_serializer
from pydantic.dataclasses import dataclass

Method = Literal["none", "platt", "isotonic", "beta"]
Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """A non-decreasing map from margin (log-odds) to probability, as plain numbers.

    ``platt`` uses slope and intercept on the margin; ``isotonic`` interpolates
    between ``margins`` and ``probabilities`` and is flat outside them. ``beta`` bends the
    line of ``platt``: with s the uncalibrated probability, the log-odds are
    slope * ln(s) - upper_slope * ln(1 - s) + intercept.
    """

    method: Method
    slope: float = 1.0
    intercept: float = 0.0
    margins: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()
    upper_slope: float = 0.0

    @model_serializer(mode="wrap")
    def _without_what_only_beta_has(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Models that were fitted before there was a beta calibration keep their bytes.
        written: dict[str, Any] = handler(self)
        if self.method != "beta":
            del written["upper_slope"]
        return written

    def probability(self, margin: npt.ArrayLike) -> Probabilities:
        """Calibrate margins of any shape.

        >>> float(Calibration("none").probability(0.0))
        0.5
        """
        values = np.asarray(margin, dtype=np.float64)
        if self.method == "isotonic":
            return np.interp(values, self.margins, self.probabilities)
        if self.method == "beta":
            below, above = _beta_terms(values)
            log_odds = self.slope * below + self.upper_slope * above + self.intercept
            return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
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
        Elkan (2002), Transforming classifier scores into accurate probabilities; Kull et
        al. (2017), Beta calibration.
    """
    values = np.asarray(margins, dtype=np.float64)
    if method == "platt":
        return _fit_platt(values, outcome)
    if method == "isotonic":
        return _fit_isotonic(values, outcome)
    if method == "beta":
        return _fit_beta(values, outcome)
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


def _fit_beta(margins: npt.NDArray[np.float64], outcome: npt.NDArray[np.int64]) -> Calibration:
    from sklearn.linear_model import LogisticRegression

    terms = np.stack(_beta_terms(margins), axis=1)
    used = [0, 1]
    while used:
        model = LogisticRegression(C=1e9, tol=1e-8, max_iter=1000).fit(terms[:, used], outcome)
        falling = [i for i, slope in zip(used, model.coef_[0], strict=True) if slope < 0]
        if not falling:
            slopes = dict(zip(used, map(float, model.coef_[0]), strict=True))
            return Calibration(
                "beta", slopes.get(0, 0.0), float(model.intercept_[0]),
                upper_slope=slopes.get(1, 0.0),
            )  # fmt: skip
        # As its authors do: a term that would make the map fall is left out, and it is refitted.
        used = [i for i in used if i not in falling]
    return Calibration("none")


def _beta_terms(margins: Probabilities) -> tuple[Probabilities, Probabilities]:
    """ln(s) and -ln(1 - s) of the uncalibrated probability s; both rise with the margin."""
    return -np.logaddexp(0.0, -margins), np.logaddexp(0.0, margins)
