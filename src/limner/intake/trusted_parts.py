"""Write a trusted table in its final layout: parts of a month, or one part that is all."""

import datetime as dt
from pathlib import Path

from limner.artifacts import replacing_folder
from limner.contract import Column, Contract, Sensitivity
from limner.engine import Connection, count, identifier, literal, write_parquet
from limner.errors import RowsLost
from limner.intake.values import SQL_TYPE
from limner.portfolios.canonical import dealings

WHOLE = "all"
_BY_MONTH = frozenset({*(contract.table for contract in dealings.TABLES), "instalments"})


def trusted_columns(contract: Contract) -> tuple[Column, ...]:
    """The columns that outlive intake: all but those that name a person."""
    return tuple(
        column
        for column in contract.columns
        if column.key or column.sensitivity is not Sensitivity.IDENTIFIER
    )


def write_trusted_parts(
    connection: Connection, contract: Contract, select_sql: str, folder: Path
) -> int:
    """Write a table as ``<folder>/<part>.parquet``, replacing the folder as a whole.

    Tables of dealings, and instalments, are parted by the month of ``known_at``
    (``YYYY-MM``); every other table is one part, ``all``. Rows are in order of time, then
    key, then everything else, so that equal rows are equal bytes whatever order they come in.

    Args:
        select_sql: query of at least the columns that outlive intake; it must give the
            same rows each time it is run.

    Returns:
        Number of rows written.

    Raises:
        RowsLost: a row has no month, or the query is not repeatable.
    """
    columns = trusted_columns(contract)
    typed = ", ".join(
        f"CAST({identifier(c.name)} AS {SQL_TYPE[c.kind]}) AS {identifier(c.name)}" for c in columns
    )
    rows = f"SELECT {typed} FROM ({select_sql})"
    order = ", ".join(identifier(name) for name in _order(contract, columns))
    with replacing_folder(folder) as parts:
        for part, condition in _parts(connection, contract, rows):
            query = f"SELECT * FROM ({rows}) WHERE {condition} ORDER BY {order}"
            write_parquet(connection, query, parts / f"{part}.parquet")
        written = count(connection, f"read_parquet({literal(str(parts / '*.parquet'))})")
        rows_in = count(connection, f"({select_sql})")
        if written != rows_in:
            raise RowsLost(contract.table, rows_in, written, 0)
    return written


def _order(contract: Contract, columns: tuple[Column, ...]) -> list[str]:
    names = [column.name for column in columns]
    first = [name for name in (contract.known_at, *contract.key) if name in names]
    return list(dict.fromkeys([*first, *names]))


def _parts(connection: Connection, contract: Contract, rows: str) -> list[tuple[str, str]]:
    """Name each part with the SQL condition of its rows."""
    if contract.table not in _BY_MONTH or not contract.known_at:
        return [(WHOLE, "true")]
    known_at = identifier(contract.known_at)
    months = connection.execute(
        f"SELECT DISTINCT CAST(date_trunc('month', {known_at}) AS DATE) AS month"
        f" FROM ({rows}) WHERE {known_at} IS NOT NULL ORDER BY month"
    ).fetchall()
    # A table without rows is one empty part: its columns are still to be read.
    return [_month(known_at, month) for (month,) in months] or [(WHOLE, "true")]


def _month(known_at: str, first: dt.date) -> tuple[str, str]:
    after = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    within = f"{known_at} >= DATE '{first}' AND {known_at} < DATE '{after}'"
    return f"{first:%Y-%m}", within
