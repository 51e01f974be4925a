"""A gate: a limit held against one figure, to the last digit."""

import math

import pytest

from limner.governance.gates import GateResult, judge
from limner.settings import Gates
from made_evidence import evidence, sample

FIGURES = evidence({"test": sample(auc=(0.86, 0.85, 0.87), ece=(0.005, 0.003, 0.008))})


def hold(minimum: dict[str, float], maximum: dict[str, float], **metrics: float) -> GateResult:
    named = {name.replace("__", "/"): value for name, value in metrics.items()}
    report = judge(FIGURES, named, Gates(minimum=minimum, maximum=maximum), drift_found=False)
    (gate,) = report.gates
    assert report.verdict == ("passed" if gate.passed else "failed")
    return gate


@pytest.mark.parametrize(
    ("value", "passed"),
    [(0.86, True), (0.8600001, True), (0.8599999, False), (1.0, True), (math.nan, False)],
)
def test_a_minimum_is_reached_at_its_limit(value: float, passed: bool) -> None:
    assert hold({"test/auc": 0.86}, {}, test__auc=value).passed == passed


@pytest.mark.parametrize(
    ("value", "passed"),
    [(0.008, True), (0.0079999, True), (0.0080001, False), (0.0, True), (math.nan, False)],
)
def test_a_maximum_is_kept_at_its_limit(value: float, passed: bool) -> None:
    assert hold({}, {"test/ece": 0.008}, test__ece=value).passed == passed


def test_a_gate_on_a_figure_that_was_not_measured_fails() -> None:
    for minimum, maximum in (({"out_of_time/auc": 0.0}, {}), ({}, {"out_of_time/auc": 1.0})):
        gate = hold(minimum, maximum, test__auc=0.9)
        assert gate.value is None
        assert not gate.passed


def test_one_failed_gate_fails_the_version() -> None:
    metrics = {"test/auc": 0.9, "test/ece": 0.02}
    gates = Gates(minimum={"test/auc": 0.86}, maximum={"test/ece": 0.008})
    report = judge(FIGURES, metrics, gates, drift_found=False)
    assert [(gate.metric, gate.passed) for gate in report.gates] == [
        ("test/auc", True), ("test/ece", False)]  # fmt: skip
    assert report.verdict == "failed"


def test_the_report_states_what_was_held_against_what() -> None:
    gate = hold({"test/auc": 0.86}, {}, test__auc=0.87)
    assert gate.model_dump() == {
        "metric": "test/auc", "direction": "at least", "limit": 0.86, "value": 0.87, "passed": True,
    }  # fmt: skip
