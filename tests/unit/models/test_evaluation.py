"""Figures by folds are those that anyone else would compute, with an honest interval."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from limner.assessment.over_folds import over_folds
from limner.modelling.cross_fitting import fit_fold, prepare_folds
from limner.modelling.folds import stratified_folds
from limner.models import find_spec
from limner.models.evaluation import (
    encode_rows,
    evaluate_by_folds,
    judge,
    with_training,
    without_directions,
)
from project import settings_with
from small_models import RISK, quick_settings, samples_of


def everyone() -> pd.DataFrame:
    return pd.concat(samples_of(RISK)[:2], ignore_index=True)


def test_a_folds_figures_are_those_of_a_slower_way() -> None:
    settings = quick_settings()
    population = encode_rows(find_spec(RISK), everyone(), settings)
    folds = stratified_folds(
        RISK,
        "y",
        population.outcome,
        population.customers,
        folds=3,
        stopping_share=0.2,
        least_events=1,
        seed=2,
    )
    (prepared,) = prepare_folds(
        population.values, population.outcome, population.features, folds[:1], 256, 1
    )
    fit = fit_fold(prepared, population.features, settings.model(RISK).training, 2, 1)
    figures = judge(prepared, fit, "platt", 10)
    outcome = population.outcome[folds[0].judged]
    assert figures.auc == pytest.approx(roc_auc_score(outcome, fit.judged), abs=1e-9)
    slow = average_precision_score(outcome, fit.judged)
    assert figures.average_precision == pytest.approx(slow, abs=1e-9)
    assert 0 <= figures.ece < 0.2


def test_the_mean_over_folds_lies_in_its_interval_and_two_runs_agree() -> None:
    first, again = (
        evaluate_by_folds(
            find_spec(RISK), everyone(), quick_settings(), folds=3, seed=4, progress=lambda _: None
        )
        for _ in range(2)
    )
    assert first == again
    assert first.customers == len(everyone())
    auc = first.over(0.95)["auc"]
    assert auc.value == pytest.approx(np.mean([fold.auc for fold in first.folds]))
    assert auc.low < auc.value < auc.high


def test_the_interval_is_wider_than_that_of_independent_folds() -> None:
    figures = [0.80, 0.82, 0.79, 0.81, 0.83]
    found = over_folds(figures, 0.95)
    naive = 2.776 * np.std(figures, ddof=1) / np.sqrt(5)
    assert found.high - found.value == pytest.approx(naive * np.sqrt(1 + 5 / 4), rel=1e-3)


def test_the_twin_without_directions_has_none() -> None:
    assert find_spec(RISK).monotone
    assert not without_directions(find_spec(RISK)).monotone


def test_other_training_parameters_are_those_of_one_model_only() -> None:
    settings = settings_with({})
    training = settings.model(RISK).training.model_copy(update={"max_depth": 9})
    changed = with_training(settings, RISK, training)
    assert changed.model(RISK).training.max_depth == 9
    others = {n: m for n, m in changed.models.items() if n != RISK}
    assert others == {n: m for n, m in settings.models.items() if n != RISK}
