"""How one column is filled: the scale of a number, and its distribution given the others."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic.dataclasses import dataclass

from limner.errors import ImputationImpossible
from limner.features.encoding import Matrix
from limner.modelling.conditional import (
    LEVELS,
    ColumnFit,
    Part,
    Task,
    fit_boosted,
    fit_linear,
    fit_marginal,
    number_at,
    probabilities_at,
)
from limner.modelling.imputation_inputs import Floats, InputColumn
from limner.settings.imputation import ImputationSettings


@dataclass(frozen=True)
class NumberScale:
    """The scale on which a number is learned, and the range in which it is filled.

    Attributes:
        logarithm: whether the inverse hyperbolic sine comes first: a logarithm that takes
            zero and negative numbers as well.
        centre, spread: mean and standard deviation on that scale.
        lowest, highest: in the column's own unit.
        whole: whether only whole numbers were recorded.
    """

    logarithm: bool
    centre: float
    spread: float
    lowest: float
    highest: float
    whole: bool

    def standardise(self, recorded: Floats) -> Floats:
        """Put recorded values on the scale."""
        scaled = np.arcsinh(recorded) if self.logarithm else recorded
        return np.asarray((scaled - self.centre) / self.spread)

    def restore(self, standard: Floats) -> Floats:
        """Turn standardised values into the column's own unit and range."""
        own = standard * self.spread + self.centre
        # Far outside the range the hyperbolic sine would overflow.
        values = np.sinh(np.clip(own, -700, 700)) if self.logarithm else own
        values = np.clip(values, self.lowest, self.highest)
        return np.asarray(np.rint(values) if self.whole else values)


@dataclass(frozen=True)
class FilledColumn:
    """One column's distribution; ``scale`` and ``errors`` (quantiles) are a number's."""

    column: InputColumn
    part: Part
    scale: NumberScale | None = None
    errors: tuple[float, ...] = ()

    def fill(self, inputs: Sequence[InputColumn], values: Matrix, chance: Floats | None) -> Floats:
        """Give numbers, or codes of categories, one for each row: shape (n_rows,).

        Args:
            chance: where in its distribution each row's draw lies, from 0 to 1; None to take
                the median or commonest category.
        """
        if self.scale is None:
            return _drawn(probabilities_at(self.part, inputs, values), chance)
        location, spread = number_at(self.part, inputs, values)
        errors = np.interp(0.5 if chance is None else chance, LEVELS, self.errors)
        return self.scale.restore(location + spread * errors)

    def put(
        self, values: "pd.Series[Any]", missing: npt.NDArray[np.bool_], filled: Floats
    ) -> "pd.Series[Any]":
        """Put filled values in where they are missing; recorded values and the index stay."""
        result = values.copy()
        if self.column.categories is None:
            result[missing] = filled
        else:
            names = np.array(self.column.categories, dtype=object)
            result[missing] = names[filled.astype(np.int64)]
        return result


def fit_column(
    column: InputColumn, recorded: Floats, rest: tuple[Sequence[InputColumn], Matrix],
    folds: npt.NDArray[np.int64], settings: ImputationSettings, seed: int, threads: int,
) -> FilledColumn:  # fmt: skip
    """Learn one column from the rows where it was recorded.

    Args:
        recorded: values or codes of those rows, shape (n_rows,).
        rest: the other columns, and their values in those rows.
        folds: of those rows.

    Raises:
        ImputationImpossible: it was recorded for too few customers to hold folds out.
    """
    scale = None if column.categories is not None else _fit_scale(recorded, settings.tail_share)
    target = recorded if scale is None else scale.standardise(recorded)
    task = Task(rest[0], rest[1], target, len(column.categories or ()), folds)
    fit = _fit_part(task, column.name, settings, seed, threads)
    return FilledColumn(column, fit.part, scale, fit.errors)


def _fit_part(
    task: Task, name: str, settings: ImputationSettings, seed: int, threads: int
) -> ColumnFit:
    # A column that never varies has nothing to be learned.
    if settings.training is None or len(np.unique(task.target)) == 1:
        return fit_marginal(task)
    if len(np.unique(task.folds)) < settings.training.folds:
        raise ImputationImpossible(
            name,
            f"development recorded it for fewer customers than {settings.training.folds} folds",
            "choose the method median",
        )
    if settings.method == "regression":
        return fit_linear(task)
    return fit_boosted(task, settings.training, seed, threads)


def _fit_scale(recorded: Floats, tail_share: float) -> NumberScale:
    """Choose the scale on which recorded values are less skewed."""
    logs = np.arcsinh(recorded)
    logarithm = bool(_skew(logs) < _skew(recorded))
    scaled = logs if logarithm else recorded
    spread = float(scaled.std())
    # Not the extremes themselves: they would be one customer's.
    lowest, highest = np.quantile(recorded, [tail_share, 1 - tail_share])
    whole = bool((recorded == np.rint(recorded)).all())
    if whole:
        lowest, highest = np.floor(lowest), np.ceil(highest)
    return NumberScale(
        logarithm, float(scaled.mean()), spread or 1.0, float(lowest), float(highest), whole
    )


def _skew(values: Floats) -> float:
    off = values - values.mean()
    spread = np.sqrt((off**2).mean())
    return float(abs(((off / spread) ** 3).mean())) if spread > 0 else 0.0


def _drawn(probability: Floats, chance: Floats | None) -> Floats:
    if chance is None:
        return np.asarray(probability.argmax(axis=1), dtype=np.float64)
    passed = probability.cumsum(axis=1)[:, :-1] <= chance[:, None]
    return np.asarray(passed.sum(axis=1), dtype=np.float64)
