"""From a bank's extracts to checked tables: every table held to its contract, nothing lost."""

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from limner.artifacts import replacing_folder
from limner.contract import Contract, Reference
from limner.engine import (
    Connection,
    UnreadableTable,
    connect,
    count,
    identifier,
    read_parquet,
    write_parquet,
)
from limner.errors import EmptySample, MappingBroken
from limner.intake.checks import compile_rules
from limner.intake.copies import ROW
from limner.intake.extracts import explain_unreadable, open_extracts
from limner.intake.masking import Pseudonym, Pseudonymise, hide_keys, shown_cells
from limner.intake.plan import Plan, mapped_types, plan_tables, referring
from limner.intake.staging import (
    Parts,
    broken_rows_sql,
    count_parts,
    find_broken,
    refuse_if_broken,
    staged_sql,
)
from limner.portfolios.bank import Bank
from limner.portfolios.canonical import REQUIRED

Progress = Callable[[str], None]

_STAGED, _BROKEN, _QUARANTINE, _SPILL = "staged", "broken", "quarantine", "spill"


@dataclass(frozen=True)
class BankIntakeSettings:
    """What an intake is held to and may use.

    Attributes:
        day: the extracts' own day; no row of an event may be dated later.
        quarantine_limit: share of a table's rows that may break any rule.
        table_limits: shares of single tables that differ.
        threads: of DuckDB.
        memory_limit: of DuckDB, for example ``4GB``; its own default if None.
        spill: folder for what exceeds the limit; beside the target if None.
    """

    day: dt.date
    quarantine_limit: float
    table_limits: Mapping[str, float] = field(default_factory=dict)
    threads: int = 1
    memory_limit: str | None = None
    spill: Path | None = None

    def limit(self, table: str) -> float:
        """Give the share of a table's rows that may be quarantined."""
        return self.table_limits.get(table, self.quarantine_limit)


@dataclass(frozen=True)
class TableIntake:
    """What became of one table's rows.

    Attributes:
        limit: share of rows that might have been quarantined.
        known: among the rows in, how many have a value of the column's kind.
        latest: day of the latest trusted row, for a table that dates its rows.
        references: columns that were checked against the keys of another table.
    """

    contract: Contract
    parts: Parts
    limit: float
    known: Mapping[str, int]
    latest: dt.date | None
    references: Mapping[str, str]

    @property
    def table(self) -> str:
        """The table's name."""
        return self.contract.table


@dataclass(frozen=True)
class BankIntake:
    """What became of a bank's rows, table by table.

    Attributes:
        tables: in the order of their intake.
        left_out: canonical tables that the bank lacks, and why.
        not_applied: rules that rest on a table left out.
        customers_without_account: trusted customer records that own no trusted account;
            None where the bank has no accounts.
    """

    bank: str
    day: dt.date
    tables: tuple[TableIntake, ...]
    left_out: Mapping[str, str]
    not_applied: tuple[str, ...]
    customers_without_account: int | None


def take_in_bank(
    bank: Bank,
    location: str,
    target: Path,
    settings: BankIntakeSettings,
    *,
    pseudonymise: Pseudonymise = hide_keys,
    progress: Progress = lambda _: None,
) -> BankIntake:
    """Hold every table that a bank has to its contract and part its rows.

    Args:
        location: where the extracts lie; see :func:`limner.intake.extracts.open_extracts`.
        target: folder that is replaced as a whole, at the end. :func:`open_checked` reads
            the checked tables from it, still with the systems' own keys and identifiers;
            ``quarantine/<table>.parquet`` shows the other rows as
            :mod:`limner.intake.masking` lets it, with ``broken_rules``.
        pseudonymise: makes the pseudonyms of keys in the quarantine; hidden by default.
        progress: told of each table once it is parted.

    Raises:
        DataFileMissing, DataFileUnreadable, ColumnMissing, DatabaseUnreachable: an extract
            is not what the portfolio says.
        MappingBroken: a mapping does not run, or not to its contract's columns.
        TableMissing: a table that every bank must have is left out.
        EmptySample: there are no customers.
        ContractBreach: a table breaks its contract more often than its limit allows.
        RowsLost: rows in are not rows trusted plus quarantined (a fault of ours).
    """
    with replacing_folder(target) as folder:
        for part in (_STAGED, _BROKEN, _QUARANTINE):
            (folder / part).mkdir()
        spill = settings.spill or folder / _SPILL
        with connect(settings.threads, settings.memory_limit, spill) as connection:
            absent = open_extracts(connection, bank, location)
            plan = plan_tables(connection, bank, absent)
            intake = _Intake(connection, bank, location, folder, settings, plan)
            pseudonym = pseudonymise(connection)
            tables = tuple(
                _reported(intake.take_in(contract, pseudonym), progress) for contract in plan.tables
            )
            without = _count_without_account(connection, plan)
        shutil.rmtree(folder / _SPILL, ignore_errors=True)
    return BankIntake(
        bank.name, settings.day, tables, plan.left_out, plan.not_applied, without
    )  # fmt: skip


def quarantine_folder(target: Path) -> Path:
    """Name the folder of quarantined rows within what :func:`take_in_bank` wrote."""
    return target / _QUARANTINE


def open_checked(connection: Connection, target: Path) -> tuple[str, ...]:
    """Make views ``checked.<table>`` of the rows that kept every promise.

    They have the contract's columns, typed, with raw keys and identifiers: for the steps of
    the intake only.

    Args:
        target: folder that :func:`take_in_bank` wrote.

    Returns:
        The tables' names.
    """
    tables = sorted(file.stem for file in (target / _STAGED).glob("*.parquet"))
    for table in tables:
        _view_checked(connection, target, table)
    return tuple(tables)


