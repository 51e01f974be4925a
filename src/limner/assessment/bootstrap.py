"""Bootstrap intervals: draw customers again, count each as often as it was drawn."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from limner.assessment.evidence import Estimate

Floats = npt.NDArray[np.float64]


def estimate(value: float, draws: npt.ArrayLike, confidence: float) -> Estimate:
    """Wrap a figure and its resampled values as value and bootstrap interval.

    The percentile interval, moved so that the draws' median lies on the figure. A
    resample is noisier than the sample, which only ever raises a calibration error:
    unmoved, its interval can lie wholly above the figure. Where all draws are shares,
    the interval stays within 0 and 1.

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
    if finite.min() >= 0 and finite.max() <= 1:
        ends = np.clip(ends, 0, 1)
    return Estimate(value=float(value), low=float(ends[0]), high=float(ends[1]))


def bootstrap(
    figures: Callable[[Floats], Mapping[str, float]], customers: int, resamples: int,
    confidence: float, seed: int,
) -> dict[str, Estimate]:  # fmt: skip
    """Estimate several figures of one sample from the same resamples.

    Args:
        figures: maps weights, shape (customers,), to named figures.
    """
    point = figures(np.ones(customers))
    drawn = [figures(weights) for weights in _weights(customers, resamples, seed)]
    return {
        name: estimate(value, [draw[name] for draw in drawn], confidence)
        for name, value in point.items()
    }


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


def _weights(customers: int, resamples: int, seed: int) -> Iterator[Floats]:
    generator = np.random.default_rng(seed)
    for _ in range(resamples):
        drawn = generator.integers(0, customers, customers)
        yield np.bincount(drawn, minlength=customers).astype(np.float64)
