"""Formulas over summaries as SQL: ratios, trends, differences, and what stands for nothing."""

import datetime as dt
from typing import Literal

from limner.features.relational.definitions import (
    ADDITIVE,
    Aggregate,
    Attribute,
    Difference,
    Distinct,
    Formula,
    Latest,
    Primitive,
    Ratio,
    Scaled,
    SnapshotFeature,
    Trend,
    Variation,
    periods,
    within,
)
from limner.features.relational.sources import SOURCES
from limner.features.relational.terms import mean_parts, moment_names, name_of
from limner.portfolios.canonical import canonical_table
from limner.portfolios.canonical.as_known import sql_day

ValueKind = Literal["integer", "number", "category"]
SQL_TYPES: dict[ValueKind, str] = {
    "integer": "BIGINT", "number": "DOUBLE", "category": "VARCHAR",
}  # fmt: skip


def value_kind(formula: Formula) -> ValueKind:
    """Say whether a formula's values are whole numbers, numbers or categories."""
    match formula:
        case Aggregate(kind="count" | "days_since_last" | "days_since_first") | Distinct():
            return "integer"
        case Latest() | Attribute(years_since=False):
            return "category" if _is_category(formula) else "number"
    return "number"


def feature_sql(feature: SnapshotFeature, snapshot: dt.date) -> str:
    """Return the SQL of one feature over the joined summaries."""
    value = formula_sql(feature.formula, snapshot)
    if feature.when_empty.value is not None:
        value = f"COALESCE({value}, {feature.when_empty.value})"
    return f"CAST({value} AS {SQL_TYPES[value_kind(feature.formula)]})"


def formula_sql(formula: Formula, snapshot: dt.date) -> str:
    """Return the SQL of a formula; empty counts and sums are nought in it."""
    match formula:
        case Ratio():
            over = formula_sql(formula.over, snapshot)
            return f"{_number(formula_sql(formula.of, snapshot))} / NULLIF({over}, 0)"
        case Difference():
            return (
                f"({formula_sql(formula.of, snapshot)}) - ({formula_sql(formula.less, snapshot)})"
            )
        case Scaled():
            return f"({formula_sql(formula.of, snapshot)}) * {formula.times!r}"
        case Trend():
            return _trend(formula, snapshot)
        case Variation():
            return _variation(formula, snapshot)
    return _primitive(formula, snapshot)


def step_of(primitive: Primitive) -> str:
    """Name the relation in which a summary stands, one row a customer."""
    if isinstance(primitive, Distinct):
        return f"{primitive.source}_by_{primitive.of}"
    recent = SOURCES[primitive.source].recent_days
    if recent and primitive.days <= recent and not isinstance(primitive, Latest):
        return f"recent_{primitive.source}"
    return f"of_{primitive.source}"


def _primitive(primitive: Primitive, snapshot: dt.date) -> str:
    column = f"{step_of(primitive)}.{name_of(primitive)}"
    match primitive:
        case Aggregate(kind="mean"):
            total, count = (f"{step_of(p)}.{name_of(p)}" for p in mean_parts(primitive))
            return f"{total} / NULLIF({count}, 0)"
        case Aggregate(kind="deviation"):
            return _deviation(primitive)
        case Attribute(years_since=True):
            days = f"DATE_DIFF('day', {column}, {sql_day(snapshot)})"
            # Both sides doubles: Spark divides decimals to six digits.
            return f"{_number(days)} / {_number('365.25')}"
        case Aggregate() if primitive.kind in ADDITIVE:
            return f"COALESCE({column}, 0)"
        case Distinct():
            return f"COALESCE({column}, 0)"
    return column


def _deviation(deviation: Aggregate) -> str:
    # n * sum of squares - square of the sum: whole numbers, so that nothing cancels.
    n, total, squares = (f"{step_of(deviation)}.{name}" for name in moment_names(deviation))
    spread = f"CAST({n} * {squares} - {total} * {total} AS DOUBLE)"
    return f"SQRT({spread}) / NULLIF({n}, 0)"


def _trend(trend: Trend, snapshot: dt.date) -> str:
    short, long = (
        formula_sql(within(trend.of, 0, days), snapshot) for days in (trend.short, trend.long)
    )
    return f"({_number(short)} * {trend.long}) / NULLIF({long} * {trend.short}, 0)"


def _variation(variation: Variation, snapshot: dt.date) -> str:
    totals = [formula_sql(period, snapshot) for period in periods(variation)]
    mean = f"(({' + '.join(totals)}) / {float(len(totals))!r})"
    squares = " + ".join(f"POWER({total} - {mean}, 2)" for total in totals)
    return f"SQRT(({squares}) / {float(len(totals))!r}) / NULLIF({mean}, 0)"


def _number(sql: str) -> str:
    return f"CAST({sql} AS DOUBLE)"


def _is_category(formula: Latest | Attribute) -> bool:
    source = SOURCES[formula.source]
    tables = [source.table, *(join.table for join in source.joins)]
    for table in map(canonical_table, tables):
        if formula.of in table.names:
            return table.column(formula.of).kind in ("category", "text")
    return False
