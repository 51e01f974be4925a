"""Gates: what a version must show before it may become champion."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from limner.assessment.evidence import ModelEvidence
from limner.assessment.fairness import BELOW_LIMIT, INSUFFICIENT
from limner.governance.amount_findings import amount_findings
from limner.governance.choice_findings import choice_findings
from limner.governance.finding import Finding
from limner.governance.worth_findings import worth_findings
from limner.settings import Gates, SeverityLimits

__all__ = ["Finding"]

Verdict = Literal["passed", "failed"]
NOT_EVIDENCED = "not evidenced"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GateResult(_Frozen):
    """One limit held against one figure; ``value`` is None where there is no such figure."""

    metric: str
    direction: Literal["at least", "at most"]
    limit: float
    value: float | None
    passed: bool


class GateReport(_Frozen):
    """The verdict on one version, its gates one by one, and findings, the gravest first."""

    model: str
    digest: str
    verdict: Verdict
    gates: tuple[GateResult, ...]
    findings: tuple[Finding, ...]


def judge(
    evidence: ModelEvidence, metrics: Mapping[str, float], gates: Gates, drift_found: bool,
    suspicious_auc: float | None = None, severity: SeverityLimits | None = None,
) -> GateReport:  # fmt: skip
    """Hold a version's figures against its gates and list what a reviewer must know.

    A gate on a figure that was not measured fails: what is not evidenced is not passed.
    Findings do not fail a version; a person weighs them.

    Args:
        suspicious_auc: a figure above it must be explained; None asks for no explanation.
        severity: from which size on a finding on a slice or a group is medium or high; None
            does not grade them.
    """
    results = tuple(
        _hold(metric, limit, metrics.get(metric), direction)
        for limits, direction in ((gates.minimum, "at least"), (gates.maximum, "at most"))
        for metric, limit in limits.items()
    )
    findings = [
        *_gate_findings(results),
        *_suspicion_findings(metrics, suspicious_auc),
        *_out_of_time_findings(evidence),
        *_fairness_findings(evidence),
        *worth_findings(evidence, severity),
        *amount_findings(evidence),
        *choice_findings(evidence),
        *_drift_findings(drift_found),
    ]
    order = {"high": 0, "medium": 1, "low": 2}
    return GateReport(
        model=evidence.model,
        digest=evidence.digest,
        verdict="passed" if all(result.passed for result in results) else "failed",
        gates=results,
        findings=tuple(sorted(findings, key=lambda finding: order[finding.severity])),
    )


def _hold(metric: str, limit: float, value: float | None, direction: str) -> GateResult:
    at_least = direction == "at least"
    passed = value is not None and (value >= limit if at_least else value <= limit)
    return GateResult(
        metric=metric, direction="at least" if at_least else "at most", limit=limit,
        value=value, passed=passed,
    )  # fmt: skip


def _gate_findings(results: tuple[GateResult, ...]) -> list[Finding]:
    return [
        Finding(
            id=f"gate/{result.metric}",
            severity="high",
            statement=f"{result.metric} is"
            f" {NOT_EVIDENCED if result.value is None else format(result.value, '.4f')},"
            f" the gate asks for {result.direction} {result.limit:g}",
        )
        for result in results
        if not result.passed
    ]


def _suspicion_findings(metrics: Mapping[str, float], limit: float | None) -> list[Finding]:
    """Ask for the explanation of a ranking too good to be believed."""
    judged = ("cross_fitted", "test", "out_of_time")
    return [
        Finding(
            id=f"suspicion/{sample}",
            severity="high",
            statement=f"AUC is {auc:.3f} ({sample.replace('_', ' ')}), above {limit:g}: explain it,"
            " for it is usually a leak: a feature that was written after the outcome",
        )
        for sample in judged
        if limit is not None and (auc := metrics.get(f"{sample}/auc", 0.0)) > limit
    ]


def _out_of_time_findings(evidence: ModelEvidence) -> list[Finding]:
    late = evidence.samples.get("out_of_time")
    if late is None:
        statement = "No sample is out of time: performance over time is not evidenced"
        return [Finding(id="out_of_time/none", severity="medium", statement=statement)]
    test = evidence.samples["test"]
    # Apart beyond doubt: the intervals of the two samples do not meet.
    return [
        Finding(
            id=f"out_of_time/{name}",
            severity="high",
            statement=f"{name} is {late.figures[name].value:.3f} out of time"
            f" ({late.customers:,} customers) and {figure.value:.3f} on the random test sample:"
            " the random figure does not describe the months to come",
        )
        for name, figure in test.figures.items()
        if name in ("auc", "agreement", "rank_correlation") and late.figures[name].high < figure.low
    ] + [
        Finding(
            id="out_of_time/ece",
            severity="high",
            statement=f"calibration error is {late.figures['ece'].value:.3f} out of time and"
            f" {test.figures['ece'].value:.3f} on the random test sample: probabilities are"
            " not what they say in the months to come",
        )
        for _ in range("ece" in test.figures and late.figures["ece"].low > test.figures["ece"].high)
    ]


def _fairness_findings(evidence: ModelEvidence) -> list[Finding]:
    findings = []
    if evidence.unrecorded_groups:
        statement = (
            f"The portfolio keeps no record of {', '.join(evidence.unrecorded_groups)}: how the"
            " model treats their groups is not evidenced"
        )
        findings.append(Finding(id="fairness/unrecorded", severity="medium", statement=statement))
    elif not any(fairness.attributes for fairness in evidence.fairness):
        statement = (
            "The portfolio records no protected attribute (age, sex, marital status, education,"
            " origin and the like): how the model treats their groups is not evidenced"
        )
        findings.append(
            Finding(id="fairness/none_recorded", severity="medium", statement=statement)
        )
    for fairness in evidence.fairness:
        for attribute in fairness.attributes:
            identity = f"fairness/{fairness.sample}/{attribute.attribute}"
            if attribute.verdict == BELOW_LIMIT and attribute.selection_ratio:
                ratio = attribute.selection_ratio
                statement = (
                    f"{attribute.attribute}, {fairness.sample.replace('_', ' ')} sample: the"
                    f" lowest rate of {fairness.favourable.en} over the highest is"
                    f" {ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f}), below"
                    f" {fairness.minimum_selection_ratio:g}"
                )
                findings.append(Finding(id=identity, severity="medium", statement=statement))
            thin = [group.group for group in attribute.groups if not group.sufficient]
            if thin:
                statement = (
                    f"{attribute.attribute}, {fairness.sample.replace('_', ' ')} sample:"
                    f" {INSUFFICIENT} on {', '.join(thin)}"
                )
                findings.append(Finding(id=f"{identity}/thin", severity="low", statement=statement))
    return findings


def _drift_findings(drift_found: bool) -> list[Finding]:
    if not drift_found:
        return []
    statement = "The portfolio's latest customers differ from those of development: see Drift"
    return [Finding(id="drift/portfolio", severity="high", statement=statement)]
