"""The only door to DuckDB: in-process SQL over local files, nothing else.

A connection is closed to the outside (no extension is fetched or loaded) and
keeps the order of rows, so that what it writes is the same bytes every time.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

Connection = duckdb.DuckDBPyConnection
UnreadableTable = duckdb.Error


@contextmanager
def connect(
    threads: int = 1, memory_limit: str | None = None, scratch: Path | None = None
) -> Iterator[Connection]:
    """Open an in-memory database for the block.

    Args:
        threads: worker threads; one keeps Parquet output byte-identical.
        memory_limit: such as ``1GB``; what needs more spills to ``scratch``.
        scratch: folder for what does not fit in memory.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    if scratch is not None:
        config["temp_directory"] = str(scratch)
    connection = duckdb.connect(config=config)
    # It would fill the logs of a pipeline.
    connection.execute("SET enable_progress_bar = false")
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


def read_parquet(files: Iterable[Path]) -> str:
    """Return the relation of all rows of some Parquet files of one table, at least one."""
    listed = ", ".join(literal(str(file)) for file in files)
    return f"read_parquet([{listed}], hive_partitioning=false)"


def count(connection: Connection, relation: str) -> int:
    """Count the rows of a table or view."""
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def write_parquet(connection: Connection, query: str, path: Path) -> None:
    """Write a query's rows, in order, as Parquet."""
    connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
