"""Figures on all applicants, under what is assumed of those who were refused."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.assessment.bootstrap import resampled_weights
from limner.assessment.reject_inference import (
    Accepted,
    assume_refused,
    implied_multiplier,
    multiply_odds,
    parcel,
)
from project import settings

SETTINGS = settings().assessment.model_copy(update={"resamples": 40})
chances = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=40).map(np.array)


def applicants(seed: int) -> tuple[Accepted, npt.NDArray[np.float64]]:
    draw = np.random.default_rng(seed)
    probability = draw.beta(1, 8, 120)
    return Accepted(probability, draw.binomial(1, probability)), draw.beta(2, 8, 60)


@given(chance=chances, multiplier=st.floats(0.1, 20))
def test_odds_are_multiplied_and_the_multiplier_comes_back(
    chance: npt.NDArray[np.float64], multiplier: float
) -> None:
    raised = multiply_odds(chance, multiplier)
    np.testing.assert_allclose(raised / (1 - raised), multiplier * chance / (1 - chance))
    assert implied_multiplier(chance, raised.sum()) == pytest.approx(multiplier, rel=1e-3)


@pytest.mark.parametrize("multiplier", [1.0, 4.0])
def test_figures_are_expectations_over_what_the_refused_might_have_done(multiplier: float) -> None:
    accepted, refused = applicants(3)
    found = assume_refused(accepted, refused, multiplier, SETTINGS, 1)
    chance = multiply_odds(refused, multiplier)
    score = np.concatenate([accepted.probability, refused])
    event = np.concatenate([accepted.outcome, chance])
    above = (score[:, None] > score) + 0.5 * (score[:, None] == score)
    pairs = event[:, None] * (1 - event)
    assert found.auc.value == pytest.approx((above * pairs).sum() / pairs.sum())
    assert found.rate.value == pytest.approx(event.mean())
    assert found.refused_rate == pytest.approx(chance.mean())
    assert found.odds_multiplier == multiplier


def test_the_interval_draws_a_refused_applicant_with_both_fates() -> None:
    accepted, refused = applicants(3)
    found = assume_refused(accepted, refused, 2.0, SETTINGS, 1)
    event = np.concatenate([accepted.outcome, multiply_odds(refused, 2.0)])
    rates = [np.average(event, weights=drawn) for drawn in resampled_weights(180, 40, 1)]
    tail = (1 - SETTINGS.confidence) / 2
    ends = np.quantile(rates, [tail, 1 - tail]) + event.mean() - np.median(rates)
    assert (found.rate.low, found.rate.high) == pytest.approx(tuple(ends))


def test_riskier_refused_raise_the_rate_of_all() -> None:
    accepted, refused = applicants(5)
    rates = [
        assume_refused(accepted, refused, multiplier, SETTINGS, 1).rate.value
        for multiplier in settings().reject_inference.sensitivity
    ]
    assert rates == sorted(set(rates))


@given(chance=chances, seed=st.integers(0, 2**32 - 1))
def test_parcelled_outcomes_are_as_many_as_expected_at_every_score(
    chance: npt.NDArray[np.float64], seed: int
) -> None:
    outcome = parcel(chance, seed)
    assert set(outcome) <= {0, 1}
    order = np.argsort(chance, kind="stable")
    gap = np.cumsum(outcome[order]) - np.cumsum(chance[order])
    assert np.abs(gap).max() <= 1 + 1e-9
    assert (parcel(chance, seed) == outcome).all()


def test_another_seed_deals_the_outcomes_out_otherwise() -> None:
    chance = np.random.default_rng(1).beta(2, 8, 400)
    assert (parcel(chance, 1) != parcel(chance, 2)).any()
