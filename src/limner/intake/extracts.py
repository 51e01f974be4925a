"""Make a bank's extracts readable by mapping SQL, wherever they lie, under their names."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from limner.engine import (
    Connection,
    UnreadableTable,
    arriving,
    attach,
    columns_of,
    identifier,
    read_parquet,
    tables_in,
)
from limner.errors import DataFileMissing, DataFileUnreadable
from limner.intake.databases import POSTGRESQL_PREFIX, Database, open_postgresql, open_sqlite
from limner.intake.delimited import delimited_sql, require_columns, unreadable
from limner.portfolios.bank import Bank, Extract

_SQLITE, _DUCKDB = b"SQLite format 3\0", b"DUCK"
_ATTACHED = "extract database"
LANDED = "database"


def open_extracts(connection: Connection, bank: Bank, location: str) -> tuple[str, ...]:
    """Make each extract a table or view of its promised columns, and no others.

    Text files, Parquet and DuckDB files are read where they lie, when they are asked for;
    tables of SQLite and PostgreSQL are copied into temporary tables.

    Args:
        location: folder of the bank's files, its database tables landed there by
            :mod:`limner.intake.landing`; or a DuckDB or SQLite file, beside which its
            other files lie; or ``postgresql:`` and the environment variable that holds the
            connection string.

    Returns:
        Names of the optional extracts that the bank lacks.

    Raises:
        DataFileMissing: a required file or table is not there.
        DataFileUnreadable: a file is no table, or is in another encoding.
        ColumnMissing: a promised column is not there.
        DatabaseUnreachable: the database cannot be opened.
    """
    extracts = _as_landed(bank.extracts, location)
    with opened_database(connection, bank.name, extracts, location) as database:
        absent = [e for e in extracts if not _open(connection, e, location, database)]
    for extract in absent:
        if not extract.optional:
            raise missing(bank, location, extract)
    return tuple(extract.name for extract in absent)


def missing(bank: Bank, location: str, extract: Extract) -> DataFileMissing:
    """Say that a bank lacks an extract that it may not lack."""
    remedy = f"put it there or change banks.{bank.name}.location"
    return DataFileMissing(bank.name, f"{location}: {extract.location}", remedy)


def landed_file(extract: Extract) -> str:
    """Name the file of a landed database table, below the folder of the bank's extracts."""
    return f"{LANDED}/{extract.name}.parquet"


def _as_landed(extracts: Sequence[Extract], location: str) -> list[Extract]:
    """State where the database tables of a folder's extracts lie: they have been landed."""
    if location.startswith(POSTGRESQL_PREFIX) or not Path(location).expanduser().is_dir():
        return list(extracts)
    return [
        replace(e, format="parquet", location=landed_file(e)) if e.format == "database" else e
        for e in extracts
    ]


def explain_unreadable(
    connection: Connection, bank: Bank, location: str, mapping: str, fault: str
) -> DataFileUnreadable | None:
    """Tell which extract a failed mapping found unreadable; None where none is."""
    # The engine hands a mapping's casts down to the file's reader: their failure is its own.
    if "Error when converting" in fault:
        return None
    read = tables_in(connection, mapping)
    for extract in (e for e in _as_landed(bank.extracts, location) if e.name in read):
        for file in _files(location, extract):
            if extract.format == "csv" and str(file.absolute()) in fault:
                return unreadable(_called(extract, file), fault)
            # The engine does not name a damaged part, so each is read by itself.
            if extract.format == "parquet" and not _is_whole(connection, file):
                return _broken_parquet(extract, file)
    return None


@contextmanager
def opened_database(
    connection: Connection, bank: str, extracts: Sequence[Extract], location: str
) -> Iterator[Database | None]:
    """Open the database of a bank that has one; None where DuckDB reads it itself.

    Raises:
        DataFileMissing, DataFileUnreadable, DatabaseUnreachable: it cannot be opened.
    """
    if not any(extract.format == "database" for extract in extracts):
        yield None
    elif location.startswith(POSTGRESQL_PREFIX):
        with open_postgresql(bank, location.removeprefix(POSTGRESQL_PREFIX)) as database:
            yield database
    elif _first_bytes(bank, location).startswith(_SQLITE):
        with open_sqlite(bank, Path(location)) as database:
            yield database
    else:
        _attach(connection, bank, location)
        yield None


def _first_bytes(bank: str, location: str) -> bytes:
    file = Path(location).expanduser()
    if not file.is_file():
        remedy = f"put a DuckDB or SQLite file there or change banks.{bank}.location"
        raise DataFileMissing(bank, location, remedy)
    with file.open("rb") as stream:
        return stream.read(16)


