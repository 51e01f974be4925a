"""Rows that break their contract, added to the extracts one kind after another.

Broken rows are *further* rows, under keys of their own: test bookings, half-finished
migrations, deliveries sent twice. No true row is touched, so that whatever intake does with
a broken one, nothing true is lost with it and nothing true comes to refer to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from harbour.block import Block
from harbour.numbers import BROKEN

Row = dict[str, Any]
# What a duplicate is: the same key twice, with other values or with the same.
DUPLICATE_KEY, DUPLICATE_ROW = "duplicate key", "duplicate row"
_MOST = 0.004


@dataclass(frozen=True)
class Fault:
    """One way to break a row.

    Attributes:
        kind: in the words of :data:`KINDS`.
        column: of the canonical table.
        change: new values of extract columns, from the row itself and the extract's day.
    """

    kind: str
    column: str
    change: Callable[[Row, np.datetime64], Row]


@dataclass(frozen=True)
class Plant:
    """How one extract is broken.

    Attributes:
        table: the canonical table that its rows become.
        key: the row's key there, as text, its parts joined by ``|``.
        fresh: values that give the row a key of its own, from a number never given twice.
        faults: taken in turn.
    """

    table: str
    key: Callable[[Row], str]
    fresh: Callable[[Row, int, Block], Row]
    faults: tuple[Fault, ...]


KINDS = (
    "missing required value", "wrong type", "value not allowed", "out of range", DUPLICATE_KEY,
    DUPLICATE_ROW, "dangling reference", "row rule broken", "in the future",
)  # fmt: skip


@dataclass
class Planting:
    """Breaks the extracts of one block, and remembers each fault.

    ``planted`` grows by one row a fault: table, key, kind, column, and the extract's rows
    that break a rule through it (two for a duplicate).
    """

    block: Block
    plants: dict[str, Plant]
    planted: list[Row] = field(default_factory=list)
    _numbers: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        first = BROKEN + self.block.number * 1_000_000
        self._numbers = iter(range(first, first + 1_000_000))
        self._draw = self.block.draw("faults")
        self._turns: dict[str, int] = {}

    def plant(self, extract: str, rows: Any) -> Any:
        """Return the rows with broken ones added; those of small extracts may stay whole."""
        if extract not in self.plants or not len(rows):
            return rows
        plant, expected = self.plants[extract], self.block.settings.corrupt_share * len(rows)
        number = int(expected) + int(self._draw.random() < expected % 1)
        # One fault, up to two rows, must not stop the intake of a small extract.
        number = min(number, int(max(_MOST, self.block.settings.corrupt_share) * len(rows)))
        if not number:
            return rows
        at = np.sort(self._draw.choice(len(rows), number, replace=False))
        broken = [made for row in rows.take(pa.array(at)).to_pylist()
                  for made in self._broken(extract, plant, row)]  # fmt: skip
        schema = pa.schema([(f.name, _plain(f.type)) for f in rows.schema])
        added = pa.Table.from_pylist(broken, schema).cast(rows.schema)
        return pa.concat_tables([rows, added]).unify_dictionaries()

    def _broken(self, extract: str, plant: Plant, row: Row) -> list[Row]:
        turn = self._turns.setdefault(extract, int(self._draw.integers(0, 1_000)))
        self._turns[extract] += 1
        fault = plant.faults[turn % len(plant.faults)]
        row = row | plant.fresh(row, next(self._numbers), self.block)
        changed = row | fault.change(row, self.block.calendar.extract_day)
        made = [row, changed] if fault.kind in (DUPLICATE_KEY, DUPLICATE_ROW) else [changed]
        self.planted.append({"table": plant.table, "key": plant.key(changed), "kind": fault.kind,
                             "column": fault.column, "rows": len(made)})  # fmt: skip
        return made


def _plain(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
