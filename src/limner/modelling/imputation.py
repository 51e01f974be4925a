"""Missing values filled from what development knows, as plain numbers and text.

For each column a distribution is learned from the rows of development where it was recorded
(:mod:`limner.modelling.conditional`); a missing value becomes the distribution's centre or a draw
from it. A draw follows from the row's own values and a seed, not from a stream of random numbers:
the same record is always filled alike, alone or among others. Rows that agree in every column get
the same draw.

Every method takes values to be *missing at random*: one that is left out because of what it is
is filled like those of similar customers who told.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic.dataclasses import dataclass

from limner.domain import SampleName
from limner.errors import ImputationImpossible
from limner.modelling.conditional import probabilities_at
from limner.modelling.imputation_columns import FilledColumn, fit_column
from limner.modelling.imputation_inputs import (
    Floats,
    InputColumn,
    digests_of,
    encode_inputs,
    fit_inputs,
    folds_of,
    others_of,
)
from limner.samples import SAMPLE_COLUMN
from limner.settings.imputation import ImputationSettings

Progress = Callable[[str], None]
_INDICATOR = "{}_missing"


@dataclass(frozen=True)
class Imputation:
    """A fitted imputation; ``inputs`` are all columns read, ``filled`` those filled, in order."""

    inputs: tuple[InputColumn, ...]
    filled: tuple[FilledColumn, ...]
    fill: Literal["centre", "draw"]
    indicators: bool
    seed: int

    @property
    def indicator_columns(self) -> tuple[str, ...]:
        """Columns that :meth:`apply` adds: 1 where a value was missing."""
        names = [f.column.name for f in self.filled] if self.indicators else []
        return tuple(_INDICATOR.format(name) for name in names)

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Fill missing values as the settings say; recorded values stay as they are.

        Raises:
            ColumnMissing: the frame lacks a column that was there in development.
            UnknownCategory: a category that development lacked.
        """
        return self._filled(frame, None if self.fill == "centre" else 0)

    def draws(self, frame: pd.DataFrame, count: int) -> list[pd.DataFrame]:
        """Fill ``count`` times from the distributions (multiple imputation), whatever ``fill``."""
        return [self._filled(frame, draw) for draw in range(count)]

    def probabilities(self, frame: pd.DataFrame, column: str) -> Floats:
        """Give a category column's distribution in each row, recorded there or not.

        Returns:
            shape (n_rows, n_categories), in alphabetical order; what else is missing in a
            row is left missing.
        """
        found = next(f for f in self.filled if f.column.name == column)
        place = self.inputs.index(found.column)
        rest, values = others_of(self.inputs, encode_inputs(self.inputs, frame), place)
        return probabilities_at(found.part, rest, values)

    def _filled(self, frame: pd.DataFrame, draw: int | None) -> pd.DataFrame:
        if not self.filled:
            return frame.copy()
        values, result = encode_inputs(self.inputs, frame), frame.copy()
        # Draws follow from what was recorded, not from what was filled before.
        as_recorded = values.copy()
        for found in self.filled:
            name, place = found.column.name, self.inputs.index(found.column)
            missing = np.isnan(as_recorded[:, place])
            if self.indicators:
                result[_INDICATOR.format(name)] = missing.astype(np.int64)
            if missing.any():
                rest, rows = others_of(self.inputs, values[missing], place)
                chance = self._chance(as_recorded[missing], name, draw)
                values[missing, place] = found.fill(rest, rows, chance)
                result[name] = found.put(result[name], missing, values[missing, place])
        return result

    def _chance(self, rows: Floats, column: str, draw: int | None) -> Floats | None:
        """Numbers from 0 to 1 that follow from each row's values, the column and the draw."""
        if draw is None:
            return None
        found = digests_of(rows, f"{self.seed}/{column}/{draw}")
        return np.asarray((found >> np.uint64(11)) / 2.0**53)


def fit_imputation(
    development: pd.DataFrame, columns: Sequence[str], settings: ImputationSettings, seed: int, *,
    customers: str | None = None, threads: int = 1, progress: Progress | None = None,
) -> Imputation:  # fmt: skip
    """Learn how to fill missing values; the order of the rows has no say.

    Args:
        development: one row a customer (and snapshot). With a column ``sample``, only rows of
            the development sample are looked at.
        columns: what a missing value may be guessed from, the columns to fill among them;
            never the outcome.
        customers: column that names the customer, whose rows are held out together.

    Raises:
        ColumnMissing: the frame lacks columns.
        ImputationImpossible: a column to fill is not among ``columns``, was never recorded,
            or was for too few customers; a column holds neither numbers nor texts.
    """
    if settings.method == "none":
        return Imputation((), (), settings.fill, settings.indicators, seed)
    _refuse_unknown(settings.columns, columns)
    inputs = fit_inputs(_development(development), columns)
    frame, values = _in_fixed_order(_development(development), inputs)
    filled = []
    for name in settings.columns:
        place = list(columns).index(name)
        known = ~np.isnan(values[:, place])
        if not known.any():
            raise ImputationImpossible(
                name, "the development sample never recorded it", "take it out of the model"
            )
        folds = _folds(frame[known], values[known], customers, settings)
        rest = others_of(inputs, values[known], place)
        filled.append(
            fit_column(inputs[place], values[known, place], rest, folds, settings, seed, threads)
        )
        if progress:
            progress(f"imputation of {name}: {settings.method} fitted on {known.sum():,} rows")
    return Imputation(inputs, tuple(filled), settings.fill, settings.indicators, seed)


def _development(frame: pd.DataFrame) -> pd.DataFrame:
    if SAMPLE_COLUMN not in frame:
        return frame
    return frame[frame[SAMPLE_COLUMN] == SampleName.DEVELOPMENT.value]


def _refuse_unknown(wanted: Sequence[str], columns: Sequence[str]) -> None:
    for name in wanted:
        if name not in columns:
            raise ImputationImpossible(
                name, "it is none of the model's columns", "correct imputation.columns"
            )


def _in_fixed_order(
    frame: pd.DataFrame, inputs: Sequence[InputColumn]
) -> tuple[pd.DataFrame, Floats]:
    """Sort rows by their content: sums over rows then are the same to the last bit."""
    values = encode_inputs(inputs, frame)
    order = np.argsort(digests_of(values, "order"), kind="stable")
    return frame.iloc[order], values[order]


def _folds(
    frame: pd.DataFrame, values: Floats, customers: str | None, settings: ImputationSettings
) -> npt.NDArray[np.int64]:
    names: list[Any] | None = None if customers is None else frame[customers].tolist()
    folds = settings.training.folds if settings.training else 1
    return folds_of(digests_of(values, "folds"), names, folds)
