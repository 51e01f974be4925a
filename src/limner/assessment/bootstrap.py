"""Bootstrap intervals: draw customers again, count each as often as it was drawn."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from limner.assessment.estimate import Estimate

Floats = npt.NDArray[np.float64]
Clusters = npt.NDArray[np.int64]

# Counts of resamples that are kept in memory, two bytes each; larger ones are drawn each time.
_KEPT = 50_000_000


def estimate(
    value: float, draws: npt.ArrayLike, confidence: float, is_share: bool | None = None
) -> Estimate:
    """Wrap a figure and its resampled values as value and bootstrap interval.

    The percentile interval, moved so that the draws' median lies on the figure. A
    resample is noisier than the sample, which only ever raises a calibration error:
    unmoved, its interval can lie wholly above the figure.

    Args:
        is_share: whether the interval must stay within 0 and 1; None where it must if all
            draws do. State False for differences and slopes, which may pass either end.

    Source:
        Efron and Tibshirani (1993), An introduction to the bootstrap, ch. 10 and 13.
    """
    finite = np.asarray(draws, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        # No resample could be counted: nothing is known of the figure but itself.
        return Estimate(value=float(value), low=0.0, high=1.0)
    tail = (1 - confidence) / 2
    ends = np.quantile(finite, [tail, 1 - tail]) + value - np.median(finite)
    if is_share or (is_share is None and finite.min() >= 0 and finite.max() <= 1):
        ends = np.clip(ends, 0, 1)
    return Estimate(value=float(value), low=float(ends[0]), high=float(ends[1]))


def ratio_estimate(value: float, draws: npt.ArrayLike, confidence: float) -> Estimate:
    """Do the same for a ratio that is never negative and may pass 1."""
    found = estimate(value, draws, confidence, is_share=False)
    return found.model_copy(update={"low": max(found.low, 0.0)})


def bootstrap(
    figures: Callable[[Floats], Mapping[str, float]], customers: int, resamples: int,
    confidence: float, seed: int, clusters: Clusters | None = None,
    unbounded: frozenset[str] = frozenset(),
) -> dict[str, Estimate]:  # fmt: skip
    """Estimate several figures of one sample from the same resamples.

    Args:
        figures: maps weights, shape (customers,), to named figures.
        unbounded: those that may lie beyond 0 and 1 though all of their draws do not.
        clusters: number of each row's cluster, or None where every row is its own.
    """
    point = figures(np.ones(customers))
    drawn = [
        figures(weights) for weights in resampled_weights(customers, resamples, seed, clusters)
    ]
    return {
        name: estimate(
            value, [draw[name] for draw in drawn], confidence,
            is_share=False if name in unbounded else None,
        )
        for name, value in point.items()
    }  # fmt: skip


def resample_counts(counts: npt.NDArray[np.int64], resamples: int, seed: int) -> Floats:
    """Draw tables of counts again.

    For rates of a cross-tabulation this is the bootstrap of the customers themselves,
    at the price of the table's cells instead of its rows.

    Args:
        counts: cells of a table, any shape.

    Returns:
        shape (resamples, *counts.shape).
    """
    generator = np.random.default_rng(seed)
    total = int(counts.sum())
    drawn = generator.multinomial(total, counts.ravel() / total, size=resamples)
    return drawn.reshape(resamples, *counts.shape).astype(np.float64)


def resample_cells(
    cell: npt.NDArray[np.int64], shape: tuple[int, ...], resamples: int, seed: int,
    clusters: Clusters | None = None,
) -> Floats:  # fmt: skip
    """Cross-tabulate rows in resamples, whole clusters at a time where there are any.

    Args:
        cell: flat index of each row's cell in a table of ``shape``.

    Returns:
        shape (resamples, *shape).
    """
    cells = int(np.prod(shape))
    if clusters is None:
        counts: npt.NDArray[np.int64] = np.bincount(cell, minlength=cells).reshape(shape)
        return resample_counts(counts, resamples, seed)
    weights = resampled_weights(len(cell), resamples, seed, clusters)
    drawn = [np.bincount(cell, weight, cells).astype(np.float64) for weight in weights]
    return np.stack(drawn).reshape(resamples, *shape)


def resampled_weights(
    customers: int, resamples: int, seed: int, clusters: Clusters | None = None
) -> Iterator[Floats]:
    """Yield how often each row was drawn, shape (customers,), resample by resample.

    Rows of one cluster, such as a customer at several snapshots, are drawn together:
    they are no independent evidence. Every call with the same arguments draws the same.
    """
    units = customers if clusters is None else int(clusters.max()) + 1
    if units * resamples <= _KEPT:
        drawn: Iterable[npt.NDArray[np.integer]] = _kept_draws(units, resamples, seed)
    else:
        drawn = _draws(units, resamples, seed)
    for counts in drawn:
        weights = counts.astype(np.float64)
        yield weights if clusters is None else weights[clusters]


def _draws(units: int, resamples: int, seed: int) -> Iterator[npt.NDArray[np.integer]]:
    generator = np.random.default_rng(seed)
    for _ in range(resamples):
        yield np.bincount(generator.integers(0, units, units), minlength=units)


@lru_cache(maxsize=2)
def _kept_draws(units: int, resamples: int, seed: int) -> npt.NDArray[np.int16]:
    """Draw once what every part of an assessment asks for again."""
    kept = np.empty((resamples, units), dtype=np.int16)
    for row, counts in zip(kept, _draws(units, resamples, seed), strict=True):
        row[:] = counts
    return kept
