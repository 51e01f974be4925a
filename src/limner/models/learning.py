"""Would more data help? The same model on nested parts of development."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.modelling.rivals import FittedPart, part_rows
from limner.modelling.training import Progress
from limner.models.fitting import fit_model
from limner.models.spec import ModelSpec
from limner.samples import customer_numbers
from limner.settings import Settings

# Of probabilities trees and their calibration are enough (limner.modelling.rivals).
_WHOLE = ("amount", "choice")


def fit_on_parts(
    spec: ModelSpec, development: pd.DataFrame, validation: pd.DataFrame, settings: Settings,
    progress: Progress,
) -> Sequence[FittedPart]:  # fmt: skip
    """Fit a model of amounts, or of several products, on each of ``rivals.learning_fractions``.

    Validation is the whole model's: less data is told apart from other stopping.

    Raises:
        as :func:`limner.models.fitting.fit_model`.
    """
    if spec.family not in _WHOLE:
        return ()
    found = []
    for fraction in settings.rivals.learning_fractions:
        rows = part_rows(
            _parted_by(spec, development), fraction, settings.seed, customer_numbers(development)
        )
        part = development.iloc[rows].reset_index(drop=True)
        fitted, _ = fit_model(
            spec, part, validation, _asking_the_same(spec, settings, fraction), lambda _: None
        )
        progress(f"on {fraction:.0%} of development: {fitted.trees.rounds} rounds")
        found.append(FittedPart(fraction, len(rows), fitted))
    return found


def _asking_the_same(spec: ModelSpec, settings: Settings, fraction: float) -> Settings:
    """Ask a part of the events of each product, so that a part drops no product of the whole."""
    model = settings.model(spec.name)
    if model.choice is None:
        return settings
    least = max(round(model.choice.least_events * fraction), 1)
    choice = model.choice.model_copy(update={"least_events": least})
    changed = model.model_copy(update={"choice": choice})
    return settings.model_copy(update={"models": {**settings.models, spec.name: changed}})


def _parted_by(spec: ModelSpec, development: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Say, as 1 or 0, of whom each part has its share: takers, or who earns the more."""
    outcome = development[spec.outcome.column].to_numpy()
    least = np.median(outcome) if spec.family == "amount" else 0
    return np.asarray(outcome > least, dtype=np.int64)
