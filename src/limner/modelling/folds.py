"""Folds: every customer is judged once, by a model that was fitted without them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.errors import TooFewEvents

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """Row numbers, in table order: fitted on, stopped early on, judged on; disjoint."""

    fitted: Rows
    stopped: Rows
    judged: Rows


def stratified_folds(
    model: str, outcome_name: str, outcome: npt.NDArray[np.int64], customers: npt.ArrayLike, *,
    folds: int, stopping_share: float, least_events: int, seed: int,
) -> tuple[Fold, ...]:  # fmt: skip
    """Part customers into folds with the same rate of the outcome.

    A customer who was looked at on several days has several rows; all of them are in one
    part, or a model would be judged on people whom it knows. The part that stops boosting
    early is drawn from a fold's fitted customers, so that no judged one has a say in how
    long the model that judges them was fitted.

    Args:
        outcome: 0 or 1, shape (n_rows,).
        customers: who each row is of, same shape.
        stopping_share: of the customers outside the judged part.

    Raises:
        TooFewEvents: a judged part would hold fewer customers of one outcome than
            ``least_events``.
    """
    who = np.asarray(pd.factorize(np.asarray(customers))[0], dtype=np.int64)
    events = events_of(who, outcome)
    rarer = int(min((events == 0).sum(), (events == 1).sum()))
    if rarer < folds * least_events:
        raise TooFewEvents(model, outcome_name, rarer, folds, least_events)
    generator = np.random.default_rng(seed)
    judged_in = places_of(events, folds, generator)
    return tuple(
        _fold(who, events, judged_in == place, stopping_share, generator) for place in range(folds)
    )


def events_of(customers: Rows, outcome: Rows) -> Rows:
    """Tell of each customer whether any of their rows has the outcome.

    Args:
        customers: number of each row's customer, from 0 without a gap, shape (n_rows,).
        outcome: 0 or 1, same shape.

    Returns:
        0 or 1, shape (n_customers,).
    """
    events = np.zeros(int(customers.max()) + 1, dtype=np.int64)
    np.maximum.at(events, customers, outcome)
    return events


def places_of(events: Rows, folds: int, generator: np.random.Generator) -> Rows:
    """Share customers out into folds with the same rate of the outcome.

    Returns:
        number of each customer's fold, shape (n_customers,).
    """
    places = np.empty(len(events), dtype=np.int64)
    for value in (0, 1):
        drawn = generator.permutation(np.flatnonzero(events == value))
        places[drawn] = np.arange(len(drawn)) % folds
    return places


def _fold(
    who: Rows, events: Rows, judged: npt.NDArray[np.bool_], stopping_share: float,
    generator: np.random.Generator,
) -> Fold:  # fmt: skip
    stopped = np.zeros(len(events), dtype=bool)
    for value in (0, 1):
        drawn = generator.permutation(np.flatnonzero(~judged & (events == value)))
        stopped[drawn[: max(1, round(stopping_share * len(drawn)))]] = True
    fitted = ~judged & ~stopped
    return Fold(*(np.flatnonzero(part[who]).astype(np.int64) for part in (fitted, stopped, judged)))
