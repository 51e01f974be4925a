"""A bank small enough to read, in every form that extracts come in."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pyarrow.parquet import read_table

from limner.domain import Bilingual
from limner.engine import Connection, connect, identifier, literal
from limner.intake.bank_intake import (
    BankIntake,
    BankIntakeSettings,
    TableIntake,
    open_checked,
    take_in_bank,
)
from limner.intake.masking import Pseudonym
from limner.intake.values import SQL_TYPE
from limner.portfolios.bank import Bank, Extract
from limner.portfolios.canonical import TABLES, canonical_table
from tiny import write_extract

DAY = date(2024, 6, 30)

Row = dict[str, str | None]
Rows = dict[str, list[Row]]


def customer(key: str, **others: str | None) -> Row:
    return {"customer_id": key, "system": "core", "onboarded_on": "2020-01-01",
            "region_id": "r1", "birth_date": "1980-02-29", "sex": "female",
            "full_name": "Jana Nováková", "phone": "+420777123456"} | others  # fmt: skip


def account(key: str, owner: str, **others: str | None) -> Row:
    return {"account_id": key, "customer_id": owner, "product_id": "p1",
            "opened_on": "2021-03-01", "closed_on": None} | others  # fmt: skip


def transaction(key: str, of: str, owner: str, **others: str | None) -> Row:
    return {"transaction_id": key, "account_id": of, "customer_id": owner,
            "booked_at": "2024-05-31 10:20:30", "direction": "debit", "amount_minor": "1250",
            "channel": "card", "category": "groceries", "counterparty": "shop",
            "balance_minor": "-300"} | others  # fmt: skip


def good_rows() -> Rows:
    """Two customers, three accounts and their transactions; nothing breaks a promise."""
    return {
        "regions": [{"region_id": "r1", "name": "Brno", "urban_share": "0.75"}],
        "customers": [customer("core:1"), customer("core:2", sex="male", phone=None)],
        "products": [{"product_id": "p1", "kind": "current", "name": "Current account"}],
        "accounts": [
            account("a1", "core:1"), account("a2", "core:2", closed_on="2023-01-01"),
            account("a3", "core:2"),
        ],
        "transactions": [
            transaction("t1", "a1", "core:1"),
            transaction("t2", "a1", "core:1", direction="credit", booked_at="2024-06-30 23:59:59"),
            transaction("t3", "a2", "core:2", counterparty=None, balance_minor=None),
            transaction("t4", "a3", "core:2", amount_minor="0", booked_at="2024-04-01 00:00:00"),
        ],
    }  # fmt: skip


def columns_in(rows: Sequence[Row], table: str) -> tuple[str, ...]:
    """Name the columns that any row has, in contract order; all of them if there is no row."""
    used = {name for row in rows for name in row}
    names = canonical_table(table).names
    required = [c.name for c in canonical_table(table).columns if c.required]
    return tuple(name for name in names if name in used or name in required)


def bank_of(rows: Rows, form: str = "csv", optional: Sequence[str] = (), **changes: Any) -> Bank:
    """State a bank whose extracts already have the contracts' names."""
    suffix = {"csv": ".csv", "parquet": ".parquet"}.get(form, "")
    extracts = tuple(
        Extract(
            f"core_{table}", f"{table}{suffix}" if suffix else f"core_{table}",
            columns_in(rows[table], table),
            "database" if not suffix else form, optional=table in optional, **changes,  # type: ignore[arg-type]
        )
        for table in rows
    )  # fmt: skip
    bank = Bank("tinybank", Bilingual("Tiny bank", "微型银行"), "Nobody", "CZK", extracts)
    mappings = {
        table: "SELECT {} FROM core_{}".format(
            ", ".join(identifier(name) for name in columns_in(rows[table], table)), table
        )
        for table in rows
    }
    # What cached_property would read from portfolios/tinybank/, in canonical order.
    bank.__dict__["mappings"] = {
        c.table: mappings[c.table] for c in TABLES if c.table in mappings
    }  # fmt: skip
    return bank


def with_mappings(bank: Bank, **mappings: str) -> Bank:
    """Give a bank with some mappings changed or added."""
    changed = replace(bank)
    changed.__dict__["mappings"] = bank.mappings | mappings
    return changed


