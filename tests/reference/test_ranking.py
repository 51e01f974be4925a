"""Ranking figures against scikit-learn and SciPy, on scores with many ties."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.metrics import average_precision_score, roc_auc_score

from limner.assessment.discrimination import AreaUnderCurve, Ranking

Floats = npt.NDArray[np.float64]


@st.composite
def customers(draw: st.DrawFn) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    """Draw scores (few distinct ones), outcomes and how often each customer was drawn."""
    n = draw(st.integers(2, 40))
    scores = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    outcome = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    weights = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return np.array(scores) / 7, np.array(outcome), np.array(weights, dtype=float)


@settings(deadline=None)
@given(customers())
def test_auc_and_average_precision_agree_with_scikit_learn(
    drawn: tuple[Floats, npt.NDArray[np.int64], Floats],
) -> None:
    scores, outcome, weights = drawn
    assume(weights @ outcome > 0 and weights @ (1 - outcome) > 0)
    found = Ranking(scores, outcome).figures(weights)
    auc = roc_auc_score(outcome, scores, sample_weight=weights)
    precision = average_precision_score(outcome, scores, sample_weight=weights)
    assert found["auc"] == pytest.approx(auc, abs=1e-12)
    assert found["gini"] == pytest.approx(2 * auc - 1, abs=1e-12)
    assert found["average_precision"] == pytest.approx(precision, abs=1e-12)


# SciPy's p-value, which nobody asks for here, divides by zero on two customers.
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(deadline=None)
@given(customers())
def test_ks_agrees_with_scipy(drawn: tuple[Floats, npt.NDArray[np.int64], Floats]) -> None:
    scores, outcome, _ = drawn
    assume(0 < outcome.sum() < len(outcome))
    found = Ranking(scores, outcome).figures(np.ones(len(scores)))
    slow = ks_2samp(scores[outcome == 1], scores[outcome == 0], method="asymp").statistic
    assert found["ks"] == pytest.approx(slow, abs=1e-12)


@settings(deadline=None)
@given(customers())
def test_auc_is_the_share_of_pairs_won(
    drawn: tuple[Floats, npt.NDArray[np.int64], Floats],
) -> None:
    scores, outcome, _ = drawn
    assume(0 < outcome.sum() < len(outcome))
    pairs = [
        1.0 if winner > loser else 0.5 if winner == loser else 0.0
        for winner in scores[outcome == 1]
        for loser in scores[outcome == 0]
    ]
    found = Ranking(scores, outcome).figures(np.ones(len(scores)))
    assert found["auc"] == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)


@settings(deadline=None)
@given(customers())
def test_weights_are_customers_written_out_as_often(
    drawn: tuple[Floats, npt.NDArray[np.int64], Floats],
) -> None:
    scores, outcome, weights = drawn
    assume(weights @ outcome > 0 and weights @ (1 - outcome) > 0)
    times = weights.astype(int)
    written_out = Ranking(np.repeat(scores, times), np.repeat(outcome, times))
    found = Ranking(scores, outcome).figures(weights)
    assert found == pytest.approx(written_out.figures(np.ones(times.sum())), abs=1e-12)


@settings(deadline=None)
@given(customers())
def test_the_fast_auc_is_the_auc(drawn: tuple[Floats, npt.NDArray[np.int64], Floats]) -> None:
    scores, outcome, weights = drawn
    slow = Ranking(scores, outcome).figures(weights)["auc"]
    assert AreaUnderCurve(scores, outcome)(weights) == pytest.approx(slow, abs=1e-12, nan_ok=True)
