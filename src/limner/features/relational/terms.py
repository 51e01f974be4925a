"""Single summaries as SQL: what is aggregated from rows, and what becomes of it.

A term is aggregated in two steps, because some sources have units (the accounts of a
customer): ``rows`` within each unit, then ``merge`` over the units of ``finish``. Where a
source has no unit, ``finish`` alone is left of the second step.

Sums are of doubles that hold whole minor units: exact, whatever the order of rows, up to
2**53, and half the memory of wider integers. The runner refuses sums beyond.
"""

import re
from dataclasses import dataclass

from limner.engine import literal
from limner.features.relational.definitions import (
    Aggregate,
    Attribute,
    Condition,
    Distinct,
    Latest,
    Primitive,
)
from limner.features.relational.known import AGE, AGO
from limner.features.relational.sources import SOURCES
from limner.portfolios.canonical import canonical_table

LARGEST_EXACT_SUM = 2**53

# A time back in microseconds and a value within +-2**41 in one whole number: the least of
# them is the latest value, the lowest of those with the same time. Exact, and much faster
# than comparing pairs.
_HALF = 2**41
_SPAN = 2**42


@dataclass(frozen=True)
class Term:
    """One aggregated column; ``is_sum`` marks what must stay below the largest exact sum."""

    name: str
    rows: str
    merge: str = "SUM"
    finish: str = "{part}"
    part: str = ""
    is_sum: bool = False

    @property
    def part_name(self) -> str:
        return self.part or self.name


def terms_of(primitive: Aggregate | Latest | Attribute, window: int) -> tuple[Term, ...]:
    """List the terms behind one summary.

    Args:
        window: look-back of the rows at hand, which need no condition on age to keep to it.
    """
    name = name_of(primitive)
    match primitive:
        case Latest():
            return (_latest(primitive, name),)
        case Attribute():
            return (Term(name, f"MIN({primitive.of})", "MIN"),)
        case Aggregate(kind="mean"):
            return tuple(t for p in mean_parts(primitive) for t in terms_of(p, window))
        case Aggregate(kind="deviation"):
            return _moments(primitive, window)
    return (_aggregate(primitive, name, _when(primitive, window)),)


def mean_parts(mean: Aggregate) -> tuple[Aggregate, Aggregate]:
    """State the sum and the count that make a mean."""
    a = mean
    return (
        Aggregate("sum", a.source, a.days, a.of, a.where, a.after),
        Aggregate("count", a.source, a.days, a.of, a.where, a.after),
    )


def moment_names(deviation: Aggregate) -> tuple[str, str, str]:
    """Name the terms that make a deviation: count, sum, sum of squares."""
    count = name_of(mean_parts(deviation)[1])
    return count, f"{name_of(deviation)}_sum", f"{name_of(deviation)}_squares"


def name_of(primitive: Primitive) -> str:
    """Name the column of one summary.

    >>> name_of(Aggregate("sum", "transactions", 90, "amount_minor",
    ...                   (Condition("direction", ("debit",)),)))
    'sum_amount_minor_debit_90d'
    """
    match primitive:
        case Aggregate():
            words = [primitive.kind, primitive.of or "", *map(_slug, primitive.where)]
            words.append(f"{primitive.after}_{primitive.days}d" if primitive.after
                         else f"{primitive.days}d")  # fmt: skip
        case Distinct():
            words = ["distinct", primitive.of, *map(_slug, primitive.where), f"{primitive.days}d"]
        case Latest():
            words = ["overdrawn" if primitive.below_zero else "latest", primitive.of,
                     f"{primitive.days}d"]  # fmt: skip
        case Attribute():
            words = ["recorded", primitive.of]
    return "_".join(word for word in words if word)


def condition_sql(conditions: tuple[Condition, ...]) -> list[str]:
    """Return each condition as SQL."""
    return [_one_condition(condition) for condition in conditions]


def pair_age(distinct: Distinct) -> str:
    """Return SQL of the age of a pair's youngest row that meets the conditions."""
    tests = condition_sql(distinct.where)
    return f"MIN(CASE WHEN {' AND '.join(tests)} THEN {AGE} END)" if tests else f"MIN({AGE})"


