"""Write a trusted table in its final layout: parts of a month, or one part that is all."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from limner.artifacts import replacing_folder
from limner.contract import Column, Contract, Sensitivity
from limner.engine import Connection, count, identifier, read_parquet, write_parquet_files
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
    connections: Sequence[Connection], contract: Contract, select_sql: str, folder: Path
) -> int:
    """Write a table as ``<folder>/<part>.parquet``, replacing the folder as a whole.

    Tables of dealings, and instalments, are parted by the month of ``known_at``
    (``YYYY-MM``); every other table is one part, ``all``. Rows are in order of time, then
    key, then everything else, so that equal rows are equal bytes whatever order they come in.

    Args:
        connections: to one database; as many parts are written at once.
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
    rows_in, conditions = _parts(connections[0], contract, rows)
    with replacing_folder(folder) as parts:
        queries = {
            parts / f"{part}.parquet": f"SELECT * FROM ({rows}) WHERE {condition} ORDER BY {order}"
            for part, condition in conditions.items()
        }
        write_parquet_files(connections, queries)
        written = count(connections[0], read_parquet(queries))
        if written != rows_in:
            raise RowsLost(contract.table, rows_in, written, 0)
    return written


def _order(contract: Contract, columns: tuple[Column, ...]) -> list[str]:
    names = [column.name for column in columns]
    first = [name for name in (contract.known_at, *contract.key) if name in names]
    return list(dict.fromkeys([*first, *names]))


def _parts(connection: Connection, contract: Contract, rows: str) -> tuple[int, dict[str, str]]:
    """Count the rows and name each part with the SQL condition of its own."""
    if contract.table not in _BY_MONTH or not contract.known_at:
        return count(connection, f"({rows})"), {WHOLE: "true"}
    known_at = identifier(contract.known_at)
    months = connection.execute(
        f"SELECT CAST(date_trunc('month', {known_at}) AS DATE) AS month, count(*)"
        f" FROM ({rows}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    named = dict(_month(known_at, month) for month, _ in months if month is not None)
    # A table without rows is one empty part: its columns are still to be read.
    return sum(n for _, n in months), named or {WHOLE: "true"}


def _month(known_at: str, first: dt.date) -> tuple[str, str]:
    after = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    within = f"{known_at} >= DATE '{first}' AND {known_at} < DATE '{after}'"
    return f"{first:%Y-%m}", within
