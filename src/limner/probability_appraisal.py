"""Appraise a probability model beyond its figures: by group, by slice, disturbed, beside rivals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from limner.assessment.assess import ScoredSample, assess_characteristics, protected_groups
from limner.assessment.comparison_evidence import (
    BaselineFeature,
    CalibrationTrials,
    LearningPoint,
    PairedComparison,
    ProtectedCost,
    ScorecardEvidence,
    ValueEvidence,
)
from limner.assessment.group_calibration import SCORE_BAND, calibrate_groups, score_bands
from limner.assessment.paired import MODEL, compare_with_each
from limner.assessment.soundness_evidence import (
    Characteristics,
    GroupCalibration,
    WeakSpotSearch,
)
from limner.assessment.weak_spots import band_features, find_weak_spots
from limner.assessment.worth import Thresholds, assess_scorecard, assess_value, learning_points
from limner.contract import Contract
from limner.domain import JUDGED, SampleName
from limner.modelling.fitted import FittedModel, ProbabilityPart
from limner.modelling.protected_reference import REFERENCE
from limner.modelling.rivals import BASELINE, DEFAULTS, UNCONSTRAINED, Rivals
from limner.settings import Settings


class SoundnessFound(NamedTuple):
    """Fields of ``ModelEvidence`` that only a probability model has."""

    characteristics: tuple[Characteristics, ...] = ()
    group_calibration: tuple[GroupCalibration, ...] = ()
    weak_spots: tuple[WeakSpotSearch, ...] = ()
    scorecard: ScorecardEvidence | None = None


class WorthFound(NamedTuple):
    """Fields of ``ModelEvidence`` that only a model with rivals has."""

    calibrations: CalibrationTrials | None = None
    baseline: tuple[BaselineFeature, ...] = ()
    comparisons: tuple[PairedComparison, ...] = ()
    learning: tuple[LearningPoint, ...] = ()
    value: tuple[ValueEvidence, ...] = ()
    protected_cost: tuple[ProtectedCost, ...] = ()


@dataclass(frozen=True)
class Appraised:
    """A probability model with everybody it scored; ``rivals`` None where none were fitted."""

    fitted: FittedModel
    part: ProbabilityPart
    rivals: Rivals | None
    contract: Contract
    samples: Mapping[str, ScoredSample]
    frames: Mapping[str, pd.DataFrame]


def probability_evidence(appraised: Appraised, settings: Settings) -> dict[str, Any]:
    """Find where probabilities hold, and what the model is worth beside its rivals.

    Returns:
        fields of ``ModelEvidence``.
    """
    manifest, samples = appraised.fitted.manifest, appraised.samples
    judged = [name for name in JUDGED if name in samples]
    sound = SoundnessFound(
        characteristics=assess_characteristics(
            manifest.features, samples, settings.assessment.stability_bins
        ),
        group_calibration=tuple(
            group for name in judged for group in _calibrate_groups(appraised, name, settings)
        ),
        weak_spots=tuple(_search(appraised, name, settings) for name in judged),
        scorecard=_scorecard(appraised),
    )
    worth = WorthFound()
    if appraised.rivals is not None:
        worth = _beside_rivals(appraised, appraised.rivals, judged, settings)
    return sound._asdict() | worth._asdict()


def _beside_rivals(
    appraised: Appraised, rivals: Rivals, judged: list[str], settings: Settings
) -> WorthFound:
    compared = {name: _compare(appraised, rivals, name, settings) for name in judged}
    named = (BASELINE, UNCONSTRAINED, DEFAULTS)
    return WorthFound(
        calibrations=_calibrations(appraised, rivals),
        baseline=_baseline(appraised, rivals),
        comparisons=tuple(
            found for each in compared.values() for found in each if found.second in named
        ),
        learning=learning_points(rivals.fractions, compared[SampleName.TEST.value]),
        value=tuple(
            value for name in judged for value in _value(appraised, rivals, name, settings)
        ),
        protected_cost=tuple(
            cost for name in judged for cost in _protected_cost(appraised, rivals, name, settings)
        ),
    )


def _protected_cost(
    appraised: Appraised, rivals: Rivals, name: str, settings: Settings
) -> tuple[ProtectedCost, ...]:
    """Compare the model with the reference that has the protected attributes too."""
    if rivals.reference is None:
        return ()
    sample = appraised.samples[name]
    reference = rivals.reference.probability(sample.values, appraised.frames[name])
    (comparison,) = compare_with_each(
        name, (MODEL, sample.value), {REFERENCE: reference}, sample.truth, settings.assessment,
        settings.seed, sample.clusters,
    )  # fmt: skip
    return (ProtectedCost(attributes=rivals.reference.attributes, comparison=comparison),)


def _compare(
    appraised: Appraised, rivals: Rivals, name: str, settings: Settings
) -> tuple[PairedComparison, ...]:
    sample, features = appraised.samples[name], appraised.fitted.manifest.features
    names = [record.name for record in rivals.record.trees]
    if name != SampleName.TEST.value:
        # The learning curve is drawn on test alone.
        names = [found for found in names if found in (UNCONSTRAINED, DEFAULTS)]
    if rivals.record.baseline:
        names.insert(0, BASELINE)
    others = {other: rivals.probability(other, features, sample.values) for other in names}
    return compare_with_each(
        name, (MODEL, sample.value), others, sample.truth, settings.assessment, settings.seed,
        sample.clusters,
    )  # fmt: skip


def _calibrate_groups(
    appraised: Appraised, name: str, settings: Settings
) -> tuple[GroupCalibration, ...]:
    sample = appraised.samples[name]
    groups = {SCORE_BAND: score_bands(sample.value, appraised.part.bands)} | protected_groups(
        appraised.frames[name], appraised.contract, settings.fairness
    )
    return calibrate_groups(
        name, sample.value, sample.truth, groups, settings.assessment, settings.fairness,
        settings.seed, sample.clusters,
    )  # fmt: skip


def _search(appraised: Appraised, name: str, settings: Settings) -> WeakSpotSearch:
    sample, limits = appraised.samples[name], settings.assessment.weak_spots
    development = appraised.samples[SampleName.DEVELOPMENT.value].values
    banded = band_features(
        appraised.fitted.manifest.features, development, sample.values, limits.bins
    )
    return find_weak_spots(name, banded, sample.value, sample.truth, limits, sample.clusters)


def _scorecard(appraised: Appraised) -> ScorecardEvidence | None:
    part = appraised.part
    if part.scale is None:
        return None
    probability = appraised.samples[SampleName.TEST.value].value
    return assess_scorecard(part.scale, part.bands, part.threshold, probability)


def _calibrations(appraised: Appraised, rivals: Rivals) -> CalibrationTrials | None:
    choice = rivals.record.calibrations
    if choice is None:
        return None
    taught = [SampleName.VALIDATION.value]
    if appraised.part.calibrated_on == "folds":
        taught.append(SampleName.DEVELOPMENT.value)
    return CalibrationTrials(
        declared=rivals.record.declared_calibration or "",
        in_use=appraised.part.calibration.method,
        folds=choice.folds,
        customers=sum(len(appraised.samples[name].truth) for name in taught),
        log_loss=choice.log_loss,
    )


def _baseline(appraised: Appraised, rivals: Rivals) -> tuple[BaselineFeature, ...]:
    if rivals.record.baseline is None:
        return ()
    labels = {f.feature.name: f.feature.label for f in appraised.fitted.manifest.features}
    return tuple(
        BaselineFeature(
            feature=binned.feature,
            label=labels[binned.feature],
            bins=len(np.unique(binned.weights)),
            coefficient=binned.coefficient,
        )
        for binned in rivals.record.baseline.scorecard.features
    )


def _value(
    appraised: Appraised, rivals: Rivals, name: str, settings: Settings
) -> tuple[ValueEvidence, ...]:
    record, sample = rivals.record.value, appraised.samples[name]
    if record is None:
        return ()
    baseline = rivals.probability(BASELINE, appraised.fitted.manifest.features, sample.values)
    return (
        assess_value(
            name, record.matrix,
            Thresholds(record.threshold, record.baseline_threshold, appraised.part.threshold),
            sample.value, baseline, sample.truth, settings.assessment, settings.seed,
            sample.clusters,
        ),
    )  # fmt: skip
