"""Make a bank's extracts readable by mapping SQL, wherever they lie, under their names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limner.engine import (
    Connection,
    UnreadableTable,
    columns_of,
    identifier,
    land,
    literal,
    tables_in,
)
from limner.errors import DataFileMissing, DataFileUnreadable
from limner.intake.databases import POSTGRESQL_PREFIX, Database, open_postgresql, open_sqlite
from limner.intake.delimited import delimited_sql, require_columns, unreadable
from limner.portfolios.bank import Bank, Extract

_SQLITE, _DUCKDB = b"SQLite format 3\0", b"DUCK"
_ATTACHED = "extract database"


def open_extracts(connection: Connection, bank: Bank, location: str) -> tuple[str, ...]:
    """Make each extract a table or view of its promised columns, and no others.

    Text files, Parquet and DuckDB files are read where they lie, when they are asked for;
    tables of SQLite and PostgreSQL are copied into temporary tables.

    Args:
        location: folder of the bank's files; or a DuckDB or SQLite file, beside which its
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
    with _opened(connection, bank, location) as database:
        absent = [e for e in bank.extracts if not _open(connection, bank, e, location, database)]
    for extract in absent:
        if not extract.optional:
            remedy = f"put it there or change portfolios.{bank.name}.location"
            raise DataFileMissing(bank.name, f"{location}: {extract.location}", remedy)
    return tuple(extract.name for extract in absent)


def explain_unreadable(
    connection: Connection, bank: Bank, location: str, mapping: str, fault: str
) -> DataFileUnreadable | None:
    """Tell which extract a failed mapping found unreadable; None where none is."""
    # The engine hands a mapping's casts down to the file's reader: their failure is its own.
    if "Error when converting" in fault:
        return None
    read = tables_in(connection, mapping)
    for extract in (e for e in bank.extracts if e.name in read):
        for file in _files(location, extract):
            if extract.format == "csv" and str(file) in fault:
                return unreadable(_called(extract, file), fault)
            # The engine does not name a damaged part, so each is read by itself.
            if extract.format == "parquet" and not _is_whole(connection, file):
                return _broken_parquet(extract, file)
    return None


@contextmanager
def _opened(connection: Connection, bank: Bank, location: str) -> Iterator[Database | None]:
    """Open the database of a bank that has one; None where DuckDB reads it itself."""
    if not any(extract.format == "database" for extract in bank.extracts):
        yield None
    elif location.startswith(POSTGRESQL_PREFIX):
        with open_postgresql(bank.name, location.removeprefix(POSTGRESQL_PREFIX)) as database:
            yield database
    elif _first_bytes(bank, location).startswith(_SQLITE):
        with open_sqlite(bank.name, Path(location)) as database:
            yield database
    else:
        _attach(connection, bank, location)
        yield None


def _first_bytes(bank: Bank, location: str) -> bytes:
    file = Path(location).expanduser()
    if not file.is_file():
        remedy = f"put a DuckDB or SQLite file there or change portfolios.{bank.name}.location"
        raise DataFileMissing(bank.name, location, remedy)
    with file.open("rb") as stream:
        return stream.read(16)


def _attach(connection: Connection, bank: Bank, location: str) -> None:
    if _first_bytes(bank, location)[8:12] != _DUCKDB:
        raise DataFileUnreadable(Path(location).name, "it is neither a DuckDB nor a SQLite file")
    file = str(Path(location).expanduser())
    try:
        connection.execute(f"ATTACH {literal(file)} AS {identifier(_ATTACHED)} (READ_ONLY)")
    except UnreadableTable:
        reason = "it is damaged, in use by another program, or of a newer DuckDB"
        raise DataFileUnreadable(Path(location).name, reason) from None


def _open(
    connection: Connection, bank: Bank, extract: Extract, location: str, database: Database | None
) -> bool:
    """Make one extract readable; False where it is not there."""
    if extract.format == "database":
        if database:
            return _land(connection, extract, database)
        return _view_attached(connection, extract)
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
            present = columns_of(connection, f"FROM read_parquet({literal(str(file))})")
        except UnreadableTable:
            raise _broken_parquet(extract, file) from None
        require_columns(_called(extract, file), extract.columns, list(present))
    return f"read_parquet([{', '.join(literal(str(file)) for file in files)}])"


def _land(connection: Connection, extract: Extract, database: Database) -> bool:
    present = database.columns(extract.location)
    if not present:
        return False
    require_columns(extract.name, extract.columns, present)
    with database.rows(extract.location, extract.columns) as batches:
        known = (f"nullif({identifier(c)}, '') AS {identifier(c)}" for c in extract.columns)
        land(connection, extract.name, batches, ", ".join(known))
    return True


def _view_attached(connection: Connection, extract: Extract) -> bool:
    table = ".".join(identifier(part) for part in (_ATTACHED, *extract.location.split(".")))
    try:
        present = columns_of(connection, f"FROM {table}")
    except UnreadableTable:
        return False
    require_columns(extract.name, extract.columns, list(present))
    texts = ", ".join(
        f"nullif(CAST({identifier(name)} AS VARCHAR), '') AS {identifier(name)}"
        for name in extract.columns
    )
    _view(connection, extract, f"SELECT {texts} FROM {table}")
    return True


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
        every_value = f"SELECT count(hash(COLUMNS(*))) FROM read_parquet({literal(str(file))})"
        connection.execute(every_value).fetchall()
    except UnreadableTable:
        return False
    return True


def _broken_parquet(extract: Extract, file: Path) -> DataFileUnreadable:
    return DataFileUnreadable(_called(extract, file), "it is no Parquet file, or a damaged one")
