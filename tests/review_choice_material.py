"""Made-up evidence of a model that asks about several products."""

from dataclasses import replace

from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.evidence import (
    ChoiceEvidence,
    Estimate,
    FeatureImportance,
    ProductEvidence,
    ProductImportance,
    RecommendationEvidence,
    metrics_of,
)
from limner.domain import Bilingual
from limner.governance.gates import judge
from limner.governance.review_page import ReviewMaterial
from limner.modelling.calibration import Calibration
from limner.modelling.choice import ChoicePart, ChoiceProduct, ProductLeftOut
from review_material import PIXEL, estimate, sample, settings_of

CARD, LOAN = Bilingual("credit card", "信用卡"), Bilingual("loan", "贷款")
_FIGURES = ("auc", "average_precision", "lift_10", "ece", "brier", "log_loss", "calibration_slope",
            "calibration_intercept")  # fmt: skip


def product(name: str, auc: float, gain: Estimate) -> ProductEvidence:
    judged = name in ("test", "out_of_time")
    whole = dict.fromkeys(_FIGURES, 0.5) | {"auc": auc, "ece": 0.0123}
    found = sample(auc, judged, 8474).model_copy(
        update={
            "values": whole,
            "figures": {k: estimate(v) for k, v in whole.items()} if judged else {},
        }
    )
    beside = PairedComparison(
        sample=name, first="model", second="baseline", customers=8474,
        first_figures={"auc": auc}, second_figures={"auc": auc - gain.value},
        differences={"auc": gain, "log_loss": Estimate(value=-0.002, low=-0.003, high=-0.001)},
    )  # fmt: skip
    return ProductEvidence(
        sample=name, kind="card", words=CARD, held=5075, found=found,
        beside_baseline=beside if judged else None,
    )  # fmt: skip


def recommendation(name: str, gain: Estimate) -> RecommendationEvidence:
    keys = [f"{kind}_{first}" for kind in ("hit", "popular", "chance") for first in (1, 3)]
    gains = {f"hit_{first}_over_{other}": gain for first in (1, 3) for other in
             ("popular", "chance")}  # fmt: skip
    return RecommendationEvidence(
        sample=name, asked=8739, held=184, takers=1079, gains=gains,
        figures={key: estimate(0.4 + place / 100) for place, key in enumerate(keys)},
        recommended={"card": 1.0},
    )  # fmt: skip


def choice_of(auc: float, gain: Estimate, samples: tuple[str, ...]) -> ChoiceEvidence:
    income = FeatureImportance(feature="income", label=Bilingual("income", "收入"),
                               mean_absolute=0.321, protected=False, monotone=0)  # fmt: skip
    return ChoiceEvidence(
        products=tuple(product(name, auc, gain) for name in samples),
        recommendations=tuple(
            recommendation(name, gain) for name in ("test", "out_of_time") if name in samples
        ),
        importance=(ProductImportance(kind="card", customers=2500, features=(income,)),),
    )


def choice(
    material: ReviewMaterial, auc: float = 0.66,
    gain: Estimate = Estimate(value=0.07, low=0.02, high=0.12),  # noqa: B008  it is frozen
) -> ReviewMaterial:  # fmt: skip
    for name in ("products", "product_reliability"):
        (material.plots / f"{name}.png").write_bytes(PIXEL)
    evidence = material.evidence.model_copy(
        update={"choice": choice_of(auc, gain, tuple(material.evidence.samples))}
    )
    settings = settings_of(
        bands=None, choice={"least_events": 100},
        gates={"minimum": {"test/card/auc": 0.6, "test/worst_auc": 0.6},
               "maximum": {"test/worst_ece": 0.02}},
    )  # fmt: skip
    card = ChoiceProduct(
        kind="card", words=CARD, column="card_taken", held_by="cards", value=2.5,
        calibration=Calibration("platt", 1.003, 0.112), takers=326,
    )  # fmt: skip
    reason = Bilingual("0 customers of development took one, fewer than 100", "开发样本中无人购买")
    left_out = ProductLeftOut(kind="loan", words=LOAN, reason=reason)
    part = ChoicePart(products=(card,), threshold=0.0514, left_out=(left_out,))
    gates = judge(evidence, metrics_of(evidence), settings.model("late_payment").gates, False)
    return replace(
        material,
        manifest=material.manifest.model_copy(update={"probability": None, "choice": part}),
        evidence=evidence,
        settings=settings,
        gates=gates,
    )
