"""Whether probabilities mean what they say: ECE, Brier score, log loss, reliability."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, estimate, resample_cells
from limner.assessment.evidence import ReliabilityBin

Floats = npt.NDArray[np.float64]
_SMALLEST = 1e-15


class Reliability:
    """Predicted and observed rates in equal-count bins of one sample."""

    def __init__(
        self, probability: npt.ArrayLike, outcome: npt.NDArray[np.int64], bins: int
    ) -> None:
        self._probability = np.asarray(probability, dtype=np.float64)
        self._outcome = outcome.astype(np.float64)
        self._bin = equal_count_bins(self._probability, bins)
        self._bins = int(self._bin.max()) + 1
        bounded = np.clip(self._probability, _SMALLEST, 1 - _SMALLEST)
        self._loss = -np.where(outcome == 1, np.log(bounded), np.log1p(-bounded))
        self._squared = (self._probability - self._outcome) ** 2

    def figures(self, weights: Floats) -> Mapping[str, float]:
        """Compute all figures with customers weighted, shape (n_customers,).

        ece: expected calibration error, the mean over bins (weighted by customers) of
        the absolute gap between predicted and observed rate; the bins are those of
        the sample itself and stay fixed over resamples. brier: mean squared error.
        log_loss: mean negative log likelihood, in nats.

        Source:
            Naeini et al. (2015) with equal-count bins; Brier (1950).
        """
        predicted, observed, _ = self._sums(weights)
        total = weights.sum()
        return {
            "ece": float(np.abs(predicted - observed).sum() / total),
            "brier": float(np.sum(weights * self._squared) / total),
            "log_loss": float(np.sum(weights * self._loss) / total),
        }

    def table(
        self, resamples: int, confidence: float, seed: int, clusters: Clusters | None = None
    ) -> tuple[ReliabilityBin, ...]:
        """List the bins from low to high with an interval for each observed rate."""
        predicted, observed, customers = self._sums(np.ones(len(self._probability)))
        cell = 2 * self._bin + (self._outcome == 0)
        drawn = resample_cells(cell, (self._bins, 2), resamples, seed, clusters)
        rates = drawn[:, :, 0] / np.maximum(drawn.sum(axis=2), 1)
        return tuple(
            ReliabilityBin(
                customers=int(customers[i]),
                predicted=float(predicted[i] / customers[i]),
                observed=estimate(observed[i] / customers[i], rates[:, i], confidence),
            )
            for i in range(self._bins)
        )

    def _sums(self, weights: Floats) -> tuple[Floats, Floats, Floats]:
        predicted, observed, customers = (
            np.bincount(self._bin, counted, self._bins).astype(np.float64)
            for counted in (weights * self._probability, weights * self._outcome, weights)
        )
        return predicted, observed, customers


def equal_count_bins(values: Floats, bins: int) -> npt.NDArray[np.int64]:
    """Number customers' bins by rank, so that bins differ by one customer at most.

    >>> equal_count_bins(np.array([0.3, 0.1, 0.2, 0.4]), 2).tolist()
    [1, 0, 0, 1]
    """
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks * min(bins, len(values)) // len(values)
