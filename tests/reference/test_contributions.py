"""Contributions against Shapley's own definition, over every subset of features."""

import json
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.gradient_boosting import BoostedTrees, LabelledMatrix, fit_trees
from limner.scoring import contributions_to_score, margins_of, matrix_of, scored
from limner.settings import Training
from project import settings
from small_models import MODELS, fitted, samples_of

Node = dict[str, Any]
TEXT = Bilingual("text", "文字")
FEATURES = tuple(FittedFeature(Feature(n, (n,), n, TEXT, TEXT)) for n in ("f0", "f1", "f2"))
TRAINING = Training(
    max_depth=3, learning_rate=0.3, rounds=6, early_stopping=6, min_child_weight=1.0,
    subsample=1.0, column_sample=1.0, l2=1.0,
)  # fmt: skip


def customers(seed: int, rows: int = 400) -> LabelledMatrix:
    draw = np.random.default_rng(seed)
    values = draw.normal(0, 1, (rows, 3)).astype(np.float32)
    chance = 1 / (1 + np.exp(-(values[:, 0] * values[:, 1] + values[:, 2])))
    outcome = (draw.random(rows) < chance).astype(np.int64)
    values[draw.random((rows, 3)) < 0.1] = np.nan
    return LabelledMatrix(values, outcome)


@pytest.fixture(scope="module")
def trees() -> BoostedTrees:
    return fit_trees(
        customers(1), customers(2), FEATURES, TRAINING, classes=2, seed=1, threads=1
    )[0]  # fmt: skip


def parsed(trees: BoostedTrees) -> list[Node]:
    """Read the trees as XGBoost prints them; ``cover`` is what a node weighs."""
    dump = trees._booster.get_dump(with_stats=True, dump_format="json")
    return [json.loads(tree) for tree in dump]


def expected(node: Node, customer: npt.NDArray[np.float32], known: frozenset[int]) -> float:
    """What a tree says on average of customers of whom only some features are known."""
    if "leaf" in node:
        return float(node["leaf"])
    below = {child["nodeid"]: child for child in node["children"]}
    feature = int(node["split"].removeprefix("f"))
    if feature in known:
        value = customer[feature]
        side = "missing" if np.isnan(value) else "yes" if value < node["split_condition"] else "no"
        return expected(below[node[side]], customer, known)
    both = [below[node["yes"]], below[node["no"]]]
    total = sum(child["cover"] for child in both)
    return sum(child["cover"] / total * expected(child, customer, known) for child in both)


def slow_contributions(
    dumped: list[Node], customer: npt.NDArray[np.float32], features: int = 3
) -> list[float]:
    """Average what knowing a feature adds, over every order of getting to know them."""

    def worth(known: tuple[int, ...]) -> float:
        return sum(expected(tree, customer, frozenset(known)) for tree in dumped)

    found = []
    for feature in range(features):
        others = [f for f in range(features) if f != feature]
        added = 0.0
        for size in range(features):
            weight = factorial(size) * factorial(features - size - 1) / factorial(features)
            for known in combinations(others, size):
                added += weight * (worth((*known, feature)) - worth(known))
        found.append(added)
    return found


def test_contributions_are_shapley_values_of_the_path_dependent_expectation(
    trees: BoostedTrees,
) -> None:
    asked: Matrix = customers(3, 60).values
    found, dumped = trees.contributions(asked), parsed(trees)
    slow = [slow_contributions(dumped, customer) for customer in asked]
    np.testing.assert_allclose(found[:, :-1], slow, atol=1e-5)
    assert np.isnan(asked).any()
    assert np.abs(slow).mean() > 0.1


def test_the_base_value_is_the_same_for_everyone(trees: BoostedTrees) -> None:
    base = trees.contributions(customers(3, 60).values)[:, -1]
    assert np.ptp(base) < 1e-6


@pytest.mark.parametrize("model", MODELS)
def test_contributions_add_up_to_the_margin_of_the_score_given(model: str) -> None:
    one = fitted(model)
    test = samples_of(model).test
    values = matrix_of(one, {n: test[n].to_numpy() for n in one.manifest.columns}, "test")
    margins = margins_of(one, values)
    given = margins.max(axis=1) if margins.ndim == 2 else margins
    if one.manifest.choice:
        recommended = scored(one, values).recommended
        assert recommended is not None
        # Nothing is explained to whoever holds everything.
        given = np.where(recommended < 0, 0, margins[np.arange(len(margins)), recommended])
    tolerance = settings().explanation.additivity_tolerance
    if one.manifest.amount:
        # In minor units, of which the expected amount has whole ones.
        given = scored(one, values).value
        tolerance = one.manifest.amount.in_minor_units(tolerance) + 0.5
    found = contributions_to_score(one, values)
    assert found.shape == (len(test), len(one.manifest.features) + 1)
    gap = np.abs(found.sum(axis=1) - given).max()
    assert gap < tolerance
