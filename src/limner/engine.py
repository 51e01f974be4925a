"""The only door to DuckDB: in-process SQL over local files, nothing else.

A connection is closed to the outside (no extension is fetched or loaded) and
keeps the order of rows, so that what it writes is the same bytes every time.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

Connection = duckdb.DuckDBPyConnection
UnreadableTable = duckdb.Error
# What is wrong with a query's own words: its message quotes the query, never a row.
UnreadableQuery = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


@contextmanager
def connect(
    threads: int = 1, memory_limit: str | None = None, spill: Path | None = None
) -> Iterator[Connection]:
    """Open an in-memory database for the block.

    Args:
        threads: worker threads; one keeps Parquet output byte-identical.
        memory_limit: for example ``4GB``; DuckDB's own limit (most of the machine) if None.
        spill: folder for what exceeds the limit; ``.tmp`` in the working folder if None.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if memory_limit:
        config["memory_limit"] = memory_limit
    if spill:
        config["temp_directory"] = str(spill)
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
    # All of the result: one that is not read to its end holds the connection.
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {relation}").fetchall()
    return int(rows)


def columns_of(connection: Connection, query: str) -> dict[str, str]:
    """Name a query's columns with their SQL types, in order, without running it."""
    described = connection.execute(f"DESCRIBE ({query})").fetchall()
    return {str(name): str(kind) for name, kind, *_ in described}


def tables_in(connection: Connection, query: str) -> set[str]:
    """Name the tables that a query reads; they need not exist."""
    # A cursor does not see temporary views, which would be named by what they read.
    with connection.cursor() as outside:
        return set(outside.get_table_names(query))


def land(connection: Connection, name: str, batches: Any, columns: str) -> None:
    """Copy Arrow record batches, as they come, into a temporary table of selected columns."""
    with arriving(connection, batches) as relation:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS SELECT {columns} FROM {relation}"
        )


@contextmanager
def arriving(connection: Connection, batches: Any) -> Iterator[str]:
    """Name a relation that reads Arrow record batches, once, as they come."""
    connection.register("arriving", batches)
    try:
        yield "arriving"
    finally:
        connection.unregister("arriving")


def numbers(connection: Connection, query: str) -> npt.NDArray[Any]:
    """Fetch a query's one column of numbers, none of them unknown."""
    (column,) = connection.execute(query).fetchnumpy().values()
    return np.asarray(column)


def write_parquet(
    connection: Connection, query: str, path: Path, compression: str = "zstd"
) -> None:
    """Write a query's rows, in order, as Parquet."""
    connection.execute(
        f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION {compression})"
    )
