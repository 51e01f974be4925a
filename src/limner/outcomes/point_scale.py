"""Scorecard points: a probability on the scale that credit officers know."""

import math

import numpy as np
import numpy.typing as npt
from pydantic.dataclasses import dataclass

Floats = npt.NDArray[np.float64]
# Beyond these, points would grow without end.
_SMALLEST = 1e-6


@dataclass(frozen=True)
class PointScale:
    """Points as a line over the log-odds of *no* event; more points, less risk.

    ``base_points`` are had at odds of ``base_odds`` good to one bad, and every
    ``points_to_double`` more double the odds.

    Source:
        Siddiqi (2006), Credit Risk Scorecards, scaling.

    >>> scale = PointScale(600, 50, 20)
    >>> scale.points(np.array([1 / 51, 1 / 101])).round(6).tolist()
    [600.0, 620.0]
    """

    base_points: float
    base_odds: float
    points_to_double: float

    @property
    def factor(self) -> float:
        """Points a unit of log-odds."""
        return self.points_to_double / math.log(2)

    @property
    def offset(self) -> float:
        """Points at even odds."""
        return self.base_points - self.factor * math.log(self.base_odds)

    def points(self, probability: npt.ArrayLike) -> Floats:
        """Scale probabilities of the event, any shape."""
        bounded = np.clip(np.asarray(probability, dtype=np.float64), _SMALLEST, 1 - _SMALLEST)
        return np.asarray(self.offset + self.factor * (np.log1p(-bounded) - np.log(bounded)))

    def whole_points(self, probability: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Round points to whole ones, as scorecards and limits state them; any shape."""
        return np.rint(self.points(probability)).astype(np.int64)

    def probability(self, points: npt.ArrayLike) -> Floats:
        """Turn points back into the probability of the event."""
        odds = (np.asarray(points, dtype=np.float64) - self.offset) / self.factor
        return np.asarray(1.0 / (1.0 + np.exp(odds)))
