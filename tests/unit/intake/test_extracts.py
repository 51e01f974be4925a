"""Extracts give the same trusted rows in every form, or are refused with a clear error."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from limner.errors import (
    ColumnMissing,
    DatabaseUnreachable,
    DataFileMissing,
    DataFileUnreadable,
    MappingBroken,
    TableMissing,
)
from limner.portfolios.bank import Bank
from tiny_bank import (
    WRITERS,
    bank_of,
    customer,
    good_rows,
    take_in,
    take_in_rows,
    transaction,
    with_mappings,
    write_csv_bank,
    write_parquet_bank,
)

SECRET = "Jana Nováková"


@pytest.mark.parametrize("form", ["parquet", "duckdb", "sqlite"])
def test_every_form_of_extract_gives_the_same_trusted_rows(tmp_path: Path, form: str) -> None:
    rows = good_rows()
    text = take_in_rows(tmp_path / "csv", rows, "csv")
    other = take_in_rows(tmp_path / form, rows, form)
    for table in rows:
        assert other.trusted(table) == text.trusted(table) != []
    assert other.table("transactions").parts.rows_trusted == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_reads_text_in_the_encoding_that_the_portfolio_states(
    tmp_path: Path, encoding: str, pack: type[bytes]
) -> None:
    rows = good_rows()
    rows["regions"][0]["name"] = "Åbenrå é"
    write_csv_bank(tmp_path / "extracts", rows, separator=";")
    for file in (tmp_path / "extracts").iterdir():
        text = file.read_text(encoding="utf-8").replace("Nováková", "Novak")
        file.write_bytes(pack(text.encode(encoding)))
    stated = encoding.removesuffix("-sig")
    taken = take_in(
        tmp_path, bank_of(rows, separator=";", encoding=stated), str(tmp_path / "extracts")
    )
    assert taken.trusted("regions")[0]["name"] == "Åbenrå é"
    assert taken.table("transactions").parts.rows_trusted == 4


@pytest.mark.parametrize(
    ("written", "stated"),
    [("latin-1", "utf-8"), ("utf-8", "latin-1"), ("utf-8-sig", "latin-1"), ("utf-16", "utf-8"),
     ("utf-16", "latin-1"), ("utf-8", "utf-16"), ("utf-16-be", "utf-16")],
)  # fmt: skip
def test_refuses_text_in_another_encoding(tmp_path: Path, written: str, stated: str) -> None:
    rows = good_rows()
    rows["customers"] = [customer("core:1", full_name="Jörg"), customer("core:2")]
    location = write_csv_bank(tmp_path / "extracts", rows)
    file = tmp_path / "extracts" / "customers.csv"
    mark = b"\xfe\xff" if written == "utf-16-be" else b""
    text = file.read_text(encoding="utf-8").replace("Nováková", "Novak")
    file.write_bytes(mark + text.encode(written))
    for other in ("accounts", "transactions", "regions", "products"):
        plain = (tmp_path / "extracts" / f"{other}.csv").read_text(encoding="utf-8")
        (tmp_path / "extracts" / f"{other}.csv").write_bytes(plain.encode(stated))
    with pytest.raises(DataFileUnreadable, match=r"core_customers \(customers.csv\)") as refusal:
        take_in(tmp_path, bank_of(rows, encoding=stated), location)
    assert "Jörg" not in str(refusal.value)
    assert not (tmp_path / "intake").exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"core:3,core,{SECRET}", "line 4: 8 columns expected, 3 found"),
        (",".join([SECRET] * 9), "line 4: 8 columns expected, 9 found"),
        (f'core:3,core,2020-01-01,"{SECRET}', "line 4: a quote is not closed"),
    ],
)
def test_names_file_and_line_of_a_broken_row_and_never_its_content(
    tmp_path: Path, line: str, reason: str
) -> None:
    rows = good_rows()
    location = write_csv_bank(tmp_path / "extracts", rows)
    with (tmp_path / "extracts" / "customers.csv").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(DataFileUnreadable) as refusal:
        take_in(tmp_path, bank_of(rows), location)
    assert "core_customers (customers.csv)" in str(refusal.value)
    assert reason in str(refusal.value)
    assert SECRET not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_never_shows_the_first_row_of_a_file_without_a_header(tmp_path: Path) -> None:
    rows = good_rows()
    location = write_csv_bank(tmp_path / "extracts", rows)
    file = tmp_path / "extracts" / "customers.csv"
    file.write_text("".join(file.read_text(encoding="utf-8").splitlines(True)[1:]))
    with pytest.raises(ColumnMissing, match="8 others") as refusal:
        take_in(tmp_path, bank_of(rows), location)
    assert "Jana" not in str(refusal.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1f\x8bno gzip", gzip.compress(b"a,b\n" * 99, mtime=0)[:-9], bytes(range(256)) * 9],
)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_refuses_a_file_that_is_no_table(tmp_path: Path, content: bytes, form: str) -> None:
    rows = good_rows()
    location = WRITERS[form](tmp_path / "extracts", rows)
    (tmp_path / "extracts" / f"accounts.{form}").write_bytes(content)
    with pytest.raises((DataFileUnreadable, ColumnMissing), match="core_accounts"):
        take_in(tmp_path, bank_of(rows, form), location)


def test_parquet_that_breaks_while_it_is_read_is_named(tmp_path: Path) -> None:
    rows = good_rows()
    rows["transactions"] = [transaction(f"t{i}", "a1", "core:1") for i in range(300)]
    location = write_parquet_bank(tmp_path / "extracts", rows)
    file = tmp_path / "extracts" / "transactions.parquet"
    content = bytearray(file.read_bytes())
    content[4:200] = b"\xff" * 196
    file.write_bytes(content)
    with pytest.raises(DataFileUnreadable, match=r"core_transactions \(transactions.parquet\)"):
        take_in(tmp_path, bank_of(rows, "parquet"), location)


def test_reads_a_glob_of_parts_and_refuses_a_part_without_a_column(bank_folder: Path) -> None:
    rows = good_rows()
    bank = bank_of(rows, "parquet")
    parts = tuple(
        replace(e, location="tx/*.parquet") if e.name == "core_transactions" else e
        for e in bank.extracts
    )
    in_parts = replace(bank, extracts=parts)
    in_parts.__dict__["mappings"] = bank.mappings
    location = write_parquet_bank(bank_folder / "extracts", rows)
    (bank_folder / "extracts" / "tx").mkdir()
    for number, part in enumerate((rows["transactions"][:1], rows["transactions"][1:])):
        write_parquet_bank(bank_folder / "part", {"transactions": part})
        (bank_folder / "part" / "transactions.parquet").rename(
            bank_folder / "extracts" / "tx" / f"{number}.parquet"
        )
    assert take_in(bank_folder, in_parts, location).table("transactions").parts.rows_in == 4
    write_parquet_bank(bank_folder / "part", {"regions": rows["regions"]})
    (bank_folder / "part" / "regions.parquet").rename(bank_folder / "extracts" / "tx" / "2.parquet")
    with pytest.raises(ColumnMissing, match=r"core_transactions \(2.parquet\)"):
        take_in(bank_folder, in_parts, location)


@pytest.mark.parametrize("form", list(WRITERS))
def test_a_table_whose_optional_extract_is_missing_is_left_out_and_listed(
    tmp_path: Path, form: str
) -> None:
    rows = good_rows()
    whole = rows | {"cards": [{"card_id": "c1", "customer_id": "core:1", "account_id": "a1",
                               "kind": "debit", "issued_on": "2022-01-01"}]}  # fmt: skip
    bank = bank_of(whole, form if form in ("csv", "parquet") else "database", ("cards",))
    taken = take_in(tmp_path, bank, WRITERS[form](tmp_path / "extracts", rows))
    assert taken.intake.left_out["cards"] == "the bank lacks core_cards"
    assert [t.table for t in taken.intake.tables] == [
        "regions", "customers", "products", "accounts", "transactions",
    ]  # fmt: skip
    assert taken.table("transactions").parts.rows_trusted == 4


def test_rules_that_rest_on_a_table_left_out_are_not_applied_and_listed(tmp_path: Path) -> None:
    rows = good_rows()
    bank = bank_of(rows, optional=("regions",))
    location = write_csv_bank(tmp_path / "extracts", rows)
    (tmp_path / "extracts" / "regions.csv").unlink()
    taken = take_in(tmp_path, bank, location)
    assert "customers.region_id: must be a key of regions" in taken.intake.not_applied
    assert taken.table("customers").parts.rows_trusted == 2
    assert "region_id" not in taken.table("customers").references


@pytest.mark.parametrize("form", list(WRITERS))
def test_refuses_a_bank_without_a_required_extract(tmp_path: Path, form: str) -> None:
    rows = good_rows()
    bank = bank_of(rows, form if form in ("csv", "parquet") else "database")
    without = {name: body for name, body in rows.items() if name != "accounts"}
    location = WRITERS[form](tmp_path / "extracts", without)
    with pytest.raises(DataFileMissing, match=r"accounts.*banks.tinybank.location"):
        take_in(tmp_path, bank, location)


@pytest.mark.parametrize("form", list(WRITERS))
def test_refuses_an_extract_without_a_promised_column(tmp_path: Path, form: str) -> None:
    rows = good_rows()
    bank = bank_of(rows, form if form in ("csv", "parquet") else "database")
    rows["regions"] = [{"region_id": "r1", "name": "Brno"}]
    location = WRITERS[form](tmp_path / "extracts", rows)
    with pytest.raises(ColumnMissing, match=r"core_regions.*urban_share is absent"):
        take_in(tmp_path, bank, location)


def _without(rows: dict[str, list[dict[str, str | None]]], *tables: str) -> Bank:
    return bank_of({name: body for name, body in rows.items() if name not in tables})


@pytest.mark.parametrize(
    ("tables", "needed"), [(("customers",), "table customers"), (("transactions",), "of events")]
)
def test_refuses_a_bank_without_customers_or_without_events(
    tmp_path: Path, tables: tuple[str, ...], needed: str
) -> None:
    location = write_csv_bank(tmp_path / "extracts", good_rows())
    with pytest.raises(TableMissing, match=needed):
        take_in(tmp_path, _without(good_rows(), *tables), location)


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("SELEKT 1", "syntax error"),
        ("SELECT no_such FROM core_regions", "no_such"),
        ("SELECT *, 1 AS more FROM core_regions", "knows no column more"),
        ("SELECT name FROM core_regions", "yields no region_id"),
        ("SELECT region_id, error('Jana') AS name FROM core_regions", "fails on a row"),
        ("SELECT region_id, CAST(name AS DATE) AS name FROM core_regions", "fails on a row"),
    ],
)
def test_a_mapping_that_does_not_run_is_named_without_a_value(
    tmp_path: Path, mapping: str, reason: str
) -> None:
    rows = good_rows()
    bank = with_mappings(bank_of(rows), regions=mapping)
    location = write_csv_bank(tmp_path / "extracts", rows)
    with pytest.raises(MappingBroken, match=reason) as refusal:
        take_in(tmp_path, bank, location)
    assert "portfolios/tinybank/regions.sql" in str(refusal.value)
    assert "Brno" not in str(refusal.value)
    assert "Jana" not in str(refusal.value)


def test_refuses_a_database_file_that_is_neither_duckdb_nor_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    file.write_bytes(b"something else altogether")
    with pytest.raises(DataFileUnreadable, match=r"bank.db .*neither a DuckDB nor a SQLite"):
        take_in(tmp_path, bank_of(good_rows(), "database"), str(file))
    file.write_bytes(b"SQLite format 3\0" + b"\1" * 4000)
    with pytest.raises(DatabaseUnreachable, match="SQLite file"):
        take_in(tmp_path, bank_of(good_rows(), "database"), str(file))


def test_text_that_a_sqlite_column_shows_late_is_read(tmp_path: Path) -> None:
    rows = good_rows()
    late = [transaction(f"t{i}", "a1", "core:1", counterparty=None) for i in range(3000)]
    rows["transactions"] = [*late, transaction("last", "a1", "core:1", counterparty="shop")]
    taken = take_in_rows(tmp_path, rows, "sqlite")
    assert [r["counterparty"] for r in taken.trusted("transactions")].count("shop") == 1
    assert taken.table("transactions").known["counterparty"] == 1
