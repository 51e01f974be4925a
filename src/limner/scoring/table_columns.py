"""A table's facts, held to a model's contract a column at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.contract import Column
from limner.domain import LARGEST_NUMBER
from limner.errors import FieldFault
from limner.features.values import Facts
from limner.modelling.fitted import Manifest
from limner.scoring.records import (
    admitted_columns,
    find_faults,
    must_be_given,
    records_of_table,
)

_ROWS_AT_A_TIME = 65_536


class TableFacts(NamedTuple):
    """Some rows' facts, and what in them breaks the contract.

    ``facts`` has each fact of the manifest, shape (n_rows,): numbers with NaN where missing,
    categories as ``Categorical`` or objects with None; it means nothing where there are faults.
    """

    facts: Facts
    faults: list[FieldFault]


@dataclass(frozen=True)
class _Numbers:
    """Numbers of a width of the machine's, as they lie in the table."""

    column: Column
    values: npt.NDArray[Any]

    def part(self, rows: slice) -> npt.NDArray[Any]:
        return self.values[rows]

    def sound(self, rows: slice) -> npt.NDArray[Any] | None:
        numbers = self.part(rows)
        return numbers if _are_sound(self.column, numbers) else None


@dataclass(frozen=True)
class _Texts:
    """Values of a category."""

    column: Column
    values: pd.Categorical

    def part(self, rows: slice) -> pd.Categorical:
        return self.values[rows]

    def sound(self, rows: slice) -> pd.Categorical | None:
        part = self.part(rows)
        missing = len(part) and must_be_given(self.column) and part.codes.min() < 0
        known = set(part.categories) <= set(self.column.allowed)
        return part if known and not missing else None


@dataclass(frozen=True)
class _Odd:
    """Values whose type tells nothing: each row's needs a look."""

    column: Column
    values: "pd.Series[Any]"

    def part(self, rows: slice) -> npt.NDArray[Any]:
        values = self.values[rows]
        if self.column.is_number:
            return pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
        return values.astype(object).where(values.notna(), None).to_numpy()

    def sound(self, rows: slice) -> None:
        del rows


@dataclass(frozen=True)
class _Absent:
    """A column that the table has not: missing everywhere."""

    column: Column

    def part(self, rows: slice) -> npt.NDArray[Any]:
        count = rows.stop - rows.start
        return np.full(count, np.nan) if self.column.is_number else np.full(count, None, object)

    def sound(self, rows: slice) -> npt.NDArray[Any] | None:
        return None if must_be_given(self.column) else self.part(rows)


@dataclass(frozen=True)
class TableColumns:
    """A table taken apart once, whose rows are read and checked in parts."""

    manifest: Manifest
    table: pd.DataFrame
    columns: Mapping[str, _Numbers | _Texts | _Odd | _Absent]

    @classmethod
    def of(cls, manifest: Manifest, table: pd.DataFrame) -> "TableColumns":
        """Find a model's facts in a table; its other columns are not looked at."""
        admitted = admitted_columns(manifest)
        return cls(manifest, table, {
            name: _taken(column, table.get(name)) for name, column in admitted.items()
        })  # fmt: skip

    def part(self, start: int, rows: int) -> TableFacts:
        """Hold some rows to the contract.

        Args:
            start: number of the first.
            rows: how many; fewer where the table ends.
        """
        part = slice(start, min(start + rows, len(self.table)))
        found = {name: column.sound(part) for name, column in self.columns.items()}
        sound = {name: fact for name, fact in found.items() if fact is not None}
        if len(sound) == len(found):
            return TableFacts(sound, [])
        # Row by row, for the words of each fault, or for values that only look unsound.
        records = records_of_table(self.manifest, self.table[part])
        faults = find_faults(self.manifest, records, start)
        if faults:
            return TableFacts({}, faults)
        return TableFacts({name: column.part(part) for name, column in self.columns.items()}, [])


def find_table_faults(manifest: Manifest, table: pd.DataFrame) -> list[FieldFault]:
    """Find every cell of a table that breaks the model's contract, in order of rows."""
    columns = TableColumns.of(manifest, table)
    starts = range(0, len(table), _ROWS_AT_A_TIME)
    return [fault for start in starts for fault in columns.part(start, _ROWS_AT_A_TIME).faults]


def _taken(column: Column, values: "pd.Series[Any] | None") -> _Numbers | _Texts | _Odd | _Absent:
    if values is None:
        return _Absent(column)
    if column.is_number:
        plain = isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf"
        return _Numbers(column, values.to_numpy()) if plain else _Odd(column, values)
    if isinstance(values.dtype, pd.CategoricalDtype) and values.cat.categories.dtype == object:
        return _Texts(column, pd.Categorical(values))
    try:
        codes, texts = pd.factorize(values.astype(object))
    except TypeError:  # lists and the like
        return _Odd(column, values)
    return _Texts(column, pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object)))


def _are_sound(column: Column, numbers: npt.NDArray[Any]) -> bool:
    if column.codes:
        numbers = numbers[~np.isin(numbers, [code for code, _ in column.codes])]
    if not len(numbers):
        return True
    bounded = column.low is not None and column.high is not None
    whole = numbers.dtype.kind in "iu"
    if whole and not bounded:
        return True  # the largest integer of a machine is far within single precision
    given = must_be_given(column)
    # The first two see what is missing; the others do not, but where there is nothing else.
    smallest, largest = (np.min, np.max) if given else (np.fmin.reduce, np.fmax.reduce)
    low, high = smallest(numbers), largest(numbers)
    if np.isnan(low):
        return not given
    if bounded:
        if low < column.low or high > column.high:
            return False
    elif low < -LARGEST_NUMBER or high > LARGEST_NUMBER:
        return False
    return column.kind != "integer" or whole or _are_whole(numbers)


def _are_whole(numbers: npt.NDArray[Any]) -> bool:
    apart = np.rint(numbers)
    apart -= numbers
    return bool(np.fmin.reduce(apart) == 0 == np.fmax.reduce(apart))