def pair_name(distinct: Distinct) -> str:
    """Name the column of :func:`pair_age`: one for all windows of the same conditions."""
    return "_".join(["youngest", *map(_slug, distinct.where)])


def _aggregate(a: Aggregate, name: str, when: str) -> Term:
    match a.kind:
        case "count":
            counted = a.of or "1"
            return Term(name, f"COUNT({_case(when, counted)})" if when or a.of else "COUNT(*)")
        case "sum":
            return Term(name, f"SUM({_case(when, f'CAST({a.of} AS DOUBLE)')})", is_sum=True)
        case "days_since_last":
            return Term(name, f"MIN({_case(when, AGE)})", "MIN")
        case "days_since_first":
            return Term(name, f"MAX({_case(when, AGE)})", "MAX")
    function = a.kind.upper()
    return Term(name, f"{function}({_case(when, a.of or '')})", function)


def _moments(deviation: Aggregate, window: int) -> tuple[Term, ...]:
    # Wide integers: squares of money leave the range in which doubles are exact.
    count, total, squares = moment_names(deviation)
    when, wide = _when(deviation, window), f"CAST({deviation.of} AS HUGEINT)"
    (counted,) = terms_of(mean_parts(deviation)[1], window)
    assert counted.name == count
    return (
        counted,
        Term(total, f"SUM({_case(when, wide)})"),
        Term(squares, f"SUM({_case(when, f'{wide} * {deviation.of}')})"),
    )


def _latest(latest: Latest, name: str) -> Term:
    part = f"coded_{latest.of}_{latest.days}d"
    young = f"{AGE} <= {latest.days} AND {latest.of} IS NOT NULL"
    if not is_whole_number(latest.source, latest.of):
        pair = f"STRUCT_PACK(ago := {AGO}, known := {latest.of})"
        return Term(name, f"MIN(CASE WHEN {young} THEN {pair} END)", "MIN", "{part}.known", part)
    code = f"CAST({AGO} AS HUGEINT) * {_SPAN} + ({latest.of} + {_HALF})"
    value = f"CAST({{part}} % {_SPAN} AS BIGINT) - {_HALF}"
    if latest.below_zero:
        value = f"GREATEST({_HALF} - CAST({{part}} % {_SPAN} AS BIGINT), 0)"
    return Term(name, f"MIN(CASE WHEN {young} THEN {code} END)", "SUM",
                f"CAST({value} AS DOUBLE)", part, is_sum=True)  # fmt: skip


def is_whole_number(source: str, column: str) -> bool:
    """Whether a source's column, as its contract has it, is an integer."""
    table = canonical_table(SOURCES[source].table)
    return column in table.names and table.column(column).kind == "integer"


def _when(a: Aggregate, window: int) -> str:
    tests = condition_sql(a.where)
    if a.after:
        tests.append(f"{AGE} > {a.after}")
    if a.days < window:
        tests.append(f"{AGE} <= {a.days}")
    return " AND ".join(tests)


def _case(when: str, value: str) -> str:
    return f"CASE WHEN {when} THEN {value} END" if when else value


def _one_condition(condition: Condition) -> str:
    values = [_value(value) for value in condition.values]
    if _is_flag(condition):
        return condition.column
    if len(values) > 1:
        return f"{condition.column} IN ({', '.join(values)})"
    return f"{condition.column} {condition.operator} {values[0]}"


def _is_flag(condition: Condition) -> bool:
    # By identity: for Python 1 equals True, for Spark a number is no condition.
    return condition.values[0] is True


def _value(value: str | int | bool) -> str:
    return literal(value) if isinstance(value, str) else str(value).upper()


_OPERATOR_WORDS = {"=": "", "<": "below", "<=": "up_to", ">": "above", ">=": "from"}


def _slug(condition: Condition) -> str:
    values = "_".join(str(value) for value in condition.values)
    if _is_flag(condition):
        return condition.column
    word = _OPERATOR_WORDS[condition.operator]
    text = values if not word else f"{condition.column}_{word}_{values}"
    return re.sub(r"\W", "_", text)