@dataclass(frozen=True)
class _Intake:
    """One bank's intake under way."""

    connection: Connection
    bank: Bank
    location: str
    folder: Path
    settings: BankIntakeSettings
    plan: Plan

    def take_in(self, contract: Contract, pseudonym: Pseudonym) -> TableIntake:
        """Stage one table, find what breaks its contract and write both parts."""
        connection, table = self.connection, contract.table
        self._stage(contract)
        keys = self._keys(contract)
        rules = compile_rules(contract, self.settings.day, keys)
        find_broken(connection, rules)
        parts = count_parts(connection, table, "staged", rules)
        self._refuse(contract, parts)
        write_parquet(connection, f"FROM broken ORDER BY {ROW}", self._file(_BROKEN, table))
        shown = broken_rows_sql(shown_cells(contract, rules, pseudonym), rules)
        write_parquet(
            connection, f"{shown} ORDER BY ALL", self._file(_QUARANTINE, table)
        )  # fmt: skip
        _view_checked(connection, self.folder, table)
        self._keep_keys(contract)
        return TableIntake(
            contract,
            parts,
            self.settings.limit(table),
            _count_known(connection, contract),
            _latest(connection, contract),
            {c.name: c.references.table for c in contract.columns if c.references in keys},
        )

    def _stage(self, contract: Contract) -> None:
        """Run the mapping once, to a file; a mapping need not give the same rows twice."""
        connection, bank, table = self.connection, self.bank, contract.table
        mapping = bank.mapping(table)
        staged = staged_sql(contract, mapping, mapped_types(connection, bank, contract))
        try:
            write_parquet(connection, staged, self._file(_STAGED, table), compression="snappy")
        except UnreadableTable as fault:
            explained = explain_unreadable(connection, bank, self.location, mapping, str(fault))
            # The engine's message may quote a value: only its kind is told.
            reason = f"the query fails on a row ({type(fault).__name__})"
            raise explained or MappingBroken(bank.name, table, reason) from None
        _view_staged(connection, self.folder, table)

    def _keys(self, contract: Contract) -> dict[Reference, str]:
        """Name the relation of trusted keys of each reference whose table is there."""
        here = {c.table for c in self.plan.tables}
        references = {c.references for c in contract.columns if c.references}
        return {r: _keys_name(r) for r in references if r.table in here - {contract.table}}

    def _keep_keys(self, contract: Contract) -> None:
        referred = {
            column.references
            for _, column in referring(self.plan.tables)
            if column.references and column.references.table == contract.table
        }
        for reference in referred:
            self.connection.execute(
                f"CREATE TEMP TABLE {_keys_name(reference)} AS"
                f" SELECT {identifier(reference.column)} FROM checked.{identifier(contract.table)}"
            )

    def _refuse(self, contract: Contract, parts: Parts) -> None:
        if contract.table in REQUIRED and not parts.rows_in:
            raise EmptySample("(any)", contract.table, "the mapping yields no row")
        refuse_if_broken(contract.table, parts, self.settings.limit(contract.table))

    def _file(self, part: str, table: str) -> Path:
        return self.folder / part / f"{table}.parquet"


def _reported(taken: TableIntake, progress: Progress) -> TableIntake:
    parts = taken.parts
    progress(
        f"{taken.table}: {parts.rows_in:,} rows in = {parts.rows_trusted:,} trusted"
        f" + {parts.rows_quarantined:,} quarantined"
    )
    return taken


def _keys_name(reference: Reference) -> str:
    return identifier(f"keys {reference.table} {reference.column}")


def _view_staged(connection: Connection, folder: Path, table: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW staged AS {_staged_file_sql(folder, table)}")


def _view_checked(connection: Connection, folder: Path, table: str) -> None:
    broken = read_parquet([folder / _BROKEN / f"{table}.parquet"])
    names = connection.execute(f"DESCRIBE ({_staged_file_sql(folder, table)})").fetchall()
    # Ours, beside the contract's columns, have a blank in their names.
    own = ", ".join(identifier(name) for name, *_ in names if " " not in name)
    connection.execute("CREATE SCHEMA IF NOT EXISTS checked")
    connection.execute(
        f"CREATE VIEW checked.{identifier(table)} AS SELECT {own}"
        f" FROM ({_staged_file_sql(folder, table)})"
        f" ANTI JOIN (FROM {broken}) USING ({ROW})"
    )


def _staged_file_sql(folder: Path, table: str) -> str:
    file = read_parquet([folder / _STAGED / f"{table}.parquet"], row_number=True)
    return f"SELECT * EXCLUDE (file_row_number), file_row_number AS {ROW} FROM {file}"


def _count_known(connection: Connection, contract: Contract) -> dict[str, int]:
    counts = ", ".join(f"count({identifier(name)})" for name in contract.names)
    row = connection.execute(f"SELECT {counts} FROM staged").fetchone() or ()
    return {name: int(n) for name, n in zip(contract.names, row, strict=True)}


def _latest(connection: Connection, contract: Contract) -> dt.date | None:
    if not contract.known_at:
        return None
    found = connection.execute(
        f"SELECT max(CAST({identifier(contract.known_at)} AS DATE))"
        f" FROM checked.{identifier(contract.table)}"
    ).fetchone()
    day: dt.date | None = found[0] if found else None
    return day


def _count_without_account(connection: Connection, plan: Plan) -> int | None:
    if "accounts" in plan.left_out:
        return None
    return count(connection, "checked.customers ANTI JOIN checked.accounts USING (customer_id)")
