"""A version that would show placeholders to customers is blocked, whichever text holds one."""

from dataclasses import replace

import pytest

from limner.domain import Bilingual
from limner.governance.gates import judge
from limner.governance.unwritten import block, unwritten_findings
from limner.modelling.fitted import Manifest
from limner.settings import Gates
from made_evidence import evidence, sample
from review_material import manifest_of

MANIFEST: Manifest = manifest_of()
OWNERS = ("Retail risk", "Data office")


def _changed(**of_the_first_feature: object) -> Manifest:
    first, *others = MANIFEST.features
    feature = replace(first.feature, **of_the_first_feature)  # type: ignore[arg-type]
    features = (replace(first, feature=feature), *others)
    return MANIFEST.model_copy(update={"features": features})


def test_a_version_whose_texts_are_written_has_no_finding() -> None:
    assert unwritten_findings(MANIFEST, OWNERS) == []


@pytest.mark.parametrize(
    "manifest",
    [
        MANIFEST.model_copy(update={"use": "TO STATE the decision that this score serves"}),
        MANIFEST.model_copy(update={"not_for": "State what it must not be used for: until then"}),
        MANIFEST.model_copy(update={"title": Bilingual("Cards", "Cards（待翻译）")}),
        MANIFEST.model_copy(
            update={
                "outcome": replace(
                    MANIFEST.outcome, favourable=Bilingual("TO STATE the decision", "待翻译")
                )
            }
        ),
        _changed(reason=Bilingual("Income", "Income（待翻译）")),
        _changed(unit="TO STATE"),
        _changed(meaning="TO STATE in English"),
    ],
    ids=["use", "not_for", "title", "favourable", "reason", "unit", "meaning"],
)
def test_a_placeholder_anywhere_blocks(manifest: Manifest) -> None:
    (finding,) = unwritten_findings(manifest, OWNERS)
    assert (finding.id, finding.severity) == ("unwritten/placeholders", "blocking")


def test_an_owner_who_is_not_named_blocks() -> None:
    (finding,) = unwritten_findings(MANIFEST, ("TO STATE who answers for this model",))
    assert "to be written: owner" in finding.statement


def test_a_blocking_finding_fails_a_version_whose_gates_all_pass() -> None:
    gates = Gates(minimum={"test/auc": 0.5}, maximum={})
    passed = judge(
        evidence({"test": sample(auc=(0.8, 0.78, 0.82))}), {"test/auc": 0.8}, gates, False
    )
    assert passed.verdict == "passed"
    report = block(passed, unwritten_findings(MANIFEST, ("TO STATE who",)))
    assert [gate.passed for gate in report.gates] == [True]
    assert report.verdict == "failed"
    assert report.findings[0].severity == "blocking"
    assert block(passed, []) == passed
