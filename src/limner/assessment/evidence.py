"""The types of evidence: what assessment finds, and what governance and reviewers read."""

from collections.abc import Mapping

from limner.assessment.amount_evidence import AmountEvidence
from limner.assessment.comparison_evidence import (
    BaselineFeature,
    CalibrationTrials,
    LearningPoint,
    PairedComparison,
    ProtectedCost,
    ScorecardEvidence,
    ValueEvidence,
)
from limner.assessment.estimate import Estimate, Evidence
from limner.assessment.month_to_month import MonthToMonth
from limner.assessment.soundness_evidence import (
    Characteristics,
    GainsRow,
    GroupCalibration,
    Perturbation,
    WeakSpotSearch,
)
from limner.domain import Bilingual

__all__ = ["Estimate", "Evidence"]


class ReliabilityBin(Evidence):
    """One equal-count score bin: what was predicted and what happened."""

    customers: int
    predicted: float
    observed: Estimate


class SampleEvidence(Evidence):
    """All figures on one sample; ``event_rate`` is the share with the outcome.

    ``values`` holds every figure, ``figures`` those of a sample the model is judged on,
    with intervals. On samples it was fitted or calibrated on an interval would claim a
    certainty that is not there. ``gains`` is empty there too. ``clusters`` are the units
    that were drawn again: customers, where one stands in several rows.
    """

    customers: int
    events: int
    event_rate: float
    values: Mapping[str, float]
    figures: Mapping[str, Estimate]
    reliability: tuple[ReliabilityBin, ...]
    gains: tuple[GainsRow, ...] = ()
    clusters: int | None = None


class StabilityEvidence(Evidence):
    """How far a sample's distribution is from development's, in nats."""

    sample: str
    score_psi: float
    feature_psi: Mapping[str, float]


class FeatureImportance(Evidence):
    """Mean absolute contribution of a feature to the score, in log-odds."""

    feature: str
    label: Bilingual
    mean_absolute: float
    protected: bool
    monotone: int


class ExplanationEvidence(Evidence):
    """What moves the score; ``additivity_gap`` is the largest miss of sum and margin."""

    customers: int
    additivity_gap: float
    additivity_tolerance: float
    importance: tuple[FeatureImportance, ...]
    dependence_plots: tuple[str, ...]


class GroupEvidence(Evidence):
    """Figures of one group; rates are None where nobody could be counted."""

    group: str
    customers: int
    deserving: int
    selection_rate: Estimate | None
    true_positive_rate: Estimate | None
    false_positive_rate: Estimate | None
    sufficient: bool


class AttributeEvidence(Evidence):
    """One protected attribute; comparisons are between groups with sufficient evidence."""

    attribute: str
    groups: tuple[GroupEvidence, ...]
    selection_ratio: Estimate | None
    equal_opportunity_difference: Estimate | None
    verdict: str


class FairnessEvidence(Evidence):
    """Outcomes of the decision by group, on one sample."""

    sample: str
    favourable: Bilingual
    deserving: str
    minimum_selection_ratio: float
    minimum_group: int
    minimum_outcomes: int
    attributes: tuple[AttributeEvidence, ...]


class SegmentEvidence(Evidence):
    """One segment on one sample, as the surrogate assigns it."""

    sample: str
    number: int
    customers: int
    share: float
    response_rate: Estimate | None


class ProductEvidence(Evidence):
    """One product on one sample: ``found`` is of the rows whose customer lacks it.

    ``held`` counts the rows whose customer holds one already: the product's own exclusion.
    ``beside_baseline`` compares the model with a plain scorecard of this product alone.
    """

    sample: str
    kind: str
    words: Bilingual
    held: int
    found: SampleEvidence
    beside_baseline: PairedComparison | None = None


