"""Which canonical tables a bank's intake can fill, in which order, and what is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from limner.contract import Column, Contract
from limner.engine import Connection, UnreadableQuery, columns_of, tables_in
from limner.errors import MappingBroken, TableMissing
from limner.intake.checks import reference_name
from limner.portfolios.bank import Bank
from limner.portfolios.canonical import EVENT_TABLES, REQUIRED, TABLES


@dataclass(frozen=True)
class Plan:
    """The tables of one intake.

    Attributes:
        tables: referenced ones before those that refer to them.
        left_out: canonical tables that the bank lacks, and why.
        not_applied: rules that rest on a table left out, as ``table.column: rule``.
    """

    tables: tuple[Contract, ...]
    left_out: Mapping[str, str]
    not_applied: tuple[str, ...]


def plan_tables(connection: Connection, bank: Bank, absent: Iterable[str]) -> Plan:
    """Plan an intake.

    Args:
        absent: extracts that the bank lacks; tables mapped from them are left out.

    Raises:
        TableMissing: neither customers nor any table of events can be left out.
        MappingBroken: a mapping is no SQL.
    """
    left_out, known = {}, (*TABLES, *bank.outcome_tables)
    for contract in known:
        table = contract.table
        if contract in TABLES and table not in bank.mappings:
            left_out[table] = "the bank has no mapping to it"
        elif lacking := sorted(_read_by(connection, bank, table) & set(absent)):
            left_out[table] = f"the bank lacks {', '.join(lacking)}"
    here = [contract for contract in known if contract.table not in left_out]
    _require(bank, {contract.table for contract in here}, left_out)
    not_applied = tuple(
        f"{contract.table}.{column.name}: {reference_name(column.references)}"
        for contract in here
        for column in contract.columns
        if column.references and column.references.table in left_out
    )
    return Plan(_parents_first(here), left_out, not_applied)


def mapped_types(connection: Connection, bank: Bank, contract: Contract) -> dict[str, str]:
    """SQL types of a mapping's columns by name.

    Raises:
        MappingBroken: the SQL does not run, yields a column that the contract does not know,
            or lacks one that must be known.
    """
    table = contract.table
    try:
        types = columns_of(connection, bank.mapping(table))
    except UnreadableQuery as fault:
        raise MappingBroken(bank.name, table, first_line(fault)) from None
    unknown = [name for name in types if name not in contract.names]
    lacking = [c.name for c in contract.columns if c.required and c.name not in types]
    for names, what in ((unknown, "the contract knows no column"), (lacking, "it yields no")):
        if names:
            raise MappingBroken(bank.name, table, f"{what} {', '.join(names)}")
    return types


def referring(tables: Iterable[Contract]) -> list[tuple[Contract, Column]]:
    """List the columns that refer to another table."""
    return [(t, column) for t in tables for column in t.columns if column.references]


def first_line(fault: Exception) -> str:
    """Give the first line of a fault of a query's own words, which quotes no row."""
    return str(fault).splitlines()[0]


def _read_by(connection: Connection, bank: Bank, table: str) -> set[str]:
    try:
        return tables_in(connection, bank.mapping(table))
    except UnreadableQuery as fault:
        raise MappingBroken(bank.name, table, first_line(fault)) from None


def _require(bank: Bank, here: set[str], left_out: Mapping[str, str]) -> None:
    for table in REQUIRED:
        if table not in here:
            raise TableMissing(bank.name, f"table {table}", left_out[table])
    if not here & set(EVENT_TABLES):
        remedy = f"one of {', '.join(EVENT_TABLES)} is needed"
        raise TableMissing(bank.name, "table of events", remedy)


def _parents_first(tables: list[Contract]) -> tuple[Contract, ...]:
    by_name = {contract.table: contract for contract in tables}
    ordered: dict[str, Contract] = {}

    def add(contract: Contract) -> None:
        for column in contract.columns:
            if column.references and column.references.table in by_name:
                parent = by_name[column.references.table]
                if parent.table not in ordered and parent is not contract:
                    add(parent)
        ordered.setdefault(contract.table, contract)

    for contract in tables:
        add(contract)
    return tuple(ordered.values())
