"""What each table of the review page shows: evidence arranged, nothing computed anew."""

from collections.abc import Mapping
from dataclasses import dataclass

from limner.assessment.evidence import (
    Estimate,
    ModelEvidence,
    SegmentEvidence,
    metrics_of,
)
from limner.contract import Sensitivity
from limner.domain import Bilingual
from limner.governance.gates import GateReport, GateResult
from limner.governance.review_words import figure_words, gate_words
from limner.modelling.fitted import Manifest, Segment
from limner.settings import ModelSettings


@dataclass(frozen=True)
class GateView:
    """One gate; ``crossed`` where its figure's interval reaches past the limit."""

    gate: GateResult
    words: Bilingual
    interval: Estimate | None
    customers: int | None
    crossed: bool


@dataclass(frozen=True)
class FigureView:
    """One figure on both judging samples; ``apart`` where their intervals do not meet."""

    name: str
    words: Bilingual
    test: Estimate
    out_of_time: Estimate | None
    apart: bool


@dataclass(frozen=True)
class ExceptionView:
    """A protected attribute that the model uses, by which features, and why."""

    attribute: str
    features: tuple[Bilingual, ...]
    reason: str | None


@dataclass(frozen=True)
class StabilityView:
    """One feature's stability on several samples: how far it moved, and what that is worth."""

    feature: str
    label: Bilingual
    protected: bool
    psi: Mapping[str, float]
    csi: Mapping[str, float]


@dataclass(frozen=True)
class SegmentView:
    """One segment and its customers by sample."""

    segment: Segment
    samples: Mapping[str, SegmentEvidence]


def gate_views(report: GateReport, evidence: ModelEvidence) -> tuple[GateView, ...]:
    """Set each gate beside its figure's interval and sample size."""
    metrics = metrics_of(evidence)
    return tuple(_gate_view(gate, metrics) for gate in report.gates)


def figure_views(evidence: ModelEvidence) -> tuple[FigureView, ...]:
    """Set each figure on the test sample beside the same out of time, if there is such a sample."""
    test, late = evidence.samples["test"].figures, evidence.samples.get("out_of_time")
    return tuple(
        FigureView(
            name, figure_words(name), found, late.figures[name] if late else None,
            apart=late is not None and _apart(found, late.figures[name]),
        )
        for name, found in test.items()
    )  # fmt: skip


def exception_views(manifest: Manifest, settings: ModelSettings) -> tuple[ExceptionView, ...]:
    """List the protected attributes that the model uses."""
    return tuple(
        ExceptionView(
            name,
            tuple(f.feature.label for f in manifest.features if name in f.feature.of),
            settings.protected_features.get(name),
        )
        for name, column in manifest.columns.items()
        if column.sensitivity is Sensitivity.PROTECTED
    )


def protected_names(manifest: Manifest, evidence: ModelEvidence) -> frozenset[str]:
    """Name every protected attribute that the page speaks of, with an age band's column."""
    used = {n for n, c in manifest.columns.items() if c.sensitivity is Sensitivity.PROTECTED}
    assessed = {a.attribute for fairness in evidence.fairness for a in fairness.attributes}
    return frozenset(used | assessed | {name.removesuffix("_band") for name in assessed})


def stability_views(evidence: ModelEvidence) -> tuple[StabilityView, ...]:
    """List features from the one that moved most, on the sample furthest from development."""
    last = evidence.stability[-1].feature_psi
    known = {row.feature: row for row in evidence.explanation.importance}
    return tuple(
        StabilityView(
            feature, known[feature].label, known[feature].protected,
            {found.sample: found.feature_psi[feature] for found in evidence.stability},
            {found.sample: found.index[feature] for found in evidence.characteristics},
        )
        for feature in sorted(last, key=lambda name: -last[name])
    )  # fmt: skip


def segment_views(manifest: Manifest, evidence: ModelEvidence) -> tuple[SegmentView, ...]:
    """Set each segment beside its customers in every sample."""
    part = manifest.segmentation
    return tuple(
        SegmentView(segment, {s.sample: s for s in evidence.segments if s.number == segment.number})
        for segment in (part.segments if part else ())
    )


def _gate_view(gate: GateResult, metrics: Mapping[str, float]) -> GateView:
    low, high = (metrics.get(f"{gate.metric}_{end}") for end in ("low", "high"))
    interval = None
    if gate.value is not None and low is not None and high is not None:
        interval = Estimate(value=gate.value, low=low, high=high)
    # The stability of segments is measured on the development sample.
    sample = gate.metric.partition("/")[0].replace("stability", "development")
    customers = metrics.get(f"{sample}/customers")
    return GateView(
        gate, gate_words(gate.metric), interval, int(customers) if customers else None,
        crossed=interval is not None and interval.low < gate.limit < interval.high,
    )  # fmt: skip


def _apart(first: Estimate, second: Estimate) -> bool:
    return first.low > second.high or second.low > first.high
