"""Appraise a fitted model: score every sample by the one path to a score, then assess it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.amount_appraisal import (
    UNIT,
    AppraisedAmounts,
    amount_evidence,
    amount_groups,
    amount_learning,
    amount_samples,
    explain_amounts,
)
from limner.assessment.amount_plots import draw_intervals
from limner.assessment.assess import (
    ScoredSample,
    assess_groups,
    assess_sample,
    assess_segments,
    assess_stability,
    draw_plots,
    explain_model,
    unrecorded,
)
from limner.assessment.choice_plots import draw_product_reliability, draw_products
from limner.assessment.evidence import (
    CrossFitted,
    Estimate,
    ExplanationEvidence,
    FairnessEvidence,
    ModelEvidence,
    ProductImportance,
    SampleEvidence,
)
from limner.assessment.month_to_month import MonthToMonth, month_to_month
from limner.assessment.plots import LOG_ODDS
from limner.assessment.soundness_evidence import Perturbation
from limner.assessment.worth_plots import draw_gains, draw_learning, draw_value
from limner.choice_appraisal import (
    ChoiceSample,
    choice_evidence,
    explain_choice,
    score_products,
)
from limner.contract import Contract
from limner.domain import JUDGED, SampleName
from limner.features.encoding import Matrix
from limner.modelling.fitted import FittedModel, Manifest
from limner.modelling.rivals import Rivals
from limner.modelling.training import facts_of
from limner.models.evaluation import evaluate_repeatedly
from limner.models.spec import ModelSpec
from limner.probability_appraisal import (
    Appraised,
    probability_evidence,
)
from limner.robustness_appraisal import disturb
from limner.samples import SNAPSHOT_COLUMN, customer_numbers, sample_rows, samples_present
from limner.scoring import contributions_to_score, matrix_of, scored
from limner.settings import Settings


@dataclass(frozen=True)
class Reviewed:
    """A fitted model, the customers it was built and is judged on, and what it is held against.

    ``spec`` is its definition, for a model that is judged by others like it; else None will do.
    """

    fitted: FittedModel
    digest: str
    customers: pd.DataFrame
    contract: Contract
    rivals: Rivals | None = None
    spec: ModelSpec | None = None


class Explained(NamedTuple):
    """The test customers whose scores are explained: matrix and contributions."""

    values: Matrix
    contributions: npt.NDArray[np.float64]


def gather_evidence(reviewed: Reviewed, settings: Settings) -> tuple[ModelEvidence, Explained]:
    """Assess a model on every sample there is.

    Raises:
        AdditivityBroken: contributions do not add up to the score.
        UnknownCategory: a sample holds a category that was never seen in training.
    """
    frames = {
        sample.value: sample_rows(reviewed.customers, sample)
        for sample in samples_present(reviewed.customers)
    }
    samples, choices = _scored(reviewed.fitted, frames)
    frames |= {name: found.frame for name, found in choices.items()}
    amounts = _amounts(reviewed, samples, frames)
    explained, explanation, by_product = _explain(
        reviewed, samples[SampleName.TEST.value], settings
    )
    manifest, assessment = reviewed.fitted.manifest, settings.assessment
    part = manifest.segmentation
    evidence = ModelEvidence(
        model=manifest.model,
        digest=reviewed.digest,
        resamples=assessment.resamples,
        confidence=assessment.confidence,
        samples=_sample_evidence(amounts, samples, settings),
        stability=assess_stability(manifest.features, samples, assessment.stability_bins),
        explanation=explanation,
        fairness=tuple(
            _groups(reviewed, amounts, name, samples[name], frames[name], settings)
            for name in JUDGED
            if name in samples
        ),
        segments=(
            assess_segments(samples, len(part.segments), assessment, settings.seed) if part else ()
        ),
        segment_stability=_chosen_stability(reviewed.fitted),
        **_amount_evidence(amounts, settings),
        segment_months=_month_to_month(samples, frames, settings),
        cross_fitted=_cross_fit(reviewed, settings),
        robustness=_disturb(reviewed, samples, choices, settings),
        unrecorded_groups=unrecorded(reviewed.customers, reviewed.contract),
        **_probability_evidence(reviewed, samples, frames, settings),
        **_choice_evidence(reviewed, choices, by_product, settings),
    )  # fmt: skip
    return evidence, explained


def draw_evidence(
    reviewed: Reviewed, evidence: ModelEvidence, explained: Explained, folder: Path, seed: int
) -> None:
    """Draw the review page's plots below ``folder``."""
    draw_plots(
        evidence.samples, evidence.explanation, reviewed.fitted.manifest.features,
        explained.values, explained.contributions,
        _axis(reviewed.fitted.manifest), folder, seed, UNIT if evidence.amount else LOG_ODDS,
    )  # fmt: skip
    judged = {name: evidence.samples[name] for name in JUDGED if name in evidence.samples}
    if any(found.gains for found in judged.values()):
        draw_gains({name: found.gains for name, found in judged.items()}, folder / "gains.png")
    if evidence.learning:
        whole = evidence.samples[SampleName.DEVELOPMENT.value].customers
        draw_learning(evidence.learning, whole, folder / "learning.png")
    if evidence.value:
        draw_value(evidence.value, folder / "value.png")
    if evidence.amount:
        draw_intervals(evidence.amount.deciles, evidence.amount.coverage, folder / "intervals.png")
    if evidence.choice:
        draw_products(evidence.choice.products, folder / "products.png")
        draw_product_reliability(evidence.choice.products, folder / "product_reliability.png")


