"""Extracts that are tables of a real PostgreSQL server."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from limner.artifacts import sha256_of
from limner.engine import identifier
from limner.errors import ColumnMissing, DatabaseUnreachable, DataFileMissing
from limner.intake.landing import land_tables
from limner.intake.values import SQL_TYPE
from limner.portfolios.bank import Bank
from limner.portfolios.canonical import canonical_table
from tiny_bank import Rows, bank_of, columns_in, good_rows, take_in, take_in_rows

VARIABLE = "TINYBANK_DATABASE"


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _run(*command: str) -> None:
    # A PostgreSQL server refuses to run as root.
    as_other = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    done = subprocess.run(
        [*as_other, *command], capture_output=True, text=True, check=False, timeout=120, cwd="/"
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server on a socket of its own; the connection string."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed (Debian package postgresql)")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("running as root without runuser: PostgreSQL refuses root")
    # A socket's path may have 107 letters: pytest's folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="limner-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        _run(str(programs / "initdb"), "-D", data, "-A", "trust", "-E", "UTF8",
             "-U", "limner", "--no-sync", "--locale=C")  # fmt: skip
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        _run(str(programs / "pg_ctl"), "-D", data, "-l", str(folder / "log"), "-w",
             "-o", options, "start")  # fmt: skip
        try:
            yield f"postgresql:///postgres?host={folder}&user=limner&password=hush"
        finally:
            _run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def filled(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same server with the tiny bank's tables, typed, in schema ``core banking``."""
    from adbc_driver_postgresql import dbapi

    monkeypatch.setenv(VARIABLE, server)
    with dbapi.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute('CREATE SCHEMA "core banking"')
        for table, rows in good_rows().items():
            _create(cursor, table, rows)
        connection.commit()
    yield f"postgresql:{VARIABLE}"
    with dbapi.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute('DROP SCHEMA "core banking" CASCADE')
        connection.commit()


def _create(cursor: object, table: str, rows: list[dict[str, str | None]]) -> None:
    kinds = {"DOUBLE": "double precision", "TIMESTAMP": "timestamptz"}
    names = columns_in(rows, table)
    types = [SQL_TYPE[canonical_table(table).column(name).kind] for name in names]
    columns = ", ".join(
        f"{identifier(n)} {kinds.get(t, t)}" for n, t in zip(names, types, strict=True)
    )
    cursor.execute("SET timezone TO 'UTC'")  # type: ignore[attr-defined]
    cursor.execute(f'CREATE TABLE "core banking"."core_{table}" ({columns})')  # type: ignore[attr-defined]
    for row in rows:
        cells = ", ".join(
            "NULL" if row.get(n) is None else "'" + str(row[n]).replace("'", "''") + "'"
            for n in names
        )
        cursor.execute(f'INSERT INTO "core banking"."core_{table}" VALUES ({cells})')  # type: ignore[attr-defined]


def _bank(rows: Rows, **others: tuple[str, ...]) -> Bank:
    bank = bank_of(rows, "database", **others)  # type: ignore[arg-type]
    extracts = [{**e.__dict__, "location": f"core banking.{e.location}"} for e in bank.extracts]
    moved = Bank(bank.name, bank.title, bank.owner, bank.currency,
                 tuple(type(bank.extracts[0])(**e) for e in extracts))  # fmt: skip
    moved.__dict__["mappings"] = bank.mappings
    return moved


def test_tables_of_a_server_give_the_same_trusted_rows_as_text_files(
    tmp_path: Path, filled: str
) -> None:
    rows = good_rows()
    text = take_in_rows(tmp_path / "csv", rows)
    found = take_in(tmp_path, _bank(rows), filled)
    for table in rows:
        assert found.trusted(table) == text.trusted(table) != []


def test_landed_tables_of_a_server_give_the_same_rows_when_it_is_gone(
    tmp_path: Path, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = good_rows()
    first, again = tmp_path / "first", tmp_path / "again"
    for folder in (first, again):
        folder.mkdir()
        land_tables(_bank(rows), filled, folder)
    assert sha256_of(first) == sha256_of(again)
    for file in first.rglob("*.parquet"):
        assert b"hush" not in file.read_bytes()
    monkeypatch.delenv(VARIABLE)
    text = take_in_rows(tmp_path / "csv", rows)
    found = take_in(tmp_path, _bank(rows), str(first))
    for table in rows:
        assert found.trusted(table) == text.trusted(table) != []


def test_a_changed_row_of_a_server_changes_what_is_landed(
    tmp_path: Path, filled: str, server: str
) -> None:
    from adbc_driver_postgresql import dbapi

    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    land_tables(_bank(good_rows()), filled, before)
    with dbapi.connect(server) as connection, connection.cursor() as cursor:
        # An updated row moves to the end of a table: only its table may change.
        cursor.execute('UPDATE "core banking".core_regions SET name = name')
        cursor.execute(
            'UPDATE "core banking".core_transactions SET amount_minor = 1'
            " WHERE transaction_id = 't1'"
        )
        connection.commit()
    after.mkdir()
    land_tables(_bank(good_rows()), filled, after)
    changed = [f.name for f in sorted(before.rglob("*.parquet"))
               if sha256_of(f) != sha256_of(after / f.relative_to(before))]  # fmt: skip
    assert changed == ["core_transactions.parquet"]


def test_a_server_without_a_table_or_column_is_told_apart(bank_folder: Path, filled: str) -> None:
    cards = {"cards": [{"card_id": "c", "customer_id": "core:1", "kind": "debit",
                        "issued_on": "2022-01-01"}]}  # fmt: skip
    taken = take_in(bank_folder, _bank(good_rows() | cards, optional=("cards",)), filled)
    assert taken.intake.left_out["cards"] == "the bank lacks core_cards"
    with pytest.raises(DataFileMissing, match=r"core banking\.core_cards"):
        take_in(bank_folder, _bank(good_rows() | cards), filled)
    rows = good_rows()
    rows["regions"][0]["crimes_per_1000"] = "3"
    with pytest.raises(ColumnMissing, match=r"core_regions.*crimes_per_1000"):
        take_in(bank_folder, _bank(rows), filled)


def test_never_shows_how_the_server_is_reached(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = f"postgresql:{VARIABLE}"
    with pytest.raises(DatabaseUnreachable, match=f"{VARIABLE}.*not set"):
        take_in(tmp_path, _bank(good_rows()), location)
    monkeypatch.setenv(VARIABLE, server.replace("limner-pg-", "elsewhere-"))
    with pytest.raises(DatabaseUnreachable, match=f"{VARIABLE}.*cannot be opened") as refusal:
        take_in(tmp_path, _bank(good_rows()), location)
    assert "hush" not in str(refusal.value)
    assert "elsewhere" not in str(refusal.value)
