"""Columns as the matrix that imputers read, the same whatever the order of the rows."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic.dataclasses import dataclass

from limner.errors import ColumnMissing, ImputationImpossible, UnknownCategory
from limner.features.encoding import Matrix

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class InputColumn:
    """A column as imputers read it; ``categories`` in code order, None for numbers."""

    name: str
    categories: tuple[str, ...] | None

    @property
    def kind(self) -> str:
        """XGBoost's letter for it."""
        return "q" if self.categories is None else "c"


def fit_inputs(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[InputColumn, ...]:
    """Learn each column's kind, and its categories in alphabetical order.

    Raises:
        ColumnMissing: the frame lacks columns.
        ImputationImpossible: a column holds neither numbers nor texts.
    """
    _require(frame, columns)
    return tuple(InputColumn(name, _categories(frame[name])) for name in columns)


def encode_inputs(inputs: Sequence[InputColumn], frame: pd.DataFrame) -> Floats:
    """Encode a frame at full precision: shape (n_rows, n_inputs), NaN where missing.

    Raises:
        ColumnMissing: the frame lacks columns.
        UnknownCategory: a category that development lacked.
    """
    _require(frame, [column.name for column in inputs])
    encoded = [encode_column(column, frame[column.name]) for column in inputs]
    return np.ascontiguousarray(np.stack(encoded, axis=1))


def encode_column(column: InputColumn, values: "pd.Series[Any]") -> Floats:
    """Encode one column; NaN where missing."""
    if column.categories is None:
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan).copy()
        numbers[~np.isfinite(numbers)] = np.nan
        return np.asarray(numbers)
    codes: Mapping[str, float] = {name: float(i) for i, name in enumerate(column.categories)}
    missing = values.isna().to_numpy()
    try:
        return np.array(
            [np.nan if gone else codes[str(value)]
             for value, gone in zip(values, missing, strict=True)], dtype=np.float64
        )  # fmt: skip
    except KeyError as unknown:
        name = str(unknown.args[0])
        raise UnknownCategory(column.name, name, column.categories, "imputation") from None


def digests_of(rows: Floats, key: str) -> npt.NDArray[np.uint64]:
    """Hash each row of a matrix under a key: the same row, the same number, wherever it stands.

    Returns:
        shape (n_rows,), evenly spread over all 64-bit numbers.
    """
    salt = hashlib.blake2b(key.encode(), digest_size=16).digest()
    # Minus zero is zero, and every NaN the same.
    plain = np.where(np.isnan(rows), np.nan, rows) + 0.0
    return _hashes((row.tobytes() for row in plain), salt, len(rows))


def folds_of(
    digests: npt.NDArray[np.uint64], customers: Sequence[object] | None, folds: int
) -> Codes:
    """Share rows out into folds of like size; rows of one customer share a fold.

    Args:
        digests: of the rows, which stand for customers where these are not named.
    """
    if customers is None:
        keys = digests
    else:
        keys = _hashes((str(name).encode() for name in customers), b"customer", len(customers))
    each, position = np.unique(keys, return_inverse=True)
    return np.asarray((np.arange(len(each)) % folds)[position], dtype=np.int64)


def _hashes(parts: Iterable[bytes], salt: bytes, size: int) -> npt.NDArray[np.uint64]:
    found = (hashlib.blake2b(part, digest_size=8, key=salt).digest() for part in parts)
    return np.frombuffer(b"".join(found), dtype=np.uint64, count=size)


def _require(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    absent = [name for name in columns if name not in frame]
    if absent:
        raise ColumnMissing("imputation's frame", absent, [str(name) for name in frame])


def _categories(values: "pd.Series[Any]") -> tuple[str, ...] | None:
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return None
    known = values.dropna()
    if not all(isinstance(value, str) for value in known):
        raise ImputationImpossible(
            str(values.name), "it holds neither numbers nor texts", "leave it out of the columns"
        )
    return tuple(sorted(set(known)))


def others_of(
    inputs: Sequence[InputColumn], values: Floats, place: int
) -> tuple[list[InputColumn], Matrix]:
    """Leave the column at ``place`` out, and give the matrix as trees read it."""
    rest = [column for i, column in enumerate(inputs) if i != place]
    return rest, np.ascontiguousarray(np.delete(values, place, axis=1), dtype=np.float32)
