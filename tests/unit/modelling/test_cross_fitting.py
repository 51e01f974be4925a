"""Cross-fitting: the judged customers have no say, and bins made once serve every fit."""

import numpy as np
import pytest

from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature
from limner.modelling.cross_fitting import fit_fold, prepare_folds
from limner.modelling.folds import stratified_folds
from limner.modelling.gradient_boosting import LabelledMatrix, fit_trees
from limner.settings import Training
from small_models import SMALL_TRAINING

TEXT = Bilingual("text", "文字")
FEATURES = tuple(
    FittedFeature(Feature(name, (name,), "A number", TEXT, TEXT)) for name in ("a", "b", "c")
)
TRAINING = Training.model_validate(SMALL_TRAINING)


def customers(rows: int = 600) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(5)
    values = draw.normal(size=(rows, 3)).astype(np.float32)
    outcome = (values[:, 0] + draw.normal(size=rows) > 0.8).astype(np.int64)
    return values, outcome


def test_what_becomes_of_the_judged_customers_never_moves_their_scores() -> None:
    values, outcome = customers()
    folds = stratified_folds(
        "m", "y", outcome, np.arange(600), folds=3, stopping_share=0.2, least_events=1, seed=1
    )  # fmt: skip
    turned_round = outcome.copy()
    turned_round[folds[0].judged] = 1 - outcome[folds[0].judged]
    told, untold = (
        fit_fold(prepare_folds(values, known, FEATURES, folds, 256, 1)[0], FEATURES, TRAINING, 7, 1)
        for known in (outcome, turned_round)
    )
    assert np.array_equal(told.judged, untold.judged)
    assert told.rounds == untold.rounds


def test_bins_that_were_used_before_give_the_trees_of_new_ones() -> None:
    values, outcome = customers()
    folds = stratified_folds(
        "m", "y", outcome, np.arange(600), folds=3, stopping_share=0.2, least_events=1, seed=1
    )  # fmt: skip
    prepared = prepare_folds(values, outcome, FEATURES, folds, 256, 1)[1]
    fit_fold(prepared, FEATURES, TRAINING.model_copy(update={"max_depth": 2}), 1, 1)
    again = fit_fold(prepared, FEATURES, TRAINING, 7, 1)
    part = folds[1]
    trees, _ = fit_trees(
        LabelledMatrix(values[part.fitted], outcome[part.fitted]),
        LabelledMatrix(values[part.stopped], outcome[part.stopped]),
        FEATURES, TRAINING, classes=2, seed=7, threads=1,
    )  # fmt: skip
    assert np.array_equal(again.judged, trees.margins(values[part.judged]))


def test_a_parameter_that_says_nothing_new_leaves_the_bytes_of_the_trees() -> None:
    values, outcome = customers()
    sample = LabelledMatrix(values, outcome)

    def bytes_of(training: Training) -> bytes:
        trees, _ = fit_trees(sample, sample, FEATURES, training, classes=2, seed=7, threads=1)
        return trees.to_bytes()

    stated = {"l1": 0.0, "gamma": 0.0, "level_sample": 1.0, "max_bins": 256, "max_leaves": 0}
    assert bytes_of(TRAINING.model_copy(update=stated)) == bytes_of(TRAINING)


@pytest.mark.parametrize(
    "stated",
    [{"l1": 5.0}, {"gamma": 3.0}, {"level_sample": 0.4}, {"max_leaves": 3}, {"max_bins": 16},
     {"max_delta_step": 0.05}],
)  # fmt: skip
def test_every_optional_parameter_reaches_the_trees(stated: dict[str, float]) -> None:
    values, outcome = customers()
    sample = LabelledMatrix(values, outcome)
    plain, changed = (
        fit_trees(sample, sample, FEATURES, training, classes=2, seed=7, threads=1)[0].to_bytes()
        for training in (TRAINING, TRAINING.model_copy(update=stated))
    )
    assert plain != changed
