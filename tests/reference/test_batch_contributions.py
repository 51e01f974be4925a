"""Contributions of a batch against XGBoost's own, row by row."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.domain import Bilingual
from limner.errors import AdditivityBroken
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature, Matrix
from limner.modelling import gradient_boosting
from limner.modelling.gradient_boosting import BoostedTrees, LabelledMatrix, fit_trees
from limner.modelling.model_input import model_input
from limner.modelling.training import facts_of
from limner.scoring import score_table
from limner.settings import Training
from small_models import MODELS, PROPENSITY, fitted, samples_of

TEXT = Bilingual("text", "文字")
CATEGORIES = tuple("abcdefg")
FEATURES = (
    *(FittedFeature(Feature(n, (n,), n, TEXT, TEXT)) for n in ("first", "second")),
    FittedFeature(Feature("kind", ("kind",), "kind", TEXT, TEXT), CATEGORIES),
)
LARGEST_GAP = 1e-4


def customers(draw: np.random.Generator, rows: int, classes: int, missing: float) -> LabelledMatrix:
    numbers = draw.normal(0, 1, (rows, 2)).round(1)
    kind = draw.integers(0, len(CATEGORIES), rows)
    values = np.column_stack([numbers, kind]).astype(np.float32)
    pull = numbers[:, 0] * (kind % 3) + numbers[:, 1] + draw.normal(0, 0.3, rows)
    outcome = np.digitize(pull, np.quantile(pull, np.linspace(0, 1, classes + 1)[1:-1]))
    values[draw.random(values.shape) < missing] = np.nan
    return LabelledMatrix(values, outcome.astype(np.int64))


def both_ways(trees: BoostedTrees, values: Matrix) -> tuple[npt.NDArray[np.float32], ...]:
    """Explain by the library alone and as a batch, however few rows there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradient_boosting, "_BATCH", len(values) + 1)
        alone = trees.contributions(values)
        patch.setattr(gradient_boosting, "_BATCH", 0)
        return alone, trees.contributions(values)


@given(
    seed=st.integers(0, 2**32 - 1), depth=st.integers(1, 7), classes=st.sampled_from([2, 3, 4]),
    missing=st.sampled_from([0.0, 0.2]),
)  # fmt: skip
@hypothesis_settings(deadline=None, max_examples=40)
def test_a_batch_is_explained_as_each_row_alone(
    seed: int, depth: int, classes: int, missing: float
) -> None:
    training = Training(
        max_depth=depth, learning_rate=0.3, rounds=5, early_stopping=5, min_child_weight=1.0,
        subsample=1.0, column_sample=1.0, l2=1.0, category_groups=4,
    )  # fmt: skip
    draw = np.random.default_rng(seed)
    trees, _ = fit_trees(
        customers(draw, 300, classes, missing), customers(draw, 100, classes, missing),
        FEATURES, training, classes=classes, seed=seed % 1000, threads=1,
    )  # fmt: skip
    values = customers(draw, 61, classes, 0.3).values
    alone, batch = both_ways(trees, values)
    assert batch.shape == alone.shape
    assert np.abs(batch - alone).max() <= LARGEST_GAP
    assert np.abs(batch.sum(axis=-1) - trees.margins(values)).max() <= LARGEST_GAP


@pytest.mark.parametrize("model", MODELS)
def test_a_model_of_any_kind_explains_a_batch_as_each_row_alone(model: str) -> None:
    one, test = fitted(model), samples_of(model).test
    values = model_input(one.manifest, facts_of(test, one.manifest.columns), "test")
    alone, batch = both_ways(one.trees, values)
    assert batch.shape == alone.shape
    assert np.abs(batch - alone).max() <= LARGEST_GAP


def test_a_table_of_many_gives_the_reasons_of_a_table_of_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, test = fitted(PROPENSITY), samples_of(PROPENSITY).test
    few = score_table(one, test, reasons=True)
    monkeypatch.setattr(gradient_boosting, "_BATCH", 0)
    many = score_table(one, test, reasons=True)
    assert many.drop(columns="reasons").equals(few.drop(columns="reasons"))
    # Contributions that are all but equal may change places.
    assert (many["reasons"] == few["reasons"]).mean() > 0.98


def test_refuses_to_give_reasons_that_miss_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    one, test = fitted(PROPENSITY), samples_of(PROPENSITY).test
    own = one.trees.contributions

    def slightly_off(values: Matrix) -> npt.NDArray[np.float32]:
        found = own(values).copy()
        found[3, 0] += 0.01
        return found

    monkeypatch.setattr(one.trees, "contributions", slightly_off)
    assert len(score_table(one, test)) == len(test)
    with pytest.raises(AdditivityBroken, match=PROPENSITY):
        score_table(one, test, reasons=True)