def _attach(connection: Connection, bank: str, location: str) -> None:
    if _first_bytes(bank, location)[8:12] != _DUCKDB:
        raise DataFileUnreadable(Path(location).name, "it is neither a DuckDB nor a SQLite file")
    try:
        attach(connection, Path(location).expanduser(), _ATTACHED)
    except UnreadableTable:
        reason = "it is damaged, in use by another program, or of a newer DuckDB"
        raise DataFileUnreadable(Path(location).name, reason) from None


def _open(
    connection: Connection, extract: Extract, location: str, database: Database | None
) -> bool:
    """Make one extract readable; False where it is not there."""
    if extract.format == "database":
        return _open_table(connection, extract, database)
    files = _files(location, extract)
    if not files:
        return False
    columns = ", ".join(identifier(name) for name in extract.columns)
    if extract.format == "parquet":
        rows = f"SELECT {columns} FROM {_parquet_sql(connection, extract, files)}"
    else:
        rows = " UNION ALL ".join(
            f"SELECT {columns} FROM {_delimited_sql(extract, file)}" for file in files
        )
    _view(connection, extract, rows)
    return True


def _delimited_sql(extract: Extract, file: Path) -> str:
    called = _called(extract, file)
    return delimited_sql(called, file, extract.columns, extract.separator, extract.encoding)


def _parquet_sql(connection: Connection, extract: Extract, files: list[Path]) -> str:
    for file in files:
        # Each part by itself: together, a part of other columns is told only once it is read.
        try:
            present = columns_of(connection, f"FROM {read_parquet([file])}")
        except UnreadableTable:
            raise _broken_parquet(extract, file) from None
        require_columns(_called(extract, file), extract.columns, list(present))
    return read_parquet(files)


def _open_table(connection: Connection, extract: Extract, database: Database | None) -> bool:
    with database_rows(connection, extract, database) as rows:
        if rows is not None:
            kind = "TEMP TABLE" if database else "TEMP VIEW"
            connection.execute(f"CREATE {kind} {identifier(extract.name)} AS {rows}")
        return rows is not None


@contextmanager
def database_rows(
    connection: Connection, extract: Extract, database: Database | None
) -> Iterator[str | None]:
    """Give SQL of a table's promised columns as text; None where there is no such table.

    It can be run once: the rows of an open database arrive as a stream.

    Args:
        database: as :func:`opened_database` gave it.

    Raises:
        ColumnMissing: a promised column is not there.
    """
    texts = ", ".join(
        f"nullif(CAST({identifier(name)} AS VARCHAR), '') AS {identifier(name)}"
        for name in extract.columns
    )
    if database is None:
        yield _attached_sql(connection, extract, texts)
        return
    present = database.columns(extract.location)
    if not present:
        yield None
        return
    require_columns(extract.name, extract.columns, present)
    with (
        database.rows(extract.location, extract.columns) as batches,
        arriving(connection, batches) as relation,
    ):
        yield f"SELECT {texts} FROM {relation}"


def _attached_sql(connection: Connection, extract: Extract, texts: str) -> str | None:
    table = ".".join(identifier(part) for part in (_ATTACHED, *extract.location.split(".")))
    try:
        present = columns_of(connection, f"FROM {table}")
    except UnreadableTable:
        return None
    require_columns(extract.name, extract.columns, list(present))
    return f"SELECT {texts} FROM {table}"


def _view(connection: Connection, extract: Extract, rows: str) -> None:
    connection.execute(f"CREATE TEMP VIEW {identifier(extract.name)} AS {rows}")


def _files(location: str, extract: Extract) -> list[Path]:
    if extract.format == "database" or location.startswith(POSTGRESQL_PREFIX):
        return []
    folder = Path(location).expanduser()
    folder = folder.parent if folder.is_file() else folder
    if any(mark in extract.location for mark in "*?["):
        return sorted(file for file in folder.glob(extract.location) if file.is_file())
    file = folder / extract.location
    return [file] if file.is_file() else []


def _called(extract: Extract, file: Path) -> str:
    return f"{extract.name} ({file.name})"


def _is_whole(connection: Connection, file: Path) -> bool:
    try:
        every_value = f"SELECT count(hash(COLUMNS(*))) FROM {read_parquet([file])}"
        connection.execute(every_value).fetchall()
    except UnreadableTable:
        return False
    return True


def _broken_parquet(extract: Extract, file: Path) -> DataFileUnreadable:
    return DataFileUnreadable(_called(extract, file), "it is no Parquet file, or a damaged one")
