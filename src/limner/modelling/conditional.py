"""What one column is likely to be, given others: a distribution for each row.

A number is ``location + scale * error``: location and scale depend on the row, errors are those
that held-out customers showed, kept as quantiles. So draws are as far off as predictions are, and
no assumption of a shape is made. A category has a probability each.

Source:
    Lei et al. (2018), Distribution-free predictive inference for regression (locally weighted
    residuals); van Buuren (2018), Flexible imputation of missing data (one column at a time).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field
from pydantic.dataclasses import dataclass

from limner.features.encoding import Matrix
from limner.modelling.gradient_boosting import ConditionalTrees, fit_conditional
from limner.modelling.imputation_inputs import Codes, Floats, InputColumn
from limner.settings.imputation import ImputationTraining

# Quantiles of the errors that are kept: in the middle of equal shares.
LEVELS = (np.arange(199) + 0.5) / 199
# Errors below this share of the column's spread are as good as none (for logarithms of them).
_SMALLEST = 1e-3


@dataclass(frozen=True)
class Marginal:
    """The same for every row; ``probabilities`` of categories, none for a number."""

    probabilities: tuple[float, ...] = ()
    kind: Literal["marginal"] = "marginal"


@dataclass(frozen=True)
class Standards:
    """Means and standard deviations of inputs' logarithms; 0 and 1 where there is none."""

    centres: tuple[float, ...]
    scales: tuple[float, ...]

    def design(self, inputs: Sequence[InputColumn], values: Matrix) -> Floats:
        """Make the matrix that linear methods read, without missing values.

        Standardised logarithms, the mean where missing; then an indicator of each input's
        missing values; then indicators of categories.
        """
        numbers = (_logs(inputs, values) - np.array(self.centres)) / np.array(self.scales)
        columns = [np.nan_to_num(numbers, nan=0.0), np.isnan(values).astype(np.float64)]
        for place, column in enumerate(inputs):
            if column.categories:
                columns.append(np.equal.outer(values[:, place], np.arange(len(column.categories))))
        return np.column_stack(columns)


@dataclass(frozen=True)
class Linear:
    """A linear predictor for a number, or one for each category (multinomial logistic)."""

    standards: Standards
    coefficients: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]
    kind: Literal["linear"] = "linear"


@dataclass(frozen=True)
class Boosted:
    """Trees as text: of the location and the scale's logarithm, or of all categories."""

    trees: str
    spread: str | None = None
    kind: Literal["boosted"] = "boosted"


Part = Annotated[Marginal | Linear | Boosted, Field(discriminator="kind")]


class Task(NamedTuple):
    """One column to learn from rows where it was recorded.

    Attributes:
        target: standardised number, or code; shape (n_rows,).
        classes: 0 for a number.
    """

    inputs: Sequence[InputColumn]
    values: Matrix
    target: Floats
    classes: int
    folds: Codes


class ColumnFit(NamedTuple):
    """A part, and for a number the quantiles of held-out errors in units of its scale."""

    part: Marginal | Linear | Boosted
    errors: tuple[float, ...]


def fit_marginal(task: Task) -> ColumnFit:
    """Take the column's own distribution."""
    if task.classes:
        counts = np.bincount(task.target.astype(np.int64), minlength=task.classes)
        return ColumnFit(Marginal(tuple(map(float, counts / counts.sum()))), ())
    return ColumnFit(Marginal(), quantiles_of(task.target))


def fit_boosted(task: Task, training: ImputationTraining, seed: int, threads: int) -> ColumnFit:
    """Boost the column; for a number also the size of held-out errors."""
    kinds = [column.kind for column in task.inputs]

    def fit(target: Floats) -> tuple[ConditionalTrees, Floats]:
        return fit_conditional(task.values, target, task.folds, kinds, training,
                               classes=task.classes, seed=seed, threads=threads)  # fmt: skip

    trees, held_out = fit(task.target)
    if task.classes:
        return ColumnFit(Boosted(trees.to_text()), ())
    errors = task.target - held_out
    spread, held_out_spread = fit(np.log(np.abs(errors) + _SMALLEST))
    return ColumnFit(
        Boosted(trees.to_text(), spread.to_text()), quantiles_of(errors / np.exp(held_out_spread))
    )


