"""Rows that features read: those known before a snapshot, with their age.

Every feature reads canonical tables through :func:`known_rows`, which applies the as-of
filter of :mod:`limner.portfolios.canonical.as_known`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from limner.engine import identifier
from limner.portfolios.canonical import canonical_table
from limner.portfolios.canonical.as_known import (
    known_condition,
    known_value,
    sql_day,
    sql_midnight,
)

AGE = "age_days"
# Time back from the snapshot, fine enough to put the events of one day in order.
AGO = "ago_microseconds"
_SQL_TYPES = {
    "integer": "BIGINT", "number": "DOUBLE", "category": "VARCHAR", "text": "VARCHAR",
    "date": "DATE", "timestamp": "TIMESTAMP",
}  # fmt: skip


def raw_name(table: str) -> str:
    """Name the relation of all a table's rows, future ones too; only this module reads it."""
    return f"trusted_{table}"


def known_rows(
    table: str, columns: Iterable[str], days: int, snapshot: dt.date, *, with_time: bool = False
) -> str:
    """Return SQL of a table's rows with ``snapshot - days <= known_at < snapshot``.

    Args:
        columns: those wanted; ``age_days`` is always there where the table has dates.
        with_time: add ``ago_microseconds`` too.
    """
    contract = canonical_table(table)
    chosen = [known_value(contract, column, snapshot) for column in sorted(set(columns))]
    if contract.known_at is not None:
        at = identifier(contract.known_at)
        chosen.append(f"DATE_DIFF('day', CAST({at} AS DATE), {sql_day(snapshot)}) AS {AGE}")
        if with_time:
            ago = f"DATE_DIFF('microsecond', CAST({at} AS TIMESTAMP), {sql_midnight(snapshot)})"
            chosen.append(f"{ago} AS {AGO}")
    known = known_condition(contract, snapshot, snapshot - dt.timedelta(days=days))
    return f"SELECT {', '.join(chosen)} FROM {raw_name(table)} WHERE {known}"


def no_rows(table: str) -> str:
    """Return SQL of a table without rows, with its contract's types."""
    typed = ", ".join(
        f"CAST(NULL AS {_SQL_TYPES[c.kind]}) AS {identifier(c.name)}"
        for c in canonical_table(table).columns
    )
    return f"SELECT {typed} WHERE 1 = 0"


def columns_by_table(needs: Iterable[str]) -> Mapping[str, set[str]]:
    """Group ``table.column`` names by table."""
    grouped: dict[str, set[str]] = {}
    for need in needs:
        table, column = need.split(".")
        grouped.setdefault(table, set()).add(column)
    return grouped
