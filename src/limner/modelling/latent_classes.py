"""Segments as latent classes: within one, a customer's features are independent of each other.

A category's values, and numbers cut into bins, are *levels*; a class is a share of customers
and the probability of every level. A customer belongs to the class under which what is known
of them is most probable. What is missing takes no part, so that nobody is drawn to the middle
for a gap, and no form of distribution is assumed of any number.

Source:
    Lazarsfeld and Henry (1968), Latent structure analysis; McLachlan and Peel (2000),
    Finite mixture models; the several short starts: Biernacki, Celeux and Govaert (2003).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic.dataclasses import dataclass

from limner.contract import Column
from limner.features.catalogue import Feature
from limner.features.values import Facts, Values, feature_values
from limner.modelling.k_means import Design, Labels, Parameters

Floats = npt.NDArray[np.float64]
# One customer spread evenly over the levels of each feature: no probability is ever nought.
_PRIOR_CUSTOMERS = 1.0
_SHORT_ROUNDS, _ROUNDS = 15, 500
# Rise of the log likelihood a customer and round, in nats, below which rounds end.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Level:
    """A category's value, or the numbers from ``low`` up to, but not with, ``high``.

    None is an open end.
    """

    feature: Feature
    value: str | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class LatentClasses:
    """Classes as plain numbers: shares, and the probability of each level, one row a class."""

    levels: tuple[Level, ...]
    shares: tuple[float, ...]
    probabilities: tuple[tuple[float, ...], ...]

    def assign(self, columns: Mapping[str, Column], facts: Facts) -> Labels:
        """Assign each customer to the most probable class: shape (n_customers,)."""
        parameters = np.column_stack([np.log(self.shares), np.log(np.array(self.probabilities))])
        return most_probable(parameters, level_matrix(self.levels, columns, facts))


class LatentSpace(NamedTuple):
    """How latent classes place, cluster and assign customers.

    Parameters are logarithms: of a class's share, then of the probability of each level.
    """

    levels: tuple[Level, ...]

    def place(self, columns: Mapping[str, Column], facts: Facts) -> Design:
        return level_matrix(self.levels, columns, facts)

    def fit(self, design: Design, segments: int, starts: int, seed: int) -> Parameters:
        return fit_classes(design, blocks_of(self.levels), segments, starts, seed)

    def assign(self, parameters: Parameters, design: Design) -> Labels:
        return most_probable(parameters, design)

    def criterion(self, design: Design, segments: int, starts: int, seed: int) -> float:
        parameters = self.fit(design, segments, starts, seed)
        return information_criterion(parameters, design, blocks_of(self.levels))

    def clustering(self, parameters: Parameters) -> LatentClasses:
        found = np.exp(parameters)
        return LatentClasses(
            self.levels, tuple(map(float, found[:, 0])),
            tuple(tuple(map(float, row)) for row in found[:, 1:]),
        )  # fmt: skip


def fit_levels(
    features: Sequence[Feature], columns: Mapping[str, Column], development: Facts, bins: int
) -> tuple[Level, ...]:
    """Learn each category's values and each number's bins from the development sample."""
    return tuple(
        level
        for feature in features
        for level in _levels_of(feature, feature_values(feature, columns, development), bins)
    )


def level_matrix(levels: Sequence[Level], columns: Mapping[str, Column], facts: Facts) -> Design:
    """Mark each customer's levels by 1: shape (n_customers, n_levels); a gap has none."""
    features = {level.feature.name: level.feature for level in levels}
    values = {name: feature_values(one, columns, facts) for name, one in features.items()}
    marked = [_is_at(level, values[level.feature.name]) for level in levels]
    return np.stack(marked, axis=1).astype(np.float64)


def blocks_of(levels: Sequence[Level]) -> npt.NDArray[np.int64]:
    """Give the position of each feature's first level."""
    names = [level.feature.name for level in levels]
    return np.array([i for i, name in enumerate(names) if i == 0 or name != names[i - 1]])


def bin_edges(numbers: Floats, bins: int) -> Floats:
    """Cut numbers at equal counts; a value held by a bin's share of customers has a bin alone.

    Returns:
        lower ends of all bins but the lowest, rising; each is a number that was seen.

    >>> bin_edges(np.array([0.0] * 6 + [1, 2, 3, 4, 5, 6]), 4).tolist()
    [1.0, 4.0]
    """
    known = numbers[~np.isnan(numbers)]
    seen, counts = np.unique(known, return_counts=True)
    heavy = np.flatnonzero(counts >= len(known) / bins)
    starts = [*seen[heavy], *seen[np.minimum(heavy + 1, len(seen) - 1)]]
    rest = known[~np.isin(known, seen[heavy])]
    cuts = round(bins * len(rest) / max(len(known), 1))
    if cuts > 1:
        starts += list(np.quantile(rest, np.arange(1, cuts) / cuts, method="higher"))
    return np.unique([start for start in starts if start > seen[0]])


