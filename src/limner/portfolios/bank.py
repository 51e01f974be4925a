"""What a relational portfolio is: a bank's extracts, and SQL from them to the canonical tables."""

from functools import cached_property
from importlib.resources import files
from typing import Literal

from pydantic.dataclasses import dataclass

from limner.contract import Contract
from limner.domain import Bilingual
from limner.portfolios.canonical import TABLES


@dataclass(frozen=True)
class Extract:
    """One file or database table of one of the bank's systems, as the system gives it.

    Mapping SQL reads it under ``name``, prefixed by nothing. Columns of text files and of
    databases arrive as text; those of Parquet keep their types.

    Attributes:
        location: a file below the bank's folder, a glob of its parts, or in a database
            the table, with its schema where it has one.
        columns: those that must be there, under the bank's own names.
        optional: a bank may lack it; canonical tables mapped from it are then left out.
    """

    name: str
    location: str
    columns: tuple[str, ...]
    format: Literal["csv", "parquet", "database"] = "csv"
    separator: str = ","
    encoding: Literal["utf-8", "latin-1", "utf-16"] = "utf-8"
    optional: bool = False


@dataclass(frozen=True)
class Bank:
    """A body of customers scattered over many systems (a *relational* portfolio).

    ``portfolios/<name>/<canonical table>.sql`` holds one readable ``SELECT`` a table, from
    the extracts to the contract's columns. Every row the SQL yields is either trusted or
    quarantined. A canonical table without a file is left out, and listed as left out.

    ``outcome_tables`` are the bank's own: what it wrote down of how things ended, such as the
    last status of a loan. Each has an SQL file of its name too, is held to its contract and
    pseudonymised like all else, and lies apart from the canonical tables: no feature reads it.
    """

    name: str
    title: Bilingual
    owner: str
    currency: str
    extracts: tuple[Extract, ...]
    outcome_tables: tuple[Contract, ...] = ()

    @cached_property
    def mappings(self) -> dict[str, str]:
        """The mapping SQL of each canonical table that the bank has, in canonical order."""
        folder = files("limner.portfolios").joinpath(self.name)
        found = {table.table: folder.joinpath(f"{table.table}.sql") for table in TABLES}
        return {
            name: file.read_text(encoding="utf-8") for name, file in found.items() if file.is_file()
        }

    def mapping(self, table: str) -> str:
        """The mapping SQL of a table, canonical or the bank's own.

        Raises:
            KeyError: the bank has no such table.
        """
        if table in {own.table for own in self.outcome_tables}:
            folder = files("limner.portfolios").joinpath(self.name)
            return folder.joinpath(f"{table}.sql").read_text(encoding="utf-8")
        return self.mappings[table]

    @property
    def tables(self) -> tuple[Contract, ...]:
        """Contracts of the canonical tables that the bank has."""
        return tuple(table for table in TABLES if table.table in self.mappings)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of the canonical tables that the bank lacks."""
        return tuple(table.table for table in TABLES if table.table not in self.mappings)
