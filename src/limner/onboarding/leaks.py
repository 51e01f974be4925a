"""Columns that alone predict the outcome, and columns that say what another one says."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.modelling.single_feature import bin_numbers, single_feature_auc
from limner.onboarding.profile import ROW, ColumnProfile, TableProfile
from limner.onboarding.target import Target
from limner.settings import OnboardingLimits

Groups = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_MOST_LEVELS = 200
_CHANCE = 1e-6


class Leak(NamedTuple):
    """How much one column alone tells of the outcome."""

    auc: float
    settling: tuple[int, float] | None
    suspected: bool
    reason: str


class Encoded(NamedTuple):
    """A column of the sample: groups for the rates, and its numbers, NaN where unknown."""

    groups: Groups
    numbers: Floats | None


def encode_column(table: TableProfile, column: ColumnProfile) -> Encoded:
    """Group the sample's rows by a column: equal-count bins of numbers, or texts."""
    values = table.connection.execute(
        f"SELECT {column.typed} AS v FROM sampled ORDER BY {ROW}"
    ).fetchnumpy()["v"]
    values = np.ma.filled(values, np.nan if column.number else None)
    if column.number:
        numbers = np.asarray(values, dtype=np.float64)
        return Encoded(bin_numbers(numbers), numbers)
    texts = np.array(["" if v is None else str(v) for v in values], dtype=object)
    _, codes, counts = np.unique(texts, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Encoded(np.minimum(rank[codes], _MOST_LEVELS), None)


def target_of_sample(table: TableProfile, target: Target) -> Floats:
    """Return 1 or 0 for each row of the sample, NaN where the outcome is unknown."""
    values = table.connection.execute(
        f"SELECT {target.sql}::DOUBLE AS v FROM sampled ORDER BY {ROW}"
    ).fetchnumpy()["v"]
    return np.asarray(np.ma.filled(values, np.nan), dtype=np.float64)


def measure_leak(groups: Groups, outcome: Floats, limits: OnboardingLimits) -> Leak:
    """Measure what one column alone tells, by rates learnt on other rows.

    Args:
        groups: group of each row, shape (n,).
        outcome: 1 or 0, shape (n,), without unknowns.
    """
    auc = single_feature_auc(groups, outcome)
    settling = _settled_rows(groups, outcome, limits.settling_rows)
    if auc >= limits.leak_auc:
        reason = (
            f"alone it ranks the outcome with AUC {auc:.2f} (limit {limits.leak_auc:g}):"
            " is it known before the outcome?"
        )
        return Leak(auc, settling, True, reason)
    if settling:
        reason = (
            f"in {settling[0]:,} rows its value settles that the event happened ({settling[1]:.1%}"
            " of all rows have it): is it known before the outcome?"
        )
        return Leak(auc, settling, True, reason)
    return Leak(auc, None, False, "")


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


def _settled_rows(groups: Groups, outcome: Floats, least: int) -> tuple[int, float] | None:
    """Count rows of groups that all have the event, where chance would not do that."""
    counts = np.bincount(groups)
    events = np.bincount(groups, outcome, minlength=len(counts))
    base = float(outcome.mean())
    settled = (counts >= least) & (events == counts) & (base ** counts.astype(float) < _CHANCE)
    return (int(counts[settled].sum()), base) if settled.any() else None
