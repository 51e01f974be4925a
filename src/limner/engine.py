"""The only door to DuckDB: in-process SQL over local files, nothing else.

A connection is closed to the outside (no extension is fetched or loaded) and
keeps the order of rows, so that what it writes is the same bytes every time.
Files are read by :func:`read_parquet` and :func:`read_csv` alone: a path stands for one
file, whatever signs are in it, and a file's columns are those that are in it.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from limner.errors import PathUnreadable

Connection = duckdb.DuckDBPyConnection
UnreadableTable = duckdb.Error
# What is wrong with a query's own words: its message quotes the query, never a row.
UnreadableQuery = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)

_ROWS_A_BATCH = 1_000_000


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


@contextmanager
def side_by_side(connection: Connection, number: int) -> Iterator[tuple[Connection, ...]]:
    """Give connections to the same database, the given one among them, to be used at once.

    They share its memory limit and see its tables and views, but nothing temporary and no
    variable. Where the database has one thread, each works on the thread that calls it: what
    is written by several at once is the same bytes as by one.
    """
    with ExitStack() as opened:
        others = [opened.enter_context(connection.cursor()) for _ in range(number - 1)]
        yield (connection, *others)


def half(memory_limit: str) -> str:
    """Halve a memory limit.

    >>> half("5GB"), half("512MB")
    ('2.5GB', '256MB')
    """
    number, unit = memory_limit[:-2], memory_limit[-2:]
    return f"{float(number) / 2:.15g}{unit}"


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


@dataclass(frozen=True)
class CsvLayout:
    """How a text file writes its table; :func:`read_csv` guesses none of it."""

    separator: str = ","
    header: bool = True
    skip_lines: int = 0
    encoding: str = "utf-8"
    is_gzipped: bool = False


def read_parquet(files: Iterable[Path], row_number: bool = False) -> str:
    """Return the relation of all rows of some Parquet files of one table, at least one.

    Args:
        row_number: add the column ``file_row_number``, counted from 0. The engine refuses a
            file that has a column of that name.
    """
    listed = ", ".join(file_literal(file) for file in files)
    counted = ", file_row_number=true" if row_number else ""
    return f"read_parquet([{listed}], hive_partitioning=false{counted})"


def read_csv(file: Path, columns: Sequence[str], layout: CsvLayout) -> str:
    """Return the relation of all rows of a text file, each column as text.

    Left to its own guesses DuckDB drops rows that start with # as comments, and rows at the
    top that are not as long as most: so it is told everything.

    Args:
        columns: names for the file's columns, in file order, distinct but for case.
    """
    named = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    compression = "gzip" if layout.is_gzipped else "none"
    return (
        f"read_csv([{file_literal(file)}], columns={{{named}}}, auto_detect=false,"
        f" hive_partitioning=false, header={layout.header}, delim={literal(layout.separator)},"
        f" quote='\"', escape='\"', encoding={literal(layout.encoding)},"
        f" compression='{compression}', null_padding=false, comment='', skip={layout.skip_lines})"
    )


def file_literal(file: Path) -> str:
    """Quote a path for SQL so that it names this one file: the engine expands ``*?[`` and ``~``.

    Raises:
        PathUnreadable: the engine has no way to write this path.
    """
    path = _absolute(file)
    if re.search(r"[*?\[]", path) and "\\" in path:
        raise PathUnreadable(Path(path).name)
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", path))


def attach(connection: Connection, file: Path, name: str) -> None:
    """Open a DuckDB file under a name, to be read only."""
    connection.execute(f"ATTACH {literal(_absolute(file))} AS {identifier(name)} (READ_ONLY)")


def _absolute(file: Path) -> str:
    # It starts with no ~, and with no name of a protocol such as s3: or of another database.
    return os.path.abspath(file)  # noqa: PTH100  a link's own path, not its target's


def count(connection: Connection, relation: str) -> int:
    """Count the rows of a table or view."""
    # All of the result: one that is not read to its end holds the connection.
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {relation}").fetchall()
    return int(rows)


def columns_of(connection: Connection, query: str) -> dict[str, str]:
    """Name a query's columns with their SQL types, in order, without running it."""
    described = connection.execute(f"DESCRIBE ({query})").fetchall()
    # Of plain columns, renamed in case only, DESCRIBE tells the old names; the result has the new.
    named = connection.execute(f"SELECT * FROM ({query}) LIMIT 0").description or []
    return {
        str(name): str(kind) for (name, *_), (_, kind, *_) in zip(named, described, strict=True)
    }


def tables_in(connection: Connection, query: str) -> set[str]:
    """Name the tables that a query reads; they need not exist."""
    # A cursor does not see temporary views, which would be named by what they read.
    with connection.cursor() as outside:
        return set(outside.get_table_names(query))


def arrow(connection: Connection, query: str) -> Any:
    """Fetch a query's rows, in order, as an Arrow table."""
    return connection.sql(query).to_arrow_table()


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


def numbers(connection: Connection, query: str, at_most: int) -> npt.NDArray[np.uint64]:
    """Fetch a query's one column, of type UBIGINT and none unknown, as it comes.

    Args:
        at_most: rows that the query may give. They are held once, in one array.
    """
    found, filled = np.empty(at_most, np.uint64), 0
    for batch in connection.sql(query).to_arrow_reader(_ROWS_A_BATCH):
        found[filled : filled + batch.num_rows] = batch.column(0).to_numpy()
        filled += batch.num_rows
    return found[:filled]


def write_parquet(
    connection: Connection, query: str, path: Path, compression: str = "zstd"
) -> None:
    """Write a query's rows, in order, as Parquet."""
    connection.execute(
        f"COPY ({query}) TO {literal(_absolute(path))} (FORMAT parquet, COMPRESSION {compression})"
    )


def write_parquet_files(
    connections: Sequence[Connection], queries: Mapping[Path, str], compression: str = "zstd"
) -> None:
    """Write each query's rows as a Parquet file, as many at once as there are connections."""
    free: SimpleQueue[Connection] = SimpleQueue()
    for connection in connections:
        free.put(connection)

    def write(path: Path, query: str) -> None:
        connection = free.get()
        try:
            write_parquet(connection, query, path, compression)
        finally:
            free.put(connection)

    with ThreadPoolExecutor(len(connections)) as pool:
        writing = [pool.submit(write, path, query) for path, query in queries.items()]
        try:
            for file in writing:
                file.result()
        finally:
            pool.shutdown(cancel_futures=True)
