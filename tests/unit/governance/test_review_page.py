"""The review page on small hand-made evidence: what a reviewer must find on it, and must not."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

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
from limner.assessment.soundness_evidence import (
    CalibratedGroup,
    GainsRow,
    GroupCalibration,
    Perturbation,
    WeakSpot,
    WeakSpotSearch,
)
from limner.contract import Column, Sensitivity
from limner.domain import Bilingual, ScoreBand
from limner.errors import ArtifactMissing
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature
from limner.governance.gates import judge
from limner.governance.review_page import ReviewMaterial, render_review_page
from limner.governance.review_words import DECISIONS
from limner.modelling.calibration import Calibration
from limner.modelling.fitted import (
    DefiningFeature,
    Manifest,
    ProbabilityPart,
    Segment,
    SegmentationPart,
)
from limner.modelling.segmentation import Clustering, Stability
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
    "Outcomes by group (fairness)", "Stability and drift", "Segments", "Comparisons",
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
        "out_of_time_from": {"borrowers": None},
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


@pytest.fixture
def material(tmp_path: Path) -> ReviewMaterial:
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
        conditions=("income: below <3,400>", "job: nurse"), customers=1598, events=172,
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
            ),
            "learning": (
                LearningPoint(fraction=0.5, customers=45000, rounds=107,
                              comparison=compared("fraction_0.5", apart(0.0016), apart(-0.0013))),
            ),
            "weak_spots": (weak_spot(),),
            "robustness": (
                Perturbation(kind="noise", share=0.1, rank_correlation=0.985,
                             auc_change=apart(-0.003), mean_change=0.0085, flipped=0.012),
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
        clustering=Clustering((), ()), segments=segments,
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


def test_equal_material_gives_equal_bytes(material):
    assert render_review_page(material) == render_review_page(replace(material))


@pytest.mark.parametrize("change", [replace, of_worth, without_dates, segmentation])
def test_the_page_needs_nothing_from_outside_and_runs_nothing(material, change):
    page = render_review_page(change(material))
    addresses = re.findall(r"(?:src|href|srcset|action|data)\s*=\s*\"([^\"]*)", page)
    assert addresses
    assert all(re.match(r"data:image/png;base64,|#s\d+$", address) for address in addresses)
    assert not re.search(r"<script|<link|<iframe|@import|url\(|javascript:|\son\w+=", page)
    assert "://" not in page


@pytest.mark.parametrize("change", [replace, of_worth, without_dates, segmentation])
def test_the_sections_stand_in_their_order_in_both_languages(material, change):
    page = render_review_page(change(material))
    headings = re.findall(r"<h2.*?</h2>", page)
    assert len(headings) == len(SECTIONS)
    for number, (heading, name) in enumerate(zip(headings, SECTIONS, strict=True), start=1):
        assert re.fullmatch(rf"{number} {re.escape(name)} [\u4e00-\u9fff（）]+", text_of(heading))


def test_every_gate_and_finding_is_in_the_first_section(material):
    first = render_review_page(material).split('id="s2"')[0]
    seen = text_of(first)
    assert len(material.gates.findings) > 4
    for finding in material.gates.findings:
        assert finding.id in seen
        assert finding.statement in seen
    for gate in material.gates.gates:
        assert gate.metric in seen
        assert f"{gate.direction} {gate.limit:g}" in seen
    assert "未达到门槛：期望校准误差，测试样本。" in seen


def test_findings_stand_gravest_first(material):
    page = render_review_page(material)
    severities = re.findall(r'class="mark (high|medium|low)"', page)
    assert severities == sorted(severities, key=["high", "medium", "low"].index)


def test_a_passed_gate_says_when_its_interval_reaches_past_the_limit(material):
    page = render_review_page(material)
    passed, failed = row_of(page, "AUC, test"), row_of(page, "Calibration error (ECE), test")
    assert "0.860 (0.850 to 0.870) 8,923 at least 0.855 ✓ passed" in text_of(passed)
    assert "the interval reaches past the limit" in text_of(passed)
    assert "0.0050 (0.0040 to 0.0060)" in text_of(failed)
    assert "✗ failed 未通过" in text_of(failed)
    assert "Gates not passed 门槛未通过" in text_of(page)


def test_a_gate_on_a_figure_that_was_not_measured_is_not_evidenced(material):
    settings = settings_of(gates={"minimum": {"test/uplift": 0.1}, "maximum": {}})
    limits = settings.model("late_payment").gates
    gates = judge(material.evidence, metrics_of(material.evidence), limits, drift_found=False)
    page = render_review_page(replace(material, settings=settings, gates=gates))
    assert "not evidenced 未获证实 8,923 at least 0.1 ✗ failed" in text_of(row_of(page, "uplift"))


def test_groups_with_too_few_customers_are_marked_and_others_are_not(material):
    page = render_review_page(material)
    thin, enough = row_of(page, "not stated"), row_of(page, "under 30")
    assert 'class="insufficient"' in thin
    assert "insufficient evidence 证据不足" in text_of(thin)
    assert "insufficient" not in enough
    assert "Groups with insufficient evidence are not in these comparisons" in text_of(page)
    assert "◆ region: north" in text_of(page)


def test_a_rate_that_resampling_cannot_vary_claims_no_interval(material):
    thin = text_of(row_of(render_review_page(material), "not stated"))
    assert "100.0% (all alike 全部相同)" in thin
    assert "(100.0 to 100.0)" not in thin


def test_an_uncountable_rate_is_not_evidenced(material):
    assert "not evidenced 未获证实" in text_of(row_of(render_review_page(material), "under 30"))


def test_without_dates_the_page_says_that_performance_over_time_is_not_evidenced(material):
    seen = text_of(render_review_page(without_dates(material)))
    assert "This portfolio has no dates: performance over time is not evidenced" in seen
    assert "模型随时间的表现未获证实" in seen
    assert "Performance and drift over time: this portfolio has no dates" in seen
    assert "Outcomes by group over time are not evidenced" in seen


def test_samples_whose_intervals_do_not_meet_are_marked(material):
    row = text_of(row_of(render_review_page(material), "AUC AUC"))
    assert "0.860 (0.850 to 0.870) 0.700 (0.690 to 0.710) ≠" in row


def test_drift_that_was_not_measured_is_not_evidenced(material):
    seen = text_of(render_review_page(replace(material, drift=None)))
    assert "Drift was not measured: it is not evidenced" in seen
    assert "Drift of the portfolio's latest customers: it was not measured." in seen


def test_a_drift_score_that_is_undefined_is_called_so(material):
    drift = text_of(render_review_page(material).split("Drift of the portfolio")[1])
    assert "income number wasserstein undefined 0.1 not drifted" in drift


def test_text_from_the_settings_stays_text(material):
    page = render_review_page(material)
    assert "<script>" not in page
    assert "alert(&#39;x&#39;)" in page
    assert REASON in text_of(page)


def test_a_protected_attribute_without_a_reason_is_called_out(material):
    page = render_review_page(replace(material, settings=settings_of(protected_features={})))
    assert "No reason is stated. 未说明理由。" in text_of(page)


@pytest.mark.parametrize("first_cell", ["age ", "region "])
def test_protected_attributes_are_marked_in_every_table_they_stand_in(material, first_cell):
    rows = re.findall(r"<tr.*?</tr>", render_review_page(material), flags=re.DOTALL)
    of_attribute = [row for row in rows if text_of(row).startswith(first_cell)]
    assert of_attribute
    assert all("◆ protected 受保护" in text_of(row) for row in of_attribute)


def test_the_page_never_calls_a_model_fair(material):
    assert not re.search(r"\bfair\b", text_of(render_review_page(material)), flags=re.IGNORECASE)


def test_rows_in_are_shown_as_trusted_and_quarantined(material):
    seen = text_of(render_review_page(material))
    assert "150,000 rows in 接收 = 149,999 trusted 可信 + 1 in quarantine" in seen
    assert "must be from 18 to 110 1" in seen
    assert "income 29,731 19.8%" in seen
    assert "income -1 (not asked)" in seen


def test_segments_are_shown_with_their_names_in_both_languages(material):
    seen = text_of(render_review_page(segmentation(material)))
    assert "group 1 第1群" in seen
    assert "age 年龄 ◆ protected 受保护: mean 53.2 against 40.9" in seen
    assert "1,234 customers (50.0%) 21.0% (20.0 to 22.0)" in seen
    assert "the lowest and highest of 5 pairs of resamples" in seen
    assert "2 0.950 0.810 0.990 ◀ chosen" in seen
    assert "forms no segments" in text_of(render_review_page(material))


def test_evidence_and_gates_of_different_versions_raise_an_alarm(material):
    gates = material.gates.model_copy(update={"digest": "ef" * 32})
    alarm = "are not of one version: this page proves nothing"
    assert alarm in text_of(render_review_page(replace(material, gates=gates)))
    assert alarm not in text_of(render_review_page(material))


def test_hashes_and_the_way_they_were_made_are_shown(material):
    seen = text_of(render_review_page(material))
    assert "params.yaml 参数文件 " + "cd" * 32 in seen
    assert "95% bootstrap intervals from 500 resamples" in seen
    assert "uv run dvc repro" in seen


def test_refuses_to_leave_out_a_figure_that_is_not_there(material):
    (material.plots / "beeswarm.png").unlink()
    with pytest.raises(ArtifactMissing):
        render_review_page(material)


def section(page: str, number: int) -> str:
    """Read one section as a person does."""
    after = page.split(f'id="s{number}"', 1)[1].partition(">")[2]
    return text_of(after.split(f'id="s{number + 1}"')[0].rpartition("<")[0])


def test_comparisons_stand_with_both_figures_the_difference_and_what_follows(material):
    seen = section(render_review_page(of_worth(material)), 9)
    assert re.search(r"AUC .*0\.8664 0\.8590 \+0\.0074 \(\+0\.005[56] to \+0\.009[23]\)", seen)
    assert "The model beats the baseline by more than the interval" in seen
    assert "The constraints cost AUC beyond the interval: 0.0019" in seen
    assert "more customers would probably help" in seen
    assert "30,000 customers" in seen


def test_a_model_that_does_not_beat_its_baseline_is_said_so_twice(material):
    plain = of_worth(material)
    even = compared("baseline", Estimate(value=0.001, low=-0.001, high=0.003), apart(-0.005))
    evidence = plain.evidence.model_copy(update={"comparisons": (even,)})
    gates = judge(evidence, metrics_of(evidence), plain.settings.model("late_payment").gates, False)
    page = render_review_page(replace(plain, evidence=evidence, gates=gates))
    assert "does not beat the baseline by more than the interval in ranking" in section(page, 9)
    assert "AUC differs by 0.0010 (-0.0010 to 0.0030)" in section(page, 1)


def test_without_comparisons_nothing_is_claimed_of_them(material):
    page = render_review_page(material)
    assert "compared with nothing" in section(page, 9)
    assert "Not searched" in section(page, 10)
    assert "No cost matrix is stated" in section(page, 11)
    assert "By score band" not in section(page, 4)


def test_weak_spots_name_the_slice_its_size_and_the_corrected_p_value(material):
    page = render_review_page(of_worth(material))
    seen = section(page, 10)
    assert "1 of 1,200 tests contradict the model beyond chance" in seen
    assert "income: below <3,400> and job: nurse" in seen
    for figure in ("1,598", "172 / 142", "0.272 / 0.221", "0.012", "144"):
        assert figure in seen
    assert "<3,400>" not in page


def test_value_says_where_it_is_not_beyond_doubt(material):
    seen = section(render_review_page(of_worth(material)), 11)
    assert "9.31%" in seen
    assert "9.09%" in seen
    everyone, nobody = seen.split("acting on everyone")[1].split("acting on nobody")
    assert re.search(r"\+0\.01 \(0\.00 to \+0\.03\) not beyond the interval", everyone)
    assert "not beyond" not in nobody


def test_calibration_of_a_group_too_small_is_marked_and_not_judged(material):
    seen = section(render_review_page(of_worth(material)), 4)
    assert re.search(r"A 6,344 45\.3 38 0\.84 \(0\.74 to 0\.94\) ≠ 1", seen)
    assert re.search(r"B insufficient evidence \S+ 12 0\.2 0", seen)
    assert re.search(r"platt: .*? 0\.18107 ◀ in use \S+ lowest", seen)


def test_the_gains_table_and_the_points_are_shown(material):
    page = render_review_page(of_worth(material))
    assert re.search(r"1 3,000 40\.0% .*? 56\.3% .*? 5\.63 ", section(page, 2))
    assert "Points = 487.12 + 28.85" in section(page, 12)
    assert "A above 550 B 550 or fewer" in section(page, 12)
