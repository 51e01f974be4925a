"""The only door to DuckDB: in-process SQL over local files, nothing else.

A connection is closed to the outside (no extension is fetched or loaded) and
keeps the order of rows, so that what it writes is the same bytes every time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

Connection = duckdb.DuckDBPyConnection
UnreadableTable = duckdb.Error


@contextmanager
def connect(threads: int = 1) -> Iterator[Connection]:
    """Open an in-memory database for the block.

    Args:
        threads: worker threads; one keeps Parquet output byte-identical.
    """
    connection = duckdb.connect(
        config={
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        }
    )
    try:
        yield connection
    finally:
        connection.close()


def identifier(name: str) -> str:
    """Quote a column or table name for SQL.

    >>> identifier('odd"name')
    '"odd""name"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def count(connection: Connection, relation: str) -> int:
    """Count the rows of a table or view."""
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def write_parquet(connection: Connection, query: str, path: Path) -> None:
    """Write a query's rows, in order, as Parquet."""
    connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
