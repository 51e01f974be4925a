"""Assess one model: every sample's figures, stability, explanation and fairness."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.bootstrap import bootstrap, estimate, resample_counts
from limner.assessment.calibration_error import Reliability
from limner.assessment.discrimination import Ranking
from limner.assessment.evidence import (
    Estimate,
    ExplanationEvidence,
    FairnessEvidence,
    SampleEvidence,
    SegmentEvidence,
    StabilityEvidence,
)
from limner.assessment.explanation import additivity_gap, draw_explanation, explain
from limner.assessment.fairness import age_bands, assess_fairness
from limner.assessment.plots import draw_importance, draw_reliability
from limner.assessment.stability import column_psi
from limner.contract import Contract
from limner.features.encoding import FittedFeature, Matrix
from limner.outcomes.definitions import Outcome
from limner.settings import AssessmentSettings, Explanation, FairnessSettings

Floats = npt.NDArray[np.float64]
AGE_COLUMN = "age"


class ScoredSample(NamedTuple):
    """One sample as the model sees and scores it; all arrays have n_customers rows.

    ``value`` is the probability, or the confidence in the assigned segment; ``truth``
    is the outcome, or whether the surrogate agrees with the clustering.
    """

    values: Matrix
    value: Floats
    truth: npt.NDArray[np.int64]
    outcome: npt.NDArray[np.int64]
    favourable: npt.NDArray[np.bool_]
    segment: npt.NDArray[np.int64] | None


def assess_sample(
    sample: ScoredSample, settings: AssessmentSettings, seed: int, judged: bool
) -> SampleEvidence:
    """Compute discrimination and calibration on one sample, with intervals where it judges."""
    customers = len(sample.truth)
    reliability = Reliability(sample.value, sample.truth, settings.calibration_bins)
    ranking = None if sample.segment is not None else Ranking(sample.value, sample.truth)

    def figures(weights: Floats) -> Mapping[str, float]:
        calibration = reliability.figures(weights)
        if ranking is None:
            return {"agreement": float(weights @ sample.truth / weights.sum()), **calibration}
        return {**ranking.figures(weights), **calibration}

    return SampleEvidence(
        customers=customers,
        events=int(sample.outcome.sum()),
        event_rate=float(sample.outcome.mean()),
        values=figures(np.ones(customers)),
        figures=(
            bootstrap(figures, customers, settings.resamples, settings.confidence, seed)
            if judged
            else {}
        ),
        reliability=reliability.table(settings.resamples, settings.confidence, seed),
    )


def assess_stability(
    features: Sequence[FittedFeature], samples: Mapping[str, ScoredSample], bins: int
) -> tuple[StabilityEvidence, ...]:
    """Compare score and features of every other sample with development's, on its bands."""
    development = samples["development"]

    def score(sample: ScoredSample) -> Floats:
        return sample.value if sample.segment is None else sample.segment.astype(np.float64)

    return tuple(
        StabilityEvidence(
            sample=name,
            score_psi=column_psi(
                score(development), score(other), bins, development.segment is not None
            ),
            feature_psi={
                f.feature.name: column_psi(
                    development.values[:, i].astype(np.float64),
                    other.values[:, i].astype(np.float64),
                    bins,
                    f.categories is not None,
                )
                for i, f in enumerate(features)
            },
        )
        for name, other in samples.items()
        if name != "development"
    )


def assess_groups(
    name: str, sample: ScoredSample, frame: pd.DataFrame, contract: Contract, outcome: Outcome,
    assessment: AssessmentSettings, limits: FairnessSettings, seed: int,
) -> FairnessEvidence:  # fmt: skip
    """Compare the favourable decision between groups of every protected attribute."""
    deserving = sample.outcome == outcome.deserved
    words = outcome.meaning if outcome.deserved == 1 else f"not: {outcome.meaning}"
    return assess_fairness(
        name, sample.favourable, deserving, protected_groups(frame, contract, limits),
        (outcome.favourable, words), assessment, limits, seed,
    )  # fmt: skip


def protected_groups(
    frame: pd.DataFrame, contract: Contract, limits: FairnessSettings
) -> dict[str, pd.Series]:
    """Return the group of each customer by protected attribute; ages become bands."""
    groups: dict[str, pd.Series] = {}
    for name in contract.protected():
        if name == AGE_COLUMN:
            groups["age_band"] = age_bands(frame[name], limits.age_band_starts)
        else:
            groups[name] = frame[name]
    return groups


def assess_segments(
    samples: Mapping[str, ScoredSample], segments: int, settings: AssessmentSettings, seed: int
) -> tuple[SegmentEvidence, ...]:
    """Count each segment's customers and their response in every sample."""
    return tuple(
        _segment_evidence(name, sample, number, settings, seed)
        for name, sample in samples.items()
        for number in range(segments)
    )


def explain_model(
    model: str, features: Sequence[FittedFeature], contract: Contract, values: Matrix,
    contributions: Floats, margins: Floats, settings: Explanation,
) -> ExplanationEvidence:  # fmt: skip
    """Check that contributions add up, then rank the features by them.

    Raises:
        AdditivityBroken: they do not add up.
    """
    gap = additivity_gap(model, contributions, margins, settings.additivity_tolerance)
    protected = set(contract.protected())
    return explain(
        features, lambda f: bool(protected & set(f.feature.of)), contributions, gap,
        settings.additivity_tolerance, settings.dependence_plots,
    )  # fmt: skip


def draw_plots(
    evidence: Mapping[str, SampleEvidence], explanation: ExplanationEvidence,
    features: Sequence[FittedFeature], values: Matrix, contributions: Floats,
    axis: str, folder: Path, seed: int,
) -> None:  # fmt: skip
    """Draw every figure of the review page below ``folder``."""
    shown = {n: evidence[n].reliability for n in ("test", "out_of_time") if n in evidence}
    draw_reliability(shown, axis, folder / "reliability.png")
    draw_importance(explanation.importance, folder / "importance.png")
    draw_explanation(features, values, contributions, explanation, folder, seed)


def _segment_evidence(
    name: str, sample: ScoredSample, number: int, settings: AssessmentSettings, seed: int
) -> SegmentEvidence:
    assert sample.segment is not None
    inside = sample.segment == number
    customers, events = int(inside.sum()), int(sample.outcome[inside].sum())
    rate: Estimate | None = None
    if customers:
        drawn = resample_counts(np.array([events, customers - events]), settings.resamples, seed)
        rate = estimate(events / customers, drawn[:, 0] / customers, settings.confidence)
    return SegmentEvidence(
        sample=name, number=number + 1, customers=customers,
        share=customers / len(inside), response_rate=rate,
    )  # fmt: skip