def plot_tables(evidence: ModelEvidence) -> Mapping[str, pd.DataFrame]:
    """Lay out what ``dvc plots`` draws from numbers: reliability on test, and importance."""
    bins = evidence.samples[SampleName.TEST.value].reliability
    return {
        "reliability": pd.DataFrame(
            {"predicted": [b.predicted for b in bins], "observed": [b.observed.value for b in bins]}
        ),
        "importance": pd.DataFrame(
            {
                "feature": [row.feature for row in evidence.explanation.importance],
                "mean_absolute": [row.mean_absolute for row in evidence.explanation.importance],
            }
        ),
    }


def _scored(
    fitted: FittedModel, frames: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, ScoredSample], dict[str, ChoiceSample]]:
    """Score every sample; of several products also by product, without who holds them all."""
    if fitted.manifest.choice is None:
        return {name: _score(fitted, name, frame) for name, frame in frames.items()}, {}
    choices = {name: score_products(fitted, name, frame) for name, frame in frames.items()}
    return {name: found.sample for name, found in choices.items()}, choices


def _score(fitted: FittedModel, name: str, frame: pd.DataFrame) -> ScoredSample:
    manifest = fitted.manifest
    facts = facts_of(frame, manifest.columns)
    values = matrix_of(fitted, facts, f"model {manifest.model}, {name} sample")
    result = scored(fitted, values)
    outcome = frame[manifest.outcome.column].to_numpy()
    truth = outcome
    if manifest.segmentation and result.segment is not None:
        clustered = manifest.segmentation.clustering.assign(manifest.columns, facts)
        truth = (clustered == result.segment).astype(np.int64)
    return ScoredSample(
        values, result.value, truth, outcome, result.favourable, result.segment,
        customer_numbers(frame), result.interval,
    )  # fmt: skip


def _sample_evidence(
    amounts: AppraisedAmounts | None, samples: Mapping[str, ScoredSample], settings: Settings
) -> dict[str, SampleEvidence]:
    if amounts:
        return amount_samples(amounts, settings)
    return {
        name: assess_sample(sample, settings.assessment, settings.seed, name in JUDGED)
        for name, sample in samples.items()
    }


def _groups(
    reviewed: Reviewed, amounts: AppraisedAmounts | None, name: str, sample: ScoredSample,
    frame: pd.DataFrame, settings: Settings,
) -> FairnessEvidence:  # fmt: skip
    if amounts:
        return amount_groups(amounts, name, settings)
    return assess_groups(
        name, sample, frame, reviewed.contract, reviewed.fitted.manifest.outcome,
        settings.assessment, settings.fairness, settings.seed,
    )  # fmt: skip


def _axis(manifest: Manifest) -> str:
    if manifest.amount:
        return "amount, mean (minor units)"
    return "agreement with the clustering" if manifest.segmentation else "rate of the outcome"