class RecommendationEvidence(Evidence):
    """How often what is recommended is what is taken, on one sample.

    Attributes:
        asked: rows whose customer lacks a product at least.
        held: rows whose customer holds every product: nothing is recommended.
        takers: rows whose customer took a product that they lacked; figures are of these.
        figures: share of takers who took the first (``hit_1``) or one of the first three
            (``hit_3``) products by the model, by popularity (the highest rate in development
            among the products that they lack) and by chance.
        gains: the model's figure less each other's, on the same resamples.
        recommended: share of asked rows by recommended product.
    """

    sample: str
    asked: int
    held: int
    takers: int
    figures: Mapping[str, Estimate]
    gains: Mapping[str, Estimate]
    recommended: Mapping[str, float]


class ProductImportance(Evidence):
    """What moves one product's probability most, among customers who lack it, in log-odds."""

    kind: str
    customers: int
    features: tuple[FeatureImportance, ...]


class ChoiceEvidence(Evidence):
    """Everything that only a model of several products has; products in the model's order."""

    products: tuple[ProductEvidence, ...]
    recommendations: tuple[RecommendationEvidence, ...]
    importance: tuple[ProductImportance, ...]


class CrossFitted(Evidence):
    """Figures over all customers, each judged by models that were fitted without them.

    Attributes:
        repeats, folds: how often the customers were parted anew, and into how many folds.
        figures: mean over all folds; the interval counts that repeats are of the same customers.
        lowest_auc, highest_auc: mean AUC of the repeat where it is lowest, and highest: what
            the luck of one division alone would have made of it.
    """

    customers: int
    events: int
    repeats: int
    folds: int
    figures: Mapping[str, Estimate]
    lowest_auc: float
    highest_auc: float


class ModelEvidence(Evidence):
    """Everything assessment found on one model."""

    model: str
    digest: str
    resamples: int
    confidence: float
    samples: Mapping[str, SampleEvidence]
    stability: tuple[StabilityEvidence, ...]
    explanation: ExplanationEvidence
    fairness: tuple[FairnessEvidence, ...]
    segments: tuple[SegmentEvidence, ...] = ()
    segment_stability: Estimate | None = None
    segment_months: tuple[MonthToMonth, ...] = ()
    choice: ChoiceEvidence | None = None
    characteristics: tuple[Characteristics, ...] = ()
    group_calibration: tuple[GroupCalibration, ...] = ()
    calibrations: CalibrationTrials | None = None
    baseline: tuple[BaselineFeature, ...] = ()
    comparisons: tuple[PairedComparison, ...] = ()
    learning: tuple[LearningPoint, ...] = ()
    weak_spots: tuple[WeakSpotSearch, ...] = ()
    robustness: tuple[Perturbation, ...] = ()
    scorecard: ScorecardEvidence | None = None
    value: tuple[ValueEvidence, ...] = ()
    amount: AmountEvidence | None = None
    cross_fitted: CrossFitted | None = None
    unrecorded_groups: tuple[str, ...] = ()
    protected_cost: tuple[ProtectedCost, ...] = ()


def metrics_of(evidence: ModelEvidence) -> dict[str, float]:
    """Flatten the headline figures to keys such as ``test/auc``, for DVC, MLflow and gates.

    Every figure stands with its interval (``_low``, ``_high``) and its sample's size. A model
    of several products has ``test/auc`` and so on of the product that it recommends; besides
    ``test/card/auc`` and ``test/card/over_baseline/auc``, one a product; ``test/worst_auc``
    and ``test/worst_ece``, the lowest and the highest of the products'; ``test/hit_1``,
    ``test/hit_1_over_popular`` and ``test/hit_1_over_chance``, and so with ``hit_3``.
    """
    metrics: dict[str, float] = {}
    for sample, found in evidence.samples.items():
        metrics[f"{sample}/customers"] = found.customers
        metrics[f"{sample}/event_rate"] = found.event_rate
        metrics |= {f"{sample}/{name}": value for name, value in found.values.items()}
        for name, estimate in found.figures.items():
            metrics |= _with_interval(f"{sample}/{name}", estimate)
    for drift in evidence.stability:
        metrics[f"{drift.sample}/score_psi"] = drift.score_psi
    for fairness in evidence.fairness:
        for attribute in fairness.attributes:
            if attribute.selection_ratio:
                key = f"{fairness.sample}/selection_ratio/{attribute.attribute}"
                metrics |= _with_interval(key, attribute.selection_ratio)
    metrics |= _worth_metrics(evidence) | _segment_metrics(evidence)
    if evidence.choice:
        metrics |= _choice_metrics(evidence.choice)
    if evidence.amount:
        metrics |= _amount_metrics(evidence.amount)
    if evidence.cross_fitted:
        metrics |= _metrics_of_folds(evidence.cross_fitted)
    metrics["explanation/additivity_gap"] = evidence.explanation.additivity_gap
    return {key: round(value, 6) for key, value in metrics.items()}


