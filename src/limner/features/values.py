"""From facts to feature values: the only evaluation, for batches and single records alike."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.contract import Column
from limner.domain import LARGEST_NUMBER
from limner.errors import NumberTooLarge
from limner.features.catalogue import Feature

# One column's facts; a table's texts come as a Categorical.
Fact = Sequence[object] | npt.NDArray[Any] | pd.Categorical
Facts = Mapping[str, Fact]
Values = npt.NDArray[np.float64] | npt.NDArray[np.object_]
NO_CODE = "none"
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def feature_values(feature: Feature, columns: Mapping[str, Column], facts: Facts) -> Values:
    """Evaluate one feature.

    Args:
        columns: contract of each column the feature is computed from.
        facts: those columns' values, each of length n_customers; ``None`` or NaN is missing.

    Returns:
        shape (n_customers,): float64 with NaN for missing, or for a category
        objects, text or ``None``.

    Raises:
        NumberTooLarge: sums, products or ratios are beyond single precision.
    """
    first = columns[feature.of[0]]
    if feature.formula == "code":
        return _codes(first, facts[first.name])
    if not first.is_number:
        return _texts(facts[first.name])
    if feature.formula == "day_of_year":
        day, month = (columns[name] for name in feature.of)
        return _days_of_year(day, month, facts)
    if feature.formula == "value":
        return _without_codes(first, facts[first.name])
    numbers = np.stack([_without_codes(columns[name], facts[name]) for name in feature.of])
    reduced: npt.NDArray[np.float64]
    match feature.formula:
        case "sum":
            reduced = numbers.sum(axis=0)
        case "product":
            reduced = numbers.prod(axis=0)
        case "ratio":
            reduced = numbers[:-1].sum(axis=0) / _unless_zero(numbers[-1])
        case "product_ratio":
            reduced = numbers[:-1].prod(axis=0) / _unless_zero(numbers[-1])
        case "a_head":
            reduced = numbers[0] / _unless_zero(1 + numbers[-1])
        case _:
            reduced = numbers[0]
    too_large = int((np.abs(reduced) > LARGEST_NUMBER).sum())
    if too_large:
        raise NumberTooLarge("computed features", [feature.name], [too_large])
    return reduced


def _unless_zero(divisor: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(divisor == 0, np.nan, divisor)


def _days_of_year(day: Column, month: Column, facts: Facts) -> npt.NDArray[np.float64]:
    before = np.cumsum([0, *_MONTH_DAYS[:-1]]).astype(np.float64)
    started = dict(zip(month.allowed, before, strict=True))
    starts = np.array([started.get(str(name), np.nan) for name in facts[month.name]])
    return starts + _without_codes(day, facts[day.name])


def _numbers(values: Fact) -> npt.NDArray[np.float64]:
    # A float array reads None as NaN.
    return np.asarray(values, dtype=np.float64)


def _without_codes(column: Column, values: Fact) -> npt.NDArray[np.float64]:
    numbers = _numbers(values)
    if not column.codes:
        return numbers
    is_code = np.isin(numbers, [code for code, _ in column.codes])
    return np.where(is_code, np.nan, numbers)


def _codes(column: Column, values: Fact) -> npt.NDArray[np.object_]:
    numbers = _numbers(values)
    texts = np.full(len(numbers), NO_CODE, dtype=object)
    for code, _ in column.codes:
        texts[numbers == code] = str(code)
    return texts


def _texts(values: Fact) -> npt.NDArray[np.object_]:
    texts = np.asarray(values, dtype=object)
    missing = np.asarray(pd.isna(texts))
    if missing.any():
        texts = texts.copy()
        texts[missing] = None
    return texts
