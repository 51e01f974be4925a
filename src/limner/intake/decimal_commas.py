"""Numbers of a file that writes decimal commas: read where there is no doubt about them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from limner.contract import Column
from limner.engine import Connection
from limner.intake.typed_table import Source

_COMMA = "[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?"
# 1,234 may be a thousand and more, or one and a bit; 0,234 and 12,5 are no thousands.
_EITHER = "[+-]?[1-9][0-9]{0,2},[0-9]{3}"


@dataclass(frozen=True)
class DecimalCommas:
    """How a file's number columns write decimals.

    Attributes:
        commas: cells with one comma between digits.
        certain: those of them that cannot be thousands.
        points: cells with a point.
    """

    commas: int
    certain: int
    points: int

    @property
    def are_certain(self) -> bool:
        """Whether every comma is a decimal comma: one must be, and no number has a point."""
        return self.certain > 0 and self.points == 0


def find_decimal_commas(
    connection: Connection, source: Source, columns: Iterable[Column]
) -> DecimalCommas:
    """Count how the cells of a file's number columns write decimals."""
    cells = " UNION ALL ".join(
        f"SELECT trim({source.held[name]}) AS cell FROM {source.relation}"
        for name in _texts(source, columns)
    )
    if not cells:
        return DecimalCommas(0, 0, 0)
    is_comma, is_either = (f"regexp_full_match(cell, '{form}')" for form in (_COMMA, _EITHER))
    query = (
        f"SELECT count(*) FILTER ({is_comma}), count(*) FILTER ({is_comma} AND NOT {is_either}),"
        f" count(*) FILTER (contains(cell, '.')) FROM ({cells})"
    )
    (counts,) = connection.execute(query).fetchall()
    return DecimalCommas(*map(int, counts))


def with_points(source: Source, columns: Iterable[Column]) -> Source:
    """Replace the commas of a file's number columns by points."""
    held = {name: f"replace({source.held[name]}, ',', '.')" for name in _texts(source, columns)}
    return replace(source, held={**source.held, **held})


def _texts(source: Source, columns: Iterable[Column]) -> list[str]:
    return [c.name for c in columns if c.is_number and source.types.get(c.name) == "VARCHAR"]
