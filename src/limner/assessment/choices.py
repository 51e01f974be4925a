"""Several products at once: each among those who lack it, and the one that is recommended."""

from collections.abc import Mapping, Sequence
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.assessment.assess import ScoredSample, assess_sample
from limner.assessment.bootstrap import Clusters, bootstrap
from limner.assessment.evidence import (
    FeatureImportance,
    ProductEvidence,
    ProductImportance,
    RecommendationEvidence,
)
from limner.assessment.paired import compare_paired
from limner.domain import Bilingual
from limner.features.encoding import FittedFeature
from limner.settings import AssessmentSettings

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

FIRST, FIRST_THREE = "hit_1", "hit_3"
POPULAR, CHANCE = "popular", "chance"
_SHOWN = 5


class Named(NamedTuple):
    """A product's name and words."""

    kind: str
    words: Bilingual


class ScoredProducts(NamedTuple):
    """One sample by product: all of shape (n_rows, n_products) but ``recommended``.

    ``probability`` is NaN where a product is held; ``worth`` orders the products and is -inf
    there; ``taken`` is 1 where a customer took a product that they lacked; ``recommended`` is
    a product's place, of every row.
    """

    probability: Floats
    worth: Floats
    taken: Counts
    recommended: Counts

    def of_rows(self, rows: Counts) -> "ScoredProducts":
        """Keep some rows."""
        return ScoredProducts(
            self.probability[rows], self.worth[rows], self.taken[rows], self.recommended[rows]
        )

    @property
    def lacking(self) -> Flags:
        """Who is asked about which product."""
        return ~np.isnan(self.probability)


def assess_product(
    name: str, product: Named, place: int, sample: ScoredSample, scored: ScoredProducts,
    settings: AssessmentSettings, seed: int, judged: bool, baseline: Floats | None = None,
) -> ProductEvidence:  # fmt: skip
    """Compute every figure of one product among the rows whose customer lacks it.

    Args:
        baseline: probabilities of every row by a plain scorecard, to compare with.
    """
    rows = np.flatnonzero(scored.lacking[:, place])
    taken = scored.taken[rows, place]
    asked = ScoredSample(
        sample.values[rows], scored.probability[rows, place], taken, taken,
        sample.favourable[rows], None, _renumbered(sample.clusters, rows),
    )  # fmt: skip
    return ProductEvidence(
        sample=name,
        kind=product.kind,
        words=product.words,
        held=len(scored.taken) - len(rows),
        found=assess_sample(asked, settings, seed, judged),
        beside_baseline=None
        if baseline is None
        else compare_paired(
            name, ("model", asked.value), ("baseline", baseline[rows]), taken, settings, seed,
            asked.clusters,
        ),
    )  # fmt: skip


def assess_recommendation(
    name: str, products: Sequence[Named], sample: ScoredSample, scored: ScoredProducts,
    popularity: Floats, held: int, settings: AssessmentSettings, seed: int,
) -> RecommendationEvidence:  # fmt: skip
    """Hold the recommended products against what was taken, beside popularity and chance.

    Args:
        popularity: rate of each product among those who lacked it in development, shape
            (n_products,).
        held: rows left out because their customer holds every product.
    """
    takers = np.flatnonzero(scored.taken.any(axis=1))
    lacking, taken = scored.lacking[takers], scored.taken[takers]
    popular = np.where(lacking, popularity, -np.inf)
    hits = {
        FIRST: hit(scored.worth[takers], taken, 1),
        FIRST_THREE: hit(scored.worth[takers], taken, 3),
        f"{POPULAR}_1": hit(popular, taken, 1),
        f"{POPULAR}_3": hit(popular, taken, 3),
        f"{CHANCE}_1": hit_by_chance(lacking, taken, 1),
        f"{CHANCE}_3": hit_by_chance(lacking, taken, 3),
    }
    found = bootstrap(
        _Hits(hits), len(takers), settings.resamples, settings.confidence, seed,
        _renumbered(sample.clusters, takers), frozenset(_GAINS),
    )  # fmt: skip
    shares = np.bincount(scored.recommended, minlength=len(products)) / len(scored.recommended)
    return RecommendationEvidence(
        sample=name,
        asked=len(scored.taken),
        held=held,
        takers=len(takers),
        figures={key: found[key] for key in hits},
        gains={key: found[key] for key in _GAINS},
        recommended={p.kind: float(share) for p, share in zip(products, shares, strict=True)},
    )


