"""What a model takes: records held to its contract, with the words of every fault."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from limner.contract import Column, Sensitivity
from limner.domain import LARGEST_NUMBER
from limner.errors import FieldFault, RecordInvalid
from limner.modelling.fitted import Manifest


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


def records_of_table(manifest: Manifest, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a table's rows as a client would: plain values, None where missing."""
    present = [name for name in manifest.columns if name in frame]
    plain = frame[present].astype(object).where(frame[present].notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


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


def kind_fault(column: Column) -> str:
    """Say of a value that it is not of the column's kind."""
    return f"must be {'an integer' if column.kind == 'integer' else 'a number'}"


def _number_fault(column: Column, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return kind_fault(column)
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