def _amounts(
    reviewed: Reviewed, samples: Mapping[str, ScoredSample], frames: Mapping[str, pd.DataFrame]
) -> AppraisedAmounts | None:
    part = reviewed.fitted.manifest.amount
    if part is None:
        return None
    return AppraisedAmounts(
        reviewed.fitted, part, reviewed.rivals, reviewed.contract, samples, frames
    )


def _amount_evidence(amounts: AppraisedAmounts | None, settings: Settings) -> dict[str, Any]:
    if amounts is None:
        return {}
    return {
        "amount": amount_evidence(amounts, settings),
        "learning": amount_learning(amounts, settings),
    }


def _probability_evidence(
    reviewed: Reviewed, samples: Mapping[str, ScoredSample], frames: Mapping[str, pd.DataFrame],
    settings: Settings,
) -> dict[str, Any]:  # fmt: skip
    part = reviewed.fitted.manifest.probability
    if part is None:
        return {}
    appraised = Appraised(
        reviewed.fitted, part, reviewed.rivals, reviewed.contract, samples, frames
    )
    return probability_evidence(appraised, settings)


def _choice_evidence(
    reviewed: Reviewed, choices: Mapping[str, ChoiceSample],
    by_product: tuple[ProductImportance, ...], settings: Settings,
) -> dict[str, Any]:  # fmt: skip
    if not choices:
        return {}
    return choice_evidence(
        reviewed.fitted, reviewed.rivals, reviewed.contract, choices, by_product, settings
    )


def _explain(
    reviewed: Reviewed, test: ScoredSample, settings: Settings
) -> tuple[Explained, ExplanationEvidence, tuple[ProductImportance, ...]]:
    fitted = reviewed.fitted
    drawn = np.random.default_rng(settings.seed).permutation(len(test.values))
    values = test.values[np.sort(drawn[: settings.explanation.customers])]
    if fitted.manifest.choice:
        contributions, evidence, by_product = explain_choice(
            fitted, reviewed.contract, values, settings
        )
        return Explained(values, contributions), evidence, by_product
    contributions = contributions_to_score(fitted, values)
    if fitted.manifest.amount:
        evidence = explain_amounts(fitted, reviewed.contract, values, contributions, settings)
        return Explained(values, contributions), evidence, ()
    margins = fitted.trees.margins(values).astype(np.float64)
    if margins.ndim == 2:
        margins = margins.max(axis=1)
    evidence = explain_model(
        fitted.manifest.model, fitted.manifest.features, reviewed.contract, values,
        contributions, margins, settings.explanation,
    )  # fmt: skip
    return Explained(values, contributions), evidence, ()


def _month_to_month(
    samples: Mapping[str, ScoredSample], frames: Mapping[str, pd.DataFrame], settings: Settings
) -> tuple[MonthToMonth, ...]:
    found = (
        month_to_month(
            name, sample.segment, sample.clusters, frames[name][SNAPSHOT_COLUMN].to_numpy(),
            settings.assessment, settings.seed,
        )
        for name, sample in samples.items()
        if name in JUDGED and sample.segment is not None and SNAPSHOT_COLUMN in frames[name]
    )  # fmt: skip
    return tuple(months for months in found if months is not None)


def _disturb(
    reviewed: Reviewed, samples: Mapping[str, ScoredSample], choices: Mapping[str, ChoiceSample],
    settings: Settings,
) -> tuple[Perturbation, ...]:  # fmt: skip
    test, built = SampleName.TEST.value, SampleName.DEVELOPMENT.value
    products = choices[test].products if choices else None
    return disturb(reviewed.fitted, samples[built].values, samples[test], products, settings)


def _cross_fit(reviewed: Reviewed, settings: Settings) -> CrossFitted | None:
    """Judge a model of few events on everybody, by models like it: each alone tells too little."""
    if reviewed.spec is None or not reviewed.spec.few_events:
        return None
    found = evaluate_repeatedly(
        reviewed.spec, reviewed.customers, settings, settings.seed, lambda _: None
    )
    return found.as_evidence(settings.assessment.confidence)


def _chosen_stability(fitted: FittedModel) -> Estimate | None:
    part = fitted.manifest.segmentation
    if part is None:
        return None
    chosen = next(s for s in part.stability if s.segments == len(part.segments))
    return Estimate(value=chosen.mean, low=chosen.lowest, high=chosen.highest)
