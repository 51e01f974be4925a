"""How well scores rank customers: AUC, Gini, KS and average precision."""

from collections.abc import Mapping

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
        ordered = weights[self._order]
        with_outcome = np.add.reduceat(ordered * self._outcome, self._tie_starts)
        without = np.add.reduceat(ordered * (1 - self._outcome), self._tie_starts)
        caught, alarms = np.cumsum(with_outcome), np.cumsum(without)
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
