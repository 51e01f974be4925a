"""Segments around centres: numbers as standardised logarithms, categories as indicators."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic.dataclasses import dataclass

from limner.contract import Column
from limner.features.catalogue import Feature
from limner.features.values import Facts, feature_values

Design = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Parameters = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """One coordinate of the cluster space: a standardised number or a category's indicator."""

    feature: Feature
    level: str | None
    centre: float
    scale: float


@dataclass(frozen=True)
class Centres:
    """k-means centres and the space they lie in, as plain numbers.

    Numbers enter as signed logarithms (money and counts are skewed), standardised;
    the indicators of a category are scaled so that it weighs as much as one number.
    """

    axes: tuple[Axis, ...]
    centres: tuple[tuple[float, ...], ...]

    def assign(self, columns: Mapping[str, Column], facts: Facts) -> Labels:
        """Assign each customer to the nearest centre: shape (n_customers,)."""
        return nearest(np.array(self.centres), design_matrix(self.axes, columns, facts))


class CentreSpace(NamedTuple):
    """How k-means places, clusters and assigns customers."""

    axes: tuple[Axis, ...]

    def place(self, columns: Mapping[str, Column], facts: Facts) -> Design:
        return design_matrix(self.axes, columns, facts)

    def fit(self, design: Design, segments: int, starts: int, seed: int) -> Parameters:
        """Run k-means; the caller holds it to one thread.

        Several threads add their partial sums in the order they finish: not reproducible.
        """
        from sklearn.cluster import KMeans

        fitted = KMeans(segments, n_init=starts, random_state=seed).fit(design)
        return np.asarray(fitted.cluster_centers_, dtype=np.float64)

    def assign(self, parameters: Parameters, design: Design) -> Labels:
        return nearest(parameters, design)

    def criterion(self, design: Design, segments: int, starts: int, seed: int) -> None:
        return None

    def clustering(self, parameters: Parameters) -> Centres:
        return Centres(self.axes, tuple(tuple(map(float, centre)) for centre in parameters))


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


def nearest(centres: Parameters, design: Design) -> Labels:
    """Find the nearest centre by Euclidean distance: shape (n_customers,)."""
    # |x - c|^2 without |x|^2, which is the same for every centre.
    squared = (centres**2).sum(axis=1) - 2.0 * design @ centres.T
    return np.asarray(np.argmin(squared, axis=1), dtype=np.int64)


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
