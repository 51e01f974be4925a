"""Do the same customers stay in their segment? Segments of one snapshot against the next."""

from typing import Any

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, Floats, estimate, resample_cells
from limner.assessment.estimate import Estimate, Evidence
from limner.settings import AssessmentSettings

Segments = npt.NDArray[np.int64]


class MonthToMonth(Evidence):
    """How alike the segments of the same customers are at two snapshots: adjusted Rand index.

    Attributes:
        next_snapshot: one snapshot against the next, the mean over all such pairs.
        first_to_last: the first snapshot against the last, where the latter is not the next.
        snapshots: of the sample, the first and last by date.
        customers: seen at two snapshots in a row, at least once.
        stayed: share of their rows that are in the same segment at the next snapshot.
    """

    sample: str
    snapshots: int
    customers: int
    next_snapshot: Estimate
    first_to_last: Estimate | None
    stayed: Estimate


def month_to_month(
    name: str, segment: Segments, customers: Clusters | None, snapshots: npt.NDArray[Any],
    settings: AssessmentSettings, seed: int,
) -> MonthToMonth | None:  # fmt: skip
    """Compare a sample's segments between snapshots.

    Args:
        segment: of each row, 0 .. n - 1.
        customers: number of each row's customer; None where nobody is seen twice.
        snapshots: date of each row.

    Returns:
        None where no customer is seen at two snapshots in a row.
    """
    if customers is None:
        return None
    days, day = np.unique(np.asarray(snapshots), return_inverse=True)
    seen = np.full((int(customers.max()) + 1, len(days)), -1, dtype=np.int64)
    seen[customers, day] = segment
    following = _Moves(seen, 1)
    if not following.any:
        return None
    whole = _Moves(seen, len(days) - 1)
    return MonthToMonth(
        sample=name,
        snapshots=len(days),
        customers=len(np.unique(following.customers)),
        next_snapshot=following.rand(settings, seed),
        first_to_last=whole.rand(settings, seed) if len(days) > 2 and whole.any else None,
        stayed=following.stayed(settings, seed),
    )


def adjusted_rand(tables: Floats) -> Floats:
    """Agreement of two clusterings beyond chance, from how often each pair of clusters meets.

    Args:
        tables: customers by cluster of the one and of the other, shape (..., n, n). Resampled
            counts will do.

    Returns:
        shape (...,): 1 where the clusterings are the same, 0 on average by chance.

    Source:
        Hubert and Arabie (1985), Comparing partitions.

    >>> float(adjusted_rand(np.array([[10.0, 0.0], [0.0, 5.0]])))
    1.0
    """
    both = _pairs(tables).sum(axis=(-2, -1))
    sides = [_pairs(tables.sum(axis=axis)).sum(axis=-1) for axis in (-1, -2)]
    everyone = _pairs(tables.sum(axis=(-2, -1)))
    chance = sides[0] * sides[1] / np.maximum(everyone, 1.0)
    most = (sides[0] + sides[1]) / 2
    # All in one cluster on either side: there is nothing to disagree on.
    same = most == chance
    return np.asarray(np.where(same, 1.0, (both - chance) / np.where(same, 1.0, most - chance)))


def _pairs(counts: Floats) -> Floats:
    return np.asarray(counts * (counts - 1) / 2)


class _Moves:
    """Rows of customers seen at a snapshot and ``lag`` snapshots later, by both segments."""

    def __init__(self, seen: Segments, lag: int) -> None:
        before, after = seen[:, : seen.shape[1] - lag], seen[:, lag:]
        self.customers, at = np.nonzero((before >= 0) & (after >= 0))
        segments = int(seen.max()) + 1
        # Pairs of snapshots that no customer links tell nothing.
        linked, place = np.unique(at, return_inverse=True)
        self._shape = (len(linked), segments, segments)
        where = self.customers, at
        self._cell = (place * segments + before[where]) * segments + after[where]

    @property
    def any(self) -> bool:
        return len(self.customers) > 0

    def rand(self, settings: AssessmentSettings, seed: int) -> Estimate:
        value, draws = (adjusted_rand(t).mean(axis=-1) for t in self._tables(settings, seed))
        # Below 0 only where they agree less than chance would.
        return estimate(float(value), draws, settings.confidence)

    def stayed(self, settings: AssessmentSettings, seed: int) -> Estimate:
        value, draws = (_diagonal_share(t) for t in self._tables(settings, seed))
        return estimate(float(value), draws, settings.confidence)

    def _tables(self, settings: AssessmentSettings, seed: int) -> tuple[Floats, Floats]:
        counts = np.bincount(self._cell, minlength=int(np.prod(self._shape)))
        drawn = resample_cells(
            self._cell, self._shape, settings.resamples, seed, self.customers
        )  # fmt: skip
        return counts.reshape(self._shape).astype(np.float64), drawn


def _diagonal_share(tables: Floats) -> Floats:
    kept = np.trace(tables, axis1=-2, axis2=-1).sum(axis=-1)
    return np.asarray(kept / np.maximum(tables.sum(axis=(-3, -2, -1)), 1.0))
