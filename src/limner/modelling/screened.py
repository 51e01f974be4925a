"""Columns that a draft judged before a model: kept out of it, or kept in although strong."""

from typing import Literal

from pydantic.dataclasses import dataclass

from limner.domain import Bilingual

Judged = Literal[
    "leak", "duplicate", "protected", "dropped", "identifier", "free text", "many values", "strong"
]


@dataclass(frozen=True)
class ScreenedColumn:
    """One column, what it was judged to be, and why.

    All but ``strong`` ones are kept out. ``features`` are those computed from the column: they
    join the model when a person states in ``taken_back`` why the column may be used.
    """

    column: str
    judged: Judged
    reason: Bilingual
    features: tuple[str, ...] = ()
    taken_back: str = ""

    @property
    def is_kept_out(self) -> bool:
        """Whether the model does not use the column."""
        return self.judged != "strong" and not self.taken_back
