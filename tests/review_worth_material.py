"""Made-up evidence of what a model is worth beside its rivals."""

from dataclasses import replace

from limner.assessment.comparison_evidence import (
    BaselineFeature,
    CalibrationTrials,
    LearningPoint,
    PairedComparison,
    ScorecardBand,
    ScorecardEvidence,
    ValueEvidence,
)
from limner.assessment.evidence import (
    Estimate,
    metrics_of,
)
from limner.assessment.soundness_evidence import (
    CalibratedGroup,
    GainsRow,
    GroupCalibration,
    Perturbation,
    WeakSpot,
    WeakSpotSearch,
)
from limner.domain import Bilingual
from limner.governance.gates import judge
from limner.governance.review_page import ReviewMaterial
from limner.governance.review_words import DECISIONS
from review_material import PIXEL, estimate, settings_of


def figures_of(auc: float, loss: float) -> dict[str, float]:
    return {"auc": auc, "log_loss": loss, "brier": loss / 4}


def compared(second: str, auc: Estimate, loss: Estimate) -> PairedComparison:
    return PairedComparison(
        sample="test", first="model", second=second, customers=30000,
        first_figures=figures_of(0.8664, 0.1761), second_figures=figures_of(0.859, 0.1814),
        differences={"auc": auc, "log_loss": loss, "brier": loss},
    )  # fmt: skip


def apart(value: float) -> Estimate:
    """State a difference whose interval is half as wide as it is large."""
    low, high = sorted((value * 0.75, value * 1.25))
    return Estimate(value=value, low=low, high=high)


def groups() -> GroupCalibration:
    return GroupCalibration(
        sample="test", attribute="score_band", groups=(
            CalibratedGroup(group="A", customers=6344, events=38, expected=45.3,
                            observed_to_expected=estimate(0.84, 0.1), sufficient=True),
            CalibratedGroup(group="B", customers=12, events=0, expected=0.2,
                            observed_to_expected=estimate(0.0, 0.0), sufficient=False),
        ),
    )  # fmt: skip


def weak_spot() -> WeakSpotSearch:
    spot = WeakSpot(
        conditions=(
            Bilingual("income: below <3,400>", "收入：低于 <3,400>"),
            Bilingual("job: nurse", "职业：护士"),
        ), customers=1598, events=172,
        expected=141.9, log_loss=0.272, promised=0.221, auc=0.807, test="log_loss", p_value=1e-5,
        adjusted=0.012,
    )  # fmt: skip
    return WeakSpotSearch(
        sample="test", slices=600, tests=1200, skipped=144, level=0.05, found=1, spots=(spot,)
    )


def value() -> ValueEvidence:
    values = {name: estimate(1.5 + i) for i, name in enumerate(DECISIONS)}
    return ValueEvidence(
        sample="test", currency="USD", acting=Bilingual("refuse", "拒绝"), customers=30000,
        threshold=0.0931, break_even=0.0909, served_threshold=0.1673, acted=0.173,
        served_acted=0.1, values=values, curve=(),
        gains={n: apart(2.0) for n in values if n != "model"}
        | {"everyone": Estimate(value=0.01, low=0.0, high=0.03)},
    )  # fmt: skip


def of_worth(material: ReviewMaterial) -> ReviewMaterial:
    """Add all that is found only on a probability model with rivals."""
    for name in ("gains", "learning", "value"):
        (material.plots / f"{name}.png").write_bytes(PIXEL)
    gains = tuple(
        GainsRow(share=i / 10, customers=3000, rate=estimate(0.4), capture=estimate(0.563),
                 lift=estimate(5.631, 0.2))
        for i in range(1, 11)
    )  # fmt: skip
    known = material.evidence.samples
    evidence = material.evidence.model_copy(
        update={
            "samples": known | {"test": known["test"].model_copy(update={"gains": gains})},
            "group_calibration": (groups(),),
            "calibrations": CalibrationTrials(
                declared="auto", in_use="platt", folds=5, customers=29999,
                log_loss={"none": 0.18109, "platt": 0.18107, "beta": 0.18193, "isotonic": 0.18354},
            ),
            "baseline": (
                BaselineFeature(feature="age", label=Bilingual("age", "年龄"), bins=6,
                                coefficient=0.4),
            ),
            "comparisons": (
                compared("baseline", apart(0.0074), apart(-0.0053)),
                compared("unconstrained", apart(-0.0019), apart(0.0009)),
                compared("plain_defaults", apart(-0.0061), apart(0.0031)),
            ),
            "learning": (
                LearningPoint(fraction=0.5, customers=45000, rounds=107,
                              comparison=compared("fraction_0.5", apart(0.0016), apart(-0.0013))),
            ),
            "weak_spots": (weak_spot(),),
            "robustness": (
                Perturbation(kind="noise", share=0.1, rank_correlation=0.985,
                             figure="auc", change=apart(-0.003), mean_change=0.0085, flipped=0.012),
            ),
            "scorecard": ScorecardEvidence(
                base_points=600, base_odds=50, points_to_double=20, factor=28.85, offset=487.12,
                threshold=533.4, quantiles={"0.5": 595.5},
                bands=(ScorecardBand(band="A", low=550, high=None),
                       ScorecardBand(band="B", low=None, high=550)),
            ),
            "value": (value(),),
        }
    )  # fmt: skip
    limits = material.settings.model("late_payment").gates
    gates = judge(evidence, metrics_of(evidence), limits, drift_found=False)
    matrix = {"currency": "USD", "acting": {"en": "refuse", "zh": "拒绝"}, "true_positive": 0,
              "false_positive": 0, "true_negative": 300, "false_negative": -3000}  # fmt: skip
    return replace(material, evidence=evidence, gates=gates, settings=settings_of(value=matrix))
