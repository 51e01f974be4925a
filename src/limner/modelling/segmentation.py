"""Clusters of customers that come back when the sample is drawn again."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from pydantic.dataclasses import dataclass

from limner.contract import Column
from limner.features.catalogue import Feature
from limner.features.values import Facts, feature_values
from limner.settings import SegmentationSettings

Design = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """One coordinate of the cluster space: a standardised number or a category's indicator."""

    feature: Feature
    level: str | None
    centre: float
    scale: float


@dataclass(frozen=True)
class Clustering:
    """k-means centres and the space they lie in, as plain numbers.

    Numbers enter as signed logarithms (money and counts are skewed), standardised;
    the indicators of a category are scaled so that it weighs as much as one number.
    """

    axes: tuple[Axis, ...]
    centres: tuple[tuple[float, ...], ...]

    def assign(self, columns: Mapping[str, Column], facts: Facts) -> Labels:
        """Assign each customer to the nearest centre: shape (n_customers,)."""
        return nearest(np.array(self.centres), design_matrix(self.axes, columns, facts))


@dataclass(frozen=True)
class Stability:
    """How alike the clusterings of resamples are: adjusted Rand index, 1 is identical."""

    segments: int
    mean: float
    lowest: float
    highest: float


def fit_axes(
    features: Sequence[Feature], columns: Mapping[str, Column],
    development: Facts,
) -> tuple[Axis, ...]:  # fmt: skip
    """Learn the cluster space from the development sample."""
    return tuple(
        axis
        for feature in features
        for axis in _axes_of(feature, feature_values(feature, columns, development))
    )


def design_matrix(axes: Sequence[Axis], columns: Mapping[str, Column], facts: Facts) -> Design:
    """Place customers in the cluster space: shape (n_customers, n_axes); missing is the centre."""
    values = {axis.feature.name: feature_values(axis.feature, columns, facts) for axis in axes}
    placed = [(_raw(axis, values[axis.feature.name]) - axis.centre) / axis.scale for axis in axes]
    return np.nan_to_num(np.stack(placed, axis=1), nan=0.0)


def measure_stability(
    design: Design, settings: SegmentationSettings, seed: int, threads: int = 1
) -> Iterator[Stability]:
    """Cluster pairs of bootstrap resamples for every candidate number of segments.

    Both clusterings of a pair assign all customers; their agreement is one draw. Threads
    share out the candidates; the figures are the same for any number of them.

    Source:
        Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    from threadpoolctl import threadpool_limits

    def measure(segments: int) -> Stability:
        return _stability_of(segments, design, settings, seed)

    with threadpool_limits(1), ThreadPoolExecutor(threads) as pool:
        yield from pool.map(measure, settings.candidates)


def choose_segments(measured: Sequence[Stability], minimum: float) -> int:
    """Take the most segments that are stable enough, or else the most stable number.

    >>> choose_segments([Stability(3, 0.99, 0.9, 1), Stability(4, 0.8, 0.7, 0.9)], 0.9)
    3
    """
    stable = [s.segments for s in measured if s.mean >= minimum]
    return max(stable) if stable else max(measured, key=lambda s: s.mean).segments


def fit_clustering(
    axes: tuple[Axis, ...], design: Design, segments: int, starts: int, seed: int
) -> Clustering:
    """Cluster the development sample; segments are numbered from the largest to the smallest."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        centres = _centres(design, segments, starts, seed)
    sizes = np.bincount(nearest(centres, design), minlength=segments)
    ordered = centres[np.argsort(-sizes, kind="stable")]
    return Clustering(axes, tuple(tuple(map(float, centre)) for centre in ordered))


def nearest(centres: npt.NDArray[np.float64], design: Design) -> Labels:
    """Find the nearest centre by Euclidean distance: shape (n_customers,)."""
    # |x - c|^2 without |x|^2, which is the same for every centre.
    squared = (centres**2).sum(axis=1) - 2.0 * design @ centres.T
    return np.asarray(np.argmin(squared, axis=1), dtype=np.int64)


def _stability_of(
    segments: int, design: Design, settings: SegmentationSettings, seed: int
) -> Stability:
    from sklearn.metrics import adjusted_rand_score

    generator = np.random.default_rng([seed, segments])
    draws = []
    for _ in range(settings.resample_pairs):
        first, second = (
            nearest(_resampled_centres(design, segments, settings.starts, generator), design)
            for _ in range(2)
        )
        draws.append(float(adjusted_rand_score(first, second)))
    return Stability(segments, float(np.mean(draws)), min(draws), max(draws))


def _resampled_centres(
    design: Design, segments: int, starts: int, generator: np.random.Generator
) -> npt.NDArray[np.float64]:
    drawn = design[generator.integers(0, len(design), len(design))]
    return _centres(drawn, segments, starts, seed=int(generator.integers(2**31)))


def _centres(design: Design, segments: int, starts: int, seed: int) -> npt.NDArray[np.float64]:
    """Run k-means; the caller holds it to one thread.

    Several threads add their partial sums in the order they finish: not reproducible.
    """
    from sklearn.cluster import KMeans

    fitted = KMeans(segments, n_init=starts, random_state=seed).fit(design)
    return np.asarray(fitted.cluster_centers_, dtype=np.float64)


def _axes_of(feature: Feature, values: npt.NDArray[np.generic]) -> list[Axis]:
    if values.dtype != object:
        logs = _signed_log(values.astype(np.float64))
        return [Axis(feature, None, float(np.nanmean(logs)), float(np.nanstd(logs)) or 1.0)]
    levels = sorted({str(value) for value in values if value is not None})
    shares = [float(np.mean(values == level)) for level in levels]
    spread = float(np.sqrt(sum(share * (1 - share) for share in shares))) or 1.0
    return [
        Axis(feature, level, share, spread) for level, share in zip(levels, shares, strict=True)
    ]


def _raw(axis: Axis, values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    if axis.level is None:
        return _signed_log(values.astype(np.float64))
    return np.asarray(values == axis.level, dtype=np.float64)


def _signed_log(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))
