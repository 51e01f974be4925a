"""Disturbed inputs: what is disturbed, by how much, and what it does to a score."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import expit
from scipy.stats import spearmanr

from limner.assessment.robustness import (
    Decided,
    Figure,
    Judged,
    assess_robustness,
    judged_by_auc,
    rank_correlation,
    with_missing,
    with_noise,
)
from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature, Matrix
from project import settings


def fitted(name: str, categories: tuple[str, ...] | None = None) -> FittedFeature:
    words = Bilingual(name, name)
    return FittedFeature(Feature(name, (name,), name, words, words), categories)


FEATURES = (fitted("income"), fitted("late"), fitted("job", ("clerk", "nurse")))


def customers(rows: int = 4000) -> tuple[Matrix, npt.NDArray[np.int64]]:
    draw = np.random.default_rng(1)
    income, late = draw.normal(50, 10, rows), draw.poisson(1, rows)
    values = np.stack([income, late, draw.integers(0, 2, rows)], axis=1).astype(np.float32)
    values[:200, 0] = np.nan
    return values, (draw.random(rows) < expit((50 - income) / 10 + late - 2)).astype(np.int64)


def decide(values: Matrix) -> Decided:
    score = (50 - np.nan_to_num(values[:, 0], nan=50)) / 10 + np.nan_to_num(values[:, 1]) - 2
    probability = expit(score.astype(np.float64))
    return Decided(probability, probability < 0.3)


def test_noise_has_the_stated_share_of_each_spread() -> None:
    values, _ = customers()
    moved = with_noise(FEATURES, values, values, 0.2, 3) - values
    assert np.nanstd(moved[:, 0]) == pytest.approx(2, rel=0.1)
    assert np.nanmean(moved[:, 0]) == pytest.approx(0, abs=0.15)


def test_noise_keeps_missing_values_whole_numbers_categories_and_the_range() -> None:
    values, _ = customers()
    noisy = with_noise(FEATURES, values, values, 0.5, 3)
    assert (np.isnan(noisy) == np.isnan(values)).all()
    assert (noisy[:, 1] == np.rint(noisy[:, 1])).all()
    assert set(np.unique(noisy[:, 2])) == {0, 1}
    for i in range(3):
        assert np.nanmin(noisy[:, i]) >= np.nanmin(values[:, i])
        assert np.nanmax(noisy[:, i]) <= np.nanmax(values[:, i])


def test_a_few_extreme_values_do_not_make_the_noise() -> None:
    values, _ = customers()
    extreme = values.copy()
    extreme[300:310, 0] = 1e7
    moved = with_noise(FEATURES, extreme, values, 0.2, 3)[:, 0] - values[:, 0]
    assert np.nanstd(moved) == pytest.approx(2, rel=0.1)


def test_values_go_missing_as_often_as_stated_and_others_stay() -> None:
    values, _ = customers()
    lost = with_missing(values, 0.2, 3)
    gone = np.isnan(lost) & ~np.isnan(values)
    assert gone.sum() / (~np.isnan(values)).sum() == pytest.approx(0.2, abs=0.01)
    kept = ~np.isnan(lost)
    assert (lost[kept] == values[kept]).all()


def test_more_disturbance_does_more_harm() -> None:
    values, outcome = customers()
    found = assess_robustness(
        decide, FEATURES, values, judged_by_auc(values, outcome), settings().assessment, 1
    )
    by_kind = {kind: [f for f in found if f.kind == kind] for kind in ("noise", "missing")}
    for weak, strong in by_kind.values():
        assert weak.share < strong.share
        assert 1 > weak.rank_correlation > strong.rank_correlation > 0
        assert 0 > weak.change.value > strong.change.value
        assert 0 < weak.flipped < strong.flipped < 1


def test_a_score_that_uses_no_input_is_disturbed_by_nothing() -> None:
    values, outcome = customers()

    def constant(inputs: Matrix) -> Decided:
        return Decided(np.linspace(0, 1, len(inputs)), np.zeros(len(inputs), dtype=bool))

    for found in assess_robustness(
        constant, FEATURES, values, judged_by_auc(values, outcome), settings().assessment, 1
    ):
        assert found.rank_correlation == pytest.approx(1)
        assert (found.change.value, found.change.low, found.flipped) == (0, 0, 0)


def test_rank_correlation_agrees_with_scipy_ties_among_them() -> None:
    draw = np.random.default_rng(2)
    first, second = draw.integers(0, 5, 200).astype(float), draw.normal(size=200)
    assert rank_correlation(first, second) == pytest.approx(spearmanr(first, second).statistic)


def test_segments_are_told_by_who_is_reassigned_and_by_no_order() -> None:
    values, _ = customers()

    def assign(inputs: Matrix) -> Decided:
        poor = np.nan_to_num(inputs[:, 0], nan=50) < 50
        return Decided(np.ones(len(inputs)), poor, poor.astype(np.int64))

    right = assign(values).assigned

    def agreement(found: Decided) -> Figure:
        agrees = (found.assigned == right).astype(np.float64)
        return lambda weights: float(np.sum(weights * agrees) / np.sum(weights))

    judged = Judged(values, "agreement", agreement, ordered=False)
    # Not the seed of the incomes: noise must not move with them.
    for found in assess_robustness(assign, FEATURES, values, judged, settings().assessment, 3):
        assert found.rank_correlation is None
        assert found.reassigned == found.flipped > 0
        assert found.change.value == pytest.approx(-found.reassigned)
