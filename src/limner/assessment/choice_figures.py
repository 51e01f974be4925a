"""Two models of several products on the same customers: whose first product is taken more often?"""

from collections.abc import Mapping, Sequence

import numpy as np

from limner.assessment.bootstrap import Clusters, Floats
from limner.assessment.choices import FIRST, ScoredProducts, hit
from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.discrimination import AreaUnderCurve
from limner.assessment.paired import compare_figures
from limner.settings import AssessmentSettings

MEAN_AUC = "mean_auc"


class ChoiceFigures:
    """Figures of one sample as a function of how often each row was drawn.

    hit_1: share of takers who took the first product. mean_auc: mean over the products of the
    AUC among those who lack it; products that nobody took, or everybody, are left out of it.
    """

    def __init__(self, scored: ScoredProducts) -> None:
        self._takers = scored.taken.any(axis=1).astype(np.float64)
        self._hit = hit(scored.worth, scored.taken, 1)
        self._curves = []
        for place in range(scored.taken.shape[1]):
            rows = np.flatnonzero(scored.lacking[:, place])
            taken = scored.taken[rows, place]
            if 0 < taken.sum() < len(taken):
                curve = AreaUnderCurve(scored.probability[rows, place], taken)
                self._curves.append((rows, curve))

    def __call__(self, weights: Floats) -> dict[str, float]:
        areas = [curve(weights[rows]) for rows, curve in self._curves]
        return {
            FIRST: float(np.sum(weights * self._hit) / np.sum(weights * self._takers)),
            MEAN_AUC: float(np.mean(areas)),
        }


def compare_choices(
    sample: str, first: tuple[str, ScoredProducts], others: Mapping[str, ScoredProducts],
    settings: AssessmentSettings, seed: int, clusters: Clusters | None = None,
) -> tuple[PairedComparison, ...]:  # fmt: skip
    """Compare one model with several others on the same resamples.

    Args:
        first: its name and one sample by product; others by name, of the same rows and products.

    Source:
        Efron and Tibshirani (1993), An introduction to the bootstrap.
    """
    name, own = first
    return compare_figures(
        sample, (name, ChoiceFigures(own)),
        {other: ChoiceFigures(found) for other, found in others.items()}, (FIRST, MEAN_AUC),
        len(own.taken), settings, seed, clusters,
    )  # fmt: skip


def of_products(scored: ScoredProducts, places: Sequence[int]) -> ScoredProducts:
    """Keep some products, in the order stated."""
    kept = list(places)
    worth = scored.worth[:, kept]
    return ScoredProducts(
        scored.probability[:, kept], worth, scored.taken[:, kept], np.argmax(worth, axis=1)
    )
