"""Two models compared on the same customers, against a slow loop and against chance."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import expit
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from limner.assessment.bootstrap import resampled_weights
from limner.assessment.paired import compare_paired, compare_with_each
from limner.settings import AssessmentSettings
from project import settings_with

Floats = npt.NDArray[np.float64]
SETTINGS: AssessmentSettings = settings_with(
    {"assessment.resamples": 200, "assessment.confidence": 0.9}
).assessment


def customers(seed: int, rows: int = 400) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Draw true probabilities, a noisier estimate of them, and outcomes."""
    draw = np.random.default_rng(seed)
    margin = draw.normal(-1, 1.5, rows)
    outcome = (draw.random(rows) < expit(margin)).astype(np.int64)
    return expit(margin), expit(margin + draw.normal(0, 1.5, rows)), outcome


def test_differences_are_those_of_scikit_learn() -> None:
    good, worse, outcome = customers(1)
    found = compare_paired("test", ("a", good), ("b", worse), outcome, SETTINGS, 1)
    slow = {"auc": roc_auc_score, "log_loss": log_loss, "brier": brier_score_loss}
    for name, figure in slow.items():
        difference = figure(outcome, good) - figure(outcome, worse)
        assert found.differences[name].value == pytest.approx(difference, abs=1e-10)
        assert found.first_figures[name] == pytest.approx(figure(outcome, good), abs=1e-10)


def test_the_interval_is_that_of_a_slow_loop_over_the_same_resamples() -> None:
    good, worse, outcome = customers(2)
    found = compare_paired("test", ("a", good), ("b", worse), outcome, SETTINGS, 1)
    slow = [
        roc_auc_score(outcome, good, sample_weight=w)
        - roc_auc_score(outcome, worse, sample_weight=w)
        for w in resampled_weights(len(outcome), 200, 1)
    ]
    ends = np.quantile(slow, [0.05, 0.95]) + found.differences["auc"].value - np.median(slow)
    assert (found.differences["auc"].low, found.differences["auc"].high) == (
        pytest.approx(ends[0], abs=1e-9), pytest.approx(ends[1], abs=1e-9))  # fmt: skip


def test_the_better_model_is_found_better_and_the_other_way_round_worse() -> None:
    good, worse, outcome = customers(3, rows=2000)
    found = compare_paired("test", ("a", good), ("b", worse), outcome, SETTINGS, 1)
    turned = compare_paired("test", ("b", worse), ("a", good), outcome, SETTINGS, 1)
    assert found.first_ranks_better
    assert found.first_predicts_better
    assert not turned.first_ranks_better
    assert turned.differences["auc"].value == pytest.approx(-found.differences["auc"].value)


def test_a_model_is_never_better_than_itself() -> None:
    good, _, outcome = customers(4)
    found = compare_paired("test", ("a", good), ("a", good), outcome, SETTINGS, 1)
    assert all(d.low == d.value == d.high == 0 for d in found.differences.values())
    assert not found.first_ranks_better
    assert not found.first_predicts_better


def test_equally_good_models_are_rarely_told_apart() -> None:
    apart = 0
    for seed in range(60):
        draw = np.random.default_rng(seed)
        margin = draw.normal(-1, 1.5, 300)
        outcome = (draw.random(300) < expit(margin)).astype(np.int64)
        one, other = (expit(margin + draw.normal(0, 0.7, 300)) for _ in range(2))
        auc = compare_paired("t", ("a", one), ("b", other), outcome, SETTINGS, 1).differences["auc"]
        apart += auc.low > 0 or auc.high < 0
    assert apart <= 14  # a tenth is expected


def test_pairing_makes_the_interval_tighter_than_two_of_its_own() -> None:
    good, _, outcome = customers(5, rows=1000)
    nearly = expit(np.log(good / (1 - good)) + np.random.default_rng(1).normal(0, 0.3, 1000))
    other = expit(np.random.default_rng(2).permutation(np.log(good / (1 - good))))
    close, far = compare_with_each(
        "test", ("a", good), {"nearly": nearly, "unrelated": other}, outcome, SETTINGS, 1
    )
    width = [c.differences["auc"].high - c.differences["auc"].low for c in (close, far)]
    assert width[0] < width[1] / 3


def test_rows_of_one_customer_are_no_more_evidence() -> None:
    good, worse, outcome = customers(6)
    rows = np.repeat(np.arange(len(outcome)), 4)
    naive = compare_paired("t", ("a", good[rows]), ("b", worse[rows]), outcome[rows], SETTINGS, 1)
    honest = compare_paired(
        "t", ("a", good[rows]), ("b", worse[rows]), outcome[rows], SETTINGS, 1, rows
    )
    width = [c.differences["auc"].high - c.differences["auc"].low for c in (naive, honest)]
    assert width[1] == pytest.approx(2 * width[0], rel=0.3)
