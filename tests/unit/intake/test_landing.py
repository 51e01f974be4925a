"""Tables of a database become files that give the same trusted rows, and the same bytes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from limner.artifacts import sha256_of
from limner.engine import connect
from limner.errors import ColumnMissing, DataFileMissing, DataFileUnreadable
from limner.intake.landing import land_tables
from limner.portfolios.bank import Bank
from tiny_bank import WRITERS, bank_of, good_rows, take_in, take_in_rows

CARDS = {"cards": [{"card_id": "c", "customer_id": "core:1", "kind": "debit",
                    "issued_on": "2022-01-01"}]}  # fmt: skip


def land(folder: Path, bank: Bank, location: str) -> Path:
    folder.mkdir()
    land_tables(bank, location, folder)
    return folder


@pytest.mark.parametrize("form", ["duckdb", "sqlite"])
def test_landed_tables_give_the_trusted_rows_of_the_database(tmp_path: Path, form: str) -> None:
    rows = good_rows()
    bank = bank_of(rows, "database")
    location = WRITERS[form](tmp_path / form, rows)
    landed = land(tmp_path / "landed", bank, location)
    text = take_in_rows(tmp_path / "csv", rows)
    found = take_in(tmp_path, bank, str(landed))
    for table in rows:
        assert found.trusted(table) == text.trusted(table) != []
    assert found.table("transactions").known == text.table("transactions").known
    assert sorted(file.name for file in landed.rglob("*") if file.is_file()) == sorted(
        f"core_{table}.parquet" for table in rows
    )


@pytest.mark.parametrize("form", ["duckdb", "sqlite"])
def test_the_order_of_rows_in_the_database_changes_no_byte(tmp_path: Path, form: str) -> None:
    rows = good_rows()
    turned = {table: body[::-1] for table, body in rows.items()}
    bank = bank_of(rows, "database")
    first, again = (
        land(tmp_path / name, bank, WRITERS[form](tmp_path / f"{name}-{form}", body))
        for name, body in (("first", rows), ("again", turned))
    )
    assert sha256_of(first) == sha256_of(again)
    rows["transactions"][0]["amount_minor"] = "1251"
    other = WRITERS[form](tmp_path / "changed", rows)
    assert sha256_of(land(tmp_path / "other", bank, other)) != sha256_of(first)


def test_only_promised_columns_are_landed_as_text(tmp_path: Path) -> None:
    rows = good_rows()
    location = WRITERS["duckdb"](tmp_path / "bank", rows)
    bank = bank_of(rows, "database")
    narrow = replace(bank, extracts=tuple(
        replace(e, columns=e.columns[:2]) if e.name == "core_transactions" else e
        for e in bank.extracts
    ))  # fmt: skip
    folder = land(tmp_path / "landed", narrow, location)
    with connect() as connection:
        table = connection.execute(
            f"DESCRIBE FROM read_parquet('{folder}/database/core_transactions.parquet')"
        ).fetchall()
    assert [row[:2] for row in table] == [("transaction_id", "VARCHAR"), ("account_id", "VARCHAR")]


def test_a_table_that_is_not_there_is_left_out_or_refused(tmp_path: Path) -> None:
    location = WRITERS["sqlite"](tmp_path / "bank", good_rows())
    rows = good_rows() | CARDS
    optional = bank_of(rows, "database", optional=("cards",))
    found = take_in(tmp_path, optional, str(land(tmp_path / "landed", optional, location)))
    assert found.intake.left_out["cards"] == "the bank lacks core_cards"
    with pytest.raises(DataFileMissing, match=r"core_cards.*banks\.tinybank\.location"):
        land(tmp_path / "refused", bank_of(rows, "database"), location)


def test_refuses_a_column_that_is_not_there_and_a_file_that_is_no_database(tmp_path: Path) -> None:
    rows = good_rows()
    location = WRITERS["duckdb"](tmp_path / "bank", rows)
    changed: Any = good_rows()
    changed["regions"][0]["crimes_per_1000"] = "3"
    with pytest.raises(ColumnMissing, match=r"core_regions.*crimes_per_1000"):
        land(tmp_path / "1", bank_of(changed, "database"), location)
    (tmp_path / "file.db").write_bytes(b"something else altogether")
    with pytest.raises(DataFileUnreadable, match="neither a DuckDB nor a SQLite"):
        land(tmp_path / "2", bank_of(rows, "database"), str(tmp_path / "file.db"))


def test_a_damaged_landed_table_is_named(tmp_path: Path) -> None:
    rows = good_rows()
    bank = bank_of(rows, "database")
    landed = land(tmp_path / "landed", bank, WRITERS["sqlite"](tmp_path / "bank", rows))
    (landed / "database" / "core_transactions.parquet").write_bytes(b"PAR1 broken PAR1")
    with pytest.raises(DataFileUnreadable, match=r"core_transactions .*damaged"):
        take_in(tmp_path, bank, str(landed))
