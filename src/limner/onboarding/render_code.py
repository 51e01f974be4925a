"""Contract columns, mapping lines and features of a draft, as text."""

from collections.abc import Sequence

from limner.contract import Column, Sensitivity, Timing
from limner.domain import ScreenedColumn
from limner.onboarding.columns import DraftedColumn, has_code_feature
from limner.onboarding.literals import (
    bilingual,
    call_of,
    comment,
    number,
    quoted,
    short_call,
    tuple_of,
)

_COLUMN, _FEATURE = 12, 8
_USED_FOR = ("feature", "protected", "duplicate", "leak", "dropped")
COLUMN_FEATURE, CODE_FEATURE = "column_feature", "code_feature"


def render_columns(columns: Sequence[DraftedColumn]) -> list[str]:
    """Write each contract column below the reasons for it."""
    return [
        "\n".join([*comment(c.reasons, _COLUMN), f"{' ' * _COLUMN}{_column(c.column)},"])
        for c in columns
    ]


def render_mapping(columns: Sequence[DraftedColumn]) -> list[str]:
    """Write one line of SQL a column, with the reason where it does more than name."""
    lines = []
    for place, column in enumerate(columns, start=1):
        comma = "," if place < len(columns) else ""
        if not column.sql.startswith('"'):
            lines += comment(_mapping_reasons(column), 4, "--")
        lines.append(f"    {column.sql} AS {column.name}{comma}")
    return lines


def render_features(columns: Sequence[DraftedColumn]) -> list[str]:
    """Write each feature; protected and duplicate columns have theirs, for a person to add."""
    features: list[str] = []
    for column in columns:
        if column.use not in _USED_FOR:
            continue
        said = {
            "protected": ["Protected: no model uses it without a reason in params.yaml"],
            "duplicate": ["Says what another column says: the drafted model leaves it out"],
            "leak": ["Suspected of knowing the outcome: the drafted model leaves it out"],
            "dropped": ["Dropped by --drop: the drafted model leaves it out"],
        }
        lines = comment(said.get(column.use, []), _FEATURE)
        features.append("\n".join([*lines, _feature(column, code=False)]))
        if has_code_feature(column):
            features.append(_feature(column, code=True))
    return features


def render_screened(column: ScreenedColumn) -> str:
    """Write one column that was judged before the model, for the model's definition."""
    inside = _FEATURE + 4
    arguments = [
        quoted(column.column), quoted(column.judged), bilingual(column.reason, inside)
    ]  # fmt: skip
    if column.features:
        features = [quoted(name) for name in column.features]
        arguments.append(tuple_of(features, inside, "features="))
    if column.taken_back:
        arguments.append(f"taken_back={quoted(column.taken_back)}")
    return f"{' ' * _FEATURE}{call_of('ScreenedColumn', arguments, _FEATURE)},"


def _column(column: Column) -> str:
    inside = _COLUMN + 4
    arguments = [quoted(column.name), quoted(column.kind)]
    if column.allowed:
        allowed = [quoted(value) for value in column.allowed]
        arguments.append(tuple_of(allowed, inside, "allowed="))
    if column.low is not None and column.high is not None:
        arguments += [f"low={number(column.low)}", f"high={number(column.high)}"]
    if not column.required:
        arguments.append("required=False")
    if column.unique:
        arguments.append("unique=True")
    if column.missing != ("",):
        missing = [quoted(value) for value in column.missing]
        arguments.append(tuple_of(missing, inside, "missing="))
    if column.codes:
        codes = [number(code) for code, _ in column.codes]
        arguments.append(tuple_of(codes, inside, "codes="))
    if column.sensitivity is not Sensitivity.ORDINARY:
        arguments.append(f"sensitivity=Sensitivity.{column.sensitivity.name}")
    if column.timing is not Timing.BEFORE_OUTCOME:
        arguments.append(f"timing=Timing.{column.timing.name}")
    return short_call("WORDS.column", arguments, _COLUMN)


def _feature(drafted: DraftedColumn, code: bool) -> str:
    function = CODE_FEATURE if code else COLUMN_FEATURE
    return f"{' ' * _FEATURE}{short_call(function, ['WORDS', quoted(drafted.name)], _FEATURE)},"


def _mapping_reasons(column: DraftedColumn) -> list[str]:
    if column.use == "outcome":
        return ["1 for the event, 0 otherwise; other text stays for intake to refuse"]
    if column.use == "key":
        return ["the place in the file"]
    return [r for r in column.reasons if any(w in r for w in ("mapp", "rare", "read as missing"))]
