"""Ranking figures, worked by hand, ties among them."""

import numpy as np
import pytest

from limner.assessment.discrimination import Ranking


def figures(scores: list[float], outcome: list[int], weights: list[float]) -> dict[str, float]:
    return dict(Ranking(scores, np.array(outcome)).figures(np.array(weights, dtype=float)))


@pytest.mark.parametrize(
    ("scores", "outcome", "auc", "ks", "average_precision"),
    [
        # Pairs of one with and one without: 1 of 4 lost. Precision 1, then 2 of 3.
        ([0.9, 0.8, 0.3, 0.2], [1, 0, 1, 0], 3 / 4, 0.5, (1 + 2 / 3) / 2),
        # One pair tied, three won. Both tied customers are caught at once: 2 of 3.
        ([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], 3.5 / 4, 0.5, (1 + 2 / 3) / 2),
        # All tied: a coin. Precision is the rate.
        ([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0], 0.5, 0, 1 / 4),
        # Perfect, and perfectly wrong.
        ([4, 3, 2, 1], [1, 1, 0, 0], 1, 1, 1),
        ([1, 2, 3, 4], [1, 1, 0, 0], 0, 1, (1 / 3 + 2 / 4) / 2),
        # Three with, two without: 4.5 of 6 pairs.
        ([5, 4, 4, 2, 1], [1, 1, 0, 1, 0], 4.5 / 6, 0.5, (1 + 2 / 3 + 3 / 4) / 3),
    ],
)
def test_figures_of_customers_counted_once(
    scores: list[float], outcome: list[int], auc: float, ks: float, average_precision: float
) -> None:
    found = figures(scores, outcome, [1] * len(scores))
    assert found == pytest.approx(
        {"auc": auc, "gini": 2 * auc - 1, "ks": ks, "average_precision": average_precision}
    )


def test_a_weight_counts_a_customer_as_often_as_drawn() -> None:
    drawn_twice = figures([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], [1, 2, 1, 0])
    written_out = figures([0.9, 0.5, 0.5, 0.5], [1, 1, 1, 0], [1, 1, 1, 1])
    # Pairs with the one customer without: one won, two tied.
    assert drawn_twice["auc"] == pytest.approx(2 / 3)
    assert drawn_twice == pytest.approx(written_out)


@pytest.mark.parametrize("weights", [[1, 1, 0, 0], [0, 0, 1, 1]])
def test_a_resample_of_one_outcome_has_no_figures(weights: list[float]) -> None:
    found = figures([4, 3, 2, 1], [1, 1, 0, 0], weights)
    assert all(np.isnan(value) for value in found.values())


def test_only_the_order_of_scores_counts() -> None:
    scores, outcome = [0.9, 0.5, 0.5, 0.1], [1, 0, 1, 0]
    stretched = figures([float(np.log(s)) * 1e6 for s in scores], outcome, [1] * 4)
    assert stretched == figures(scores, outcome, [1] * 4)
