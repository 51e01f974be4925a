"""Part a feature mart's extract into trusted and quarantined rows; each goes to exactly one."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from limner.contract import Contract
from limner.engine import (
    Connection,
    UnreadableTable,
    columns_of,
    connect,
    count,
    identifier,
    write_parquet,
)
from limner.errors import DataFileUnreadable, EmptySample
from limner.intake.checks import compile_rules
from limner.intake.copies import ROW
from limner.intake.delimited import delimited_sql, require_columns, unreadable
from limner.intake.extract_file import as_utf8, is_parquet, rows_sql
from limner.intake.privacy.keys import SecretKey
from limner.intake.privacy.pseudonyms import bind_key, pseudonym_sql
from limner.intake.staging import (
    Breaches,
    broken_rows_sql,
    count_parts,
    find_broken,
    refuse_if_broken,
    staged_sql,
    text_sql,
    trusted_sql,
)
from limner.portfolios.portfolio import Portfolio


@dataclass(frozen=True)
class Told:
    """What a file does not tell of itself.

    Attributes:
        key: of the pseudonyms, where the portfolio has any.
        label_delay_days: after which outcomes are known, where they are known late.
        extract_day: the day that the file tells of; rows dated later break their contract.
    """

    key: SecretKey | None = None
    label_delay_days: int | None = None
    extract_day: dt.date | None = None


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
    portfolio: Portfolio, extract: Path, trusted: Path, quarantine: Path, limit: float,
    told: Told | None = None,
) -> IntakeReport:  # fmt: skip
    """Check an extract against its contract and write both parts as Parquet.

    Args:
        extract: delimited text, plain or gzipped, with a header.
        trusted: written with the contract's columns and types, in file order.
        quarantine: written with the same columns as text and ``broken_rules``.
        limit: share of rows that may break any rule before the intake stops.
        told: see :class:`Told`; nothing by default.

    Raises:
        DataFileUnreadable: the file is no table.
        ColumnMissing: the file lacks a promised column.
        ContractBreach: more rows than ``limit`` are broken; nothing is written.
        EmptySample: the file has no rows.
        RowsLost: rows in are not rows trusted plus quarantined (a fault of ours).
    """
    contract, told = portfolio.contract, told or Told()
    with connect() as connection:
        _read_extract(connection, portfolio, extract)
        tell_mapping(connection, portfolio, told)
        staged = staged_sql(contract, portfolio.mapping, columns_of(connection, portfolio.mapping))
        # What looks at all rows, uniqueness, gives them back in an order of its own.
        connection.execute(
            f"CREATE TABLE staged AS SELECT *, row_number() OVER () AS {ROW} FROM ({staged})"
        )
        rules = compile_rules(contract, told.extract_day)
        find_broken(connection, rules)
        parts = count_parts(connection, contract.table, "extract", rules)
        refuse_if_broken(contract.table, parts, limit)
        as_it_came = {name: text_sql(contract, name) for name in contract.names}
        write_parquet(connection, f"{trusted_sql(contract)} ORDER BY {ROW}", trusted)
        broken = f"{broken_rows_sql(as_it_came, rules)} ORDER BY {ROW}"
        write_parquet(connection, broken, quarantine)
        missing = _count_missing(connection, contract)
    return IntakeReport(
        contract.table, parts.rows_in, parts.rows_trusted, parts.rows_quarantined,
        parts.breaches, missing,
    )  # fmt: skip


def _read_extract(connection: Connection, portfolio: Portfolio, extract: Path) -> None:
    table = portfolio.contract.table
    try:
        with as_utf8(extract, portfolio.encoding) as file:
            rows = _rows_sql(portfolio, file)
            connection.execute(f"CREATE TABLE extract AS SELECT * FROM {rows}")
    except UnicodeError:
        raise DataFileUnreadable(table, f"it is not {portfolio.encoding} text") from None
    except UnreadableTable as fault:
        raise unreadable(table, str(fault)) from None
    require_columns(table, portfolio.extract_columns, list(columns_of(connection, "FROM extract")))
    if count(connection, "extract") == 0:
        raise EmptySample("(any)", table, "the extract has a header only")


def tell_mapping(connection: Connection, portfolio: Portfolio, told: Told) -> None:
    """Give the mapping its pseudonyms, as macros, and its numbers, as variables."""
    if portfolio.pseudonyms:
        assert told.key, "ids become pseudonyms by a key"
        bind_key(connection, told.key, portfolio.pseudonyms)
    for domain in portfolio.pseudonyms:
        macro = identifier(f"{domain}_pseudonym")
        connection.execute(f"CREATE TEMP MACRO {macro}(id) AS {pseudonym_sql('id', domain)}")
    if told.label_delay_days is not None:
        connection.execute(f"SET VARIABLE label_delay_days = {told.label_delay_days:d}")


def _rows_sql(portfolio: Portfolio, file: Path) -> str:
    if portfolio.header and not portfolio.skip_rows and not is_parquet(file):
        promised = portfolio.extract_columns
        return delimited_sql(portfolio.contract.table, file, promised, portfolio.separator)
    return rows_sql(file, portfolio.separator, portfolio.header, portfolio.skip_rows)


def _count_missing(connection: Connection, contract: Contract) -> dict[str, int]:
    """Count unknown values a column among trusted rows; columns without any are left out."""
    counts = ", ".join(f"count(*) - count({identifier(n)})" for n in contract.names)
    row = connection.execute(f"SELECT {counts} FROM ({trusted_sql(contract)})").fetchone() or ()
    return {name: int(n) for name, n in zip(contract.names, row, strict=True) if n}
