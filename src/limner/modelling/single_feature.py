"""What one feature alone tells of the outcome, by rates learnt on other customers."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Groups = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_FOLDS, _BINS, _PRIOR_ROWS = 5, 20, 10.0
_HEAVY_SHARE, _ROWS_A_BIN = 0.05, 100


def single_feature_auc(groups: Groups, outcome: Floats) -> float:
    """AUC of the out-of-fold rate of each row's group.

    A group's rate is learnt on the other four fifths of the rows and drawn towards the
    overall rate by ten rows, so that small groups prove nothing.

    >>> groups = np.repeat([0, 1], 500)
    >>> single_feature_auc(groups, groups.astype(float))
    1.0
    """
    rows, size = len(groups), int(groups.max()) + 1
    fold = np.random.default_rng(0).permutation(rows) % _FOLDS
    cell = fold * size + groups
    counts = np.bincount(cell, minlength=_FOLDS * size).reshape(_FOLDS, size).astype(float)
    events = np.bincount(cell, outcome, minlength=_FOLDS * size).reshape(_FOLDS, size)
    base = outcome.mean()
    learnt = events.sum(axis=0) - events + _PRIOR_ROWS * base
    rates = learnt / (counts.sum(axis=0) - counts + _PRIOR_ROWS)
    # Within a fold only: across folds a held-out event lowers the others' rates by itself.
    areas = [
        (_auc(rates[i], events[i], counts[i] - events[i]), events[i].sum())
        for i in range(_FOLDS)
        if 0 < events[i].sum() < counts[i].sum()
    ]
    weight = sum(n for _, n in areas)
    return float(sum(area * n for area, n in areas) / weight) if weight else 0.5


class SingleFeature(NamedTuple):
    """What one feature alone tells: as a whole, by its values, and by which cells are missing.

    ``value_auc`` is of the rows with a value; ``missing_auc`` of missing or not, both .5 where
    there is nothing to rank. The two rates are of the outcome.
    """

    auc: float
    value_auc: float
    missing_auc: float
    missing_rows: int
    missing_rate: float
    known_rate: float

    @property
    def by_missingness(self) -> bool:
        """Whether the missing cells tell more than the values do."""
        return self.missing_auc > self.value_auc


def measure_single_feature(
    groups: Groups, missing: npt.NDArray[np.bool_], outcome: Floats
) -> SingleFeature:
    """Part what a feature tells by its values from what its missing cells tell.

    Args:
        groups: group of each row, shape (n,).
        missing: whether the row has no value, same shape.
        outcome: 1 or 0, same shape, both present.
    """
    lacking = int(missing.sum())
    whole = single_feature_auc(groups, outcome)
    if not lacking or lacking == len(missing):
        rate = float(outcome.mean())
        return SingleFeature(whole, 0.5 if lacking else whole, 0.5, lacking, rate, rate)
    known = outcome[~missing]
    by_value = 0.5
    if known.min() < known.max():
        by_value = single_feature_auc(groups[~missing], known)
    return SingleFeature(
        whole, by_value, single_feature_auc(missing.astype(np.int64), outcome), lacking,
        float(outcome[missing].mean()), float(known.mean()),
    )  # fmt: skip


def bin_numbers(numbers: Floats) -> Groups:
    """Bin numbers at equal counts; frequent values and the unknown are groups of their own."""
    groups = np.zeros(len(numbers), dtype=np.int64)
    known = ~np.isnan(numbers)
    values, counts = np.unique(numbers[known], return_counts=True)
    heavy = values[counts >= max(_HEAVY_SHARE * len(numbers), 1)]
    for place, value in enumerate(heavy, start=1):
        groups[numbers == value] = place
    rest = known & ~np.isin(numbers, heavy)
    if rest.any():
        bins = int(np.clip(rest.sum() // _ROWS_A_BIN, 1, _BINS))
        edges = np.unique(np.quantile(numbers[rest], np.arange(1, bins) / bins))
        groups[rest] = len(heavy) + 1 + np.searchsorted(edges, numbers[rest], side="right")
    return groups


def _auc(scores: Floats, events: Floats, others: Floats) -> float:
    order = np.argsort(scores, kind="stable")
    levels, place = np.unique(scores[order], return_inverse=True)
    at_level = [np.bincount(place, side[order], minlength=len(levels)) for side in (events, others)]
    below = np.concatenate([[0.0], np.cumsum(at_level[1])[:-1]])
    pairs = at_level[0] * (below + at_level[1] / 2)
    return float(pairs.sum() / (events.sum() * others.sum()))
