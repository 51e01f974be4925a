"""Portfolios, tables and customers small enough to read, for tests that need no more."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
from pyarrow.parquet import read_table

from limner.contract import Column, Contract
from limner.domain import Bilingual
from limner.intake.quarantine import IntakeReport, take_in
from limner.portfolios.portfolio import Portfolio


def portfolio_of(*columns: Column, date_column: str | None = None) -> Portfolio:
    """State a portfolio whose extract already has the contract's names."""
    names = tuple(column.name for column in columns)
    portfolio = Portfolio(
        name="tiny", title=Bilingual("Tiny", "微型"), separator=",", extract_columns=names,
        contract=Contract("tiny", "Nobody", "A test", columns),
        date_column=date_column,
    )  # fmt: skip
    # What cached_property would read from portfolios/tiny.sql.
    portfolio.__dict__["mapping"] = "SELECT {} FROM extract".format(
        ", ".join(f'"{name}"' for name in names)
    )
    return portfolio


def write_extract(
    file: Path, header: Sequence[str], rows: Iterable[Sequence[str]], separator: str = ","
) -> Path:
    """Write delimited text as a careful bank would: quoted where it must be."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return file


class Intake:
    """One intake into a folder, and what it left there."""

    def __init__(self, portfolio: Portfolio, extract: Path, limit: float = 1.0) -> None:
        self.trusted_file = extract.with_suffix(".trusted.parquet")
        self.quarantine_file = extract.with_suffix(".quarantine.parquet")
        self.report: IntakeReport = take_in(
            portfolio, extract, self.trusted_file, self.quarantine_file, limit
        )

    @property
    def trusted(self) -> pd.DataFrame:
        return _read(self.trusted_file)

    @property
    def quarantine(self) -> pd.DataFrame:
        return _read(self.quarantine_file)


def take_in_rows(
    folder: Path, portfolio: Portfolio, rows: Sequence[Sequence[str]], limit: float = 1.0
) -> Intake:
    """Take in rows of the portfolio's own columns."""
    extract = write_extract(
        folder / "extract.csv", portfolio.extract_columns, rows, portfolio.separator
    )
    return Intake(portfolio, extract, limit)


def _read(file: Path) -> pd.DataFrame:
    # pandas alone would make floats of integers with gaps.
    return pd.DataFrame(read_table(file).to_pydict(), dtype=object)
