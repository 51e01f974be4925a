"""What fitting promises: directions kept, categories checked, calibration as asked."""

from collections.abc import Callable
from functools import cache, partial
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.errors import FeatureForbidden, SettingsInvalid, UnknownCategory
from limner.modelling.calibration import Method
from limner.modelling.fitted import FittedModel
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.scoring import matrix_of, score_frame, scored
from limner.settings import Settings
from project import settings_with
from small_models import (
    AMOUNT,
    CHOICE,
    MODELS,
    PROPENSITY,
    RISK,
    SEGMENTS,
    fitted,
    quick_settings,
    samples_of,
)

CONSTRAINED = tuple(find_spec(RISK).monotone.items())


def quiet(_: str) -> None:
    pass


@cache
def defying_model() -> FittedModel:
    """Fit the risk model on customers whose outcome defies every direction it must keep."""
    samples = samples_of(RISK)
    turned_round = [
        frame.assign(seriously_delinquent=1 - frame["seriously_delinquent"])
        for frame in (samples.development, samples.validation)
    ]
    return fit_model(find_spec(RISK), *turned_round, quick_settings("none"), quiet)[0]


MODELS_WITH_DIRECTIONS: dict[str, Callable[[], FittedModel]] = {
    **{method: partial(fitted, RISK, method) for method in get_args(Method)},
    "defied by the data": defying_model,
}


@pytest.mark.parametrize("model", MODELS_WITH_DIRECTIONS)
@given(
    customer=st.integers(0, 299),
    constrained=st.sampled_from(CONSTRAINED),
    grid=st.lists(st.floats(0, 200, width=32), min_size=2, max_size=12),
)
@hypothesis_settings(deadline=None, max_examples=40)
def test_a_constrained_feature_only_ever_moves_the_score_its_way(
    model: str, customer: int, constrained: tuple[str, int], grid: list[float]
) -> None:
    one = MODELS_WITH_DIRECTIONS[model]()
    name, direction = constrained
    names = [f.feature.name for f in one.manifest.features]
    test = samples_of(RISK).test
    facts = {n: test[n].to_numpy()[[customer % len(test)]] for n in one.manifest.columns}
    values = np.repeat(matrix_of(one, facts, "test"), len(grid), axis=0)
    values[:, names.index(name)] = sorted(grid)
    moved = np.diff(scored(one, values).value) * direction
    assert (moved >= 0).all()


def test_a_model_keeps_the_directions_of_its_definition() -> None:
    one = fitted(RISK)
    directions = {f.feature.name: f.monotone for f in one.manifest.features if f.monotone}
    assert directions == dict(CONSTRAINED)


@pytest.mark.parametrize("calibration", ["none", "platt", "isotonic"])
def test_every_calibration_gives_probabilities_in_bands(calibration: Method) -> None:
    one = fitted(RISK, calibration)
    part = one.manifest.probability
    assert part is not None
    assert part.calibration.method == calibration
    test = samples_of(RISK).test
    found = score_frame(one, test)
    rates = [score.probability for score in found]  # type: ignore[union-attr]
    assert 0 <= min(rates) < max(rates) <= 1
    # Scores of customers that trees never saw keep the rate of the outcome.
    assert np.mean(rates) == pytest.approx(test["seriously_delinquent"].mean(), abs=0.06)
    assert {score.band for score in found} <= {b.name for b in part.bands}  # type: ignore[union-attr]


def test_early_stopping_never_keeps_a_round_after_the_best() -> None:
    samples = samples_of(PROPENSITY)
    hasty = {"rounds": 200, "learning_rate": 0.6, "early_stopping": 10}
    settings = settings_with(
        {f"models.{PROPENSITY}.training.{name}": value for name, value in hasty.items()}
    )
    fit, curve = fit_model(
        find_spec(PROPENSITY), samples.development, samples.validation, settings, quiet
    )
    best = int(curve["validation"].idxmin())
    assert fit.trees._booster.num_boosted_rounds() == best + 1
    assert len(curve) == best + 1 + 10 < 200
    assert list(curve.columns) == ["round", "development", "validation"]


@pytest.mark.parametrize("model", MODELS)
def test_refuses_a_category_in_validation_that_development_lacks(model: str) -> None:
    development, validation, _ = samples_of(model)
    rented = ("residence", "rented")
    rare_ones = {RISK: ("late_90_days", 98), CHOICE: rented, AMOUNT: rented}
    column, rare = rare_ones.get(model, ("job", "student"))
    without = development[development[column] != rare]
    with pytest.raises(UnknownCategory) as refusal:
        fit_model(find_spec(model), without, validation, quick_settings(), quiet)
    assert f"model {model}, validation sample: {column} = '{rare}'" in str(refusal.value)


def test_refuses_settings_of_the_other_family_or_portfolio() -> None:
    swapped = settings_with({})
    models = dict(swapped.models) | {
        RISK: swapped.models[SEGMENTS], SEGMENTS: swapped.models[RISK],
        PROPENSITY: swapped.models[RISK],
    }  # fmt: skip
    settings: Settings = swapped.model_copy(update={"models": models})
    for model, reason in (
        (RISK, "is a probability model; its settings are not"),
        (SEGMENTS, "is a segmentation model; its settings are not"),
        (PROPENSITY, "portfolio: must be bank_marketing"),
    ):
        samples = samples_of(model)
        with pytest.raises(SettingsInvalid, match=reason):
            fit_model(find_spec(model), samples.development, samples.validation, settings, quiet)


def test_refuses_a_protected_feature_without_a_stated_reason() -> None:
    samples, settings = samples_of(RISK), settings_with({f"models.{RISK}.protected_features": {}})
    with pytest.raises(
        FeatureForbidden, match=rf"state a reason at models\.{RISK}\.protected_features\.age"
    ):
        fit_model(find_spec(RISK), samples.development, samples.validation, settings, quiet)
