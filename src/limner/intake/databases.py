"""Read tables of SQLite and PostgreSQL as streams of text columns, through ADBC."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from limner.engine import identifier
from limner.errors import DatabaseUnreachable

POSTGRESQL_PREFIX = "postgresql:"

# What the text of a value looks like must not depend on how the server is set up.
_POSTGRESQL_SESSION = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET datestyle TO ISO",
    "SET intervalstyle TO iso_8601",
    "SET timezone TO 'UTC'",
    "SET extra_float_digits TO 1",
    "SET bytea_output TO hex",
)


@dataclass(frozen=True)
class Database:
    """An open database, seen as it was at one moment.

    Attributes:
        name: what errors call it; never its address or credentials.
        columns_query: names the columns of the table given as its one parameter.
    """

    bank: str
    name: str
    connection: Any
    columns_query: str

    def columns(self, table: str) -> list[str]:
        """Name a table's columns; none where there is no such table."""
        with self._cursor() as cursor:
            cursor.execute(self.columns_query, (self._table_parameter(table),))
            return [str(name) for (name,) in cursor.fetchall()]

    @contextmanager
    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Any]:
        """Stream columns of a table as Arrow record batches of text; '' is unknown.

        SQLite has no column types: the driver takes a column's from its first rows, and
        fails on text later where they were all unknown. So unknown travels as ''.
        """
        texts = ", ".join(
            f"coalesce(CAST({c} AS TEXT), '') AS {c}" for c in map(identifier, columns)
        )
        with self._cursor() as cursor:
            cursor.execute(f"SELECT {texts} FROM {_quoted(table)}")
            yield cursor.fetch_record_batch()

    def _table_parameter(self, table: str) -> str:
        return _quoted(table) if self.name != "SQLite file" else table

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        from adbc_driver_manager import Error

        try:
            with self.connection.cursor() as cursor:
                yield cursor
        except Error as fault:
            # The driver's own words quote the query and may quote the address.
            state = f" (SQLSTATE {fault.sqlstate})" if fault.sqlstate else ""
            raise DatabaseUnreachable(self.bank, self.name, f"it refused a query{state}") from None


@contextmanager
def open_sqlite(bank: str, file: Path) -> Iterator[Database]:
    """Open a SQLite file, read only.

    Raises:
        DatabaseUnreachable: it is damaged.
    """
    from adbc_driver_sqlite import dbapi

    with _connected(bank, "SQLite file", dbapi, f"{file.resolve().as_uri()}?mode=ro") as connection:
        yield Database(
            bank, "SQLite file", connection, "SELECT name FROM pragma_table_info(?)"
        )  # fmt: skip


@contextmanager
def open_postgresql(bank: str, variable: str) -> Iterator[Database]:
    """Open the PostgreSQL database whose address is in an environment variable.

    Every table is read as of one moment, and nothing can be written.

    Raises:
        DatabaseUnreachable: the variable is not set, or the server cannot be reached.
    """
    from adbc_driver_postgresql import dbapi

    name = f"PostgreSQL database of environment variable {variable}"
    address = os.environ.get(variable)
    if not address:
        reason = "the variable is not set: set it to the database's connection string"
        raise DatabaseUnreachable(bank, name, reason)
    columns = (
        "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1)::oid"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    with _connected(bank, name, dbapi, address) as connection:
        database = Database(bank, name, connection, columns)
        with database._cursor() as cursor:
            for statement in _POSTGRESQL_SESSION:
                cursor.execute(statement)
        yield database


@contextmanager
def _connected(bank: str, name: str, dbapi: Any, address: str) -> Iterator[Any]:
    try:
        connection = dbapi.connect(address)
    except dbapi.Error:
        reason = "it cannot be opened: check that it is there and the connection string is right"
        raise DatabaseUnreachable(bank, name, reason) from None
    try:
        yield connection
    finally:
        cast(Any, connection).close()


def _quoted(table: str) -> str:
    return ".".join(identifier(part) for part in table.split("."))