def fit_linear(task: Task) -> ColumnFit:
    """Fit ridge regression, or multinomial logistic regression for categories."""
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from threadpoolctl import threadpool_limits

    standards = fit_standards(task.inputs, task.values)
    design = standards.design(task.inputs, task.values)
    # Several threads add their sums in the order in which they finish.
    with threadpool_limits(1):
        if task.classes:
            model = LogisticRegression(max_iter=300).fit(design, task.target)
            return ColumnFit(_classes_of(standards, model, task.classes), ())
        penalties = (0.1, 1.0, 10.0, 100.0)
        errors = np.empty(len(design))
        for fold in np.unique(task.folds):
            out = task.folds == fold
            others = RidgeCV(penalties).fit(design[~out], task.target[~out])
            errors[out] = task.target[out] - others.predict(design[out])
        model = RidgeCV(penalties).fit(design, task.target)
    part = Linear(standards, (tuple(map(float, model.coef_)),), (float(model.intercept_),))
    return ColumnFit(part, quantiles_of(errors))


def fit_standards(inputs: Sequence[InputColumn], values: Matrix) -> Standards:
    """Learn the means and spreads of inputs from the values that are there."""
    logs = _logs(inputs, values)
    known = ~np.isnan(logs)
    count = np.maximum(known.sum(axis=0), 1)
    centres = np.where(known, logs, 0.0).sum(axis=0) / count
    squares = np.where(known, (logs - centres) ** 2, 0.0).sum(axis=0) / count
    scales = np.where(squares > 0, np.sqrt(squares), 1.0)
    return Standards(tuple(map(float, centres)), tuple(map(float, scales)))


def number_at(
    part: Marginal | Linear | Boosted, inputs: Sequence[InputColumn], values: Matrix
) -> tuple[Floats, Floats]:
    """Give location and scale of each row, shapes (n_rows,)."""
    rows = len(values)
    if isinstance(part, Boosted):
        assert part.spread
        return _read(part.trees).predict(values), np.exp(_read(part.spread).predict(values))
    if isinstance(part, Linear):
        return _scores(part, inputs, values)[:, 0], np.ones(rows)
    return np.zeros(rows), np.ones(rows)


def probabilities_at(
    part: Marginal | Linear | Boosted, inputs: Sequence[InputColumn], values: Matrix
) -> Floats:
    """Give the probability of each category: shape (n_rows, n_classes)."""
    if isinstance(part, Boosted):
        return _read(part.trees).predict(values)
    if isinstance(part, Linear):
        scores = _scores(part, inputs, values)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))
    return np.tile(np.array(part.probabilities), (len(values), 1))


def quantiles_of(errors: npt.ArrayLike) -> tuple[float, ...]:
    """Summarise errors by their quantiles at :data:`LEVELS`."""
    return tuple(map(float, np.quantile(np.asarray(errors, dtype=np.float64), LEVELS)))


@lru_cache(maxsize=64)
def _read(text: str) -> ConditionalTrees:
    return ConditionalTrees.from_text(text)


def _scores(part: Linear, inputs: Sequence[InputColumn], values: Matrix) -> Floats:
    design = part.standards.design(inputs, values)
    return np.asarray(design @ np.array(part.coefficients).T + np.array(part.intercepts))


def _classes_of(standards: Standards, model: Any, classes: int) -> Linear:
    """Spell out a logistic model's categories; the two of a pair share one predictor."""
    coefficients, intercepts = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
    if classes == 2:
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.array([0.0, *intercepts])
    rows = tuple(tuple(map(float, row)) for row in coefficients)
    return Linear(standards, rows, tuple(map(float, intercepts)))


def _logs(inputs: Sequence[InputColumn], values: Matrix) -> Floats:
    numbers = np.array([column.categories is None for column in inputs], dtype=bool)
    wide = values.astype(np.float64)
    return np.where(numbers, np.sign(wide) * np.log1p(np.abs(wide)), 0.0)
