"""Findings on what a model is worth: beside reference models, in its weak spots, in money."""

import math

from limner.assessment.comparison_evidence import PairedComparison, ValueEvidence
from limner.assessment.evidence import ModelEvidence
from limner.assessment.soundness_evidence import WeakSpot, WeakSpotSearch
from limner.governance.finding import Finding
from limner.settings import SeverityLimits


def worth_findings(evidence: ModelEvidence, limits: SeverityLimits | None = None) -> list[Finding]:
    """List what a reviewer must know of a model's worth.

    Args:
        limits: sizes from which a finding on a slice or a group is medium or high.
    """
    return [
        *(f for c in evidence.comparisons if c.second == "baseline" for f in _baseline(c)),
        *(f for c in evidence.comparisons if c.second == "plain_defaults" for f in _defaults(c)),
        *(f for search in evidence.weak_spots for f in _weak_spots(search, limits)),
        *_groups(evidence, limits),
        *(f for value in evidence.value for f in _value(value)),
    ]


def _baseline(found: PairedComparison) -> list[Finding]:
    """Say where the model is not better than the baseline by more than the interval."""
    if found.first_ranks_better and found.first_predicts_better:
        return []
    missed = [
        f"{words} differs by {found.differences[name].value:.4f}"
        f" ({found.differences[name].low:.4f} to {found.differences[name].high:.4f})"
        for name, words, better in (
            ("auc", "AUC", found.first_ranks_better),
            ("log_loss", "log loss", found.first_predicts_better),
        )
        if not better
    ]
    return [
        Finding(
            id=f"baseline/{found.sample}",
            severity="medium",
            statement=f"The model does not beat a plain scorecard by more than the interval on"
            f" the {_place(found.sample)} sample ({found.customers:,} customers):"
            f" {' and '.join(missed)}",
        )
    ]


def _defaults(found: PairedComparison) -> list[Finding]:
    """Say where XGBoost's defaults rank better than the model by more than the interval."""
    auc = found.differences["auc"]
    if auc.high >= 0:
        return []
    return [
        Finding(
            id=f"plain_defaults/{found.sample}",
            severity="medium",
            statement=f"XGBoost's plain defaults rank better than the model beyond the interval on"
            f" the {_place(found.sample)} sample ({found.customers:,} customers): AUC differs by"
            f" {auc.value:.4f} ({auc.low:.4f} to {auc.high:.4f}). Unless its monotone constraints"
            " cost as much, its training settings are not tuned",
        )
    ]


def _weak_spots(search: WeakSpotSearch, limits: SeverityLimits | None) -> list[Finding]:
    """Name the clearest slice and the one furthest off; the latter's size is the severity."""
    if not search.found:
        return []
    clearest = search.spots[0]
    sure = [spot for spot in search.spots if spot.adjusted <= search.level] or [clearest]
    furthest = max(sure, key=_size_of)
    told = f"the clearest: {_spot(clearest)}"
    if furthest != clearest:
        told += f"; the furthest off: {_spot(furthest)}"
    return [
        Finding(
            id=f"weak_spots/{search.sample}",
            severity=limits.of(_size_of(furthest)) if limits else "medium",
            statement=f"{search.found:,} of {search.tests:,} tests on slices of the"
            f" {_place(search.sample)} sample contradict the model's probabilities beyond chance;"
            f" {told}",
        )
    ]


def _spot(spot: WeakSpot) -> str:
    where = " and ".join(condition.en for condition in spot.conditions)
    return (
        f"{where} ({spot.customers:,} customers, {spot.events:,} events where"
        f" {spot.expected:,.0f} are expected, log loss {spot.log_loss:.3f} where"
        f" {spot.promised:.3f} is promised)"
    )


def _size_of(spot: WeakSpot) -> float:
    """Size of a weak spot: how many times off its events are, or its log loss."""
    return max(times_off(spot.events, spot.expected, spot.customers), spot.log_loss / spot.promised)


def times_off(events: int, expected: float, customers: int) -> float:
    """How many times more, or fewer, customers have the rarer outcome than are expected.

    >>> times_off(events=80, expected=40.0, customers=500)
    2.0
    >>> times_off(events=20, expected=40.0, customers=500)
    2.0
    """
    if expected > customers / 2:
        events, expected = customers - events, customers - expected
    if not events or not expected:
        return math.inf if events or expected else 1.0
    return max(events / expected, expected / events)


def _groups(evidence: ModelEvidence, limits: SeverityLimits | None) -> list[Finding]:
    """Name groups whose interval does not hold 1, one finding a sample; a few do so by chance."""
    findings = []
    for sample in evidence.samples:
        found = [calibration for calibration in evidence.group_calibration
                 if calibration.sample == sample]  # fmt: skip
        judged = [(c.attribute, group) for c in found for group in c.groups if group.sufficient]
        apart = {
            f"{attribute} {group.group} ({ratio.value:.2f}, {ratio.low:.2f} to"
            f" {ratio.high:.2f})": times_off(group.events, group.expected, group.customers)
            for attribute, group in judged
            if (ratio := group.observed_to_expected) and not ratio.low <= 1 <= ratio.high
        }
        if apart:
            severity = limits.of(max(apart.values())) if limits else "low"
            statement = (
                f"On the {_place(sample)} sample observed over expected events is not 1 within the"
                f" interval for {len(apart)} of {len(judged)} groups"
                f" ({(1 - evidence.confidence) * len(judged):.1f} would be by chance):"
                f" {', '.join(apart)}"
            )
            identity = f"group_calibration/{sample}"
            findings.append(Finding(id=identity, severity=severity, statement=statement))
    return findings


def _value(found: ValueEvidence) -> list[Finding]:
    """Say where the model's decisions are not worth more than those of no model at all."""
    unbeaten = [
        f"{words} ({found.gains[other].value:,.2f} {found.currency} a customer,"
        f" {found.gains[other].low:,.2f} to {found.gains[other].high:,.2f})"
        for other, words in (("everyone", "acting on everyone"), ("nobody", "acting on nobody"))
        # Half a hundredth of the money unit is nothing.
        if found.gains[other].low < 0.005
    ]
    if not unbeaten:
        return []
    return [
        Finding(
            id=f"value/{found.sample}",
            severity="medium",
            statement=f"On the {_place(found.sample)} sample ({found.customers:,} customers) the"
            f" model's decisions are not worth more beyond the interval than"
            f" {' or '.join(unbeaten)}",
        )
    ]


def _place(sample: str) -> str:
    return sample.replace("_", " ")
