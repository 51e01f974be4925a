"""Folds are disjoint, cover everyone once, keep the outcome's rate, and are the same again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.errors import TooFewEvents
from limner.modelling.folds import Fold, stratified_folds


def folds_of(outcome: np.ndarray, folds: int, seed: int = 3, least: int = 1) -> tuple[Fold, ...]:
    return stratified_folds(
        "m", "defaulted", outcome, np.arange(len(outcome)), folds=folds, stopping_share=0.2,
        least_events=least, seed=seed,
    )  # fmt: skip


@given(
    events=st.integers(12, 60), others=st.integers(12, 200), folds=st.integers(2, 6),
    seed=st.integers(0, 9),
)  # fmt: skip
@hypothesis_settings(deadline=None, max_examples=60)
def test_everyone_is_judged_once_by_trees_that_never_saw_them(
    events: int, others: int, folds: int, seed: int
) -> None:
    outcome = np.random.default_rng(seed).permutation(np.r_[np.ones(events), np.zeros(others)])
    parts = folds_of(outcome.astype(np.int64), folds, seed)
    assert sorted(np.concatenate([p.judged for p in parts])) == list(range(events + others))
    for part in parts:
        everyone = np.concatenate([part.fitted, part.stopped, part.judged])
        assert sorted(everyone) == list(range(events + others))
        assert abs(outcome[part.judged].sum() - events / folds) < 1
        for rows in (part.fitted, part.stopped):
            assert 0 < outcome[rows].sum() < len(rows)


def test_equal_seeds_give_equal_folds_and_others_do_not() -> None:
    outcome = (np.arange(300) % 5 == 0).astype(np.int64)
    first, again, other = (folds_of(outcome, 4, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first.stopped, again.stopped)
    assert not np.array_equal(first.judged, other.judged)


@pytest.mark.parametrize("rare", [0, 1])
def test_refuses_folds_with_too_few_of_the_rarer_outcome(rare: int) -> None:
    outcome = np.full(500, 1 - rare, dtype=np.int64)
    outcome[:19] = rare
    with pytest.raises(TooFewEvents, match="model m: 19 customers have the rarer value of default"):
        folds_of(outcome, 4, least=5)
    outcome[19] = rare
    assert len(folds_of(outcome, 4, least=5)) == 4


@given(rows=st.integers(200, 300), seed=st.integers(0, 99))
@hypothesis_settings(deadline=None, max_examples=40)
def test_a_customer_with_several_rows_is_in_one_part_only(rows: int, seed: int) -> None:
    who = np.random.default_rng(seed).integers(0, 40, rows)
    # The event is of some of a customer's rows only.
    outcome = ((who % 3 == 0) & (np.arange(len(who)) % 2 == 0)).astype(np.int64)
    parts = stratified_folds(
        "m", "y", outcome, who, folds=3, stopping_share=0.2, least_events=1, seed=seed
    )
    for part in parts:
        known = [set(who[rows]) for rows in (part.fitted, part.stopped, part.judged)]
        assert not known[0] & known[1]
        assert not (known[0] | known[1]) & known[2]
