"""Evidence made up by hand, for tests of what is concluded from it."""

from collections.abc import Mapping

from limner.assessment.evidence import (
    AttributeEvidence,
    Estimate,
    ExplanationEvidence,
    FairnessEvidence,
    GroupEvidence,
    ModelEvidence,
    SampleEvidence,
)
from limner.assessment.fairness import WITHIN_LIMIT
from limner.domain import Bilingual

Interval = tuple[float, float, float]


def sample(**figures: Interval) -> SampleEvidence:
    """State a sample of 1,000 customers; each figure is its value, low and high."""
    estimates = {name: estimate(interval) for name, interval in figures.items()}
    return SampleEvidence(
        customers=1000, events=100, event_rate=0.1, figures=estimates, reliability=(),
        values={name: found.value for name, found in estimates.items()},
    )  # fmt: skip


def estimate(interval: Interval) -> Estimate:
    value, low, high = interval
    return Estimate(value=value, low=low, high=high)


def attribute(
    name: str, ratio: Interval | None, verdict: str = WITHIN_LIMIT, thin: tuple[str, ...] = ()
) -> AttributeEvidence:
    """State one protected attribute; ``thin`` groups have insufficient evidence."""
    return AttributeEvidence(
        attribute=name,
        groups=(*(_group(name, sufficient=False) for name in thin), _group("all others")),
        selection_ratio=estimate(ratio) if ratio else None,
        equal_opportunity_difference=None,
        verdict=verdict,
    )


def evidence(
    samples: Mapping[str, SampleEvidence], attributes: tuple[AttributeEvidence, ...] = ()
) -> ModelEvidence:
    """State the evidence on a model."""
    return ModelEvidence(
        model="churn", digest="d1", resamples=500, confidence=0.95, samples=samples, stability=(),
        explanation=ExplanationEvidence(
            customers=100, additivity_gap=1e-6, additivity_tolerance=1e-3, importance=(),
            dependence_plots=(),
        ),
        fairness=(
            FairnessEvidence(
                sample="test", favourable=Bilingual("credit approved", "信贷获批"),
                deserving="not: late", minimum_selection_ratio=0.8, minimum_group=100,
                minimum_outcomes=20, attributes=attributes,
            ),
        ),
    )  # fmt: skip


def _group(name: str, sufficient: bool = True) -> GroupEvidence:
    return GroupEvidence(
        group=name, customers=10, deserving=5, selection_rate=None, true_positive_rate=None,
        false_positive_rate=None, sufficient=sufficient,
    )  # fmt: skip
