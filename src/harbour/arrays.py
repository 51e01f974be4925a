"""Types of arrays, and the few vector operations that every part of the maker uses."""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Texts = npt.NDArray[np.str_]
Array = npt.NDArray[Any]


def chosen(draw: np.random.Generator, probabilities: Floats) -> Ints:
    """Draw one option a row.

    Args:
        probabilities: shape (rows, options); each row sums to 1.

    >>> chosen(np.random.default_rng(0), np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
    [1, 0]
    """
    ends = np.cumsum(probabilities, axis=1)[:, :-1]
    return np.asarray((draw.random(len(probabilities))[:, None] >= ends).sum(axis=1))


def happens(draw: np.random.Generator, probability: Array) -> Flags:
    """Draw whether each of independent events happens."""
    return np.asarray(draw.random(np.shape(probability)) < probability)


def occurrences(draw: np.random.Generator, rate: Floats) -> tuple[Ints, Ints]:
    """Draw a Poisson number of events a cell; give the row and the column of each event.

    Args:
        rate: expected events, shape (customers, months).
    """
    counts = draw.poisson(rate)
    cells = np.repeat(np.arange(rate.size), counts.ravel())
    return cells // rate.shape[1], cells % rate.shape[1]


def logistic(log_odds: Array) -> Floats:
    """Turn log-odds into probabilities."""
    return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float64)


def lognormal(draw: np.random.Generator, sigma: float, size: int) -> Floats:
    """Draw factors with median 1; single precision halves the time and shows nowhere."""
    return np.asarray(np.exp(sigma * draw.standard_normal(size, dtype=np.float32)), np.float64)


def whole(values: Array) -> Ints:
    """Round to integers: money to minor units."""
    return np.rint(values).astype(np.int64)
