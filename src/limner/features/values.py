"""From facts to feature values: the only evaluation, for batches and single records alike."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.contract import Column
from limner.features.catalogue import Feature

Facts = Mapping[str, Sequence[object] | npt.NDArray[Any]]
Values = npt.NDArray[np.float64] | npt.NDArray[np.object_]
NO_CODE = "none"


def feature_values(feature: Feature, columns: Mapping[str, Column], facts: Facts) -> Values:
    """Evaluate one feature.

    Args:
        columns: contract of each column the feature is computed from.
        facts: those columns' values, each of length n_customers; ``None`` or NaN is missing.

    Returns:
        shape (n_customers,): float64 with NaN for missing, or for a category
        objects, text or ``None``.
    """
    first = columns[feature.of[0]]
    if feature.formula == "code":
        return _codes(first, facts[first.name])
    if not first.is_number:
        return _texts(facts[first.name])
    numbers = np.stack([_without_codes(columns[name], facts[name]) for name in feature.of])
    reduced: npt.NDArray[np.float64]
    match feature.formula:
        case "sum":
            reduced = numbers.sum(axis=0)
        case "product":
            reduced = numbers.prod(axis=0)
        case "ratio":
            divisor = np.where(numbers[-1] == 0, np.nan, numbers[-1])
            reduced = numbers[:-1].sum(axis=0) / divisor
        case _:
            reduced = numbers[0]
    return reduced


def _numbers(values: Sequence[object] | npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    # A float array reads None as NaN.
    return np.asarray(values, dtype=np.float64)


def _without_codes(
    column: Column, values: Sequence[object] | npt.NDArray[Any]
) -> npt.NDArray[np.float64]:
    numbers = _numbers(values)
    if not column.codes:
        return numbers
    is_code = np.isin(numbers, [code for code, _ in column.codes])
    return np.where(is_code, np.nan, numbers)


def _codes(column: Column, values: Sequence[object] | npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    numbers = _numbers(values)
    texts = np.full(len(numbers), NO_CODE, dtype=object)
    for code, _ in column.codes:
        texts[numbers == code] = str(code)
    return texts


def _texts(values: Sequence[object] | npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    texts = np.asarray(values, dtype=object)
    missing = np.asarray(pd.isna(texts))
    if missing.any():
        texts = texts.copy()
        texts[missing] = None
    return texts
