"""Assess one model: every sample's figures, stability, explanation and fairness."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.bootstrap import Clusters, bootstrap, estimate, resample_counts
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
from limner.assessment.gains import (
    DECILES,
    UNBOUNDED,
    gains_figures,
    gains_table,
    without_gains,
)
from limner.assessment.plots import LOG_ODDS, draw_importance, draw_reliability
from limner.assessment.recalibration import Recalibration
from limner.assessment.soundness_evidence import Characteristics
from limner.assessment.stability import column_csi, column_psi
from limner.contract import Contract
from limner.features.encoding import FittedFeature, Matrix
from limner.outcomes.definitions import Outcome
from limner.settings import AssessmentSettings, Explanation, FairnessSettings

Floats = npt.NDArray[np.float64]
# Names of an age in years, in marts and among the features of banks.
AGE_COLUMNS = ("age", "age_years")


class ScoredSample(NamedTuple):
    """One sample as the model sees and scores it; all arrays have n_customers rows.

    ``value`` is the probability, the confidence in the assigned segment or the expected
    amount, whose ``interval`` has shape (n_customers, 2); ``truth`` is the outcome, or whether
    the surrogate agrees with the clustering. ``clusters`` numbers the customer of each row,
    where one stands in several rows.
    """

    values: Matrix
    value: Floats
    truth: npt.NDArray[np.int64]
    outcome: npt.NDArray[np.int64]
    favourable: npt.NDArray[np.bool_]
    segment: npt.NDArray[np.int64] | None
    clusters: Clusters | None = None
    interval: Floats | None = None


def assess_sample(
    sample: ScoredSample, settings: AssessmentSettings, seed: int, judged: bool
) -> SampleEvidence:
    """Compute discrimination and calibration on one sample, with intervals where it judges."""
    customers = len(sample.truth)
    figures = _Figures(sample, settings.calibration_bins)
    point = figures(np.ones(customers))
    found: dict[str, Estimate] = {}
    if judged:
        found = bootstrap(
            figures, customers, settings.resamples, settings.confidence, seed, sample.clusters,
            UNBOUNDED,
        )  # fmt: skip
    return SampleEvidence(
        customers=customers,
        events=int(sample.outcome.sum()),
        event_rate=float(sample.outcome.mean()),
        values=without_gains(point),
        figures=without_gains(found),
        reliability=figures.reliability.table(
            settings.resamples, settings.confidence, seed, sample.clusters
        ),
        gains=gains_table(found, customers) if judged and sample.segment is None else (),
        clusters=None if sample.clusters is None else int(sample.clusters.max()) + 1,
    )


class _Figures:
    """Every figure of one sample as a function of how often each row was drawn."""

    def __init__(self, sample: ScoredSample, bins: int) -> None:
        self.reliability = Reliability(sample.value, sample.truth, bins)
        self._truth = sample.truth.astype(np.float64)
        self._ranks = sample.segment is None
        if self._ranks:
            self._ranking = Ranking(sample.value, sample.truth)
            self._recalibration = Recalibration(sample.value, sample.truth)

    def __call__(self, weights: Floats) -> Mapping[str, float]:
        rate = float(np.sum(weights * self._truth) / weights.sum())
        calibration = self.reliability.figures(weights)
        if not self._ranks:
            return {"agreement": rate, **calibration}
        ranked, captured = self._ranking.figures_and_gains(weights, DECILES)
        return {
            **ranked,
            "capture_10": float(captured[0]),
            "lift_10": float(captured[0] / DECILES[0]),
            **calibration,
            **self._recalibration.figures(weights),
            **gains_figures(captured, rate),
        }


def assess_characteristics(
    features: Sequence[FittedFeature], samples: Mapping[str, ScoredSample], bins: int
) -> tuple[Characteristics, ...]:
    """Say how far each feature's shift since development moves the score."""
    development = samples["development"]
    return tuple(
        Characteristics(
            sample=name,
            index={
                f.feature.name: column_csi(
                    development.values[:, i].astype(np.float64), development.outcome,
                    other.values[:, i].astype(np.float64), bins, f.categories is not None,
                )
                for i, f in enumerate(features)
            },
        )
        for name, other in samples.items()
        if name != "development"
    )  # fmt: skip


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
        (outcome.favourable, words), assessment, limits, seed, sample.clusters,
    )  # fmt: skip


def protected_groups(
    frame: pd.DataFrame, contract: Contract, limits: FairnessSettings
) -> dict[str, pd.Series]:
    """Return the group of each customer by protected attribute; ages become bands.

    An attribute that the frame has no column of has no groups (:func:`unrecorded`).
    """
    groups: dict[str, pd.Series] = {}
    for name in contract.protected():
        if name not in frame:
            continue
        if name in AGE_COLUMNS:
            groups["age_band"] = age_bands(frame[name], limits.age_band_starts)
        elif contract.column(name).is_number:
            # Counted things, such as dependents: a group is named 2, not 2.0.
            groups[name] = frame[name].round().astype("Int64")
        else:
            groups[name] = frame[name]
    return groups


def unrecorded(frame: pd.DataFrame, contract: Contract) -> tuple[str, ...]:
    """Name the protected attributes that a portfolio keeps no record of."""
    return tuple(name for name in contract.protected() if name not in frame)


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
    axis: str, folder: Path, seed: int, unit: str = LOG_ODDS,
) -> None:  # fmt: skip
    """Draw every figure of the review page below ``folder``; ``unit`` is the contributions'."""
    shown = {n: evidence[n].reliability for n in ("test", "out_of_time") if n in evidence}
    draw_reliability(shown, axis, folder / "reliability.png")
    draw_importance(explanation.importance, folder / "importance.png", unit)
    draw_explanation(features, values, contributions, explanation, folder, seed, unit)


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
