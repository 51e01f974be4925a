"""Columns that alone predict the outcome, and columns that say what another one says."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.domain import Bilingual
from limner.modelling.single_feature import SingleFeature, bin_numbers, measure_single_feature
from limner.onboarding.leak_words import (
    only_strong,
    ranking_by_missing,
    ranking_by_value,
    settling_by_missing,
    settling_by_value,
)
from limner.onboarding.profile import ROW, ColumnProfile, TableProfile
from limner.onboarding.target import Target
from limner.settings import OnboardingLimits

Groups = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_MOST_LEVELS = 200
_CHANCE = 1e-6


class Leak(NamedTuple):
    """How much one column alone tells of the outcome, and in which words.

    ``suspected`` of knowing it, or only ``strong``; ``reason`` says why, or is empty.
    """

    found: SingleFeature
    suspected: bool = False
    strong: bool = False
    reason: Bilingual = Bilingual("", "")

    @property
    def auc(self) -> float:
        return self.found.auc


class Encoded(NamedTuple):
    """A column of the sample: groups for the rates, and its numbers, NaN where unknown."""

    groups: Groups
    numbers: Floats | None
    missing: Flags

    def of(self, rows: Flags) -> "Encoded":
        """Return the same of some of the rows."""
        numbers = None if self.numbers is None else self.numbers[rows]
        return Encoded(self.groups[rows], numbers, self.missing[rows])


def encode_column(table: TableProfile, column: ColumnProfile) -> Encoded:
    """Group the sample's rows by a column: equal-count bins of numbers, or texts."""
    values = table.connection.execute(
        f"SELECT {column.typed} AS v FROM sampled ORDER BY {ROW}"
    ).fetchnumpy()["v"]
    values = np.ma.filled(values, np.nan if column.number else None)
    if column.number:
        numbers = np.asarray(values, dtype=np.float64)
        return Encoded(bin_numbers(numbers), numbers, np.isnan(numbers))
    texts = np.array(["" if v is None else str(v) for v in values], dtype=object)
    missing = np.isin(texts, ["", *column.markers])
    _, codes, counts = np.unique(texts, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Encoded(np.minimum(rank[codes], _MOST_LEVELS), None, missing)


def target_of_sample(table: TableProfile, target: Target) -> Floats:
    """Return 1 or 0 for each row of the sample, NaN where the outcome is unknown."""
    values = table.connection.execute(
        f"SELECT {target.sql}::DOUBLE AS v FROM sampled ORDER BY {ROW}"
    ).fetchnumpy()["v"]
    return np.asarray(np.ma.filled(values, np.nan), dtype=np.float64)


def measure_leak(column: Encoded, outcome: Floats, limits: OnboardingLimits) -> Leak:
    """Measure what one column alone tells, by rates learnt on other rows.

    A column is suspected where its values rank the outcome as well as the limit, or a value, or
    a missing cell, settles it. One whose missing cells tell most, or of which only a part of the
    range settles the outcome, is strong: a limit of policy does that as well as a leak.

    Args:
        column: of the rows whose outcome is known, each array of shape (n,).
        outcome: 1 or 0, shape (n,), without unknowns.
    """
    found = measure_single_feature(column.groups, column.missing, outcome)
    settled = _settled_groups(column.groups, outcome, limits.settling_rows)
    by_missing = settled & set(np.unique(column.groups[column.missing]).tolist())
    by_value = settled - by_missing
    if by_value and not _is_part_of_range(column, by_value):
        return Leak(found, suspected=True, reason=settling_by_value(column.groups, by_value, found))
    if by_missing:
        return Leak(found, suspected=True, reason=settling_by_missing(found))
    if found.auc >= limits.leak_auc and found.value_auc >= limits.leak_auc:
        return Leak(found, suspected=True, reason=ranking_by_value(found, limits.leak_auc))
    if found.auc >= limits.missing_leak_auc:
        return Leak(
            found, suspected=True, reason=ranking_by_missing(found, limits.missing_leak_auc)
        )
    if found.auc >= limits.leak_auc or by_value:
        return Leak(found, strong=True, reason=only_strong(found))
    return Leak(found)


def find_duplicates(
    encoded: Mapping[str, Encoded], limits: OnboardingLimits
) -> dict[str, tuple[str, str]]:
    """Find columns that say what an earlier column says: the earlier one, and the reason."""
    found: dict[str, tuple[str, str]] = {}
    numbers = {name: e.numbers for name, e in encoded.items() if e.numbers is not None}
    texts = {name: e.groups for name, e in encoded.items() if e.numbers is None}
    for name, twin, figure in _correlated(numbers, limits.near_duplicate):
        found.setdefault(name, (twin, f"correlation {figure:.4f} with {twin}"))
    for name, twin, figure in _matched(texts, limits.near_duplicate):
        found.setdefault(name, (twin, f"{figure:.1%} of its values follow from {twin}"))
    return found


def _correlated(numbers: Mapping[str, Floats], limit: float) -> list[tuple[str, str, float]]:
    names = list(numbers)
    if len(names) < 2:
        return []
    stacked = np.stack([numbers[name][:20_000] for name in names])
    unknown = np.isnan(stacked)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = np.nanmean(np.where(unknown.all(axis=1, keepdims=True), 0, stacked), axis=1)
        filled = np.where(unknown, middle[:, None], stacked)
        matrix = np.abs(np.corrcoef(filled))
    return [
        (names[later], names[earlier], float(matrix[earlier, later]))
        for later in range(len(names))
        for earlier in range(later)
        if matrix[earlier, later] >= limit and (unknown[earlier] == unknown[later]).mean() >= limit
    ]


def _matched(texts: Mapping[str, Groups], limit: float) -> list[tuple[str, str, float]]:
    names = list(texts)
    found = []
    sizes = {name: int(texts[name].max()) + 1 for name in names}
    for later, name in enumerate(names):
        for twin in names[:later]:
            if sizes[name] == sizes[twin] and 1 < sizes[name] <= _MOST_LEVELS:
                figure = _share_following(texts[twin][:20_000], texts[name][:20_000], sizes[name])
                if figure >= limit:
                    found.append((name, twin, figure))
    return found


def _share_following(first: Groups, second: Groups, size: int) -> float:
    together = np.bincount(first * size + second, minlength=size * size).reshape(size, size)
    return float(min(together.max(axis=0).sum(), together.max(axis=1).sum()) / len(first))


def _settled_groups(groups: Groups, outcome: Floats, least: int) -> set[int]:
    """Find groups that all have the event, where chance would not do that."""
    counts = np.bincount(groups)
    events = np.bincount(groups, outcome, minlength=len(counts))
    base = float(outcome.mean())
    settled = (counts >= least) & (events == counts) & (base ** counts.astype(float) < _CHANCE)
    return set(np.flatnonzero(settled).tolist())


def _is_part_of_range(column: Encoded, settled: set[int]) -> bool:
    """Whether only some bins of a range settle the outcome, and no value of its own does."""
    if column.numbers is None:
        return False
    groups = column.groups[~column.missing]
    lows = {g: column.numbers[column.groups == g].min() for g in np.unique(groups).tolist()}
    highs = {g: column.numbers[column.groups == g].max() for g in lows}
    ranges = {g for g in lows if lows[g] < highs[g]}
    return settled <= ranges and settled != ranges
