"""The review page on small hand-made evidence: what a reviewer must find on it, and must not."""

import re
from dataclasses import replace

import pytest

from limner.assessment.evidence import (
    metrics_of,
)
from limner.errors import ArtifactMissing
from limner.governance.gates import judge
from limner.governance.review_page import render_review_page
from review_choice_material import choice
from review_material import (
    REASON,
    SECTIONS,
    row_of,
    segmentation,
    settings_of,
    text_of,
    without_dates,
)
from review_worth_material import of_worth


def test_equal_material_gives_equal_bytes(material):
    assert render_review_page(material) == render_review_page(replace(material))


@pytest.mark.parametrize("change", [replace, of_worth, without_dates, segmentation, choice])
def test_the_page_needs_nothing_from_outside_and_runs_nothing(material, change):
    page = render_review_page(change(material))
    addresses = re.findall(r"(?:src|href|srcset|action|data)\s*=\s*\"([^\"]*)", page)
    assert addresses
    assert all(re.match(r"data:image/png;base64,|#s\d+$", address) for address in addresses)
    assert not re.search(r"<script|<link|<iframe|@import|url\(|javascript:|\son\w+=", page)
    assert "://" not in page


@pytest.mark.parametrize("change", [replace, of_worth, without_dates, segmentation, choice])
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
    assert "No sample is out of time: performance over time is not evidenced" in seen
    assert "模型随时间的表现未获证实" in seen
    assert "Performance and drift over time: no sample is out of time" in seen
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
    assert "test 测试样本 5 4,321 0.930 (0.920 to 0.940) – 97.0% (96.0 to 98.0)" in seen
    assert "The largest number with a mean of at least 0.9 was taken" in seen
    assert "forms no segments" in text_of(render_review_page(material))


def test_the_criterion_by_which_segments_were_counted_is_shown_a_customer(material):
    one = segmentation(material)
    part = one.manifest.segmentation
    told = [replace(found, criterion=criterion) for found, criterion in
            zip(part.stability, (23.4561, 24.0), strict=True)]  # fmt: skip
    changed = part.model_copy(update={"stability": tuple(told)})
    manifest = one.manifest.model_copy(update={"segmentation": changed})
    seen = text_of(render_review_page(replace(one, manifest=manifest)))
    assert "method k_means" in seen
    assert "the one of the lowest Bayesian information criterion was taken" in seen
    assert "2 0.950 0.810 0.990 23.456 ◀ chosen" in seen


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
