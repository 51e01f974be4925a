"""A column's typed value as SQL, whatever type it arrives in, and how to get its text back.

Text is parsed strictly; what arrives typed (Parquet) is never parsed, only converted.
"""

import re

from limner.contract import Column
from limner.domain import LARGEST_NUMBER
from limner.engine import identifier, literal

SQL_TYPE = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "category": "VARCHAR",
    "text": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
# A cast alone is too kind: it reads '3.7' as the integer 4, 'inf' as a number and '1e999'
# as infinity, and drops a time zone's offset without applying it.
_SHAPE = {
    "integer": r"[+-]?[0-9]{1,18}",
    "number": r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "timestamp": (
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+]00(:?00)?)?)?"
    ),
}
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_BIG = ("UBIGINT", "HUGEINT", "UHUGEINT")
_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_ZONED = "TIMESTAMP WITH TIME ZONE"


def value_sql(column: Column, arrives_as: str) -> str:
    """SQL of a column's typed value; NULL where it is missing or not of its kind.

    Args:
        arrives_as: SQL type of the column as the mapping yields it.
    """
    held = identifier(column.name)
    converted = _converted_sql(column, arrives_as, held)
    if converted is None:
        return _parsed_sql(column, held if arrives_as == "VARCHAR" else f"CAST({held} AS VARCHAR)")
    markers = [marker for marker in column.missing if marker]
    return _without(markers, converted, f"CAST({converted} AS VARCHAR)") if markers else converted


def raw_sql(column: Column, arrives_as: str, value: str) -> str:
    """SQL of a column's text as it arrived, or NULL where ``value`` cast to text is just that.

    Kept beside the value, it costs nothing for the values that nothing is wrong with.
    """
    held = identifier(column.name)
    if arrives_as == "VARCHAR":
        return f"CASE WHEN {held} IS DISTINCT FROM CAST({value} AS VARCHAR) THEN {held} END"
    converted = _converted_sql(column, arrives_as, held)
    as_text = f"CAST({held} AS VARCHAR)"
    if converted is not None:
        as_text = f"coalesce(CAST({converted} AS VARCHAR), {as_text})"
    return f"CASE WHEN {value} IS NULL AND {held} IS NOT NULL THEN {as_text} END"


def _parsed_sql(column: Column, text: str) -> str:
    """Parse trimmed text."""
    known = _without(column.missing, f"trim({text})", f"trim({text})")
    if column.kind not in _SHAPE:
        return known
    shaped = shaped_sql(column, known)
    cast = f"try_cast({known} AS {SQL_TYPE[column.kind]})"
    held = f" AND abs({cast}) <= {LARGEST_NUMBER!r}" if column.kind == "number" else ""
    return f"CASE WHEN {shaped}{held} THEN {cast} END"


def shaped_sql(column: Column, text: str) -> str:
    """SQL condition that a trimmed text is written as a value of the column's kind."""
    return f"regexp_full_match({text}, {literal(_SHAPE[column.kind])})"


def _without(markers: "list[str] | tuple[str, ...]", value: str, text: str) -> str:
    if not markers:
        return value
    listed = ", ".join(literal(marker) for marker in markers)
    return f"CASE WHEN {text} NOT IN ({listed}) THEN {value} END"


def _converted_sql(column: Column, arrives_as: str, held: str) -> str | None:
    """Convert a typed value without loss, or NULL; None where its text must be parsed."""
    kind = re.sub(r"[(].*", "", arrives_as)
    target = SQL_TYPE[column.kind]
    if column.kind in ("integer", "number") and kind in _WHOLE:
        return held if kind == target else f"CAST({held} AS {target})"
    if column.kind == "integer" and kind in (*_BIG, "DECIMAL", "FLOAT", "DOUBLE"):
        # As in text: whole, and of at most 18 digits.
        whole = f"{held} = trunc({held}) AND abs({held}) < 1e18"
        return f"CASE WHEN {whole} THEN try_cast({held} AS BIGINT) END"
    if column.kind == "number" and kind in (*_BIG, "DECIMAL", "FLOAT", "DOUBLE"):
        number = f"CAST({held} AS DOUBLE)"
        # NaN is greater than any number here.
        return f"CASE WHEN abs({number}) <= {LARGEST_NUMBER!r} THEN {number} END"
    if column.kind in ("date", "timestamp"):
        return _converted_time_sql(column, kind, held)
    return None


def _converted_time_sql(column: Column, kind: str, held: str) -> str | None:
    if kind == _ZONED:  # bound to UTC, whatever zone the machine is in
        held, kind = f"make_timestamp(epoch_us({held}))", "TIMESTAMP"
    if kind not in ("DATE", *_TIMES):
        return None
    target = SQL_TYPE[column.kind]
    # A day given as a timestamp is that day's midnight.
    is_day = f" AND {held} = date_trunc('day', {held})" if target == "DATE" != kind else ""
    value = held if kind == target else f"CAST({held} AS {target})"
    return f"CASE WHEN isfinite({held}){is_day} THEN {value} END"
