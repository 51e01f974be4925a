"""How near expected amounts come to what was earned, and whether intervals hold."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters
from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.paired import compare_figures
from limner.settings import AssessmentSettings

Floats = npt.NDArray[np.float64]
_TOP = 0.1
COMPARED = ("mae", "rmse", "r2", "rank_correlation", "captured_10")
# In minor units, or ratios that may lie below 0 and above 1.
UNBOUNDED = frozenset({*COMPARED, "bias", "mean_width", "mean_expected", "mean_realised"})


class Ranks:
    """Customers in the order of one number, ties kept together; sorted once."""

    def __init__(self, numbers: Floats) -> None:
        self._order = np.argsort(numbers, kind="stable")
        ranked = numbers[self._order]
        self._starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        self._sizes = np.diff(np.r_[self._starts, len(ranked)])

    def middle(self, weights: Floats) -> Floats:
        """Rank each customer among weighted ones, ties in the middle: shape (n,)."""
        tied = self.tied(weights)
        ranks = np.empty(len(weights))
        ranks[self._order] = np.repeat(np.cumsum(tied) - tied / 2, self._sizes)
        return ranks

    def tied(self, numbers: Floats) -> Floats:
        """Add numbers up over customers who tie, from the lowest."""
        return np.asarray(np.add.reduceat(numbers[self._order], self._starts))


class Intervals(NamedTuple):
    """Ends in minor units, shape (n, 2), and the tier of each customer, shape (n,)."""

    ends: Floats
    tier: npt.NDArray[np.int64]

    def hold(self, amounts: Floats) -> Floats:
        """Say, as 1 or 0, whose amount lies within their interval."""
        low, high = self.ends.T
        return np.asarray((amounts >= low) & (amounts <= high), dtype=np.float64)


class AmountFigures:
    """Figures of one sample as a function of how often each row was drawn.

    mae, rmse: mean absolute and root mean squared error. r2: share of the variance explained.
    bias: mean expected less mean realised amount. rank_correlation: Spearman's. captured_10:
    share of all money that the tenth with the highest expected amounts earned; above 1 where
    the others lose money. coverage: share of amounts within their interval, and that of the
    tier where it is lowest. mean_width: of the intervals.

    Source:
        Spearman (1904); Gneiting and Raftery (2007) for intervals.
    """

    def __init__(self, expected: Floats, amounts: Floats, intervals: Intervals | None) -> None:
        self._expected, self._amounts = expected, amounts
        self._error = expected - amounts
        self._sums = np.stack([np.abs(self._error), self._error**2, expected, amounts, amounts**2])
        self._by_expected, self._by_amount = Ranks(expected), Ranks(amounts)
        self._intervals = intervals
        if intervals is not None:
            self._inside = intervals.hold(amounts)
            self._width = np.diff(intervals.ends, axis=1)[:, 0]

    def __call__(self, weights: Floats) -> dict[str, float]:
        total = weights.sum()
        absolute, squared, expected, realised, square = (
            np.einsum("ij,j->i", self._sums, weights) / total
        )
        variance = square - realised**2
        found = {
            "mae": absolute,
            "rmse": np.sqrt(squared),
            "r2": 1 - squared / variance if variance > 0 else 0.0,
            "rank_correlation": self._rank_correlation(weights),
            "captured_10": self._captured(weights),
            "bias": expected - realised,
            "mean_expected": expected,
            "mean_realised": realised,
        }
        return {name: float(value) for name, value in (found | self._covered(weights)).items()}

    def _rank_correlation(self, weights: Floats) -> float:
        sides = [ranks.middle(weights) for ranks in (self._by_expected, self._by_amount)]
        first, second = (side - np.average(side, weights=weights) for side in sides)
        spread = np.sum(weights * first**2) * np.sum(weights * second**2)
        return float(np.sum(weights * first * second) / np.sqrt(spread)) if spread > 0 else 0.0

    def _captured(self, weights: Floats) -> float:
        """Add up from the highest; who tie are cut through in parts."""
        customers = np.cumsum(self._by_expected.tied(weights)[::-1])
        money = np.cumsum(self._by_expected.tied(weights * self._amounts)[::-1])
        taken = np.interp(_TOP * customers[-1], np.r_[0.0, customers], np.r_[0.0, money])
        return float(taken / money[-1]) if money[-1] else 0.0

    def _covered(self, weights: Floats) -> dict[str, float]:
        if self._intervals is None:
            return {}
        total, tier = weights.sum(), self._intervals.tier
        inside = np.bincount(tier, weights * self._inside)
        counted = np.bincount(tier, weights)
        return {
            "coverage": np.sum(weights * self._inside) / total,
            "lowest_tier_coverage": (inside[counted > 0] / counted[counted > 0]).min(),
            "mean_width": np.sum(weights * self._width) / total,
        }


def compare_amounts(
    sample: str, first: tuple[str, Floats], others: Mapping[str, Floats], amounts: Floats,
    settings: AssessmentSettings, seed: int, clusters: Clusters | None = None,
) -> tuple[PairedComparison, ...]:  # fmt: skip
    """Compare one model's expected amounts with several others', on the same resamples.

    Args:
        first: its name and expected amounts, shape (n_customers,); others by name.
        amounts: what was earned, same shape.

    Source:
        Efron and Tibshirani (1993), An introduction to the bootstrap.
    """
    name, expected = first
    return compare_figures(
        sample, (name, AmountFigures(expected, amounts, None)),
        {other: AmountFigures(found, amounts, None) for other, found in others.items()}, COMPARED,
        len(amounts), settings, seed, clusters,
    )  # fmt: skip
