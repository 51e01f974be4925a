"""Trusted tables lie in parts of a month, without anything that names a person."""

import random
from pathlib import Path

import pytest
from pyarrow.parquet import ParquetFile, read_table

from limner.artifacts import sha256_of
from limner.engine import connect, side_by_side
from limner.errors import RowsLost
from limner.intake.bank_intake import open_checked
from limner.intake.trusted_parts import trusted_columns, write_trusted_parts
from limner.portfolios.canonical import TABLES, canonical_table
from tiny_bank import Row, fill, good_rows, take_in_rows, transaction

TRANSACTIONS = canonical_table("transactions")


def _write(folder: Path, rows: list[Row], table: str = "transactions", threads: int = 1) -> int:
    with connect() as connection, side_by_side(connection, threads) as connections:
        fill(connection, "made", rows, table, typed=True)
        columns = ", ".join(
            c.name if c.name in rows[0] else f"NULL AS {c.name}"
            for c in trusted_columns(canonical_table(table))
        )
        select = f"SELECT {columns} FROM made"
        return write_trusted_parts(connections, canonical_table(table), select, folder)


def test_parts_are_months_and_hold_the_months_rows_in_order_of_time(tmp_path: Path) -> None:
    times = ["2024-05-31 23:59:59.999999", "2024-01-01 00:00:00", "2024-06-01 00:00:00",
             "2024-05-01 00:00:00", "2023-12-31 23:59:59"]  # fmt: skip
    rows = [transaction(f"t{i}", "a", "c", booked_at=at) for i, at in enumerate(times)]
    assert _write(tmp_path / "t", rows) == 5
    found = {
        file.stem: read_table(file)["transaction_id"].to_pylist()
        for file in sorted((tmp_path / "t").iterdir())
    }
    assert found == {
        "2023-12": ["t4"], "2024-01": ["t1"], "2024-05": ["t3", "t0"], "2024-06": ["t2"],
    }  # fmt: skip


def test_other_tables_are_one_part_without_direct_identifiers(tmp_path: Path) -> None:
    _write(tmp_path / "c", good_rows()["customers"], "customers")
    (file,) = (tmp_path / "c").iterdir()
    assert file.name == "all.parquet"
    assert ParquetFile(file).schema_arrow.names == [
        "customer_id", "system", "onboarded_on", "birth_date", "sex", "region_id",
    ]  # fmt: skip


def test_no_canonical_table_keeps_a_direct_identifier_that_is_no_key() -> None:
    kept = {(t.table, c.name) for t in TABLES for c in trusted_columns(t)}
    gone = {(t.table, c.name) for t in TABLES for c in t.columns} - kept
    assert gone == {("interactions", "note")} | {
        ("customers", n)
        for n in ("full_name", "national_id", "phone", "email", "address", "postcode")
    }


@pytest.mark.parametrize("table", ["transactions", "customers"])
def test_equal_rows_are_equal_bytes_in_any_order_on_any_number_of_threads(
    tmp_path: Path, table: str
) -> None:
    rows = good_rows()[table] + (
        [transaction(f"x{i}", "a", "c", booked_at=f"2024-0{1 + i % 3}-11") for i in range(3000)]
        if table == "transactions"
        else []
    )
    hashes = set()
    for seed, threads in ((0, 1), (1, 1), (2, 2)):
        random.Random(seed).shuffle(rows)
        _write(tmp_path / str(seed), rows, table, threads)
        hashes.add(sha256_of(tmp_path / str(seed)))
    assert len(hashes) == 1


def test_stops_when_a_row_has_no_month_and_leaves_what_was_there(bank_folder: Path) -> None:
    _write(bank_folder / "t", good_rows()["transactions"])
    before = sha256_of(bank_folder / "t")
    with pytest.raises(RowsLost, match="5 rows in, but 4"):
        _write(bank_folder / "t", [*good_rows()["transactions"],
                                transaction("x", "a", "c", booked_at=None)])  # fmt: skip
    assert sha256_of(bank_folder / "t") == before


def test_a_table_without_rows_is_one_empty_part(tmp_path: Path) -> None:
    with connect() as connection:
        fill(connection, "made", good_rows()["transactions"], "transactions", typed=True)
        write_trusted_parts([connection], TRANSACTIONS, "FROM made WHERE false", tmp_path / "t")
    (file,) = (tmp_path / "t").iterdir()
    assert read_table(file).num_rows == 0
    assert ParquetFile(file).schema_arrow.names == list(TRANSACTIONS.names)


def test_checked_tables_are_written_as_they_were_trusted(tmp_path: Path) -> None:
    rows = good_rows()
    rows["transactions"].append(transaction("x", "a9", "core:1"))
    taken = take_in_rows(tmp_path, rows)
    with connect() as connection:
        assert "transactions" in open_checked(connection, taken.target)
        select = "FROM checked.transactions"
        assert write_trusted_parts([connection], TRANSACTIONS, select, tmp_path / "t") == 4
    found = read_table(tmp_path / "t").to_pylist()
    keys = [r["transaction_id"] for r in found]
    assert sorted(keys) == [r["transaction_id"] for r in taken.trusted("transactions")]
