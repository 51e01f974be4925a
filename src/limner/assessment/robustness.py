"""What becomes of the scores when the inputs are a little wrong, or not there."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, Floats, bootstrap
from limner.assessment.discrimination import AreaUnderCurve
from limner.assessment.estimate import Estimate
from limner.assessment.soundness_evidence import Perturbation
from limner.features.encoding import FittedFeature, Matrix
from limner.settings import AssessmentSettings

# The distance between the 5 and 95 % quantiles of a normal distribution, in its own spread.
_NORMAL_SPAN = 3.2897


class Decided(NamedTuple):
    """Scores and decisions, shape (n_customers,).

    ``assigned`` is the number of the segment, tier or recommended product, where there are such.
    """

    score: Floats
    favourable: npt.NDArray[np.bool_]
    assigned: npt.NDArray[np.int64] | None = None


Decide = Callable[[Matrix], Decided]
Figure = Callable[[Floats], float]


class Judged(NamedTuple):
    """The customers whose inputs are disturbed, encoded, and the figure that tells of a model.

    ``figure`` is its name; ``of`` makes it of scores: a function of how often each customer was
    drawn. Scores that name no order, such as segments' confidence, have no rank correlation.
    """

    values: Matrix
    figure: str
    of: Callable[[Decided], Figure]
    clusters: Clusters | None = None
    ordered: bool = True


def judged_by_auc(
    values: Matrix, outcome: npt.NDArray[np.int64], clusters: Clusters | None = None
) -> Judged:
    """Judge probabilities of an outcome, 0 or 1, shape (n_customers,)."""
    return Judged(values, "auc", lambda found: AreaUnderCurve(found.score, outcome), clusters)


def assess_robustness(
    decide: Decide, features: Sequence[FittedFeature], development: Matrix, judged: Judged,
    settings: AssessmentSettings, seed: int,
) -> tuple[Perturbation, ...]:  # fmt: skip
    """Disturb all inputs of a sample at once, in several degrees, and score again.

    Args:
        development: encoded sample on which each feature's spread and range are measured.
    """
    before = decide(judged.values)
    disturbed = [
        ("noise", share, with_noise(features, development, judged.values, share, seed))
        for share in settings.noise_shares
    ] + [
        ("missing", share, with_missing(judged.values, share, seed))
        for share in settings.missing_shares
    ]
    after = [decide(values) for _, _, values in disturbed]
    changes = _changes(before, after, judged, settings, seed)
    return tuple(
        Perturbation(
            kind=kind,
            share=share,
            rank_correlation=rank_correlation(before.score, found.score)
            if judged.ordered
            else None,
            figure=judged.figure,
            change=change,
            mean_change=float(np.abs(found.score - before.score).mean()),
            flipped=float((found.favourable != before.favourable).mean()),
            reassigned=_reassigned(before, found),
        )
        for (kind, share, _), found, change in zip(disturbed, after, changes, strict=True)
    )


def with_noise(
    features: Sequence[FittedFeature], development: Matrix, values: Matrix, share: float, seed: int
) -> Matrix:
    """Add normal noise of a share of each number's spread; swap that share of categories.

    The spread is that of a normal distribution with development's 5 and 95 % quantiles, for
    a few extreme values say nothing of it. Numbers stay within development's range, whole
    ones whole, and a swapped category is another customer's. Missing values stay missing.
    """
    generator = np.random.default_rng(seed)
    noisy = values.copy()
    for i, fitted in enumerate(features):
        if fitted.categories is not None:
            swapped = generator.random(len(values)) < share
            noisy[swapped, i] = generator.permutation(values[:, i])[swapped]
            continue
        known = development[:, i][~np.isnan(development[:, i])]
        if not len(known):
            continue
        low, high = np.quantile(known, [0.05, 0.95])
        spread = (high - low) / _NORMAL_SPAN or float(known.std())
        moved = values[:, i] + share * spread * generator.standard_normal(len(values))
        if (known == np.rint(known)).all():
            moved = np.rint(moved)
        noisy[:, i] = np.clip(moved, known.min(), known.max())
    return noisy


def with_missing(values: Matrix, share: float, seed: int) -> Matrix:
    """Take away each value with this chance."""
    lost = np.random.default_rng(seed).random(values.shape) < share
    return np.where(lost, np.float32(np.nan), values)


def _reassigned(before: Decided, after: Decided) -> float | None:
    if before.assigned is None or after.assigned is None:
        return None
    return float((before.assigned != after.assigned).mean())


def _changes(
    before: Decided, after: Sequence[Decided], judged: Judged, settings: AssessmentSettings,
    seed: int,
) -> list[Estimate]:  # fmt: skip
    """After less before, all on the same resamples."""
    first = judged.of(before)
    disturbed = {str(i): judged.of(found) for i, found in enumerate(after)}

    def changes(weights: Floats) -> Mapping[str, float]:
        undisturbed = first(weights)
        return {name: figure(weights) - undisturbed for name, figure in disturbed.items()}

    found = bootstrap(
        changes, len(judged.values), settings.resamples, settings.confidence, seed,
        judged.clusters, frozenset(disturbed),
    )  # fmt: skip
    return list(found.values())


def rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's: how alike two scores order the same customers, ties at their mean rank.

    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 15.0]))
    0.5
    """
    ranks = np.stack([_mean_ranks(first), _mean_ranks(second)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.sum(ranks**2, axis=1).prod())
    return float(np.sum(ranks[0] * ranks[1]) / spread) if spread > 0 else 0.0


def _mean_ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray(((last - counts + 1 + last) / 2)[place])
