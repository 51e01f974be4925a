"""One table between extract and trust: staged once, its broken rows told from the others."""

from collections.abc import Mapping
from dataclasses import dataclass

from limner.contract import Contract
from limner.engine import Connection, count, identifier, literal
from limner.errors import ContractBreach, RowsLost
from limner.intake.checks import Rule, broken_sql, findings_sql, raw_name
from limner.intake.copies import ROW, RULES, find_shared_hashes
from limner.intake.values import SQL_TYPE, raw_sql, value_sql

IS_TRUSTED = f"staged ANTI JOIN broken USING ({ROW})"


@dataclass(frozen=True)
class Breaches:
    """How many rows break one rule (a row may break several)."""

    column: str
    rule: str
    rows: int


@dataclass(frozen=True)
class Parts:
    """How a table's rows were parted, and why."""

    rows_in: int
    rows_trusted: int
    rows_quarantined: int
    breaches: tuple[Breaches, ...]


def staged_sql(contract: Contract, mapping: str, arrives_as: Mapping[str, str]) -> str:
    """Query of a table's typed values, each beside its raw text where it does not tell that.

    Args:
        mapping: query of the contract's columns; those it leaves out are unknown.
        arrives_as: SQL types of the mapping's columns by name.
    """
    values, both = [], []
    for column in contract.columns:
        kind, typed = arrives_as.get(column.name), identifier(f"typed {column.name}")
        value = value_sql(column, kind) if kind else f"CAST(NULL AS {SQL_TYPE[column.kind]})"
        raw = raw_sql(column, kind, typed) if kind else "CAST(NULL AS VARCHAR)"
        values.append(f"{value} AS {typed}")
        both += [
            f"{typed} AS {identifier(column.name)}",
            f"{raw} AS {identifier(raw_name(column))}",
        ]
    return f"SELECT {', '.join(both)} FROM (SELECT *, {', '.join(values)} FROM ({mapping}))"


def find_broken(connection: Connection, rules: list[Rule]) -> None:
    """Make table ``broken``: each broken row of ``staged``, with the numbers of its rules.

    Rows are searched column by column; the few found are then read whole, once, as ``suspects``.
    """
    for rule in rules:
        if rule.key:
            find_shared_hashes(connection, rule.key)
    for table, query in (
        ("findings", findings_sql(rules)),
        ("suspects", f"SELECT * FROM staged WHERE {ROW} IN (SELECT {ROW} FROM findings)"),
        ("broken", broken_sql(rules)),
    ):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")


def trusted_sql(contract: Contract) -> str:
    """Query of the rows that keep every promise."""
    values = ", ".join(identifier(name) for name in contract.names)
    return f"SELECT {values} FROM {IS_TRUSTED}"


def count_parts(connection: Connection, table: str, arrived: str, rules: list[Rule]) -> Parts:
    """Count both parts, each by itself, and the rows that break each rule.

    Args:
        arrived: the relation whose rows must be found again in the two parts.

    Raises:
        RowsLost: they are not.
    """
    rows_in = count(connection, arrived)
    quarantined = count(connection, "broken")
    trusted = count(connection, IS_TRUSTED)
    if rows_in != trusted + quarantined:
        raise RowsLost(table, rows_in, trusted, quarantined)
    by_rule = dict(
        connection.execute(
            f"SELECT unnest({RULES}) AS rule, count(*) FROM broken GROUP BY rule"
        ).fetchall()
    )
    breaches = tuple(
        Breaches(rule.column, rule.name, by_rule[number])
        for number, rule in enumerate(rules, 1)
        if number in by_rule
    )
    return Parts(rows_in, trusted, quarantined, breaches)


def refuse_if_broken(table: str, parts: Parts, limit: float) -> None:
    """Stop where too many rows are quarantined.

    Raises:
        ContractBreach: more than a share of ``limit`` is.
    """
    if parts.rows_quarantined > limit * parts.rows_in:
        worst = max(parts.breaches, key=lambda breach: breach.rows)
        raise ContractBreach(
            table, worst.column, worst.rule, worst.rows, parts.rows_in, limit
        )  # fmt: skip


def broken_rows_sql(cells: Mapping[str, str], rules: list[Rule]) -> str:
    """Query of the quarantined rows: chosen cells, and ``broken_rules`` by their labels.

    Args:
        cells: SQL of each column over ``suspects``; :data:`RULES` are the numbers of those broken.
    """
    shown = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in cells.items())
    labels = ", ".join(literal(rule.label) for rule in rules)
    named = f"list_transform({RULES}, lambda number: list_extract([{labels}], number))"
    return f"SELECT {shown}, {named} AS broken_rules FROM suspects JOIN broken USING ({ROW})"


def text_sql(contract: Contract, name: str) -> str:
    """SQL of a column's text as it arrived."""
    column = contract.column(name)
    value = f"CAST({identifier(name)} AS VARCHAR)"
    return f"coalesce({identifier(raw_name(column))}, {value})"
