"""What the evidence on a model does not show, said aloud so that nobody reads it as passed."""

from collections.abc import Iterator, Mapping
from typing import Any

from limner.assessment.evidence import FairnessEvidence, ModelEvidence
from limner.domain import Bilingual
from limner.governance.review_words import sample_words


def not_evidenced(
    evidence: ModelEvidence, drift: Mapping[str, Any] | None
) -> tuple[Bilingual, ...]:
    """List what a reader might take for shown and is not."""
    return tuple(_not_evidenced(evidence, drift))


def _not_evidenced(evidence: ModelEvidence, drift: Mapping[str, Any] | None) -> Iterator[Bilingual]:
    if "out_of_time" not in evidence.samples:
        yield Bilingual(
            "Performance and drift over time: no sample is out of time.",
            "模型随时间的表现与漂移：没有时间外样本。",
        )
    if drift is None:
        yield Bilingual(
            "Drift of the portfolio's latest customers: it was not measured.",
            "最新客户的数据漂移：未测量。",
        )
    for fairness in evidence.fairness:
        yield from _thin_groups(fairness)
    assessed = {a.attribute: None for fairness in evidence.fairness for a in fairness.attributes}
    names = ", ".join(f"◆ {name}" for name in assessed) or "none"
    yield Bilingual(
        f"Outcomes by any attribute but those assessed: {names}.",
        f"除已评估属性（{names}）之外的任何属性的分组结果。",
    )
    yield Bilingual(
        "Whether the model is better than the champion or than the decisions made today: this"
        " page compares with neither. Where the registry had a champion, champion.json beside this"
        " page compares the two.",
        "模型是否优于现任模型或现行决策：本页未作比较；"
        "若登记时已有现任模型，比较见同目录 champion.json。",
    )
    for search in evidence.weak_spots:
        if search.skipped:
            place = sample_words(search.sample)
            yield Bilingual(
                f"{search.skipped:,} slices of the {place.en} sample that are too small to be"
                " tested for weak spots.",
                f"{place.zh}中 {search.skipped:,} 个过小而未检验的客群。",
            )


def _thin_groups(fairness: FairnessEvidence) -> Iterator[Bilingual]:
    place = sample_words(fairness.sample)
    thin = [
        f"◆ {attribute.attribute}: {', '.join(groups)}"
        for attribute in fairness.attributes
        if (groups := [g.group for g in attribute.groups if not g.sufficient])
    ]
    if thin:
        yield Bilingual(
            f"Outcomes of these groups of the {place.en} sample (too few customers):"
            f" {'; '.join(thin)}.",
            f"{place.zh}中以下组别的结果（人数过少）：{'；'.join(thin)}。",
        )
