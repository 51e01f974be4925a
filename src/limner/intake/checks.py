"""A data contract compiled to SQL: one breach predicate a rule."""

from typing import NamedTuple

from limner.contract import Column, Contract
from limner.engine import identifier, literal

_SQL_TYPE = {"integer": "BIGINT", "number": "DOUBLE", "category": "VARCHAR", "text": "VARCHAR",
             "date": "DATE"}  # fmt: skip
# A cast alone is too kind: it reads '3.7' as the integer 4, 'inf' as a number and
# '1e999' as infinity.
_SHAPE = {
    "integer": r"[+-]?[0-9]{1,18}",
    "number": r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
}


class Rule(NamedTuple):
    """One promise of one column, and the SQL condition under which a row breaks it."""

    column: str
    name: str
    breach: str

    @property
    def label(self) -> str:
        return f"{self.column}: {self.name}"


def compile_rules(contract: Contract) -> list[Rule]:
    """List every rule of a contract, in column order.

    They hold for a table of text columns with each one's typed value beside it, under
    :func:`typed_name`: working a value out once instead of in every rule is half the time.
    """
    return [rule for column in contract.columns for rule in _rules_of(column)]


def typed_name(column: Column) -> str:
    """Name the column that holds a text column's typed value."""
    return f"typed {column.name}"


def value_sql(column: Column) -> str:
    """SQL of a column's typed value; NULL where it is missing or not of its type."""
    text = _text(column)
    if column.kind in _SHAPE:
        shaped = f"regexp_full_match({text}, {literal(_SHAPE[column.kind])})"
        cast = f"try_cast({text} AS {_SQL_TYPE[column.kind]})"
        finite = f" AND isfinite({cast})" if column.kind == "number" else ""
        text = f"CASE WHEN {shaped}{finite} THEN {cast} END"
    return f"CASE WHEN {_is_missing(column)} THEN NULL ELSE {text} END"


def _rules_of(column: Column) -> list[Rule]:
    value, missing = identifier(typed_name(column)), _is_missing(column)
    rules = []
    if column.required:
        rules.append(Rule(column.name, "must be known", missing))
    if column.kind in _SHAPE:
        article = "an" if column.kind == "integer" else "a"
        rules.append(
            Rule(column.name, f"must be {article} {column.kind}",
                 f"NOT {missing} AND {value} IS NULL")
        )  # fmt: skip
    if column.allowed:
        known = ", ".join(literal(v) for v in column.allowed)
        rules.append(
            Rule(column.name, "must be an allowed value",
                 f"NOT {missing} AND {value} NOT IN ({known})")
        )  # fmt: skip
    rules += _range_rules(column, value)
    if column.unique:
        # By value, so that '7' and '07' are copies of each other, two unknown values not.
        repeated = f"{value} IS NOT NULL AND count(*) OVER (PARTITION BY {value}) > 1"
        rules.append(Rule(column.name, "must be unique", repeated))
    return rules


def _range_rules(column: Column, value: str) -> list[Rule]:
    if column.low is None or column.high is None:
        return []
    codes = ", ".join(str(code) for code, _ in column.codes)
    is_code = f" AND {value} NOT IN ({codes})" if codes else ""
    name = f"must be from {column.low:,.10g} to {column.high:,.10g}"
    breach = f"{value} NOT BETWEEN {column.low!r} AND {column.high!r}{is_code}"
    return [Rule(column.name, name, breach)]


def _text(column: Column) -> str:
    return f"trim({identifier(column.name)})"


def _is_missing(column: Column) -> str:
    markers = ", ".join(literal(marker) for marker in column.missing)
    return f"({identifier(column.name)} IS NULL OR {_text(column)} IN ({markers}))"
