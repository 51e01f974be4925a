"""What a table promises: the vocabulary of data contracts.

Each portfolio states one :class:`Contract`; :mod:`limner.intake` compiles and
enforces it, :mod:`limner.scoring` holds every served record to the same columns.
"""

from enum import StrEnum
from typing import Literal

from pydantic.dataclasses import dataclass

from limner.domain import Purpose
from limner.errors import ContractUnfit

ColumnKind = Literal["integer", "number", "category", "text", "date", "timestamp"]


# The engine gives any table a rowid, and a file's rows a file_row_number where it is asked to.
_TAKEN = frozenset(("broken_rules", "file_row_number", "rowid"))


class Sensitivity(StrEnum):
    """How a column must be handled."""

    IDENTIFIER = "identifier"
    PROTECTED = "protected"
    # May stand for a protected attribute: a model states why it uses it; no group is made of it.
    PROXY = "proxy"
    ORDINARY = "ordinary"


class Timing(StrEnum):
    """When a column is known, seen from the moment a score is asked for."""

    BEFORE_OUTCOME = "before the outcome"
    AFTER_OUTCOME = "after the outcome"
    IS_OUTCOME = "the outcome"


@dataclass(frozen=True)
class Reference:
    """A column's value must be a key of another table, where it is known at all."""

    table: str
    column: str


@dataclass(frozen=True)
class Column:
    """One column and all that may be asked of its values.

    ``missing`` lists the raw texts that mean *not known*; ``codes`` the raw
    numbers that are codes, not quantities, each with its meaning. ``key`` marks a
    pseudonymous key (it joins tables and names nobody once intake has replaced it);
    an ``identifier`` that is no key names a person and never leaves intake.
    """

    name: str
    kind: ColumnKind
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
    key: bool = False
    references: Reference | None = None
    purposes: tuple[Purpose, ...] = tuple(Purpose)

    @property
    def is_number(self) -> bool:
        """Whether values are quantities."""
        return self.kind in ("integer", "number")


@dataclass(frozen=True)
class RowRule:
    """A promise that spans columns: ``holds`` is SQL over the table's typed columns.

    A row breaks it where the SQL is false; where a column is unknown and the SQL
    therefore NULL, the promise is not broken.
    """

    name: str
    holds: str


@dataclass(frozen=True)
class Contract:
    """The columns of one table, in no particular order, and who answers for them.

    ``key`` names the columns whose values together are unique. ``known_at`` is the column
    that dates when a row became known, for tables that only grow. ``ends_at`` is the column
    of a holding's end, which is written into the row on that later day. ``fresh_days`` is how
    far behind the extract's own day its latest row may lie. A table that ``looks_ahead``, as
    a payment plan does, may date rows after that day; in any other that is a breach.
    """

    table: str
    owner: str
    source: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    known_at: str | None = None
    ends_at: str | None = None
    fresh_days: int | None = None
    rules: tuple[RowRule, ...] = ()
    looks_ahead: bool = False

    def __post_init__(self) -> None:
        """Refuse names that would be taken for another column's, or for one of intake's own.

        Raises:
            ContractUnfit: a name is no word, is taken, or differs from another in case only.
        """
        folded: dict[str, str] = {}
        for name in self.names:
            if not name.isidentifier():
                raise ContractUnfit(self.table, name, "it is not one word of letters, digits and _")
            if name.casefold() in _TAKEN:
                raise ContractUnfit(
                    self.table, name, "intake, or the engine, has a column of this name"
                )
            if twin := folded.get(name.casefold()):
                raise ContractUnfit(self.table, name, f"{twin} differs from it in case at most")
            folded[name.casefold()] = name

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
