"""What holding 20 million typed transactions to their contract costs, beside reading them.

Run from the project's root: ``python benchmarks/intake/contracts.py [--rows N]``.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from limner.domain import Bilingual
from limner.engine import Connection, columns_of, connect, identifier, literal, write_parquet
from limner.intake.bank_intake import BankIntakeSettings, take_in_bank
from limner.intake.checks import compile_rules
from limner.intake.copies import ROW
from limner.intake.masking import hide_keys, shown_cells
from limner.intake.staging import broken_rows_sql, count_parts, find_broken, staged_sql
from limner.portfolios.bank import Bank, Extract
from limner.portfolios.canonical import canonical_table

BAR = 2.0
DAY = date(2024, 12, 31)
ROWS_A_CUSTOMER = 100
SECONDS = 63_000_000  # two years before the extract's day

CONTRACT = canonical_table("transactions")
# One row of each kind of fault in about 20,000 rows.
FAULTY = """
    CASE WHEN i % 20011 = 1 THEN 'core:t' || (i - 1) ELSE 'core:t' || i END AS transaction_id,
    CASE WHEN i % 20021 = 1 THEN 'core:none'
         ELSE 'core:a' || (hash(i) % {accounts}) END AS account_id,
    'core:c' || (hash(i) % {accounts} % {customers}) AS customer_id,
    CASE WHEN i % 20023 = 1 THEN TIMESTAMP '2031-01-01'
        ELSE TIMESTAMP '2023-01-01' + to_seconds(CAST(i * {seconds} / {rows} AS BIGINT))
    END AS booked_at,
    CASE hash(i + 1) % 3 WHEN 0 THEN 'credit' ELSE 'debit' END AS direction,
    CASE WHEN i % 20029 = 1 THEN -1 ELSE CAST(hash(i + 2) % 1000000 AS BIGINT) END AS amount_minor,
    CASE WHEN i % 20047 = 1 THEN 'pigeon'
        ELSE ['atm', 'branch', 'card', 'online', 'transfer'][1 + CAST(hash(i + 3) % 5 AS INT)]
    END AS channel,
    ['cash', 'fees', 'groceries', 'health', 'housing', 'salary', 'shopping', 'travel']
        [1 + CAST(hash(i + 4) % 8 AS INT)] AS category,
    CASE WHEN hash(i + 5) % 3 > 0 THEN 'cp:' || (hash(i + 6) % 50000) END AS counterparty,
    CAST(hash(i + 7) % 100000000 AS BIGINT) - 50000000 AS balance_minor
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-limit", default="4GB")
    parser.add_argument("--only", choices=("check", "intake"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        synthesise(folder / "extracts", asked.rows, asked.threads)
        if asked.only != "intake":
            compare_check(folder, asked)
        if asked.only != "check":
            compare_intake(folder, asked)


def synthesise(folder: Path, rows: int, threads: int) -> None:
    """Write typed Parquet extracts: transactions with faults, and what they refer to."""
    folder.mkdir()
    customers = max(rows // ROWS_A_CUSTOMER, 10)
    accounts = customers * 3 // 2
    queries = {
        "regions": "SELECT 'r' AS region_id, 'Everywhere' AS name",
        "products": "SELECT 'p' AS product_id, 'current' AS kind, 'Current' AS name",
        "customers": "SELECT 'core:c' || i AS customer_id, 'core' AS system, DATE '2020-01-01'"
        f" AS onboarded_on, 'r' AS region_id FROM range({customers}) r(i)",
        "accounts": f"SELECT 'core:a' || i AS account_id, 'core:c' || (i % {customers}) AS"
        " customer_id, 'p' AS product_id, DATE '2021-01-01' AS opened_on"
        f" FROM range({accounts}) r(i)",
        "transactions": "SELECT"
        + FAULTY.format(accounts=accounts, customers=customers, rows=rows, seconds=SECONDS)
        + f" FROM range({rows}) r(i)",
    }
    with connect(threads) as connection:
        for table, query in queries.items():
            write_parquet(connection, query, folder / f"{table}.parquet")


def compare_check(folder: Path, asked: argparse.Namespace) -> None:
    """Compare the check of the typed columns with reading the same columns once."""
    with connect(asked.threads, asked.memory_limit, folder / "spill") as connection:
        transactions = f"read_parquet({literal(str(folder / 'extracts/transactions.parquet'))}"
        stage(connection, folder, transactions + ")")
        check = checker(connection, folder)
        sides: dict[str, Callable[[], None]] = {
            "read: every value hashed": lambda: reading(connection, "bit_xor(hash({}))"),
            "read: into memory": lambda: into_memory(connection),
            "check": check,
        }
        print(f"\n{asked.rows:,} rows, {asked.threads} threads, {asked.memory_limit}")
        medians = alternate(sides, asked.rounds)
    for side in list(sides)[:2]:
        ratio = medians["check"] / medians[side]
        print(f"check / {side}: {ratio:.2f} (bar {BAR:g}: {'met' if ratio <= BAR else 'MISSED'})")


def stage(connection: Connection, folder: Path, extract: str) -> None:
    """Stage the extract as the intake does, and the keys that it refers to."""
    mapping = f"SELECT {', '.join(CONTRACT.names)} FROM {extract}"
    staged = folder / "staged.parquet"
    query = staged_sql(CONTRACT, mapping, columns_of(connection, mapping))
    write_parquet(connection, query, staged, "snappy")
    connection.execute(
        f"CREATE TEMP VIEW staged AS SELECT *, file_row_number AS {ROW}"
        f" FROM read_parquet({literal(str(staged))}, file_row_number=true)"
    )
    for table, key in (("accounts", "account_id"), ("customers", "customer_id")):
        file = literal(str(folder / f"extracts/{table}.parquet"))
        connection.execute(f"CREATE TEMP TABLE {table} AS SELECT {key} FROM read_parquet({file})")


def checker(connection: Connection, folder: Path) -> Callable[[], None]:
    """Prepare the whole check: every rule, the counts, the quarantine file."""
    keys = {c.references: c.references.table for c in CONTRACT.columns if c.references}
    rules = compile_rules(CONTRACT, DAY, keys)
    shown = broken_rows_sql(shown_cells(CONTRACT, rules, hide_keys(connection)), rules)

    def check() -> None:
        find_broken(connection, rules)
        count_parts(connection, CONTRACT.table, "staged", rules)
        write_parquet(connection, f"{shown} ORDER BY ALL", folder / "quarantine.parquet")

    return check


def reading(connection: Connection, aggregate: str) -> None:
    """Read every value of the contract's columns."""
    values = ", ".join(aggregate.format(identifier(name)) for name in CONTRACT.names)
    connection.execute(f"SELECT {values} FROM staged").fetchall()


def into_memory(connection: Connection) -> None:
    """Read the contract's columns into a temporary table."""
    names = ", ".join(identifier(name) for name in CONTRACT.names)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE held AS SELECT {names} FROM staged")
    connection.execute("DROP TABLE held")


def compare_intake(folder: Path, asked: argparse.Namespace) -> None:
    """Compare the whole intake with copying the same columns from Parquet to Parquet."""
    settings = BankIntakeSettings(DAY, 0.01, threads=asked.threads, memory_limit=asked.memory_limit)
    extracts = folder / "extracts"
    bank = made_bank(extracts)

    def copy() -> None:
        with connect(asked.threads, asked.memory_limit, folder / "spill") as connection:
            file = literal(str(extracts / "transactions.parquet"))
            write_parquet(connection, f"FROM {file}", folder / "copy.parquet", "snappy")

    medians = alternate(
        {
            "copy of the transactions": copy,
            "intake of the bank": lambda: intake(bank, extracts, folder, settings),
        },
        asked.rounds,
    )
    ratio = medians["intake of the bank"] / medians["copy of the transactions"]
    print(f"intake / copy: {ratio:.2f} (no bar)")


def intake(bank: Bank, extracts: Path, folder: Path, settings: BankIntakeSettings) -> None:
    """Take the whole bank in."""
    take_in_bank(bank, str(extracts), folder / "intake", settings)
    shutil.rmtree(folder / "intake")


def made_bank(folder: Path) -> Bank:
    """State the bank whose extracts were synthesised."""
    with connect() as connection:
        columns = {
            file.stem: tuple(columns_of(connection, f"FROM {literal(str(file))}"))
            for file in sorted(folder.glob("*.parquet"))
        }
    extracts = tuple(
        Extract(f"{table}_extract", f"{table}.parquet", names, "parquet")
        for table, names in columns.items()
    )
    bank = Bank("made", Bilingual("Made", "合成"), "Nobody", "CZK", extracts)
    bank.__dict__["mappings"] = {
        table: f"SELECT {', '.join(names)} FROM {table}_extract" for table, names in columns.items()
    }
    return bank


def alternate(sides: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Time each side in turn; print and return medians in seconds."""
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds + 1):
        for side, run in sides.items():
            start = time.perf_counter()
            run()
            times[side].append(time.perf_counter() - start)
    # The first round warms the file cache.
    medians = {side: statistics.median(taken[1:]) for side, taken in times.items()}
    for side, median in medians.items():
        spread = f"{min(times[side][1:]):.2f} to {max(times[side][1:]):.2f}"
        print(f"  {side}: {median:.2f} s ({spread})", flush=True)
    return medians


if __name__ == "__main__":
    main()
