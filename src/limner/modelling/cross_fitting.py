"""Cross-fitting: one model a fold, on bins that are made once and fitted on many times."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.folds import Fold
from limner.modelling.gradient_boosting import (
    LabelledMatrix,
    Margins,
    QuantisedSample,
    fit_quantised,
    quantise,
)
from limner.settings import Training


@dataclass(frozen=True)
class PreparedFold:
    """One fold, ready to be fitted with any training parameters but ``max_bins``."""

    fold: Fold
    fitted_on: QuantisedSample
    stopped_on: QuantisedSample
    stopped: LabelledMatrix
    judged: LabelledMatrix


class FoldFit(NamedTuple):
    """Margins (log-odds) that a fold's trees give to the part that stopped and the judged one."""

    rounds: int
    stopped: Margins
    judged: Margins


def prepare_folds(
    values: Matrix, outcome: npt.NDArray[np.int64], features: Sequence[FittedFeature],
    folds: Sequence[Fold], max_bins: int, threads: int,
) -> tuple[PreparedFold, ...]:  # fmt: skip
    """Bin each fold once, by the rows that it is fitted on and no others.

    Args:
        values: shape (n_customers, n_features).
        outcome: 0 or 1, shape (n_customers,).
    """
    return tuple(
        _prepare(values, outcome, features, fold, max_bins, threads) for fold in folds
    )  # fmt: skip


def fit_fold(
    prepared: PreparedFold, features: Sequence[FittedFeature], training: Training, seed: int,
    threads: int,
) -> FoldFit:  # fmt: skip
    """Fit one fold's trees; the judged part is scored by them and has no say in them."""
    trees, _ = fit_quantised(
        prepared.fitted_on, prepared.stopped_on, features, training,
        classes=2, seed=seed, threads=threads, watch_fitted=False,
    )  # fmt: skip
    return FoldFit(
        trees.rounds, trees.margins(prepared.stopped.values), trees.margins(prepared.judged.values)
    )


def _prepare(
    values: Matrix, outcome: npt.NDArray[np.int64], features: Sequence[FittedFeature], fold: Fold,
    max_bins: int, threads: int,
) -> PreparedFold:  # fmt: skip
    fitted, stopped, judged = (
        LabelledMatrix(values[rows], outcome[rows])
        for rows in (fold.fitted, fold.stopped, fold.judged)
    )
    fitted_on = quantise(fitted, features, max_bins, threads)
    stopped_on = quantise(stopped, features, max_bins, threads, fitted_on)
    return PreparedFold(fold, fitted_on, stopped_on, stopped, judged)
