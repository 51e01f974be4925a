"""What a table promises: the vocabulary of data contracts.

Each portfolio states one :class:`Contract`; :mod:`limner.intake` compiles and
enforces it, :mod:`limner.scoring` holds every served record to the same columns.
"""

from enum import StrEnum
from typing import Literal

from pydantic.dataclasses import dataclass


class Sensitivity(StrEnum):
    """How a column must be handled."""

    IDENTIFIER = "identifier"
    PROTECTED = "protected"
    ORDINARY = "ordinary"


class Timing(StrEnum):
    """When a column is known, seen from the moment a score is asked for."""

    BEFORE_OUTCOME = "before the outcome"
    AFTER_OUTCOME = "after the outcome"
    IS_OUTCOME = "the outcome"


@dataclass(frozen=True)
class Column:
    """One column and all that may be asked of its values.

    ``missing`` lists the raw texts that mean *not known*; ``codes`` the raw
    numbers that are codes, not quantities, each with its meaning.
    """

    name: str
    kind: Literal["integer", "number", "category", "date"]
    meaning: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    required: bool = True
    unique: bool = False
    missing: tuple[str, ...] = ("",)
    codes: tuple[tuple[int, str], ...] = ()
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    timing: Timing = Timing.BEFORE_OUTCOME

    @property
    def is_number(self) -> bool:
        """Whether values are quantities."""
        return self.kind in ("integer", "number")


@dataclass(frozen=True)
class Contract:
    """The columns of one table, in no particular order, and who answers for them."""

    table: str
    owner: str
    source: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return one column by name.

        Raises:
            KeyError: the contract promises no such column.
        """
        return next((c for c in self.columns if c.name == name), None) or _no_column(self, name)

    @property
    def names(self) -> tuple[str, ...]:
        """All column names, in contract order."""
        return tuple(column.name for column in self.columns)

    def protected(self) -> tuple[str, ...]:
        """Names of the protected attributes: for assessment, not for scoring by default."""
        return tuple(c.name for c in self.columns if c.sensitivity is Sensitivity.PROTECTED)


def _no_column(contract: Contract, name: str) -> Column:
    raise KeyError(f"{contract.table} has no column {name}; it has {', '.join(contract.names)}")
