"""The catalogue as text for a terminal: a list to look through, one feature in full."""

from collections.abc import Iterable, Sequence

from limner.domain import Purpose
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.definitions import (
    Aggregate,
    Attribute,
    Condition,
    Difference,
    Distinct,
    Formula,
    Latest,
    Ratio,
    Scaled,
    SnapshotFeature,
    Trend,
    Variation,
    window_days,
)
from limner.features.relational.selection import needs_of, tables_of
from limner.portfolios.canonical import canonical_table

_DIRECTIONS = {1: "more of it, more risk", -1: "more of it, less risk", None: "none stated"}


def chosen_features(
    purpose: Purpose | None = None, source: str | None = None, *, sensitive_only: bool = False,
    features: Iterable[SnapshotFeature] = FEATURES,
) -> tuple[SnapshotFeature, ...]:  # fmt: skip
    """Narrow the catalogue.

    Args:
        purpose: only features permitted for it.
        source: only features computed from this canonical table.
        sensitive_only: only protected attributes and proxies.

    Raises:
        UnknownName: there is no such table.
    """
    if source is not None:
        canonical_table(source)
    return tuple(
        f for f in features
        if (purpose is None or purpose in f.purposes)
        and (source is None or source in tables_of(f))
        and (not sensitive_only or f.sensitive != "ordinary")
    )  # fmt: skip


def list_features(features: Sequence[SnapshotFeature]) -> str:
    """Render one line a feature: name, unit, tables, mark, meaning."""
    rows = [
        (f.name, f.unit or "category", "+".join(tables_of(f)),
         "" if f.sensitive == "ordinary" else f.sensitive, f.meaning)
        for f in features
    ]  # fmt: skip
    header = ("feature", "unit", "source", "mark", "meaning")
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in [header, *rows]
    ]
    return "\n".join([*lines, f"{len(features)} features"])


def show_feature(feature: SnapshotFeature) -> str:
    """Render all that is stated about one feature."""
    empty = feature.when_empty
    stands = "missing" if empty.value is None else str(empty.value)
    facts = {
        "feature": feature.name,
        "label": f"{feature.label.en} / {feature.label.zh}",
        "meaning": feature.meaning,
        "formula": describe(feature.formula),
        "computed from": ", ".join(needs_of(feature)),
        "window": f"{window_days(feature.formula):,} days before the snapshot",
        "unit": feature.unit or "category",
        "owner": owner_of(feature),
        "permitted for": ", ".join(purpose.value for purpose in feature.purposes),
        "mark": _mark(feature),
        "when empty": f"{stands}: {empty.why}",
        "credit risk": _DIRECTIONS[feature.risk_direction],
        "reason (en)": feature.reason.en,
        "reason (zh)": feature.reason.zh,
    }
    width = max(map(len, facts))
    return "\n".join(f"{name.ljust(width)}  {value}" for name, value in facts.items())


def owner_of(feature: SnapshotFeature) -> str:
    """Name who answers for the tables that a feature is computed from."""
    return ", ".join(dict.fromkeys(canonical_table(t).owner for t in tables_of(feature)))


def describe(formula: Formula) -> str:
    """Write a formula as a reviewer reads it.

    >>> describe(Distinct("transactions", "counterparty", 90))
    'distinct counterparty of transactions, 90 days'
    """
    match formula:
        case Ratio():
            return f"({describe(formula.of)}) / ({describe(formula.over)})"
        case Difference():
            return f"({describe(formula.of)}) - ({describe(formula.less)})"
        case Scaled():
            return f"({describe(formula.of)}) x {formula.times:.4g}"
        case Trend():
            return (
                f"a day's {describe(formula.of)}: {formula.short} days against {formula.long} days"
            )
        case Variation():
            return (
                f"coefficient of variation of {describe(formula.of)}:"
                f" {formula.periods} periods of {formula.days} days"
            )
    return _summary(formula)


def _summary(formula: Aggregate | Distinct | Latest | Attribute) -> str:
    match formula:
        case Aggregate():
            what = formula.kind.replace("_", " ") + (f" {formula.of}" if formula.of else "")
        case Distinct():
            what = f"distinct {formula.of}"
        case Latest():
            what = f"latest {formula.of}" + (", below zero only" if formula.below_zero else "")
        case Attribute():
            what = f"years since {formula.of}" if formula.years_since else f"recorded {formula.of}"
    conditions = formula.where if isinstance(formula, Aggregate | Distinct) else ()
    rows = f" where {' and '.join(map(_condition, conditions))}" if conditions else ""
    return f"{what} of {formula.source}{rows}, {formula.days:,} days"


def _condition(condition: Condition) -> str:
    values = [str(value) for value in condition.values]
    if len(values) > 1:
        return f"{condition.column} in ({', '.join(values)})"
    return f"{condition.column} {condition.operator} {values[0]}"


def _mark(feature: SnapshotFeature) -> str:
    if feature.sensitive == "ordinary":
        return "ordinary"
    return f"{feature.sensitive}: {feature.sensitive_because}"
