"""Findings on a model of amounts: intervals that do not hold, simpler models unbeaten, bias."""

from limner.assessment.amount_evidence import AmountEvidence, TierEvidence
from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.evidence import ModelEvidence
from limner.governance.finding import Finding

# What a person would do without a model, in words.
RIVALS = {
    "mean": "everybody's mean",
    "before": "the months before, carried on",
    "linear": "a plain ridge regression",
}


def amount_findings(evidence: ModelEvidence) -> list[Finding]:
    """List what a reviewer must know of expected amounts and their intervals."""
    found = evidence.amount
    if found is None:
        return []
    return [
        *(f for sample in evidence.samples for f in _coverage(sample, found)),
        *(f for comparison in found.comparisons for f in _unbeaten(comparison)),
        *_bias(evidence),
        *_bins(evidence),
    ]


def _coverage(sample: str, found: AmountEvidence) -> list[Finding]:
    """Name tiers whose intervals hold less often than they promise, beyond doubt."""
    short = [t for t in found.tiers if t.sample == sample and _is_short(t, found.coverage)]
    if not short:
        return []
    named = ", ".join(
        f"{t.tier} ({t.coverage.value:.3f}, {t.coverage.low:.3f} to {t.coverage.high:.3f})"
        for t in short
        if t.coverage
    )
    return [
        Finding(
            id=f"coverage/{sample}",
            severity="high",
            statement=f"On the {_place(sample)} sample intervals hold less often than the"
            f" {found.coverage:g} they promise in these tiers: {named}",
        )
    ]


def _is_short(tier: TierEvidence, promised: float) -> bool:
    return tier.coverage is not None and tier.coverage.high < promised


def _unbeaten(found: PairedComparison) -> list[Finding]:
    """Say where a simpler model is not beaten by more than the interval."""
    missed = [
        f"{words} differs by {found.differences[name].value:,.0f}"
        f" ({found.differences[name].low:,.0f} to {found.differences[name].high:,.0f})"
        for name, words in (("mae", "mean absolute error"), ("rmse", "root mean squared error"))
        if found.differences[name].high >= 0
    ]
    if not missed:
        return []
    return [
        Finding(
            id=f"simpler/{found.sample}/{found.second}",
            severity="medium",
            statement=f"The model does not beat {RIVALS.get(found.second, found.second)} by more"
            f" than the interval on the {_place(found.sample)} sample"
            f" ({found.customers:,} customers): {' and '.join(missed)}, in minor units",
        )
    ]


def _bias(evidence: ModelEvidence) -> list[Finding]:
    """Say where expected amounts are too high or too low as a whole, beyond the interval."""
    findings = []
    for sample, found in evidence.samples.items():
        bias = found.figures.get("bias")
        if bias and not bias.low <= 0 <= bias.high:
            way = "above" if bias.value > 0 else "below"
            statement = (
                f"On the {_place(sample)} sample expected amounts lie {way} what was earned by"
                f" {abs(bias.value):,.0f} minor units a customer ({bias.low:,.0f} to"
                f" {bias.high:,.0f})"
            )
            findings.append(Finding(id=f"bias/{sample}", severity="medium", statement=statement))
    return findings


def _bins(evidence: ModelEvidence) -> list[Finding]:
    """Say in how many bins the expected amount is not what was earned; a few are so by chance."""
    findings = []
    for sample, found in evidence.samples.items():
        bins = found.reliability
        apart = [b for b in bins if not b.observed.low <= b.predicted <= b.observed.high]
        if found.figures and apart:
            gap = max(abs(b.predicted - b.observed.value) for b in apart)
            statement = (
                f"On the {_place(sample)} sample the mean expected amount lies outside the interval"
                f" of the mean realised one in {len(apart)} of {len(bins)} bins"
                f" ({(1 - evidence.confidence) * len(bins):.1f} would be by chance), by up to"
                f" {gap:,.0f} minor units"
            )
            findings.append(
                Finding(id=f"amount_bins/{sample}", severity="low", statement=statement)
            )
    return findings


def _place(sample: str) -> str:
    return sample.replace("_", " ")