def _worth_metrics(evidence: ModelEvidence) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for comparison in evidence.comparisons:
        for name, difference in comparison.differences.items():
            key = f"{comparison.sample}/over_{comparison.second}/{name}"
            metrics |= _with_interval(key, difference)
    for value in evidence.value:
        metrics |= _with_interval(f"{value.sample}/value", value.values["model"])
        for other, gain in value.gains.items():
            metrics |= _with_interval(f"{value.sample}/value_over_{other}", gain)
    return metrics


def _segment_metrics(evidence: ModelEvidence) -> dict[str, float]:
    metrics: dict[str, float] = {}
    if evidence.segment_stability:
        metrics |= _with_interval("stability/adjusted_rand", evidence.segment_stability)
    for months in evidence.segment_months:
        metrics |= _with_interval(f"{months.sample}/month_to_month_rand", months.next_snapshot)
    return metrics


_OF_A_PRODUCT = ("auc", "average_precision", "lift_10", "ece", "brier", "log_loss")


def _choice_metrics(choice: ChoiceEvidence) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for product in choice.products:
        key, found = f"{product.sample}/{product.kind}", product.found
        metrics |= {f"{key}/customers": found.customers, f"{key}/event_rate": found.event_rate}
        for name in (*_OF_A_PRODUCT, "calibration_slope"):
            metrics[f"{key}/{name}"] = found.values[name]
            if name in found.figures:
                metrics |= _with_interval(f"{key}/{name}", found.figures[name])
        if product.beside_baseline:
            for name, difference in product.beside_baseline.differences.items():
                metrics |= _with_interval(f"{key}/over_baseline/{name}", difference)
    for sample in dict.fromkeys(product.sample for product in choice.products):
        figures = [p.found.values for p in choice.products if p.sample == sample]
        metrics[f"{sample}/worst_auc"] = min(found["auc"] for found in figures)
        metrics[f"{sample}/worst_ece"] = max(found["ece"] for found in figures)
    for recommended in choice.recommendations:
        for name, estimate in recommended.figures.items():
            metrics |= _with_interval(f"{recommended.sample}/{name}", estimate)
        for name, estimate in recommended.gains.items():
            metrics |= _with_interval(f"{recommended.sample}/{name}", estimate)
    return metrics


def _amount_metrics(amount: AmountEvidence) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for comparison in amount.comparisons:
        for name, difference in comparison.differences.items():
            key = f"{comparison.sample}/over_{comparison.second}/{name}"
            metrics |= _with_interval(key, difference)
    for tier in amount.tiers:
        if tier.coverage:
            metrics |= _with_interval(f"{tier.sample}/coverage/{tier.tier}", tier.coverage)
    return metrics


def _metrics_of_folds(found: CrossFitted) -> dict[str, float]:
    metrics: dict[str, float] = {
        "cross_fitted/customers": found.customers,
        "cross_fitted/events": found.events,
    }
    for name, estimate in found.figures.items():
        metrics |= _with_interval(f"cross_fitted/{name}", estimate)
    return metrics


def _with_interval(key: str, estimate: Estimate) -> dict[str, float]:
    return {key: estimate.value, f"{key}_low": estimate.low, f"{key}_high": estimate.high}
