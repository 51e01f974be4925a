"""Which columns a draft keeps out of its model, or in it although strong, and why."""

from limner.domain import Bilingual, Judged, ScreenedColumn
from limner.onboarding.columns import DraftedColumn, has_code_feature
from limner.onboarding.plan import Plan

_PROTECTED = "受保护属性：仅用于分组评估，不作模型特征"
_LEFT_OUT: dict[str, tuple[Judged, str]] = {
    "identifier": ("identifier", "疑似个人标识：未纳入"),
    "free text": ("free text", "自由文本：未纳入"),
    "many values": ("many values", "取值过多，无法作为类别：未纳入"),
    "protected": ("protected", "受保护属性，且无可评估的分组：未纳入"),
}


def screened_columns(plan: Plan) -> tuple[ScreenedColumn, ...]:
    """List every column that the draft judged, in file order, then what is not taken in."""
    judged = (_screened(column) for column in plan.columns)
    left_out = [
        ScreenedColumn(c.label, _LEFT_OUT[c.kind][0], Bilingual(c.reason, _LEFT_OUT[c.kind][1]))
        for c in plan.left_out
        if c.kind in _LEFT_OUT
    ]
    return (*(found for found in judged if found is not None), *left_out)


def features_of(column: DraftedColumn) -> tuple[str, ...]:
    """Name the features that are computed from a column."""
    return (column.name, f"{column.name}_code") if has_code_feature(column) else (column.name,)


def _screened(column: DraftedColumn) -> ScreenedColumn | None:
    reason = column.finding
    if column.use == "protected":
        reason = Bilingual(column.reasons[0], _PROTECTED)
    if reason is None:
        return None
    judged: dict[str, Judged] = {
        "leak": "leak", "duplicate": "duplicate", "protected": "protected", "dropped": "dropped",
        "feature": "leak" if column.taken_back else "strong",
    }  # fmt: skip
    return ScreenedColumn(
        column.name, judged[column.use], reason, features_of(column), column.taken_back
    )
