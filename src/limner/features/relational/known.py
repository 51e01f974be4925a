"""What was known before a snapshot: the only place where the filter on time is written.

Every feature reads canonical tables through :func:`known_rows`. A fact recorded on the
snapshot date or later is not among them, and neither is the end of a holding that had not
come yet.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from limner.engine import identifier
from limner.features.relational.sources import ENDS
from limner.portfolios.canonical import canonical_table

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
    chosen = [_masked(table, column, snapshot) for column in sorted(set(columns))]
    if contract.known_at is None:
        return f"SELECT {', '.join(chosen)} FROM {raw_name(table)}"
    at = identifier(contract.known_at)
    chosen.append(f"DATE_DIFF('day', CAST({at} AS DATE), {day(snapshot)}) AS {AGE}")
    if with_time:
        ago = f"DATE_DIFF('microsecond', CAST({at} AS TIMESTAMP), {_midnight(snapshot)})"
        chosen.append(f"{ago} AS {AGO}")
    moment = day if contract.column(contract.known_at).kind == "date" else _midnight
    first = snapshot - dt.timedelta(days=days)
    return (
        f"SELECT {', '.join(chosen)} FROM {raw_name(table)}"
        f" WHERE {at} >= {moment(first)} AND {at} < {moment(snapshot)}"
    )


def no_rows(table: str) -> str:
    """Return SQL of a table without rows, with its contract's types."""
    typed = ", ".join(
        f"CAST(NULL AS {_SQL_TYPES[c.kind]}) AS {identifier(c.name)}"
        for c in canonical_table(table).columns
    )
    return f"SELECT {typed} WHERE 1 = 0"


def day(date: dt.date) -> str:
    """Return a date for SQL.

    >>> day(dt.date(2024, 6, 30))
    "CAST('2024-06-30' AS DATE)"
    """
    return f"CAST('{date.isoformat()}' AS DATE)"


def _midnight(date: dt.date) -> str:
    return f"CAST('{date.isoformat()} 00:00:00' AS TIMESTAMP)"


def _masked(table: str, column: str, snapshot: dt.date) -> str:
    name = identifier(column)
    if ENDS.get(table) == column:
        return f"CASE WHEN {name} < {day(snapshot)} THEN {name} END AS {name}"
    return name


def columns_by_table(needs: Iterable[str]) -> Mapping[str, set[str]]:
    """Group ``table.column`` names by table."""
    grouped: dict[str, set[str]] = {}
    for need in needs:
        table, column = need.split(".")
        grouped.setdefault(table, set()).add(column)
    return grouped
