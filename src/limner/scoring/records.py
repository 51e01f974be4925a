"""What a model takes: facts held to its contract, one by one or a column at a time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from limner.contract import Column, Sensitivity
from limner.errors import FieldFault, RecordInvalid
from limner.features.values import Facts
from limner.modelling.fitted import Manifest
from limner.scoring.scores import Floats

# Trees read single precision, where anything beyond would be infinite.
LARGEST_NUMBER = float(np.finfo(np.float32).max)


def check_records(manifest: Manifest, records: Sequence[Mapping[str, Any]]) -> None:
    """Hold records to the model's contract.

    Raises:
        RecordInvalid: with every fault found.
    """
    faults = find_faults(manifest, records)
    if faults:
        raise RecordInvalid(faults)


def find_faults(
    manifest: Manifest, records: Sequence[Mapping[str, Any]], first: int = 0
) -> list[FieldFault]:
    """Find every field of every record that breaks the model's contract.

    Args:
        first: number of the first record, where they are a part of more.
    """
    columns = admitted_columns(manifest)
    known = ", ".join(columns)
    faults = []
    for index, record in enumerate(records, start=first):
        unknown = sorted(record.keys() - columns.keys(), key=str)
        faults += [FieldFault(index, str(u), f"unknown field; known: {known}") for u in unknown]
        for name, column in columns.items():
            detail = _fault(column, record.get(name))
            if detail:
                faults.append(FieldFault(index, name, detail))
    return faults


def admitted_columns(manifest: Manifest) -> dict[str, Column]:
    """Return the facts a record may carry, narrowed to the categories and codes trees know.

    What the contract allows but the development sample lacked cannot be encoded.
    """
    columns = dict(manifest.columns)
    for fitted in manifest.features:
        column = columns[fitted.feature.of[0]]
        if fitted.categories is not None:
            columns[column.name] = _narrowed(column, fitted.categories)
    return columns


def must_be_given(column: Column) -> bool:
    """Whether a record must carry the fact; a protected attribute never has to be given."""
    return column.required and column.sensitivity is not Sensitivity.PROTECTED


class TableFacts(NamedTuple):
    """A table's facts, and what in it breaks the contract.

    ``facts`` has each fact of the manifest, shape (n_rows,): numbers as float64 with NaN where
    missing, categories as objects with None; it means nothing where there are faults.
    """

    facts: Facts
    faults: list[FieldFault]


def facts_of_table(manifest: Manifest, table: pd.DataFrame, first: int = 0) -> TableFacts:
    """Take a model's facts out of a table, held to its contract a column at a time.

    Args:
        first: number of the first row, where the table is a part of one.
    """
    columns, rows = admitted_columns(manifest), len(table)
    facts = {name: _sound_fact(column, table.get(name), rows) for name, column in columns.items()}
    sound = {name: fact for name, fact in facts.items() if fact is not None}
    if len(sound) == len(facts):
        return TableFacts(sound, [])
    # Row by row, for the words of each fault, or for values that only look unsound.
    faults = find_faults(manifest, records_of_table(manifest, table), first)
    return TableFacts(
        {name: _fact(column, table.get(name), rows) for name, column in columns.items()}
        if not faults else {}, faults,
    )  # fmt: skip


def records_of_table(manifest: Manifest, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a table's rows as a client would: plain values, None where missing."""
    present = [name for name in manifest.columns if name in frame]
    plain = frame[present].astype(object).where(frame[present].notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _sound_fact(column: Column, values: "pd.Series[Any] | None", rows: int) -> Any:
    """Give a column's values where all surely keep the contract, None where it needs a look."""
    if values is None:
        return None if must_be_given(column) else _fact(column, None, rows)
    if must_be_given(column) and values.hasnans:
        return None
    if not column.is_number:
        known = values.dropna().isin(column.allowed).all()
        return _fact(column, values, rows) if known else None
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return None
    numbers = _fact(column, values, rows)
    return numbers if _are_sound(column, numbers) else None


def _are_sound(column: Column, numbers: Floats) -> bool:
    if column.codes:
        numbers = numbers[~np.isin(numbers, [code for code, _ in column.codes])]
    # Neither of the two sees what is missing; of nothing but missing values they are NaN.
    low, high = np.fmin.reduce(numbers, initial=np.nan), np.fmax.reduce(numbers, initial=np.nan)
    if np.isnan(low):
        return True
    if column.low is not None and column.high is not None:
        if low < column.low or high > column.high:
            return False
    elif low < -LARGEST_NUMBER or high > LARGEST_NUMBER:
        return False
    return column.kind != "integer" or _are_whole(numbers)


def _are_whole(numbers: Floats) -> bool:
    apart = np.rint(numbers)
    apart -= numbers
    return bool(np.fmin.reduce(apart) == 0 == np.fmax.reduce(apart))


def _fact(column: Column, values: "pd.Series[Any] | None", rows: int) -> Any:
    if column.is_number:
        if values is None:
            return np.full(rows, np.nan)
        return pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
    if values is None:
        return np.full(rows, None, dtype=object)
    return values.astype(object).where(values.notna(), None).to_numpy()


def _narrowed(column: Column, known: tuple[str, ...]) -> Column:
    if column.kind == "category":
        allowed = tuple(value for value in column.allowed if value in known) or known
        return column if allowed == column.allowed else replace(column, allowed=allowed)
    codes = tuple(code for code in column.codes if str(code[0]) in known)
    return column if codes == column.codes else replace(column, codes=codes)


def _fault(column: Column, value: Any) -> str | None:
    """Say what is wrong with one field, or None."""
    if value is None:
        return "must be given" if must_be_given(column) else None
    if column.kind == "category":
        known = ", ".join(column.allowed)
        return None if value in column.allowed else f"must be one of: {known}"
    return _number_fault(column, value)


def _number_fault(column: Column, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return f"must be {'an integer' if column.kind == 'integer' else 'a number'}"
    if size := _size_fault(value):
        return size
    if column.kind == "integer" and value != int(value):
        return "must be an integer"
    if value in [code for code, _ in column.codes]:
        return None
    if column.low is None or column.high is None or column.low <= value <= column.high:
        return None
    return f"must be from {column.low:,.10g} to {column.high:,.10g}"


def _size_fault(value: float | np.number[Any]) -> str | None:
    if not _is_finite(value):
        return "must be a finite number"
    if not -LARGEST_NUMBER <= float(value) <= LARGEST_NUMBER:
        return f"must be at most {LARGEST_NUMBER:.2g} in size"
    return None


def _is_finite(value: float | np.number[Any]) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        # An integer of JSON may be larger than any float.
        return False
