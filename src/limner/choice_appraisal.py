"""Appraise a model of several products: each by itself, and the one that is recommended."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.assess import (
    ScoredSample,
    assess_characteristics,
    explain_model,
    protected_groups,
)
from limner.assessment.choice_figures import compare_choices, of_products
from limner.assessment.choices import (
    Named,
    ScoredProducts,
    assess_product,
    assess_recommendation,
    importance_by_product,
)
from limner.assessment.comparison_evidence import LearningPoint, PairedComparison
from limner.assessment.evidence import (
    ChoiceEvidence,
    ExplanationEvidence,
    ProductImportance,
    RecommendationEvidence,
)
from limner.assessment.group_calibration import calibrate_groups
from limner.assessment.paired import MODEL
from limner.assessment.weak_spots import band_features, find_weak_spots
from limner.assessment.worth import learning_points
from limner.contract import Contract
from limner.domain import JUDGED, SampleName
from limner.features.encoding import Matrix
from limner.modelling.choice import NOTHING, ChoicePart, of_recommended
from limner.modelling.choice_training import product_labels
from limner.modelling.fitted import FittedModel
from limner.modelling.rivals import Rivals
from limner.modelling.training import facts_of
from limner.samples import customer_numbers
from limner.scoring import Scored, margins_of, matrix_of, scored
from limner.settings import Settings

DEVELOPMENT = SampleName.DEVELOPMENT.value


class ChoiceSample(NamedTuple):
    """One sample: its rows that lack a product at least, and how many were left out.

    ``sample`` is of the recommended product: was it taken?
    """

    frame: pd.DataFrame
    sample: ScoredSample
    products: ScoredProducts
    held: int


def score_products(fitted: FittedModel, name: str, frame: pd.DataFrame) -> ChoiceSample:
    """Score a sample; whoever holds every product has nothing to be judged by, and is left out."""
    values, result, everybody = _by_product(fitted, name, frame)
    rows = np.flatnonzero(everybody.recommended != NOTHING)
    kept = frame.iloc[rows].reset_index(drop=True)
    by_product = everybody.of_rows(rows)
    taken = by_product.taken
    sample = ScoredSample(
        values[rows], result.value[rows],
        of_recommended(taken, by_product.recommended).astype(np.int64),
        taken.max(axis=1), result.favourable[rows], None, customer_numbers(kept),
    )  # fmt: skip
    return ChoiceSample(kept, sample, by_product, len(frame) - len(rows))


def compare_products(
    name: str, first: tuple[str, FittedModel], others: Mapping[str, FittedModel],
    frame: pd.DataFrame, settings: Settings,
) -> tuple[PairedComparison, ...]:  # fmt: skip
    """Compare models of several products by those that all of them ask about.

    Args:
        name: of the sample that ``frame`` is.

    Returns:
        one comparison for each of the others; none where they share no product.
    """
    called, whole = first
    kinds = [p.kind for p in _part(whole).products]
    shared = [k for k in kinds if all(k in _kinds(other) for other in others.values())]
    if not shared:
        return ()
    found = {
        model: of_products(
            _by_product(fitted, name, frame)[2], [_kinds(fitted).index(kind) for kind in shared]
        )
        for model, fitted in {called: whole, **others}.items()
    }
    rows = np.flatnonzero(found[called].lacking.any(axis=1))
    kept = {model: by.of_rows(rows) for model, by in found.items()}
    return compare_choices(
        name, (called, kept.pop(called)), kept, settings.assessment, settings.seed,
        customer_numbers(frame.iloc[rows].reset_index(drop=True)),
    )  # fmt: skip


def _by_product(
    fitted: FittedModel, name: str, frame: pd.DataFrame
) -> tuple[Matrix, Scored, ScoredProducts]:
    manifest, part = fitted.manifest, _part(fitted)
    where = f"model {manifest.model}, {name} sample"
    values = matrix_of(fitted, facts_of(frame, manifest.columns), where)
    result = scored(fitted, values)
    assert result.products is not None and result.recommended is not None
    taken, _ = product_labels(
        [p.column for p in part.products], [p.held_by for p in part.products],
        manifest.features, values, frame,
    )  # fmt: skip
    worth = part.expected(result.products)
    return values, result, ScoredProducts(result.products, worth, taken, result.recommended)


def explain_choice(
    fitted: FittedModel, contract: Contract, values: Matrix, settings: Settings
) -> tuple[npt.NDArray[np.float64], ExplanationEvidence, tuple[ProductImportance, ...]]:
    """Explain the recommended product of each customer, and every product by itself.

    Returns:
        contributions to the recommended product's margin, shape (n_customers,
        n_features + 1), their summary, and that of each product.

    Raises:
        AdditivityBroken: contributions do not add up to the margin.
    """
    part, features = _part(fitted), fitted.manifest.features
    margins = margins_of(fitted, values)
    raw = fitted.trees.contributions(values).reshape(*margins.shape, -1).astype(np.float64)
    recommended = part.recommended(part.probabilities(margins))
    own = of_recommended(raw, recommended)
    evidence = explain_model(
        fitted.manifest.model, features, contract, values, own,
        of_recommended(margins, recommended), settings.explanation,
    )  # fmt: skip
    importance = importance_by_product(
        _named(part), features, raw, np.isfinite(margins), frozenset(contract.protected())
    )
    return own, evidence, importance


def choice_evidence(
    fitted: FittedModel, rivals: Rivals | None, contract: Contract,
    samples: Mapping[str, ChoiceSample], importance: tuple[ProductImportance, ...],
    settings: Settings,
) -> dict[str, Any]:  # fmt: skip
    """Assess every product, and where the recommended one's probability holds.

    Returns:
        fields of ``ModelEvidence``.
    """
    features, assessment = fitted.manifest.features, settings.assessment
    scored_samples = {name: found.sample for name, found in samples.items()}
    judged = {name: samples[name] for name in JUDGED if name in samples}
    choice = ChoiceEvidence(
        products=tuple(
            assess_product(
                name, product, place, found.sample, found.products, assessment, settings.seed,
                name in JUDGED, _baseline(fitted, rivals, name, product, found),
            )
            for name, found in samples.items()
            for place, product in enumerate(_named(_part(fitted)))
        ),
        recommendations=_recommendations(fitted, samples, judged, settings),
        importance=importance,
    )  # fmt: skip
    return {
        "choice": choice,
        "learning": _learning(fitted, rivals, samples[SampleName.TEST.value].frame, settings),
        "characteristics": assess_characteristics(
            features, scored_samples, assessment.stability_bins
        ),
        "group_calibration": tuple(
            group
            for name, found in judged.items()
            for group in calibrate_groups(
                name, found.sample.value, found.sample.truth,
                protected_groups(found.frame, contract, settings.fairness), assessment,
                settings.fairness, settings.seed, found.sample.clusters,
            )
        ),
        "weak_spots": tuple(
            find_weak_spots(
                name,
                band_features(
                    features, samples[DEVELOPMENT].sample.values, found.sample.values,
                    assessment.weak_spots.bins,
                ),
                found.sample.value, found.sample.truth, assessment.weak_spots,
                found.sample.clusters,
            )
            for name, found in judged.items()
        ),
    }  # fmt: skip


def _learning(
    fitted: FittedModel, rivals: Rivals | None, test: pd.DataFrame, settings: Settings
) -> tuple[LearningPoint, ...]:
    if rivals is None or not rivals.parts:
        return ()
    compared = compare_products(
        SampleName.TEST.value, (MODEL, fitted), rivals.parts, test, settings
    )
    return learning_points(rivals.fractions, compared)


def _baseline(
    fitted: FittedModel, rivals: Rivals | None, name: str, product: Named, found: ChoiceSample
) -> npt.NDArray[np.float64] | None:
    if rivals is None or name not in JUDGED:
        return None
    return rivals.product_probability(product.kind, fitted.manifest.features, found.sample.values)


def _recommendations(
    fitted: FittedModel, samples: Mapping[str, ChoiceSample], judged: Mapping[str, ChoiceSample],
    settings: Settings,
) -> tuple[RecommendationEvidence, ...]:  # fmt: skip
    built = samples[DEVELOPMENT].products
    popularity = built.taken.sum(axis=0) / np.maximum(built.lacking.sum(axis=0), 1)
    return tuple(
        assess_recommendation(
            name, _named(_part(fitted)), found.sample, found.products, popularity, found.held,
            settings.assessment, settings.seed,
        )
        for name, found in judged.items()
    )  # fmt: skip


def _kinds(fitted: FittedModel) -> list[str]:
    return [product.kind for product in _part(fitted).products]


def _named(part: ChoicePart) -> tuple[Named, ...]:
    return tuple(Named(product.kind, product.words) for product in part.products)


def _part(fitted: FittedModel) -> ChoicePart:
    assert fitted.manifest.choice is not None, "only a model of several products comes here"
    return fitted.manifest.choice