def fit_classes(
    design: Design, blocks: npt.NDArray[np.int64], segments: int, starts: int, seed: int
) -> Parameters:
    """Estimate classes by expectation and maximisation, from the best of short starts.

    Args:
        design: levels of each customer, as :func:`level_matrix` gives them.
        blocks: position of each feature's first level.

    Returns:
        logarithms, shape (segments, 1 + n_levels): of the share, then of the probabilities.
    """
    generator = np.random.default_rng(seed)
    everyone = _maximise(design, np.ones((len(design), 1)), blocks)
    begun = [_start(design, everyone, segments, generator) for _ in range(starts)]
    short = [_climb(design, blocks, classes, _SHORT_ROUNDS) for classes in begun]
    best, _ = max(short, key=lambda found: found[1])
    return _climb(design, blocks, best, _ROUNDS)[0]


def information_criterion(
    parameters: Parameters, design: Design, blocks: npt.NDArray[np.int64]
) -> float:
    """Hold the likelihood against the number of parameters; the lower, the better.

    Returns:
        Bayesian information criterion a customer, in nats.

    Source:
        Schwarz (1978), Estimating the dimension of a model (BIC).
    """
    segments, columns = parameters.shape
    free = segments - 1 + segments * (columns - 1 - len(blocks))
    criterion = free * np.log(len(design)) - 2 * log_likelihood(parameters, design)
    return float(criterion / len(design))


def log_likelihood(parameters: Parameters, design: Design) -> float:
    """Sum the log likelihood, in nats, of what is known of customers."""
    return _expect(parameters, design)[1]


def most_probable(parameters: Parameters, design: Design) -> Labels:
    """Find the most probable class: shape (n_customers,)."""
    return np.asarray(np.argmax(_joint(parameters, design), axis=1), dtype=np.int64)


def _start(
    design: Design, everyone: Parameters, segments: int, generator: np.random.Generator
) -> Parameters:
    """Make each class half of one customer drawn at random, half of everyone."""
    drawn = design[generator.choice(len(design), segments, replace=False)]
    overall = np.exp(everyone[:, 1:])
    # A feature that the customer lacks is everyone's.
    mixed = np.where(drawn > 0, 0.5 + overall / 2, overall / 2)
    return np.column_stack([np.full(segments, -np.log(segments)), np.log(mixed)])


def _climb(
    design: Design, blocks: npt.NDArray[np.int64], parameters: Parameters, rounds: int
) -> tuple[Parameters, float]:
    before = -np.inf
    for _ in range(rounds):
        belonging, likelihood = _expect(parameters, design)
        if likelihood - before < _TOLERANCE * len(design):
            break
        parameters, before = _maximise(design, belonging, blocks), likelihood
    return parameters, before


def _joint(parameters: Parameters, design: Design) -> Floats:
    return np.asarray(design @ parameters[:, 1:].T + parameters[:, 0])


def _expect(parameters: Parameters, design: Design) -> tuple[Floats, float]:
    """Share each customer out over the classes, and sum the log likelihood."""
    joint = _joint(parameters, design)
    most = joint.max(axis=1, keepdims=True)
    belonging = np.exp(joint - most)
    total = belonging.sum(axis=1, keepdims=True)
    return belonging / total, float(np.sum(most + np.log(total)))


def _maximise(design: Design, belonging: Floats, blocks: npt.NDArray[np.int64]) -> Parameters:
    sizes = np.diff([*blocks, design.shape[1]])
    counts = belonging.T @ design + np.repeat(_PRIOR_CUSTOMERS / sizes, sizes)
    totals = np.repeat(np.add.reduceat(counts, blocks, axis=1), sizes, axis=1)
    shares = belonging.sum(axis=0) + _PRIOR_CUSTOMERS
    return np.column_stack([np.log(shares / shares.sum()), np.log(counts / totals)])


def _levels_of(feature: Feature, values: Values, bins: int) -> list[Level]:
    if values.dtype == object:
        seen = sorted({str(value) for value in values if value is not None})
        return [Level(feature, value, None, None) for value in seen]
    ends = [None, *map(float, bin_edges(values.astype(np.float64), bins)), None]
    return [Level(feature, None, low, high) for low, high in pairwise(ends)]


def _is_at(level: Level, values: Values) -> npt.NDArray[np.bool_]:
    if level.value is not None:
        return np.asarray(values == level.value, dtype=np.bool_)
    numbers = values.astype(np.float64)
    inside = ~np.isnan(numbers)
    if level.low is not None:
        inside &= numbers >= level.low
    if level.high is not None:
        inside &= numbers < level.high
    return inside
