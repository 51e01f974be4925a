"""Made-up evidence of a model, and its review page read as a person does."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from limner.assessment.evidence import (
    AttributeEvidence,
    Estimate,
    ExplanationEvidence,
    FairnessEvidence,
    FeatureImportance,
    GroupEvidence,
    ModelEvidence,
    ReliabilityBin,
    SampleEvidence,
    SegmentEvidence,
    StabilityEvidence,
    metrics_of,
)
from limner.assessment.fairness import INSUFFICIENT, WITHIN_LIMIT
from limner.assessment.month_to_month import MonthToMonth
from limner.contract import Column, Sensitivity
from limner.domain import Bilingual, ScoreBand
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature
from limner.governance.gates import judge
from limner.governance.review_page import ReviewMaterial
from limner.modelling.calibration import Calibration
from limner.modelling.fitted import (
    DefiningFeature,
    Manifest,
    ProbabilityPart,
    Segment,
    SegmentationPart,
)
from limner.modelling.k_means import Centres
from limner.modelling.segmentation import Stability
from limner.outcomes.definitions import Outcome
from limner.settings import Settings, parse_settings
from project import params

DIGEST = "ab" * 32
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
REASON = "Rates by age are permitted here <script>alert('x')</script> & reviewed"
SECTIONS = (
    "Verdict", "Headline figures", "Samples and data", "Calibration", "Explanation",
    "Outcomes by group (fairness)", "Stability and drift", "Segments and products", "Comparisons",
    "Weak spots and disturbed inputs", "Value", "Model", "Reproduce", "Glossary",
)  # fmt: skip


class _Text(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag == "style"
        self.seen.append(" " * (tag in ("br", "td", "th", "dt", "dd", "li")))

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)


def text_of(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    return " ".join("".join(reader.seen).split())


def row_of(page: str, first_cell: str) -> str:
    rows = re.findall(r"<tr.*?</tr>", page, flags=re.DOTALL)
    return next(row for row in rows if text_of(row).startswith(first_cell))


def estimate(value: float, width: float = 0.01) -> Estimate:
    return Estimate(value=value, low=value - width, high=value + width)


def sample(auc: float, judged: bool, customers: int = 8923) -> SampleEvidence:
    return SampleEvidence(
        customers=customers, events=customers // 10, event_rate=0.1,
        values={"auc": auc, "ece": 0.005},
        figures={"auc": estimate(auc), "ece": estimate(0.005, 0.001)} if judged else {},
        reliability=(ReliabilityBin(customers=customers, predicted=0.1, observed=estimate(0.1)),),
    )  # fmt: skip


def group(name: str, customers: int, sufficient: bool = True) -> GroupEvidence:
    return GroupEvidence(
        group=name, customers=customers, deserving=customers // 2, sufficient=sufficient,
        selection_rate=Estimate(value=1, low=1, high=1) if not sufficient else estimate(0.5),
        true_positive_rate=estimate(0.6), false_positive_rate=None,
    )  # fmt: skip


def fairness_of(name: str, *attributes: AttributeEvidence) -> FairnessEvidence:
    return FairnessEvidence(
        sample=name, favourable=Bilingual("credit approved", "信贷获批"), deserving="repaid",
        minimum_selection_ratio=0.8, minimum_group=100, minimum_outcomes=20, attributes=attributes,
    )  # fmt: skip


def evidence_of(*samples: str) -> ModelEvidence:
    ages = AttributeEvidence(
        attribute="age_band", verdict=WITHIN_LIMIT, selection_ratio=estimate(0.9),
        equal_opportunity_difference=estimate(0.05),
        groups=(group("under 30", 3876), group("30 and over", 5000),
                group("not stated", 47, sufficient=False)),
    )  # fmt: skip
    regions = AttributeEvidence(
        attribute="region", verdict=INSUFFICIENT, selection_ratio=None,
        equal_opportunity_difference=None, groups=(group("north", 47, sufficient=False),),
    )  # fmt: skip
    aucs = {"development": 0.9, "validation": 0.86, "test": 0.86, "out_of_time": 0.7}
    return ModelEvidence(
        model="late_payment", digest=DIGEST, resamples=500, confidence=0.95,
        samples={name: sample(aucs[name], name in ("test", "out_of_time")) for name in samples},
        stability=tuple(
            StabilityEvidence(sample=name, score_psi=0.012, feature_psi={"age": 0.2, "income": 0.3})
            for name in samples
            if name != "development"
        ),
        explanation=ExplanationEvidence(
            customers=4000, additivity_gap=3e-6, additivity_tolerance=0.001,
            importance=(
                FeatureImportance(feature="income", label=Bilingual("income", "收入"),
                                  mean_absolute=0.4, protected=False, monotone=-1),
                FeatureImportance(feature="age", label=Bilingual("age", "年龄"),
                                  mean_absolute=0.2, protected=True, monotone=0),
            ),
            dependence_plots=("income",),
        ),
        fairness=tuple(
            fairness_of(name, ages, regions) for name in ("test", "out_of_time") if name in samples
        ),
    )  # fmt: skip


def feature(name: str, label: Bilingual) -> FittedFeature:
    return FittedFeature(Feature(name, (name,), f"The {name}", label, label))


def manifest_of() -> Manifest:
    return Manifest(
        model="late_payment", title=Bilingual("Late payment", "逾期风险"), portfolio="borrowers",
        purpose="credit", use="Estimate the risk of a borrower", not_for="Marketing",
        outcome=Outcome("late", "is_late", "90 days late", Bilingual("credit approved", "信贷获批"),
                        "below"),
        facts=(
            Column("age", "integer", "Age", "years", sensitivity=Sensitivity.PROTECTED),
            Column("income", "number", "Income", codes=((-1, "not asked"),)),
        ),
        features=(feature("age", Bilingual("age", "年龄")),
                  feature("income", Bilingual("income", "收入"))),
        reasons=2,
        example={"age": 40, "income": 1000.0},
        probability=ProbabilityPart(
            calibration=Calibration("platt", 0.97, -0.05), threshold=0.1673,
            bands=(ScoreBand("A", 0.1), ScoreBand("B", 1.0)),
        ),
    )  # fmt: skip


def settings_of(**changed: object) -> Settings:
    training = {
        "max_depth": 4, "learning_rate": 0.05, "rounds": 1500, "early_stopping": 50,
        "min_child_weight": 5.0, "subsample": 0.8, "column_sample": 0.8, "l2": 1.0,
    }  # fmt: skip
    model = {
        "portfolio": "borrowers", "protected_features": {"age": REASON}, "training": training,
        "gates": {"minimum": {"test/auc": 0.855}, "maximum": {"test/ece": 0.004}},
        "calibration": "platt", "favourable_share": 0.9,
        "bands": [{"name": "A", "up_to": 0.1}, {"name": "B", "up_to": 1.0}],
    } | changed  # fmt: skip
    source = {"location": "borrowers.csv", "size_bytes": 1, "sha256": "0" * 64}
    # What a page does not read is as it stands in params.yaml.
    return parse_settings(params() | {
        "seed": 7, "runtime": {"threads": 1},
        "portfolios": {"borrowers": {"source": source}}, "banks": {},
        "out_of_time_from": {"borrowers": None}, "delayed_samples": {},
        "samples": {"development": 0.6, "validation": 0.2, "test": 0.2},
        "assessment": params()["assessment"] | {"resamples": 500, "confidence": 0.95},
        "explanation": {"customers": 4000, "dependence_plots": 1, "additivity_tolerance": 0.001,
                        "reasons": 2},
        "fairness": {"age_band_starts": [30], "minimum_group": 100, "minimum_outcomes": 20,
                     "minimum_selection_ratio": 0.8},
        "monitoring": {"rows": 100, "number_method": "wasserstein", "number_threshold": 0.1,
                       "category_method": "jensenshannon", "category_threshold": 0.1,
                       "drifted_share": 0.3},
        "models": {"late_payment": {k: v for k, v in model.items() if v is not None}
                   | {"snapshots": None}},
    })  # fmt: skip


def section(page: str, number: int) -> str:
    """Read one section as a person does."""
    after = page.split(f'id="s{number}"', 1)[1].partition(">")[2]
    return text_of(after.split(f'id="s{number + 1}"')[0].rpartition("<")[0])


def material_in(tmp_path: Path) -> ReviewMaterial:
    for name in ("reliability", "importance", "beeswarm", "dependence_income"):
        (tmp_path / f"{name}.png").write_bytes(PIXEL)
    evidence = evidence_of("development", "validation", "test", "out_of_time")
    settings = settings_of()
    limits = settings.model("late_payment").gates
    return ReviewMaterial(
        manifest=manifest_of(),
        evidence=evidence,
        gates=judge(evidence, metrics_of(evidence), limits, drift_found=True),
        settings=settings,
        quality={
            "table": "borrowers", "rows_in": 150000, "rows_trusted": 149999, "rows_quarantined": 1,
            "breaches": [{"column": "age", "rule": "must be from 18 to 110", "rows": 1}],
            "missing": {"income": 29731},
        },
        drift={
            "drift_found": True, "drifted_share": 0.5, "share_limit": 0.3, "reference": "before",
            "current": "after", "reference_rows": 5000, "current_rows": 592,
            "columns": [
                {"column": "region", "kind": "category", "method": "jensenshannon",
                 "score": 0.2, "threshold": 0.1, "drifted": True},
                {"column": "income", "kind": "number", "method": "wasserstein",
                 "score": None, "threshold": 0.1, "drifted": False},
            ],
        },
        plots=tmp_path,
        hashes={"fitted model": DIGEST, "params.yaml": "cd" * 32},
    )  # fmt: skip


def without_dates(material: ReviewMaterial) -> ReviewMaterial:
    evidence = evidence_of("development", "validation", "test")
    limits = material.settings.model("late_payment").gates
    gates = judge(evidence, metrics_of(evidence), limits, drift_found=False)
    return replace(material, evidence=evidence, gates=gates)


def segmentation(material: ReviewMaterial) -> ReviewMaterial:
    segments = tuple(
        Segment(number=number, name=Bilingual(f"group {number}", f"第{number}群"), customers=50,
                share=0.5, response_rate=0.1, offered=number == 1,
                defining=(DefiningFeature(label=Bilingual("age", "年龄"), level=None,
                                          in_segment=53.2, overall=40.9, difference=1.1),))
        for number in (1, 2)
    )  # fmt: skip
    part = SegmentationPart(
        clustering=Centres((), ()), segments=segments,
        stability=(Stability(2, 0.95, 0.81, 0.99), Stability(3, 0.6, 0.3, 0.9)),
    )  # fmt: skip
    evidence = material.evidence.model_copy(
        update={
            "segments": tuple(
                SegmentEvidence(sample=name, number=number, customers=1234, share=0.5,
                                response_rate=estimate(0.21))
                for name in material.evidence.samples
                for number in (1, 2)
            ),
            "samples": {
                name: found.model_copy(
                    update={
                        "values": {"agreement": 0.98, "ece": 0.005},
                        "figures": {"agreement": estimate(0.98), "ece": estimate(0.005, 0.001)}
                        if found.figures
                        else {},
                    }
                )
                for name, found in material.evidence.samples.items()
            },
            "segment_stability": Estimate(value=0.95, low=0.81, high=0.99),
            "segment_months": (
                MonthToMonth(sample="test", snapshots=5, customers=4321, stayed=estimate(0.97),
                             next_snapshot=estimate(0.93), first_to_last=None),
            ),
            "fairness": (),
        }
    )  # fmt: skip
    settings = settings_of(
        calibration=None, favourable_share=None, bands=None,
        segmentation={"candidates": [2, 3], "resample_pairs": 5, "minimum_stability": 0.9,
                      "starts": 6, "defining_features": 3},
        gates={"minimum": {"stability/adjusted_rand": 0.8}, "maximum": {}},
    )  # fmt: skip
    limits = settings.model("late_payment").gates
    return replace(
        material,
        manifest=material.manifest.model_copy(update={"probability": None, "segmentation": part}),
        evidence=evidence,
        settings=settings,
        gates=judge(evidence, metrics_of(evidence), limits, drift_found=False),
    )
