"""What a decision is worth in money, and the threshold at which it is worth most."""

import numpy as np
import numpy.typing as npt

from limner.settings import ValueMatrix

Floats = npt.NDArray[np.float64]


def break_even(matrix: ValueMatrix) -> float:
    """Return the probability at which acting and leaving alone are worth the same.

    Acting at probability p is worth p * true_positive + (1 - p) * false_positive, leaving
    alone p * false_negative + (1 - p) * true_negative.

    Source:
        Elkan (2001), The foundations of cost-sensitive learning.
    """
    act_wrongly = matrix.true_negative - matrix.false_positive
    leave_wrongly = matrix.true_positive - matrix.false_negative
    return act_wrongly / (act_wrongly + leave_wrongly)


def values_when(matrix: ValueMatrix, acted: bool, outcome: npt.NDArray[np.int64]) -> Floats:
    """Value each customer when acted on, or left alone: shape (n_customers,)."""
    happened, not_happened = (
        (matrix.true_positive, matrix.false_positive)
        if acted
        else (matrix.false_negative, matrix.true_negative)
    )
    return np.where(outcome == 1, happened, not_happened)


def value_at(
    matrix: ValueMatrix, probability: Floats, outcome: npt.NDArray[np.int64], threshold: float
) -> Floats:
    """Value each customer when those at or above a threshold are acted on."""
    return np.where(
        probability >= threshold,
        values_when(matrix, True, outcome),
        values_when(matrix, False, outcome),
    )


def profit_curve(
    matrix: ValueMatrix, probability: Floats, outcome: npt.NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """Mean value a customer when the highest scores are acted on, down to each threshold.

    Returns:
        share acted on, mean value, and the threshold, one entry a distinct probability,
        from nobody (threshold above 1) to everybody.
    """
    order = np.argsort(-probability, kind="stable")
    ranked = probability[order]
    gained = values_when(matrix, True, outcome) - values_when(matrix, False, outcome)
    last_of_tie = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True])
    running = np.cumsum(gained[order])[last_of_tie]
    nobody = float(values_when(matrix, False, outcome).sum())
    rows = len(outcome)
    return (
        np.r_[0.0, (last_of_tie + 1) / rows],
        np.r_[nobody, nobody + running] / rows,
        np.r_[np.inf, ranked[last_of_tie]],
    )


def best_threshold(
    matrix: ValueMatrix, probability: Floats, outcome: npt.NDArray[np.int64]
) -> float:
    """Return the threshold of the highest mean value; of equals, the one that acts least.

    Above 1 where it is best to act on nobody.
    """
    _, value, threshold = profit_curve(matrix, probability, outcome)
    return float(min(threshold[int(np.argmax(value))], 2.0))
