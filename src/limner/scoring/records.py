"""What a model takes: facts held to its contract, one by one or a column at a time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from limner.contract import Column, Sensitivity
from limner.errors import FieldFault, RecordInvalid
from limner.features.values import Facts
from limner.modelling.fitted import Manifest


def check_records(manifest: Manifest, records: Sequence[Mapping[str, Any]]) -> None:
    """Hold records to the model's contract.

    Raises:
        RecordInvalid: with every fault found.
    """
    columns = admitted_columns(manifest)
    known = ", ".join(columns)
    faults = []
    for index, record in enumerate(records):
        unknown = sorted(record.keys() - columns.keys(), key=str)
        faults += [FieldFault(index, str(u), f"unknown field; known: {known}") for u in unknown]
        for name, column in columns.items():
            detail = _fault(column, record.get(name))
            if detail:
                faults.append(FieldFault(index, name, detail))
    if faults:
        raise RecordInvalid(faults)


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


def facts_of_table(manifest: Manifest, frame: pd.DataFrame) -> Facts:
    """Take a model's facts out of a table, held to its contract a column at a time.

    Returns:
        each fact of the manifest, shape (n_rows,): numbers as float64 with NaN where missing,
        categories as objects with None; all missing where the table lacks the column.

    Raises:
        RecordInvalid: every field of every row that breaks the contract.
    """
    columns = admitted_columns(manifest)
    if not all(_is_sound(column, frame.get(name)) for name, column in columns.items()):
        # Row by row, for the words of each fault, or for values that only look unsound.
        check_records(manifest, records_of_table(manifest, frame))
    return {name: _fact(column, frame.get(name), len(frame)) for name, column in columns.items()}


def records_of_table(manifest: Manifest, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a table's rows as a client would: plain values, None where missing."""
    present = [name for name in manifest.columns if name in frame]
    plain = frame[present].astype(object).where(frame[present].notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _is_sound(column: Column, values: "pd.Series[Any] | None") -> bool:
    """Whether a whole column surely keeps the contract; False where a closer look is needed."""
    if values is None:
        return not must_be_given(column)
    present = values.dropna()
    if len(present) < len(values) and must_be_given(column):
        return False
    if column.kind == "category":
        return bool(present.isin(column.allowed).all())
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    numbers = present.to_numpy(dtype=np.float64)
    sound = np.isfinite(numbers)
    if column.kind == "integer":
        sound &= numbers == np.floor(numbers)
    if column.low is not None and column.high is not None:
        in_range = (numbers >= column.low) & (numbers <= column.high)
        sound &= in_range | np.isin(numbers, [code for code, _ in column.codes])
    return bool(sound.all())


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
    if not _is_finite(value):
        return "must be a finite number"
    if column.kind == "integer" and value != int(value):
        return "must be an integer"
    if value in [code for code, _ in column.codes]:
        return None
    if column.low is None or column.high is None or column.low <= value <= column.high:
        return None
    return f"must be from {column.low:,.10g} to {column.high:,.10g}"


def _is_finite(value: float | np.number[Any]) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        # An integer of JSON may be larger than any float.
        return False
