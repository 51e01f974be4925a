"""Where is the model worst? A search of slices that does not mistake chance for a fault.

A slice with a high log loss need not be a weakness: its customers may be hard to predict,
and the model may say so. What is tested is whether the outcomes contradict the model's own
probabilities: too many or too few events, or a log loss above the one they promise.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, Floats
from limner.assessment.discrimination import AreaUnderCurve
from limner.assessment.soundness_evidence import WeakSpot, WeakSpotSearch
from limner.assessment.stability import frozen_edges
from limner.features.encoding import FittedFeature, Matrix
from limner.settings import WeakSpotSettings

Codes = npt.NDArray[np.int64]
_SMALLEST = 1e-6


class Banded(NamedTuple):
    """One feature cut into bands: each customer's band, and each band in words."""

    codes: Codes
    names: tuple[str, ...]


class _Tested(NamedTuple):
    """One test of one slice."""

    features: tuple[int, ...]
    bands: tuple[int, ...]
    test: str
    p_value: float


def band_features(
    features: Sequence[FittedFeature], development: Matrix, values: Matrix, bins: int
) -> tuple[Banded, ...]:
    """Cut every feature at development's quantiles, or by category; missing is a band."""
    return tuple(
        _by_category(fitted, values[:, i])
        if fitted.categories is not None
        else _by_quantile(fitted, development[:, i], values[:, i], bins)
        for i, fitted in enumerate(features)
    )


def find_weak_spots(
    sample: str, banded: Sequence[Banded], probability: Floats, outcome: npt.NDArray[np.int64],
    settings: WeakSpotSettings, clusters: Clusters | None = None,
) -> WeakSpotSearch:  # fmt: skip
    """Test every slice by one feature and by two, and correct for the number of tests.

    Adjusted by Holm's method, which holds however slices overlap. Tests are normal
    approximations; slices in which few events or non-events are expected are skipped.
    Rows of one customer count as one where ``clusters`` numbers them.

    Source:
        Holm (1979), A simple sequentially rejective multiple test procedure; Spiegelhalter
        (1986), Probabilistic prediction in patient management, for tests of a probability
        against its own promise.
    """
    terms = _Terms(probability, outcome, clusters)
    slices = skipped = 0
    tested: list[_Tested] = []
    for features, codes, shape in _slicings(banded):
        sums = terms.by_cell(codes, int(np.prod(shape)))
        present = sums.customers > 0
        usable = present & _large_enough(sums, settings)
        skipped += int((present & ~usable).sum())
        slices += int(usable.sum())
        for cell in np.flatnonzero(usable):
            bands = tuple(int(b) for b in np.unravel_index(cell, shape))
            shift, excess = sums.scores(int(cell))
            tested.append(_Tested(features, bands, "calibration", math.erfc(abs(shift) / 2**0.5)))
            tested.append(_Tested(features, bands, "log_loss", math.erfc(excess / 2**0.5) / 2))
    adjusted = holm([test.p_value for test in tested])
    order = np.argsort([test.p_value for test in tested], kind="stable")
    spots = _distinct(
        _spot(tested[i], float(adjusted[i]), banded, probability, outcome) for i in order
    )
    return WeakSpotSearch(
        sample=sample, slices=slices, tests=len(tested), skipped=skipped, level=settings.level,
        found=int((adjusted <= settings.level).sum()),
        spots=tuple(spot for spot, _ in zip(spots, range(settings.shown), strict=False)),
    )  # fmt: skip


def holm(p_values: Sequence[float]) -> Floats:
    """Adjust p-values so that any below a level is a false alarm with no more than its chance.

    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


class _Sums(NamedTuple):
    """Sums by cell, each of shape (n_cells,).

    Excess is that of the log loss over the one that the probabilities promise.
    """

    customers: Floats
    expected: Floats
    residual: Floats
    residual_variance: Floats
    excess: Floats
    excess_variance: Floats

    def scores(self, cell: int) -> tuple[float, float]:
        """Standard scores of residual and excess: normal where the probabilities hold."""
        return (
            float(self.residual[cell] / math.sqrt(self.residual_variance[cell])),
            float(self.excess[cell] / math.sqrt(max(self.excess_variance[cell], 1e-300))),
        )


class _Terms:
    """Each customer's part of what is summed by slice."""

    def __init__(
        self, probability: Floats, outcome: npt.NDArray[np.int64], clusters: Clusters | None
    ) -> None:
        bounded = np.clip(probability, _SMALLEST, 1 - _SMALLEST)
        log_odds = np.log(bounded) - np.log1p(-bounded)
        variance = bounded * (1 - bounded)
        self._probability, self._clusters = bounded, clusters
        self._residual = outcome - bounded
        self._variance = variance
        # Loss less promised loss is (p - y) * log-odds.
        self._excess = -self._residual * log_odds
        self._excess_variance = variance * log_odds**2

    def by_cell(self, codes: Codes, cells: int) -> _Sums:
        def total(column: Floats | None) -> Floats:
            return np.bincount(codes, column, cells).astype(np.float64)

        residual_variance, excess_variance = total(self._variance), total(self._excess_variance)
        if self._clusters is not None:
            residual_variance, excess_variance = (
                np.maximum(model, self._between_clusters(column, codes, cells))
                for model, column in (
                    (residual_variance, self._residual), (excess_variance, self._excess)
                )
            )  # fmt: skip
        return _Sums(
            total(None), total(self._probability), total(self._residual), residual_variance,
            total(self._excess), excess_variance,
        )  # fmt: skip

    def _between_clusters(self, column: Floats, codes: Codes, cells: int) -> Floats:
        """Variance of each cell's sum if only customers, not their rows, are independent."""
        assert self._clusters is not None
        together, place = np.unique(self._clusters * cells + codes, return_inverse=True)
        sums = np.bincount(place, column)
        return np.bincount(together % cells, sums**2, cells).astype(np.float64)


