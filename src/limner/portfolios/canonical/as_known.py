"""The as-of filter: what a canonical table showed before a day. It is written nowhere else.

A row is known from ``Contract.known_at`` on. A holding's end is written into its row later,
on the day it happens, so before that day the holding has no end.
"""

import datetime as dt

from limner.contract import Contract
from limner.engine import identifier


def known_condition(contract: Contract, before: dt.date, since: dt.date | None = None) -> str:
    """Return the SQL condition ``since <= known_at < before``; without dates it is ``TRUE``.

    Args:
        before: rows known on this day or later are not seen.
        since: rows known before this day are not seen either.
    """
    if contract.known_at is None:
        return "TRUE"
    at = identifier(contract.known_at)
    moment = sql_day if contract.column(contract.known_at).kind == "date" else sql_midnight
    bounds = [f"{at} >= {moment(since)}"] if since else []
    return " AND ".join([*bounds, f"{at} < {moment(before)}"])


def known_value(contract: Contract, column: str, before: dt.date) -> str:
    """Return SQL of one column under its own name, without an end that had not come yet."""
    name = identifier(column)
    if column == contract.ends_at:
        return f"CASE WHEN {name} < {sql_day(before)} THEN {name} END AS {name}"
    return name


def sql_day(day: dt.date) -> str:
    """Return a date for SQL.

    >>> sql_day(dt.date(2024, 6, 30))
    "CAST('2024-06-30' AS DATE)"
    """
    return f"CAST('{day.isoformat()}' AS DATE)"


def sql_midnight(day: dt.date) -> str:
    """Return the first moment of a day for SQL.

    >>> sql_midnight(dt.date(2024, 6, 30))
    "CAST('2024-06-30 00:00:00' AS TIMESTAMP)"
    """
    return f"CAST('{day.isoformat()} 00:00:00' AS TIMESTAMP)"