def hit(worth: Floats, taken: Counts, first: int) -> Floats:
    """Say, as 1 or 0, for whom one of the ``first`` products by worth is among those taken.

    Args:
        worth: -inf where a product is held already; shape (n_customers, n_products).
        taken: 0 there; same shape.

    >>> hit(np.array([[0.2, 0.1, -np.inf]]), np.array([[0, 1, 0]]), 1).tolist()
    [0.0]
    >>> hit(np.array([[0.2, 0.1, -np.inf]]), np.array([[0, 1, 0]]), 2).tolist()
    [1.0]
    """
    order = np.argsort(-worth, axis=1, kind="stable")[:, :first]
    return np.asarray(np.take_along_axis(taken, order, axis=1).max(axis=1), dtype=np.float64)


def hit_by_chance(lacking: Flags, taken: Counts, drawn: int) -> Floats:
    """Chance that products drawn at random among those that a customer lacks hold one taken.

    >>> lacking, taken = np.array([[True, True, True, False]]), np.array([[0, 1, 0, 0]])
    >>> hit_by_chance(lacking, taken, 1).round(3).tolist()
    [0.333]
    """
    pairs = zip(lacking.sum(axis=1).tolist(), taken.sum(axis=1).tolist(), strict=True)
    missed = [comb(n - k, min(drawn, n)) / comb(n, min(drawn, n)) for n, k in pairs]
    return 1.0 - np.array(missed, dtype=np.float64)


def importance_by_product(
    products: Sequence[Named], features: Sequence[FittedFeature], contributions: Floats,
    lacking: Flags, protected: frozenset[str],
) -> tuple[ProductImportance, ...]:  # fmt: skip
    """Rank the features by mean absolute contribution to each product's margin.

    Args:
        contributions: shape (n_customers, n_products, n_features + 1).
        protected: columns that are protected attributes.
    """
    found = []
    for place, product in enumerate(products):
        asked = contributions[lacking[:, place], place, :-1]
        means = np.abs(asked).mean(axis=0) if len(asked) else np.zeros(len(features))
        strongest = np.argsort(-means, kind="stable")[:_SHOWN]
        found.append(
            ProductImportance(
                kind=product.kind,
                customers=len(asked),
                features=tuple(
                    FeatureImportance(
                        feature=features[i].feature.name,
                        label=features[i].feature.label,
                        mean_absolute=float(means[i]),
                        protected=bool(protected & set(features[i].feature.of)),
                        monotone=features[i].monotone,
                    )
                    for i in strongest
                ),
            )
        )
    return tuple(found)


_OTHERS = (POPULAR, CHANCE)
_GAINS = tuple(f"{key}_over_{other}" for key in (FIRST, FIRST_THREE) for other in _OTHERS)


class _Hits:
    """Shares of hits, and the model's less the others', by how often each row was drawn."""

    def __init__(self, hits: Mapping[str, Floats]) -> None:
        self._names = list(hits)
        self._rows = np.stack(list(hits.values()))

    def __call__(self, weights: Floats) -> Mapping[str, float]:
        shares = np.einsum("ij,j->i", self._rows, weights) / weights.sum()
        found = dict(zip(self._names, map(float, shares), strict=True))
        gains = {
            f"{key}_over_{other}": found[key] - found[f"{other}_{key[-1]}"]
            for key in (FIRST, FIRST_THREE)
            for other in _OTHERS
        }
        return found | gains


def _renumbered(clusters: Clusters | None, rows: Counts) -> Clusters | None:
    """Number the customers of some rows from 0 on, without gaps."""
    if clusters is None:
        return None
    return np.asarray(np.unique(clusters[rows], return_inverse=True)[1], dtype=np.int64)
