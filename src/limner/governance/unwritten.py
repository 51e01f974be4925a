"""What of a version still waits for a person: placeholders that customers would be shown."""

from collections.abc import Iterator, Sequence

from limner.governance.finding import Finding
from limner.governance.gates import GateReport
from limner.modelling.fitted import Manifest
from limner.portfolios.placeholders import placeholders

UNWRITTEN = "unwritten/placeholders"


def unwritten_findings(manifest: Manifest, owners: tuple[str, ...]) -> list[Finding]:
    """Return the finding that blocks a version whose texts still hold placeholders.

    Args:
        owners: who answers for the model and for its table, which no manifest states.
    """
    texts = [*_texts(manifest), *(("owner", owner) for owner in owners)]
    waiting = placeholders(texts)
    if not waiting:
        return []
    named = ", ".join(waiting[:8]) + (f" and {len(waiting) - 8} more" if len(waiting) > 8 else "")
    statement = (
        f"{len(waiting)} texts that customers and reviewers read are still to be written: {named};"
        " 'limner check' lists each line. The version cannot become champion before"
    )
    return [Finding(id=UNWRITTEN, severity="blocking", statement=statement)]


def is_unwritten(gates: GateReport) -> bool:
    """Whether the version still has placeholders that wait for a person."""
    return any(finding.id == UNWRITTEN for finding in gates.findings)


def verdict_words(gates: GateReport) -> str:
    """Say what the gates found, in a line on a terminal: of a draft, that it is one."""
    return "still a draft" if is_unwritten(gates) else f"gates {gates.verdict}"


def block(report: GateReport, findings: Sequence[Finding]) -> GateReport:
    """Put blocking findings before the others: with one, a version fails whatever its gates say."""
    if not findings:
        return report
    return report.model_copy(
        update={"verdict": "failed", "findings": (*findings, *report.findings)}
    )


def _texts(manifest: Manifest) -> Iterator[tuple[str, str]]:
    outcome = manifest.outcome
    yield from (("use", manifest.use), ("not_for", manifest.not_for))
    yield from (("title", manifest.title.en), ("title", manifest.title.zh))
    yield "event", outcome.meaning
    yield from (("favourable", outcome.favourable.en), ("favourable", outcome.favourable.zh))
    for fact in manifest.facts:
        yield from ((fact.name, text) for text in (fact.meaning, fact.unit))
        yield from ((fact.name, meaning) for _, meaning in fact.codes)
    for fitted in manifest.features:
        feature = fitted.feature
        for text in (feature.meaning, feature.unit):
            yield feature.name, text
        for words in (feature.label, feature.reason):
            yield from ((feature.name, text) for text in (words.en, words.zh))
