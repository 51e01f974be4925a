"""Feature values as the float32 matrix that trees read; categories become checked codes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic.dataclasses import dataclass

from limner.contract import Column
from limner.errors import UnknownCategory
from limner.features.catalogue import Feature
from limner.features.values import Facts, Values, feature_values

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FittedFeature:
    """A feature as one model uses it; ``categories`` in code order, None for numbers."""

    feature: Feature
    categories: tuple[str, ...] | None = None
    monotone: int = 0


def fit_features(
    features: Sequence[Feature], monotone: Mapping[str, int], columns: Mapping[str, Column],
    development: Facts,
) -> tuple[FittedFeature, ...]:  # fmt: skip
    """Learn each category's codes from the development sample, in alphabetical order."""
    return tuple(
        FittedFeature(
            feature,
            _categories(feature_values(feature, columns, development)),
            monotone.get(feature.name, 0),
        )
        for feature in features
    )


def encode(
    features: Sequence[FittedFeature], columns: Mapping[str, Column], facts: Facts, where: str
) -> Matrix:
    """Turn facts into the model's input.

    Args:
        facts: values of every column the features need, each of length n_customers.
        where: named in an error, such as ``model x, test sample``.

    Returns:
        shape (n_customers, n_features), NaN where missing; one feature after the other in
        memory, as they are computed and as batches are explained.

    Raises:
        UnknownCategory: a category has no code, which trees would score without a word.
    """
    encoded = (_encode_one(f, columns, facts, where) for f in features)
    first = next(encoded)
    matrix = np.empty((len(features), len(first)), dtype=np.float32)
    matrix[0] = first
    for number, values in enumerate(encoded, start=1):
        matrix[number] = values
    return matrix.T


def _categories(values: Values) -> tuple[str, ...] | None:
    if values.dtype != object:
        return None
    return tuple(sorted({str(value) for value in values if value is not None}))


def _encode_one(
    fitted: FittedFeature, columns: Mapping[str, Column], facts: Facts, where: str
) -> npt.NDArray[Any]:
    feature = fitted.feature
    if feature.formula == "value":
        # As they lie in a table, most need no more: worth it for a million rows.
        fact, column = facts[feature.of[0]], columns[feature.of[0]]
        if isinstance(fact, pd.Categorical) and not column.is_number:
            # The last one, which -1 finds, is missing.
            return _coded(fitted, [*fact.categories, None], where).take(fact.codes)
        plain = isinstance(fact, np.ndarray) and fact.dtype.kind in "if"
        if plain and column.is_number and not column.codes:
            return np.asarray(fact)
    values = feature_values(feature, columns, facts)
    if fitted.categories is None:
        return np.asarray(values, dtype=np.float64)
    return _coded(fitted, values, where)


def _coded(fitted: FittedFeature, values: Iterable[object], where: str) -> npt.NDArray[np.float64]:
    codes: dict[object, float] = {name: float(i) for i, name in enumerate(fitted.categories or ())}
    codes[None] = np.nan
    try:
        return np.fromiter(map(codes.__getitem__, values), np.float64)
    except KeyError as unknown:
        value = str(unknown.args[0])
        raise UnknownCategory(fitted.feature.of[0], value, fitted.categories or (), where) from None
