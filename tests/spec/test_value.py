"""What decisions are worth, worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from limner.outcomes.value import best_threshold, break_even, profit_curve, value_at
from limner.settings import ValueMatrix

CALL = {"en": "call", "zh": "致电"}


def matrix(tp: float, fp: float, tn: float, fn: float) -> ValueMatrix:
    return ValueMatrix.model_validate(
        {"currency": "EUR", "acting": CALL, "true_positive": tp, "false_positive": fp,
         "true_negative": tn, "false_negative": fn}
    )  # fmt: skip


CALLS = matrix(95, -5, 0, 0)
CREDIT = matrix(0, 0, 300, -3000)
SCORES = np.array([0.9, 0.6, 0.4, 0.1])
OUTCOME = np.array([1, 0, 1, 0])


@pytest.mark.parametrize(("costs", "threshold"), [(CALLS, 0.05), (CREDIT, 300 / 3300)])
def test_at_break_even_acting_and_leaving_alone_are_worth_the_same(
    costs: ValueMatrix, threshold: float
) -> None:
    found = break_even(costs)
    acting = found * costs.true_positive + (1 - found) * costs.false_positive
    leaving = found * costs.false_negative + (1 - found) * costs.true_negative
    assert found == pytest.approx(threshold)
    assert acting == pytest.approx(leaving)


def test_every_customer_is_worth_what_the_matrix_says() -> None:
    assert value_at(CALLS, SCORES, OUTCOME, 0.5).tolist() == [95, -5, 0, 0]
    assert value_at(CREDIT, SCORES, OUTCOME, 0.5).tolist() == [0, 0, -3000, 300]
    # Acted on at the threshold itself.
    assert value_at(CALLS, SCORES, OUTCOME, 0.4).tolist() == [95, -5, 95, 0]


def test_the_profit_curve_runs_from_nobody_to_everybody() -> None:
    shares, values, thresholds = profit_curve(CALLS, SCORES, OUTCOME)
    assert shares.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert values.tolist() == [0, 95 / 4, 90 / 4, 185 / 4, 180 / 4]
    assert thresholds.tolist() == [np.inf, 0.9, 0.6, 0.4, 0.1]
    assert best_threshold(CALLS, SCORES, OUTCOME) == 0.4


def test_tied_customers_are_acted_on_together_or_not_at_all() -> None:
    shares, _, _ = profit_curve(CALLS, np.array([0.5, 0.5, 0.5, 0.1]), OUTCOME)
    assert shares.tolist() == [0, 0.75, 1]


def test_where_acting_never_pays_nobody_is_acted_on() -> None:
    assert best_threshold(matrix(1, -100, 0, 0), np.array([0.9, 0.1]), np.array([0, 0])) > 1


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1)), min_size=1, max_size=30),
    st.sampled_from([CALLS, CREDIT, matrix(2, -1, 1, -2)]),
)
def test_no_threshold_is_worth_more_than_the_best(
    customers: list[tuple[int, int]], costs: ValueMatrix
) -> None:
    scores = np.array([score / 10 for score, _ in customers])
    outcome = np.array([happened for _, happened in customers])
    best = value_at(costs, scores, outcome, best_threshold(costs, scores, outcome)).mean()
    tried = [value_at(costs, scores, outcome, t).mean() for t in np.linspace(0, 1.1, 23)]
    assert best >= max(tried) - 1e-9
    _, values, _ = profit_curve(costs, scores, outcome)
    assert values.max() == pytest.approx(best)


@pytest.mark.parametrize("costs", [(0, 0, 0, 0), (5, 1, 0, 0), (0, -1, 0, 1)])
def test_refuses_a_matrix_that_leaves_nothing_to_decide(
    costs: tuple[float, float, float, float],
) -> None:
    with pytest.raises(ValidationError, match="nothing to decide"):
        matrix(*costs)
