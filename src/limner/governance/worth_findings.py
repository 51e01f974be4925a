"""Findings on what a model is worth: beside a baseline, in its weak spots, in money."""

from limner.assessment.comparison_evidence import PairedComparison, ValueEvidence
from limner.assessment.evidence import ModelEvidence
from limner.assessment.soundness_evidence import WeakSpotSearch
from limner.governance.finding import Finding


def worth_findings(evidence: ModelEvidence) -> list[Finding]:
    """List what a reviewer must know of a model's worth."""
    return [
        *(f for c in evidence.comparisons if c.second == "baseline" for f in _baseline(c)),
        *(f for search in evidence.weak_spots for f in _weak_spots(search)),
        *_groups(evidence),
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


def _weak_spots(search: WeakSpotSearch) -> list[Finding]:
    if not search.found:
        return []
    worst = search.spots[0]
    return [
        Finding(
            id=f"weak_spots/{search.sample}",
            severity="medium",
            statement=f"{search.found:,} of {search.tests:,} tests on slices of the"
            f" {_place(search.sample)} sample contradict the model's probabilities beyond chance;"
            f" the clearest: {' and '.join(worst.conditions)} ({worst.customers:,} customers,"
            f" {worst.events:,} events where {worst.expected:,.0f} are expected, log loss"
            f" {worst.log_loss:.3f} where {worst.promised:.3f} is promised)",
        )
    ]


def _groups(evidence: ModelEvidence) -> list[Finding]:
    """Name groups whose interval does not hold 1, one finding a sample; a few do so by chance."""
    findings = []
    for sample in evidence.samples:
        found = [calibration for calibration in evidence.group_calibration
                 if calibration.sample == sample]  # fmt: skip
        judged = [(c.attribute, group) for c in found for group in c.groups if group.sufficient]
        apart = [
            f"{attribute} {group.group} ({ratio.value:.2f}, {ratio.low:.2f} to {ratio.high:.2f})"
            for attribute, group in judged
            if (ratio := group.observed_to_expected) and not ratio.low <= 1 <= ratio.high
        ]
        if apart:
            statement = (
                f"On the {_place(sample)} sample observed over expected events is not 1 within the"
                f" interval for {len(apart)} of {len(judged)} groups"
                f" ({(1 - evidence.confidence) * len(judged):.1f} would be by chance):"
                f" {', '.join(apart)}"
            )
            identity = f"group_calibration/{sample}"
            findings.append(Finding(id=identity, severity="low", statement=statement))
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