def _slicings(
    banded: Sequence[Banded],
) -> Iterator[tuple[tuple[int, ...], Codes, tuple[int, ...]]]:
    for i, one in enumerate(banded):
        yield (i,), one.codes, (len(one.names),)
    for (i, one), (j, other) in combinations(enumerate(banded), 2):
        width = len(other.names)
        yield (i, j), one.codes * width + other.codes, (len(one.names), width)


def _large_enough(sums: _Sums, settings: WeakSpotSettings) -> npt.NDArray[np.bool_]:
    rarer = np.minimum(sums.expected, sums.customers - sums.expected)
    return (sums.customers >= settings.minimum_customers) & (rarer >= settings.minimum_expected)


def _spot(
    tested: _Tested, adjusted: float, banded: Sequence[Banded], probability: Floats,
    outcome: npt.NDArray[np.int64],
) -> WeakSpot:  # fmt: skip
    inside = np.ones(len(outcome), dtype=bool)
    for feature, band in zip(tested.features, tested.bands, strict=True):
        inside &= banded[feature].codes == band
    p, y = np.clip(probability[inside], _SMALLEST, 1 - _SMALLEST), outcome[inside]
    auc = AreaUnderCurve(p, y)(np.ones(len(y)))
    return WeakSpot(
        conditions=tuple(
            banded[feature].names[band]
            for feature, band in zip(tested.features, tested.bands, strict=True)
        ),
        customers=len(y),
        events=int(y.sum()),
        expected=float(p.sum()),
        log_loss=float(-np.mean(np.where(y == 1, np.log(p), np.log1p(-p)))),
        promised=float(-np.mean(p * np.log(p) + (1 - p) * np.log1p(-p))),
        auc=None if math.isnan(auc) else auc,
        test=tested.test,
        p_value=tested.p_value,
        adjusted=adjusted,
    )


def _distinct(spots: Iterator[WeakSpot]) -> Iterator[WeakSpot]:
    """Leave out slices that hold the same customers as one already named."""
    seen: set[tuple[int, int, float]] = set()
    for spot in spots:
        key = (spot.customers, spot.events, round(spot.expected, 6))
        if key not in seen:
            seen.add(key)
            yield spot


def _by_category(fitted: FittedFeature, values: npt.NDArray[np.float32]) -> Banded:
    assert fitted.categories is not None
    known = len(fitted.categories)
    codes = np.where(np.isnan(values), known, values).astype(np.int64)
    label = fitted.feature.label.en
    names = [f"{label}: {name}" for name in fitted.categories]
    return Banded(codes, (*names, f"{label}: missing"))


def _by_quantile(
    fitted: FittedFeature, development: npt.NDArray[np.float32],
    values: npt.NDArray[np.float32], bins: int,
) -> Banded:  # fmt: skip
    edges = frozen_edges(development.astype(np.float64), bins)
    absent = np.isnan(values)
    inside = np.searchsorted(edges, values.astype(np.float64), side="right")
    codes = np.where(absent, len(edges) + 1, inside).astype(np.int64)
    label = fitted.feature.label.en
    ends = [f"{edge:,.0f}" if abs(edge) >= 1000 else f"{edge:.4g}" for edge in edges]
    if ends:
        names = [f"below {ends[0]}"]
        names += [f"{low} to below {high}" for low, high in pairwise(ends)]
        names.append(f"{ends[-1]} or more")
    else:
        names = ["any"]
    return Banded(codes, (*(f"{label}: {name}" for name in names), f"{label}: missing"))