def write_csv_bank(folder: Path, rows: Rows, separator: str = ",") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for table, body in rows.items():
        names = columns_in(body, table)
        cells = [[row.get(name) or "" for name in names] for row in body]
        write_extract(folder / f"{table}.csv", names, cells, separator)
    return str(folder)


def write_parquet_bank(folder: Path, rows: Rows) -> str:
    """Write columns typed, as a warehouse would."""
    folder.mkdir(parents=True, exist_ok=True)
    with connect() as connection:
        for table, body in rows.items():
            fill(connection, "made", body, table, typed=True)
            file = literal(str(folder / f"{table}.parquet"))
            connection.execute(f"COPY made TO {file} (FORMAT parquet)")
    return str(folder)


def write_duckdb_bank(folder: Path, rows: Rows) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "bank.duckdb"
    with connect() as connection:
        connection.execute(f"ATTACH {literal(str(file))} AS bank")
        for table, body in rows.items():
            fill(connection, f"bank.core_{table}", body, table, typed=True)
    return str(file)


def write_sqlite_bank(folder: Path, rows: Rows) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "bank.sqlite"
    with sqlite3.connect(file) as connection:
        for table, body in rows.items():
            names = columns_in(body, table)
            connection.execute(f"CREATE TABLE core_{table} ({', '.join(names)})")
            marks = ", ".join("?" for _ in names)
            cells = [[row.get(name) for name in names] for row in body]
            connection.executemany(f"INSERT INTO core_{table} VALUES ({marks})", cells)
    connection.close()
    return str(file)


WRITERS = {
    "csv": write_csv_bank,
    "parquet": write_parquet_bank,
    "duckdb": write_duckdb_bank,
    "sqlite": write_sqlite_bank,
}


def fill(
    connection: Connection, name: str, rows: Sequence[Row], table: str, *, typed: bool
) -> None:
    """Make a table of rows given as text."""
    columns = [canonical_table(table).column(c) for c in columns_in(rows, table)]
    types = ", ".join(f"{c.name} {SQL_TYPE[c.kind] if typed else 'VARCHAR'}" for c in columns)
    connection.execute(f"CREATE OR REPLACE TABLE {name} ({types})")
    for row in rows:
        marks = ", ".join("?" for _ in columns)
        cells = [row.get(c.name) or None for c in columns]
        connection.execute(f"INSERT INTO {name} VALUES ({marks})", cells)


def keep_keys(_: Connection) -> Pseudonym:
    """Show keys in the quarantine as they are, for tests that look for them."""
    return lambda _, text: text


@dataclass(frozen=True)
class Taken:
    """One intake and what it left behind."""

    intake: BankIntake
    target: Path

    def table(self, name: str) -> TableIntake:
        return next(t for t in self.intake.tables if t.table == name)

    def trusted(self, table: str) -> list[dict[str, Any]]:
        with connect() as connection:
            open_checked(connection, self.target)
            found = connection.execute(f"FROM checked.{identifier(table)} ORDER BY ALL")
            names = [name for name, *_ in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def quarantined(self, table: str) -> list[dict[str, Any]]:
        rows = read_table(self.target / "quarantine" / f"{table}.parquet").to_pylist()
        return list(rows)

    def broken(self, table: str) -> dict[str, list[str]]:
        """Rules that each quarantined row broke, by the first column of its key."""
        key = canonical_table(table).key[0]
        return {row[key]: row["broken_rules"] for row in self.quarantined(table)}


def take_in(
    folder: Path, bank: Bank, location: str, *, limit: float = 1.0,
    limits: Mapping[str, float] | None = None, day: date = DAY, threads: int = 1,
) -> Taken:  # fmt: skip
    """Take a bank in below a folder, keys shown."""
    settings = BankIntakeSettings(day, limit, limits or {}, threads)
    target = folder / "intake"
    return Taken(
        take_in_bank(bank, location, target, settings, pseudonymise=keep_keys), target
    )  # fmt: skip


def take_in_rows(folder: Path, rows: Rows, form: str = "csv", **others: Any) -> Taken:
    """Write a bank in a form and take it in."""
    bank = bank_of(rows, form if form in ("csv", "parquet") else "database")
    return take_in(folder, bank, WRITERS[form](folder / "extracts", rows), **others)
