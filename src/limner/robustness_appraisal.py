"""Appraise how a model of any family stands inputs that are a little wrong, or not there."""

import numpy as np

from limner.assessment.amount_figures import AmountFigures
from limner.assessment.assess import ScoredSample
from limner.assessment.choices import ScoredProducts
from limner.assessment.robustness import (
    Decided,
    Figure,
    Judged,
    assess_robustness,
    judged_by_auc,
)
from limner.assessment.soundness_evidence import Perturbation
from limner.features.encoding import Matrix
from limner.modelling.fitted import FittedModel
from limner.scoring import Scored, scored
from limner.settings import Settings


def disturb(
    fitted: FittedModel, development: Matrix, test: ScoredSample, products: ScoredProducts | None,
    settings: Settings,
) -> tuple[Perturbation, ...]:  # fmt: skip
    """Disturb the inputs of the test sample, score again and tell what became of it.

    Args:
        development: encoded sample on which each feature's spread and range are measured.
        products: of a model of several, the test sample by product; else None.
    """

    def decide(values: Matrix) -> Decided:
        return _decided(fitted, scored(fitted, values))

    return assess_robustness(
        decide, fitted.manifest.features, development, _judged(fitted, test, products),
        settings.assessment, settings.seed,
    )  # fmt: skip


def _decided(fitted: FittedModel, found: Scored) -> Decided:
    # Nothing is recommended to whom the disturbed facts let hold every product.
    score = np.nan_to_num(found.value)
    if fitted.manifest.amount is not None:
        return Decided(score, found.favourable, fitted.manifest.amount.tier(score))
    assigned = found.segment if found.recommended is None else found.recommended
    return Decided(score, found.favourable, assigned)


def _judged(fitted: FittedModel, test: ScoredSample, products: ScoredProducts | None) -> Judged:
    if fitted.manifest.amount is not None:
        amounts = test.outcome.astype(np.float64)

        def explained(found: Decided) -> Figure:
            figures = AmountFigures(found.score, amounts, None)
            return lambda weights: figures(weights)["r2"]

        return Judged(test.values, "r2", explained, test.clusters)
    if products is not None:
        return Judged(test.values, "hit_1", lambda found: _hits(found, products), test.clusters)
    if fitted.manifest.segmentation is not None:
        return Judged(
            test.values, "agreement", lambda found: _agreement(found, test), test.clusters,
            ordered=False,
        )  # fmt: skip
    return judged_by_auc(test.values, test.truth, test.clusters)


def _hits(found: Decided, products: ScoredProducts) -> Figure:
    """Share of the takers to whom a product is recommended that they took."""
    assert found.assigned is not None
    rows = np.arange(len(found.assigned))
    takers = products.taken.any(axis=1).astype(np.float64)
    hit = products.taken[rows, found.assigned] * (found.assigned >= 0)
    return lambda weights: float(np.sum(weights * hit) / max(np.sum(weights * takers), 1e-12))


def _agreement(found: Decided, test: ScoredSample) -> Figure:
    """Share of customers in the segment that the clustering gives to what is true of them."""
    assert found.assigned is not None and test.segment is not None
    # Where the model misses the clustering undisturbed, it is not known which segment is right.
    agrees = ((found.assigned == test.segment) & (test.truth == 1)).astype(np.float64)
    return lambda weights: float(np.sum(weights * agrees) / np.sum(weights))
