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
    evaluate_repeatedly,
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


def test_repeated_folds_are_drawn_anew_and_two_runs_agree() -> None:
    settings = quick_settings()
    wanted = settings.assessment.cross_fitting.model_copy(update={"repeats": 2, "folds": 3})
    assessment = settings.assessment.model_copy(update={"cross_fitting": wanted})
    settings = settings.model_copy(update={"assessment": assessment})
    spec, rows = find_spec(RISK), everyone()
    first, again = (evaluate_repeatedly(spec, rows, settings, 4, lambda _: None) for _ in range(2))
    assert first == again
    assert len(first.folds) == 6
    assert first.folds[:3] != first.folds[3:]
    found = first.as_evidence(0.95)
    assert (found.repeats, found.folds, found.customers) == (2, 3, len(rows))
    means = [np.mean([fold.auc for fold in part]) for part in (first.folds[:3], first.folds[3:])]
    assert (found.lowest_auc, found.highest_auc) == pytest.approx((min(means), max(means)))
    assert found.figures["auc"].value == pytest.approx(np.mean(means))


def test_drawing_folds_anew_never_makes_an_interval_of_them_narrow() -> None:
    figures = [0.80, 0.82, 0.79, 0.81, 0.83]
    spread = np.std(figures * 200, ddof=1)
    found = over_folds(figures * 200, 0.95, repeats=200)
    assert found.value == pytest.approx(0.81)
    # However often: that four fifths of the customers are fitted on, and shared, remains.
    assert found.high - found.value > 1.96 * spread / np.sqrt(5 - 1)
    assert found.high - found.value < over_folds(figures, 0.95).high - found.value
