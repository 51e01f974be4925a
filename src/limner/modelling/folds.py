"""Folds: every customer is judged once, by a model that was fitted without them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.errors import TooFewEvents

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """Row numbers, in table order: fitted on, stopped early on, judged on; disjoint."""

    fitted: Rows
    stopped: Rows
    judged: Rows


def stratified_folds(
    model: str, outcome_name: str, outcome: npt.NDArray[np.int64], *, folds: int,
    stopping_share: float, least_events: int, seed: int,
) -> tuple[Fold, ...]:  # fmt: skip
    """Part customers into folds with the same rate of the outcome.

    The part that stops boosting early is drawn from a fold's fitted rows, so that no
    judged customer has a say in how long the model that judges them was fitted.

    Args:
        outcome: 0 or 1, shape (n_customers,).
        stopping_share: of the rows outside the judged part.

    Raises:
        TooFewEvents: a judged part would hold fewer customers of one outcome than
            ``least_events``.
    """
    rarer = int(min((outcome == 0).sum(), (outcome == 1).sum()))
    if rarer < folds * least_events:
        raise TooFewEvents(model, outcome_name, rarer, folds, least_events)
    generator = np.random.default_rng(seed)
    judged_in = np.empty(len(outcome), dtype=np.int64)
    for value in (0, 1):
        rows = generator.permutation(np.flatnonzero(outcome == value))
        judged_in[rows] = np.arange(len(rows)) % folds
    return tuple(
        _fold(outcome, judged_in == place, stopping_share, generator) for place in range(folds)
    )


def _fold(
    outcome: npt.NDArray[np.int64], judged: npt.NDArray[np.bool_], stopping_share: float,
    generator: np.random.Generator,
) -> Fold:  # fmt: skip
    stopped = np.zeros(len(outcome), dtype=bool)
    for value in (0, 1):
        rows = generator.permutation(np.flatnonzero(~judged & (outcome == value)))
        stopped[rows[: max(1, round(stopping_share * len(rows)))]] = True
    fitted = ~judged & ~stopped
    return Fold(*(np.flatnonzero(part).astype(np.int64) for part in (fitted, stopped, judged)))
