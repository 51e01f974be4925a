"""Part an extract into trusted and quarantined rows; every row goes to exactly one."""

from dataclasses import dataclass
from pathlib import Path

from limner.contract import Contract
from limner.engine import (
    Connection,
    UnreadableTable,
    connect,
    count,
    identifier,
    literal,
    write_parquet,
)
from limner.errors import ColumnMissing, ContractBreach, DataFileUnreadable, EmptySample, RowsLost
from limner.intake.checks import Rule, compile_rules, typed_name, value_sql
from limner.intake.extract_file import as_utf8, rows_sql
from limner.portfolios.portfolio import Portfolio


@dataclass(frozen=True)
class Breaches:
    """How many rows break one rule (a row may break several)."""

    column: str
    rule: str
    rows: int


@dataclass(frozen=True)
class IntakeReport:
    """What became of an extract's rows."""

    table: str
    rows_in: int
    rows_trusted: int
    rows_quarantined: int
    breaches: tuple[Breaches, ...]
    missing: dict[str, int]


def take_in(
    portfolio: Portfolio, extract: Path, trusted: Path, quarantine: Path, limit: float
) -> IntakeReport:
    """Check an extract against its contract and write both parts as Parquet.

    Args:
        extract: delimited text, plain or gzipped, or Parquet.
        trusted: written with the contract's columns and types, in file order.
        quarantine: written with the same columns as text and ``broken_rules``.
        limit: share of rows that may break any rule before the intake stops.

    Raises:
        DataFileUnreadable: the file is no table.
        ColumnMissing: the file lacks a promised column.
        ContractBreach: more rows than ``limit`` are broken; nothing is written.
        EmptySample: the file has no rows.
        RowsLost: rows in are not rows trusted plus quarantined (a fault of ours).
    """
    with connect() as connection:
        _read_extract(connection, portfolio, extract)
        rules = compile_rules(portfolio.contract)
        _mark_breaches(connection, portfolio, rules)
        report = _count(connection, portfolio, rules)
        _refuse_if_broken(report, limit)
        write_parquet(connection, _trusted_sql(portfolio.contract), trusted)
        write_parquet(connection, _quarantine_sql(portfolio.contract), quarantine)
    return report


def _read_extract(connection: Connection, portfolio: Portfolio, extract: Path) -> None:
    try:
        with as_utf8(extract, portfolio.encoding) as file:
            rows = rows_sql(file, portfolio.separator, portfolio.header, portfolio.skip_rows)
            connection.execute(f"CREATE TABLE extract AS SELECT * FROM {rows}")
    except UnicodeError:
        reason = f"it is not {portfolio.encoding} text"
        raise DataFileUnreadable(portfolio.contract.table, reason) from None
    except UnreadableTable as fault:
        reason = str(fault).splitlines()[0].replace(str(extract), "the file")
        raise DataFileUnreadable(portfolio.contract.table, reason) from None
    present = [row[0] for row in connection.execute("DESCRIBE extract").fetchall()]
    missing = [name for name in portfolio.extract_columns if name not in present]
    if missing:
        raise ColumnMissing(portfolio.contract.table, missing, present)
    if count(connection, "extract") == 0:
        raise EmptySample("(any)", portfolio.contract.table, "the extract has a header only")


def _mark_breaches(connection: Connection, portfolio: Portfolio, rules: list[Rule]) -> None:
    # The rule that looks at all rows, uniqueness, gives them back in an order of its own.
    values = ", ".join(
        f"{value_sql(c)} AS {identifier(typed_name(c))}" for c in portfolio.contract.columns
    )
    numbered = f"SELECT *, {values}, row_number() OVER () AS row_in_file FROM"
    connection.execute(f"CREATE TABLE mapped AS {numbered} ({portfolio.mapping})")
    marks = ",\n".join(f"CASE WHEN {rule.breach} THEN {literal(rule.label)} END" for rule in rules)
    connection.execute(
        "CREATE TABLE checked AS SELECT *,"
        f" list_filter([{marks}], lambda label: label IS NOT NULL) AS broken_rules FROM mapped"
    )


def _trusted_sql(contract: Contract) -> str:
    values = (f"{identifier(typed_name(c))} AS {identifier(c.name)}" for c in contract.columns)
    trusted = "FROM checked WHERE len(broken_rules) = 0 ORDER BY row_in_file"
    return f"SELECT {', '.join(values)} {trusted}"


def _quarantine_sql(contract: Contract) -> str:
    texts = ", ".join(identifier(name) for name in (*contract.names, "broken_rules"))
    return f"SELECT {texts} FROM checked WHERE len(broken_rules) > 0 ORDER BY row_in_file"


def _count(connection: Connection, portfolio: Portfolio, rules: list[Rule]) -> IntakeReport:
    table = portfolio.contract.table
    by_label = dict(
        connection.execute(
            "SELECT label, count(*) FROM (SELECT unnest(broken_rules) AS label FROM checked)"
            " GROUP BY label"
        ).fetchall()
    )
    rows_in = count(connection, "extract")
    quarantined = count(connection, "checked WHERE len(broken_rules) > 0")
    trusted = count(connection, "checked WHERE len(broken_rules) = 0")
    if rows_in != trusted + quarantined:
        raise RowsLost(table, rows_in, trusted, quarantined)
    breaches = tuple(
        Breaches(rule.column, rule.name, by_label[rule.label])
        for rule in rules
        if rule.label in by_label
    )
    missing = _count_missing(connection, portfolio.contract)
    return IntakeReport(table, rows_in, trusted, quarantined, breaches, missing)


def _count_missing(connection: Connection, contract: Contract) -> dict[str, int]:
    """Count unknown values a column among trusted rows; columns without any are left out."""
    counts = ", ".join(f"count(*) - count({identifier(n)})" for n in contract.names)
    row = connection.execute(f"SELECT {counts} FROM ({_trusted_sql(contract)})").fetchone() or ()
    return {name: int(n) for name, n in zip(contract.names, row, strict=True) if n}


def _refuse_if_broken(report: IntakeReport, limit: float) -> None:
    if report.rows_quarantined > limit * report.rows_in:
        worst = max(report.breaches, key=lambda breach: breach.rows)
        raise ContractBreach(
            report.table, worst.column, worst.rule, worst.rows, report.rows_in, limit
        )
