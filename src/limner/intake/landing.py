"""Copy a bank's database tables, as they are at one moment, to files that DVC can version."""

import shutil
from collections.abc import Callable
from pathlib import Path

from limner.engine import connect, count, read_parquet, write_parquet
from limner.intake.extracts import (
    LANDED,
    database_rows,
    landed_file,
    missing,
    opened_database,
)
from limner.portfolios.bank import Bank

_SPILL = ".spill"


def land_tables(
    bank: Bank, location: str, folder: Path, progress: Callable[[str], None] = lambda line: None
) -> None:
    """Write every database table that the bank's extracts name, below a folder.

    Only the promised columns are copied, as text, in an order of their own: equal tables are
    equal bytes whatever order the database gives them in. A table is streamed, and sorted on
    disk where memory does not hold it. All tables of a PostgreSQL server are of one moment.

    Args:
        location: a DuckDB or SQLite file; or ``postgresql:`` and the environment variable
            that holds the connection string, which is written nowhere.
        folder: then holds ``database/<extract>.parquet``, which
            :func:`limner.intake.extracts.open_extracts` reads in the database's place.

    Raises:
        DataFileMissing: a required table is not there.
        DataFileUnreadable, DatabaseUnreachable: the database cannot be opened.
        ColumnMissing: a promised column is not there.
    """
    (folder / LANDED).mkdir()
    tables = [extract for extract in bank.extracts if extract.format == "database"]
    with (
        connect(spill=folder / _SPILL) as connection,
        opened_database(connection, bank.name, tables, location) as database,
    ):
        for extract in tables:
            file = folder / landed_file(extract)
            with database_rows(connection, extract, database) as rows:
                if rows is None:
                    if not extract.optional:
                        raise missing(bank, location, extract)
                    progress(f"{bank.name}: {extract.name} is not there")
                    continue
                write_parquet(connection, f"{rows} ORDER BY ALL", file)
            landed = count(connection, read_parquet([file]))
            progress(f"{bank.name}: {extract.name}, {landed:,} rows")
    shutil.rmtree(folder / _SPILL, ignore_errors=True)
