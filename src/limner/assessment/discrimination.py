"""How well scores rank customers: AUC, Gini, KS, average precision, lift and capture."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Ranking:
    """Customers of one sample in order of falling score, ties kept together.

    Sorting once makes a resample cost one pass over the sample.

    >>> ranking = Ranking(np.array([0.9, 0.8, 0.3, 0.2]), np.array([1, 0, 1, 0]))
    >>> ranking.figures(np.ones(4))["auc"]
    0.75
    """

    def __init__(self, scores: npt.ArrayLike, outcome: npt.NDArray[np.int64]) -> None:
        values = np.asarray(scores, dtype=np.float64)
        self._order = np.argsort(-values, kind="stable")
        ranked = values[self._order]
        self._outcome = outcome[self._order].astype(np.float64)
        self._tie_starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])

    def figures(self, weights: Floats) -> Mapping[str, float]:
        """Compute all figures with customers weighted, shape (n_customers,).

        auc: chance that a random customer with the outcome scores above one without,
        ties counting half. gini: 2 auc - 1. ks: largest gap between the two groups'
        cumulative shares. average_precision: precision averaged over recall.

        Figures are NaN where a resample holds only one outcome.

        Source:
            Hand and Till (2001); Davis and Goadrich (2006).
        """
        return self._figures(self._curve(weights))

    def gains(self, weights: Floats, shares: Floats) -> Floats:
        """Find the share of all events among the highest scores, weighted customers.

        Customers of a tie that a share cuts through count in parts.

        Args:
            shares: of all customers, from the top, shape (n_shares,).

        Returns:
            shape (n_shares,); NaN where there is no event.
        """
        return _captured(self._curve(weights), shares)

    def figures_and_gains(
        self, weights: Floats, shares: Floats
    ) -> tuple[Mapping[str, float], Floats]:
        """Do both at the price of one."""
        curve = self._curve(weights)
        return self._figures(curve), _captured(curve, shares)

    def _curve(self, weights: Floats) -> "_Curve":
        ordered = weights[self._order]
        with_outcome = np.add.reduceat(ordered * self._outcome, self._tie_starts)
        without = np.add.reduceat(ordered * (1 - self._outcome), self._tie_starts)
        return _Curve(with_outcome, without, np.cumsum(with_outcome), np.cumsum(without))

    @staticmethod
    def _figures(curve: "_Curve") -> Mapping[str, float]:
        with_outcome, without, caught, alarms = curve
        total, others = caught[-1], alarms[-1]
        if total == 0 or others == 0:
            return dict.fromkeys(("auc", "gini", "ks", "average_precision"), float("nan"))
        auc = float(np.sum(with_outcome * (others - alarms + without / 2)) / (total * others))
        precision = caught / np.maximum(caught + alarms, 1e-300)
        return {
            "auc": auc,
            "gini": 2 * auc - 1,
            "ks": float(np.max(np.abs(caught / total - alarms / others))),
            "average_precision": float(np.sum(precision * with_outcome) / total),
        }


class AreaUnderCurve:
    """The AUC alone, several times faster: only events are looked up among the others.

    >>> AreaUnderCurve(np.array([0.9, 0.8, 0.3, 0.2]), np.array([1, 0, 1, 0]))(np.ones(4))
    0.75
    """

    def __init__(self, scores: npt.ArrayLike, outcome: npt.NDArray[np.int64]) -> None:
        values = np.asarray(scores, dtype=np.float64)
        self._events, others = np.flatnonzero(outcome == 1), np.flatnonzero(outcome != 1)
        self._others = others[np.argsort(values[others], kind="stable")]
        ranked = values[self._others]
        self._below = np.searchsorted(ranked, values[self._events], side="left")
        self._up_to = np.searchsorted(ranked, values[self._events], side="right")

    def __call__(self, weights: Floats) -> float:
        """Compute it with customers weighted, shape (n_customers,); NaN for one outcome only."""
        below = np.concatenate([[0.0], np.cumsum(weights[self._others])])
        events = weights[self._events]
        pairs = events.sum() * below[-1]
        if pairs == 0:
            return float("nan")
        return float(np.sum(events * (below[self._below] + below[self._up_to])) / (2 * pairs))


class _Curve(NamedTuple):
    """Weights with and without the outcome by tie, and their running sums."""

    with_outcome: Floats
    without: Floats
    caught: Floats
    alarms: Floats


def _captured(curve: _Curve, shares: Floats) -> Floats:
    caught, found = curve.caught, curve.caught + curve.alarms
    if caught[-1] == 0:
        return np.full(len(shares), np.nan)
    down_to = np.concatenate([[0.0], found])
    reached = np.interp(shares * found[-1], down_to, np.concatenate([[0.0], caught]))
    return np.asarray(reached / caught[-1])
