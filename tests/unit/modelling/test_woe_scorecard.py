"""The baseline: bins, weights of evidence and coefficients."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature
from limner.modelling.woe_scorecard import WoeScorecard, fit_woe_scorecard
from limner.settings import RivalSettings

SETTINGS = RivalSettings(
    learning_fractions=(),
    baseline_bins=5,
    baseline_minimum_bin=0.05,
    baseline_minimum_information=0.0,
    product_features=20,
    calibration_folds=5,
)


def fitted(
    name: str, categories: tuple[str, ...] | None = None, monotone: int = 0
) -> FittedFeature:
    words = Bilingual(name, name)
    return FittedFeature(Feature(name, (name,), name, words, words), categories, monotone)


def scorecard(
    columns: dict[str, npt.ArrayLike], outcome: npt.NDArray[np.int64], *features: FittedFeature
) -> WoeScorecard:
    values = np.stack(list(columns.values()), axis=1).astype(np.float32)
    return fit_woe_scorecard(features, values, outcome, SETTINGS)


def test_a_categorys_weight_is_its_evidence() -> None:
    # 40 of 100 nurses and 10 of 100 clerks: shares of all events over shares of all others.
    code, outcome = np.repeat([0, 1], 100), np.repeat([1, 0, 1, 0], [10, 90, 40, 60])
    (found,) = scorecard({"job": code}, outcome, fitted("job", ("clerk", "nurse"))).features
    assert found.weights == pytest.approx(
        (np.log(10.5 / 50) - np.log(90.5 / 150), np.log(40.5 / 50) - np.log(60.5 / 150))
    )
    # Weights of a single feature explain it whole, but for the half customers.
    assert found.coefficient == pytest.approx(1, abs=0.03)


def test_missing_values_have_a_weight_of_their_own() -> None:
    values = np.r_[np.tile([1.0, 9.0], 200), np.full(100, np.nan)]
    outcome = np.r_[np.tile([0, 1], 200), np.repeat([1, 0], [80, 20])]
    found = scorecard({"income": values}, outcome, fitted("income"))
    assert found.features[0].missing == pytest.approx(np.log(80.5 / 280) - np.log(20.5 / 220))
    margins = found.margins([fitted("income")], np.array([[np.nan], [1.0]], dtype=np.float32))
    assert margins[0] > margins[1]


def test_rare_categories_share_one_weight() -> None:
    code = np.r_[np.zeros(480), np.full(8, 1), np.full(12, 2)]
    outcome = np.r_[np.tile([0, 1], 240), np.ones(8), np.zeros(12)].astype(int)
    features = fitted("job", ("many", "few", "fewer"))
    (found,) = scorecard({"job": code}, outcome, features).features
    assert (
        found.weights[1]
        == found.weights[2]
        == pytest.approx(np.log(8.5 / 248) - np.log(12.5 / 252))
    )


def test_a_feature_that_would_turn_its_evidence_round_is_left_out() -> None:
    draw = np.random.default_rng(1)
    cause = draw.normal(size=4000)
    # Speaks for the event alone, but against it beside its own cause.
    echo = cause + draw.normal(0, 0.5, 4000)
    outcome = (draw.random(4000) < expit(3 * cause - 1.5 * echo)).astype(np.int64)
    found = scorecard({"cause": cause, "echo": echo}, outcome, fitted("cause"), fitted("echo"))
    assert [feature.feature for feature in found.features] == ["cause"]
    assert all(feature.coefficient > 0 for feature in found.features)


def test_a_feature_of_little_information_is_left_out() -> None:
    draw = np.random.default_rng(4)
    told, noise = draw.normal(size=(2, 4000))
    outcome = (draw.random(4000) < expit(told - 1)).astype(np.int64)
    features = (fitted("told"), fitted("noise"))
    values = np.stack([told, noise], axis=1).astype(np.float32)
    strict = SETTINGS.model_copy(update={"baseline_minimum_information": 0.05})
    found = fit_woe_scorecard(features, values, outcome, strict)
    assert [feature.feature for feature in found.features] == ["told"]


def test_without_any_evidence_everyone_gets_the_rate() -> None:
    outcome = np.repeat([1, 0], [25, 75])
    found = scorecard({"same": np.ones(100)}, outcome, fitted("same"))
    assert found.features == ()
    values = np.ones((3, 1), dtype=np.float32)
    assert expit(found.margins([fitted("same")], values)) == pytest.approx([0.25] * 3)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 1000), direction=st.sampled_from([-1, 1]))
def test_bins_of_a_feature_keep_its_direction(seed: int, direction: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=600)
    outcome = (draw.random(600) < expit(direction * np.sin(2 * values) - 1)).astype(np.int64)
    found = scorecard({"x": values}, outcome, fitted("x", monotone=direction))
    for feature in found.features:
        assert (np.diff(feature.weights) * direction >= -1e-9).all()


def test_ranks_nearly_as_well_as_the_truth_where_risks_add_up() -> None:
    draw = np.random.default_rng(2)
    columns = {"a": draw.normal(size=6000), "b": draw.normal(size=6000)}
    truth = expit(columns["a"] + np.abs(columns["b"]) - 1)
    outcome = (draw.random(6000) < truth).astype(np.int64)
    features = (fitted("a"), fitted("b"))
    found = scorecard(columns, outcome, *features)
    values = np.stack(list(columns.values()), axis=1).astype(np.float32)
    auc = roc_auc_score(outcome, found.margins(features, values))
    assert auc > roc_auc_score(outcome, truth) - 0.02


def test_the_columns_are_found_by_name_whatever_their_order() -> None:
    draw = np.random.default_rng(3)
    a, b = draw.normal(size=(2, 1000))
    outcome = (draw.random(1000) < expit(a - b)).astype(np.int64)
    features = (fitted("a"), fitted("b"))
    found = scorecard({"a": a, "b": b}, outcome, *features)
    forth = found.margins(features, np.stack([a, b], axis=1).astype(np.float32))
    back = found.margins(features[::-1], np.stack([b, a], axis=1).astype(np.float32))
    np.testing.assert_allclose(forth, back)
