"""What a portfolio is: a source file, a mapping to its contract, and the contract."""

from functools import cached_property
from importlib.resources import files

from pydantic.dataclasses import dataclass

from limner.contract import Contract
from limner.domain import Bilingual


@dataclass(frozen=True)
class Portfolio:
    """A body of customers with a ready table, one row a customer (a *feature mart*).

    ``extract_columns`` are the columns that the file must have, under the bank's
    own names; ``portfolios/<name>.sql`` maps them to the contract's. A file may be
    Parquet, or text in any encoding that Python knows; without a ``header``, or with
    ``skip_rows`` lines above the rows, its columns are DuckDB's ``column0``, ``column1`` …
    """

    name: str
    title: Bilingual
    separator: str
    extract_columns: tuple[str, ...]
    contract: Contract
    date_column: str | None = None
    encoding: str = "utf-8"
    header: bool = True
    skip_rows: int = 0

    @cached_property
    def mapping(self) -> str:
        """The reviewer-readable SQL from table ``extract`` (all text) to the contract's columns."""
        return files("limner.portfolios").joinpath(f"{self.name}.sql").read_text(encoding="utf-8")
