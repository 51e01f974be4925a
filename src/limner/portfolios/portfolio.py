"""What a portfolio is: a source file, a mapping to its contract, and the contract."""

from functools import cached_property
from importlib.resources import files

from pydantic.dataclasses import dataclass

from limner.contract import Contract
from limner.domain import Bilingual


@dataclass(frozen=True)
class Portfolio:
    """A body of customers with a ready table, one row a customer or dealing (a *feature mart*).

    ``extract_columns`` are the columns that the file must have, under the bank's
    own names; ``portfolios/<name>.sql`` maps them to the contract's. A file may be
    Parquet, or text in any encoding that Python knows; without a ``header``, or with
    ``skip_rows`` lines above the rows, its columns are DuckDB's ``column0``, ``column1`` …

    Attributes:
        pseudonyms: kinds of things (``customer``) whose ids the mapping turns into keyed
            pseudonyms, by ``customer_pseudonym(id)``.
        simulated: its people never were: the key of their pseudonyms follows from the seed.
        days_since_known: the column that tells, where outcomes become known late, how long ago
            the customer had the last one that was known; the mapping then reads the variable
            ``label_delay_days``.
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
    pseudonyms: tuple[str, ...] = ()
    simulated: bool = False
    days_since_known: str | None = None

    @cached_property
    def mapping(self) -> str:
        """The reviewer-readable SQL from table ``extract`` (all text) to the contract's columns."""
        return files("limner.portfolios").joinpath(f"{self.name}.sql").read_text(encoding="utf-8")
