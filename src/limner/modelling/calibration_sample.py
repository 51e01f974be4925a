"""What a calibration is learnt from: validation, or every built row by trees fitted without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.features.encoding import Matrix
from limner.modelling.folds import Fold, stratified_folds
from limner.modelling.gradient_boosting import LabelledMatrix
from limner.settings import Settings

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
# Fits on the first sample, stops on the second, and gives what scores a matrix in log-odds.
Fitting = Callable[[LabelledMatrix, LabelledMatrix], Callable[[Matrix], npt.ArrayLike]]


@dataclass(frozen=True)
class Division:
    """How rows are parted; see :func:`limner.modelling.folds.stratified_folds`."""

    folds: int
    stopping_share: float
    least_events: int
    seed: int

    @classmethod
    def of(cls, settings: Settings) -> "Division":
        """Read it from the settings: ``rivals.calibration_folds``, and the rest as in tuning."""
        return cls(
            folds=settings.rivals.calibration_folds,
            stopping_share=settings.tuning.stopping_share,
            least_events=settings.training_checks.least_events,
            seed=settings.seed,
        )


@dataclass(frozen=True)
class BuiltRows:
    """Development and validation together, parted into folds by customer.

    Where few customers have the outcome, those of validation alone calibrate by chance; all of
    them are several times as many.
    """

    rows: LabelledMatrix
    customers: npt.NDArray[np.int64]
    folds: tuple[Fold, ...]

    @classmethod
    def of(
        cls, model: str, outcome_name: str, samples: Sequence[LabelledMatrix],
        customers: Sequence[npt.NDArray[np.int64] | None], division: Division,
    ) -> "BuiltRows":  # fmt: skip
        """Put samples that share no customer together and part them.

        Args:
            customers: of each sample, the number of each row's customer, from 0 without a gap;
                None where every row is of its own.

        Raises:
            TooFewEvents: the rarer outcome is too rare for so many folds.
        """
        rows = LabelledMatrix(
            np.concatenate([sample.values for sample in samples]),
            np.concatenate([sample.outcome for sample in samples]),
        )
        numbers, start = [], 0
        for sample, own in zip(samples, customers, strict=True):
            found = np.arange(len(sample.outcome)) if own is None else own
            numbers.append(found + start)
            start += int(found.max()) + 1
        who = np.concatenate(numbers)
        folds = stratified_folds(
            model, outcome_name, rows.outcome, who, folds=division.folds,
            stopping_share=division.stopping_share, least_events=division.least_events,
            seed=division.seed,
        )  # fmt: skip
        return cls(rows, who, folds)

    def out_of_fold(self, fit: Fitting, fitted_on: Flags | None = None) -> Floats:
        """Score each row by what was fitted, and stopped, without its customer.

        Args:
            fitted_on: rows that may be fitted on, shape (n_rows,); all if None.

        Returns:
            log-odds, shape (n_rows,).
        """
        margins = np.empty(len(self.rows.outcome))
        for fold in self.folds:
            fitted = fold.fitted if fitted_on is None else fold.fitted[fitted_on[fold.fitted]]
            score = fit(self._part(fitted), self._part(fold.stopped))
            margins[fold.judged] = np.asarray(score(self.rows.values[fold.judged]))
        return margins

    def _part(self, rows: npt.NDArray[np.int64]) -> LabelledMatrix:
        return LabelledMatrix(self.rows.values[rows], self.rows.outcome[rows])
