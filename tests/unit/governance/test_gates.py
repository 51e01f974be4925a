"""What a reviewer must know, the gravest first, under ids that stay the same."""

import pytest

from limner.assessment.evidence import AttributeEvidence, SampleEvidence
from limner.assessment.fairness import BELOW_LIMIT, INSUFFICIENT
from limner.governance.gates import Finding, judge
from limner.governance.review_words import finding_in_chinese
from limner.settings import Gates
from made_evidence import Interval, attribute, evidence, sample

NO_GATES = Gates(minimum={}, maximum={})
WELL = attribute("age_band", (0.9, 0.85, 0.95))
GOOD: dict[str, Interval] = {"auc": (0.80, 0.78, 0.82), "ece": (0.010, 0.008, 0.014)}


def findings(
    *attributes: AttributeEvidence, late: SampleEvidence | None = None, drift: bool = False
) -> dict[str, Finding]:
    samples = {"test": sample(**GOOD), "out_of_time": late or sample(**GOOD)}
    report = judge(evidence(samples, attributes or (WELL,)), {}, NO_GATES, drift)
    return {finding.id: finding for finding in report.findings}


def test_a_version_with_nothing_to_tell_has_no_finding() -> None:
    assert findings(WELL) == {}


def test_a_portfolio_without_any_protected_attribute_has_a_finding() -> None:
    report = judge(evidence({"test": sample(**GOOD)}), {}, NO_GATES, drift_found=False)
    known = {finding.id: finding for finding in report.findings}
    assert known["fairness/none_recorded"].severity == "medium"
    assert "records no protected attribute" in known["fairness/none_recorded"].statement
    assert "未记录任何受保护属性" in (finding_in_chinese("fairness/none_recorded") or "")


def test_a_portfolio_without_dates_says_that_time_is_not_evidenced() -> None:
    report = judge(evidence({"test": sample(**GOOD)}, (WELL,)), {}, NO_GATES, drift_found=False)
    assert [(f.id, f.severity) for f in report.findings] == [("out_of_time/none", "medium")]
    assert report.verdict == "passed"


@pytest.mark.parametrize(
    ("auc", "found"),
    [((0.70, 0.66, 0.7799), True), ((0.70, 0.62, 0.78), False), ((0.95, 0.94, 0.96), False)],
)
def test_a_fall_out_of_time_is_found_where_the_intervals_do_not_meet(
    auc: Interval, found: bool
) -> None:
    known = findings(late=sample(auc=auc, ece=GOOD["ece"]))
    assert ("out_of_time/auc" in known) == found
    if found:
        assert known["out_of_time/auc"].severity == "high"
        assert "0.700 out of time (1,000 customers) and 0.800" in known["out_of_time/auc"].statement


@pytest.mark.parametrize(
    ("ece", "found"), [((0.10, 0.0141, 0.2), True), ((0.10, 0.014, 0.2), False)]
)
def test_probabilities_that_no_longer_hold_are_found(ece: Interval, found: bool) -> None:
    known = findings(late=sample(auc=GOOD["auc"], ece=ece))
    assert ("out_of_time/ece" in known) == found


def test_a_group_selected_too_rarely_is_found_with_its_interval() -> None:
    known = findings(attribute("age_band", (0.61, 0.5, 0.7), BELOW_LIMIT))
    (finding,) = known.values()
    assert (finding.id, finding.severity) == ("fairness/test/age_band", "medium")
    assert "credit approved over the highest is 0.61 (0.50 to 0.70), below 0.8" in finding.statement


def test_groups_with_too_little_evidence_are_named() -> None:
    known = findings(attribute("education", None, INSUFFICIENT, thin=("unknown", "none")))
    (finding,) = known.values()
    assert (finding.id, finding.severity) == ("fairness/test/education/thin", "low")
    assert finding.statement.endswith("insufficient evidence on unknown, none")


def test_drift_is_found_when_it_is_there() -> None:
    assert set(findings(drift=True)) == {"drift/portfolio"}


@pytest.mark.parametrize(("auc", "found"), [(0.951, True), (0.95, False)])
@pytest.mark.parametrize("sample_name", ["test", "out_of_time", "cross_fitted"])
def test_a_ranking_too_good_to_be_believed_must_be_explained(
    sample_name: str, auc: float, found: bool
) -> None:
    samples = {"test": sample(**GOOD), "out_of_time": sample(**GOOD)}
    metrics = {f"{sample_name}/auc": auc}
    report = judge(evidence(samples), metrics, NO_GATES, False, suspicious_auc=0.95)
    known = {finding.id: finding for finding in report.findings}
    assert (f"suspicion/{sample_name}" in known) == found
    if found:
        assert known[f"suspicion/{sample_name}"].severity == "high"
        assert "explain it" in known[f"suspicion/{sample_name}"].statement


def test_attributes_that_nobody_recorded_are_named() -> None:
    made = evidence({"test": sample(**GOOD), "out_of_time": sample(**GOOD)})
    made = made.model_copy(update={"unrecorded_groups": ("education", "dependents")})
    (finding,) = judge(made, {}, NO_GATES, drift_found=False).findings
    assert (finding.id, finding.severity) == ("fairness/unrecorded", "medium")
    assert "no record of education, dependents" in finding.statement


def test_the_gravest_finding_stands_first() -> None:
    samples = {"test": sample(**GOOD)}
    attributes = (attribute("age_band", (0.6, 0.5, 0.7), BELOW_LIMIT, thin=("60 and over",)),)
    gates = Gates(minimum={"test/auc": 0.9, "test/missing": 0.1}, maximum={})
    report = judge(evidence(samples, attributes), {"test/auc": 0.8}, gates, drift_found=True)
    assert [finding.severity for finding in report.findings] == [
        "high", "high", "high", "medium", "medium", "low"]  # fmt: skip
    assert report.findings[0].id == "gate/test/auc"
    assert report.findings[0].statement == "test/auc is 0.8000, the gate asks for at least 0.9"
    assert "test/missing is not evidenced" in report.findings[1].statement
    assert len({finding.id for finding in report.findings}) == len(report.findings)
