"""Clusters of customers that come back when the sample is drawn again."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from pydantic.dataclasses import dataclass

from limner.contract import Column
from limner.features.catalogue import Feature
from limner.features.values import Facts
from limner.modelling.k_means import Centres, CentreSpace, Design, Labels, Parameters, fit_axes
from limner.modelling.latent_classes import LatentClasses, LatentSpace, fit_levels
from limner.settings import SegmentationSettings

Clustering = Centres | LatentClasses


class Space(Protocol):
    """Where customers lie to be clustered, learnt from development, and how they are.

    Parameters have one row a segment.
    """

    def place(self, columns: Mapping[str, Column], facts: Facts) -> Design:
        """Place customers: shape (n_customers, n_coordinates)."""

    def fit(self, design: Design, segments: int, starts: int, seed: int) -> Parameters:
        """Cluster placed customers, the best of several starts."""

    def assign(self, parameters: Parameters, design: Design) -> Labels:
        """Assign each placed customer: shape (n_customers,)."""

    def criterion(self, design: Design, segments: int, starts: int, seed: int) -> float | None:
        """Say how well so many segments tell placed customers: the lower, the better.

        None where the method has no likelihood to tell it by.
        """

    def clustering(self, parameters: Parameters) -> Clustering:
        """Give all that is needed to assign customers, as plain numbers."""


@dataclass(frozen=True)
class Stability:
    """How alike the clusterings of resamples are: adjusted Rand index, 1 is identical.

    ``criterion``: Bayesian information criterion a customer of the clustering of all, in nats,
    the lower the better; None where the method has no likelihood.
    """

    segments: int
    mean: float
    lowest: float
    highest: float
    criterion: float | None = None


def fit_space(
    settings: SegmentationSettings, features: Sequence[Feature], columns: Mapping[str, Column],
    development: Facts,
) -> Space:  # fmt: skip
    """Learn from the development sample where customers lie, as the settings say."""
    if settings.bins is not None:
        return LatentSpace(fit_levels(features, columns, development, settings.bins))
    return CentreSpace(fit_axes(features, columns, development))


def measure_stability(
    space: Space, design: Design, settings: SegmentationSettings, seed: int, threads: int = 1
) -> Iterator[Stability]:
    """Cluster pairs of bootstrap resamples for every candidate number of segments.

    Both clusterings of a pair assign all customers; their agreement is one draw. Threads
    share out the candidates; the figures are the same for any number of them.

    Source:
        Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    from threadpoolctl import threadpool_limits

    def measure(segments: int) -> Stability:
        return _stability_of(segments, space, design, settings, seed)

    with threadpool_limits(1), ThreadPoolExecutor(threads) as pool:
        yield from pool.map(measure, settings.candidates)


def choose_segments(measured: Sequence[Stability], minimum: float) -> int:
    """Choose among the numbers that are stable enough, or else take the most stable one.

    It is the number of the lowest criterion where there is one, otherwise the most segments.

    >>> choose_segments([Stability(3, 0.99, 0.9, 1), Stability(4, 0.8, 0.7, 0.9)], 0.9)
    3
    >>> choose_segments([Stability(3, 0.99, 0.9, 1, 70.1), Stability(4, 0.95, 0.9, 1, 71.3)], 0.9)
    3
    """
    stable = [s for s in measured if s.mean >= minimum]
    if not stable:
        return max(measured, key=lambda s: s.mean).segments
    return min(stable, key=_criterion_then_most).segments


def fit_clustering(
    space: Space, design: Design, segments: int, starts: int, seed: int
) -> Clustering:
    """Cluster the development sample; segments are numbered from the largest to the smallest."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        parameters = space.fit(design, segments, starts, seed)
    sizes = np.bincount(space.assign(parameters, design), minlength=segments)
    return space.clustering(parameters[np.argsort(-sizes, kind="stable")])


def _criterion_then_most(measured: Stability) -> tuple[float, int]:
    return (measured.criterion if measured.criterion is not None else 0.0, -measured.segments)


def _stability_of(
    segments: int, space: Space, design: Design, settings: SegmentationSettings, seed: int
) -> Stability:
    from sklearn.metrics import adjusted_rand_score

    generator = np.random.default_rng([seed, segments])
    draws = []
    for _ in range(settings.resample_pairs):
        first, second = (
            space.assign(_resampled(space, design, segments, settings.starts, generator), design)
            for _ in range(2)
        )
        draws.append(float(adjusted_rand_score(first, second)))
    criterion = space.criterion(design, segments, settings.starts, seed)
    return Stability(segments, float(np.mean(draws)), min(draws), max(draws), criterion)


def _resampled(
    space: Space, design: Design, segments: int, starts: int, generator: np.random.Generator
) -> Parameters:
    drawn = design[generator.integers(0, len(design), len(design))]
    return space.fit(drawn, segments, starts, seed=int(generator.integers(2**31)))
