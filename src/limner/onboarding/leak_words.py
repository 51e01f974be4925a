"""Why a column is suspected of knowing the outcome, in English and Chinese."""

import numpy as np
import numpy.typing as npt

from limner.domain import Bilingual
from limner.modelling.single_feature import SingleFeature

_ASK = Bilingual("is it known before the outcome?", "该字段在结果发生前是否已知？")


def settling_by_value(
    groups: npt.NDArray[np.int64], settled: set[int], found: SingleFeature
) -> Bilingual:
    """Say in how many rows a value settles the outcome."""
    rows = int(np.isin(groups, list(settled)).sum())
    return Bilingual(
        f"by its value: in {rows:,} rows its value settles that the event happened, and alone it"
        f" ranks the outcome with AUC {found.auc:.2f}: {_ASK.en}",
        f"取值所致：{rows:,} 行的取值已决定事件发生，单独使用时 AUC 为 {found.auc:.2f}。{_ASK.zh}",
    )


def settling_by_missing(found: SingleFeature) -> Bilingual:
    """Say in how many rows a missing cell settles the outcome."""
    return Bilingual(
        f"by its missing cells: all {found.missing_rows:,} rows that lack it have the event"
        f" ({found.known_rate:.1%} of the others have it), and alone it ranks the outcome with AUC"
        f" {found.auc:.2f}: is it missing because of the outcome?",
        f"缺失所致：缺失该字段的 {found.missing_rows:,} 行全部发生事件（其余行为"
        f" {found.known_rate:.1%}），单独使用时 AUC 为 {found.auc:.2f}。缺失是否由结果造成？",
    )


def ranking_by_value(found: SingleFeature, limit: float) -> Bilingual:
    """Say how far the values alone rank the outcome."""
    missing = Bilingual("", "")
    if found.missing_rows:
        missing = Bilingual(
            f", {found.value_auc:.2f} where it has a value",
            f"，非缺失行中为 {found.value_auc:.2f}",
        )
    return Bilingual(
        f"by its value: alone it ranks the outcome with AUC {found.auc:.2f}{missing.en}"
        f" (limit {limit:g}): {_ASK.en}",
        f"取值所致：单独使用时 AUC 为 {found.auc:.2f}{missing.zh}（限值 {limit:g}）。{_ASK.zh}",
    )


def ranking_by_missing(found: SingleFeature, limit: float) -> Bilingual:
    """Say how far the missing cells rank the outcome."""
    told = _parts(found)
    return Bilingual(
        f"{'by its missing cells' if found.by_missingness else 'by its value'}: {told.en}"
        f" (limit {limit:g}): is it missing because of the outcome?",
        f"{'缺失所致' if found.by_missingness else '取值所致'}：{told.zh}"
        f"（限值 {limit:g}）。缺失是否由结果造成？",
    )


def only_strong(found: SingleFeature) -> Bilingual:
    """Say how strong a column is that stays in the model."""
    told = _parts(found)
    return Bilingual(
        f"strong, and kept in the model: {told.en}: {_ASK.en}",
        f"预测力强，保留在模型中：{told.zh}。{_ASK.zh}",
    )


def _parts(found: SingleFeature) -> Bilingual:
    whole = Bilingual(
        f"alone it ranks the outcome with AUC {found.auc:.2f}",
        f"单独使用时 AUC 为 {found.auc:.2f}",
    )
    if not found.missing_rows:
        return whole
    return Bilingual(
        f"{whole.en} ({found.value_auc:.2f} where it has a value, {found.missing_auc:.2f} by"
        f" missing or not; {found.missing_rows:,} rows lack it, of which {found.missing_rate:.1%}"
        f" have the event against {found.known_rate:.1%} of the others)",
        f"{whole.zh}（非缺失行中为 {found.value_auc:.2f}，仅凭是否缺失为 {found.missing_auc:.2f}；"
        f"{found.missing_rows:,} 行缺失，其中 {found.missing_rate:.1%} 发生事件，其余行为"
        f" {found.known_rate:.1%}）",
    )
