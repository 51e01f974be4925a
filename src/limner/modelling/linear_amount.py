"""A plain ridge regression of an amount: what a model of amounts is held against."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.record import Record

Floats = npt.NDArray[np.float64]
# Shares of development beyond which a number counts as that quantile: a line has no other
# defence against a few vast values.
_ENDS = (0.005, 0.995)


class LinearTerm(Record):
    """One column of the regression: a number, cut off and standardised, or a category's code.

    Attributes:
        code: of the category that it is 1 for; None for a number. Missing counts as the mean.
    """

    feature: str
    code: int | None
    low: float
    high: float
    mean: float
    spread: float
    coefficient: float


class LinearAmount(Record):
    """An intercept and terms, in minor units; ``penalty`` is of the squared coefficients."""

    intercept: float
    penalty: float
    terms: tuple[LinearTerm, ...]

    def predict(self, features: Sequence[FittedFeature], values: Matrix) -> Floats:
        """Predict amounts of an encoded matrix, shape (n_rows,)."""
        place = {fitted.feature.name: i for i, fitted in enumerate(features)}
        design = _design(self.terms, [place[term.feature] for term in self.terms], values)
        coefficients = np.array([term.coefficient for term in self.terms])
        return np.asarray(self.intercept + design @ coefficients)


def fit_linear_amount(
    features: Sequence[FittedFeature], development: tuple[Matrix, Floats],
    validation: tuple[Matrix, Floats], penalties: Sequence[float],
) -> LinearAmount:  # fmt: skip
    """Fit on development; of the penalties take the one of least squared error on validation.

    Args:
        development, validation: encoded matrix and amounts, shapes (n, n_features) and (n,).
        penalties: a row, so that they mean the same for samples of any size.
    """
    values, amounts = development
    terms, places = _terms(features, values)
    design, held = (_design(terms, places, matrix) for matrix in (values, validation[0]))
    middle = float(amounts.mean())
    squares, together = design.T @ design / len(design), design.T @ (amounts - middle) / len(design)
    fits = []
    for penalty in penalties:
        solved = np.linalg.solve(squares + penalty * np.eye(len(terms)), together)
        fits.append(
            (float(np.mean((middle + held @ solved - validation[1]) ** 2)), solved, penalty)
        )
    _, coefficients, penalty = min(fits, key=lambda fit: fit[0])
    return LinearAmount(
        intercept=middle,
        penalty=penalty,
        terms=tuple(
            term.model_copy(update={"coefficient": float(coefficient)})
            for term, coefficient in zip(terms, coefficients, strict=True)
        ),
    )


def _terms(features: Sequence[FittedFeature], values: Matrix) -> tuple[list[LinearTerm], list[int]]:
    """Standardise every column that differs between customers of development."""
    terms, places = [], []
    for place, fitted in enumerate(features):
        codes = [None] if fitted.categories is None else list(range(len(fitted.categories)))
        for code in codes:
            term = _term(fitted.feature.name, code, values[:, place].astype(np.float64))
            if term is not None:
                terms.append(term)
                places.append(place)
    return terms, places


def _term(feature: str, code: int | None, column: Floats) -> LinearTerm | None:
    known = column[~np.isnan(column)]
    if not len(known):
        return None
    if code is not None:
        known, low, high = (known == code).astype(np.float64), 0.0, 1.0
    else:
        low, high = (float(end) for end in np.quantile(known, _ENDS))
        known = np.clip(known, low, high)
    spread = float(known.std())
    if spread <= 1e-12 * max(abs(low), abs(high), 1.0):
        return None
    return LinearTerm(
        feature=feature, code=code, low=low, high=high, mean=float(known.mean()), spread=spread,
        coefficient=0.0,
    )  # fmt: skip


def _design(terms: Sequence[LinearTerm], places: Sequence[int], values: Matrix) -> Floats:
    design = np.empty((len(values), len(terms)))
    for i, (term, place) in enumerate(zip(terms, places, strict=True)):
        column = values[:, place].astype(np.float64)
        if term.code is not None:
            column = np.where(np.isnan(column), np.nan, column == term.code)
        column = (np.clip(column, term.low, term.high) - term.mean) / term.spread
        design[:, i] = np.nan_to_num(column, nan=0.0)
    return design
