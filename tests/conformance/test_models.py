"""Every model and portfolio, whoever adds it: settings, module, SQL, catalogue, words, permission.

A model is one block in ``params.yaml`` and one file in ``models/``; these tests fail
until both are there, and say which is missing.
"""

from dataclasses import replace

import pytest

from limner.contract import Sensitivity, Timing
from limner.domain import Purpose
from limner.errors import FeatureForbidden
from limner.features import find_catalogue
from limner.models import find_spec, model_names
from limner.outcomes import find_dated_outcome
from limner.portfolios import find_portfolio, portfolio_names
from project import settings

SETTINGS = settings()
MODELS = sorted({*SETTINGS.models, *model_names()})
PORTFOLIOS = sorted({*SETTINGS.portfolios, *portfolio_names()})

every_model = pytest.mark.parametrize("model", MODELS)
every_portfolio = pytest.mark.parametrize("portfolio", PORTFOLIOS)


@every_model
def test_a_model_has_settings_and_a_file(model: str) -> None:
    assert model in SETTINGS.models, f"add a block models.{model} to params.yaml"
    assert model in model_names(), f"add src/limner/models/{model}.py"
    spec = find_spec(model)
    assert spec.name == model
    spec.refuse_other_family(SETTINGS.model(model))


@every_portfolio
def test_a_portfolio_has_settings_a_file_and_its_sql(portfolio: str) -> None:
    assert portfolio in SETTINGS.portfolios, f"add a block portfolios.{portfolio} to params.yaml"
    assert portfolio in portfolio_names(), f"add src/limner/portfolios/{portfolio}.py"
    found = find_portfolio(portfolio)
    assert found.name == found.contract.table == portfolio
    # portfolios/<name>.sql maps the extract to every column of the contract, and no other.
    selected = found.mapping[found.mapping.rindex("\nSELECT") :]
    for name in found.contract.names:
        assert f" AS {name}" in selected, f"portfolios/{portfolio}.sql gives no {name}"
    assert selected.count(" AS ") == len(found.contract.names)
    assert {found.date_column} - {None} <= set(found.contract.names)
    assert found.title.en
    assert found.title.zh
    if SETTINGS.out_of_time_from[portfolio]:
        assert found.date_column, "an out-of-time day needs a column of dates"


@every_portfolio
def test_a_contract_says_what_each_column_is(portfolio: str) -> None:
    contract = find_portfolio(portfolio).contract
    assert len(set(contract.names)) == len(contract.names)
    for column in contract.columns:
        assert column.meaning, column.name
        counted = column.is_number and column.sensitivity is not Sensitivity.IDENTIFIER
        if counted and column.timing is not Timing.IS_OUTCOME:
            assert column.unit, f"{column.name} has no unit"
            assert column.low is not None, f"{column.name} has no range"
        if column.kind == "category":
            assert column.allowed, f"{column.name} allows no value"
    assert any(column.timing is Timing.IS_OUTCOME for column in contract.columns)


@every_portfolio
def test_every_feature_has_words_in_both_languages_and_a_unit_if_it_is_a_number(
    portfolio: str,
) -> None:
    catalogue = find_catalogue(portfolio)
    assert len({f.name for f in catalogue.features}) == len(catalogue.features)
    for feature in catalogue.features:
        assert set(feature.of) <= set(catalogue.contract.names)
        assert feature.meaning
        for text in (feature.label, feature.reason):
            assert text.en.isascii()
            assert any("一" <= letter <= "鿿" for letter in text.zh), feature.name
        assert bool(feature.unit) == (not catalogue.is_category(feature)), feature.name
        assert feature.purposes


@every_model
def test_a_model_states_its_outcome_use_and_owner(model: str) -> None:
    spec = find_spec(model)
    if spec.portfolio in SETTINGS.banks:
        assert find_dated_outcome(spec.outcome_name).undated == spec.outcome
    else:
        column = find_portfolio(spec.portfolio).contract.column(spec.outcome.column)
        assert column.timing is Timing.IS_OUTCOME
        assert (column.low, column.high) == (0, 1)
    for words in (spec.use, spec.not_for, spec.owner, spec.title.en, spec.title.zh):
        assert words


@every_model
def test_a_model_uses_only_features_that_it_may_use(model: str) -> None:
    spec = find_spec(model)
    features = spec.features(SETTINGS.model(model).protected_features)
    assert len({f.name for f in features}) == len(features) > 0
    contract = find_catalogue(spec.portfolio).contract
    for name in {name for feature in features for name in feature.of}:
        assert contract.column(name).timing is Timing.BEFORE_OUTCOME
        assert contract.column(name).sensitivity is not Sensitivity.IDENTIFIER


@every_model
def test_refuses_a_feature_that_is_known_only_after_the_outcome(model: str) -> None:
    spec = replace(
        find_spec(model), portfolio="bank_marketing", purpose=Purpose.PROFILING,
        feature_names=("balance", "call_seconds"),
    )  # fmt: skip
    with pytest.raises(FeatureForbidden, match="call_seconds as after the outcome"):
        spec.features({})


@every_model
def test_refuses_a_protected_feature_whose_reason_is_not_stated(model: str) -> None:
    spec, stated = find_spec(model), SETTINGS.model(model).protected_features
    catalogue = find_catalogue(spec.portfolio)
    used = {
        column
        for name in spec.feature_names
        for column in catalogue.protected_inputs(catalogue.find(name))
    }
    assert set(stated) == used, "state a reason for each protected feature, and for no other"
    for column in used:
        rest = {name: why for name, why in stated.items() if name != column}
        with pytest.raises(
            FeatureForbidden, match=f"{column} is protected or stands for what is; state a reason"
        ):
            spec.features(rest)


def test_refuses_a_feature_outside_its_purpose() -> None:
    risk = find_spec("serious_delinquency")
    borrowed = replace(risk, portfolio="bank_marketing", feature_names=("balance",))
    with pytest.raises(FeatureForbidden, match="not permitted for the purpose credit"):
        borrowed.features({})


@every_model
def test_a_direction_is_demanded_only_of_the_models_own_numbers(model: str) -> None:
    spec = find_spec(model)
    catalogue = find_catalogue(spec.portfolio)
    assert set(spec.monotone) <= set(spec.feature_names)
    assert not [name for name in spec.monotone if catalogue.is_category(catalogue.find(name))]


@every_model
def test_a_model_is_held_against_at_least_one_gate(model: str) -> None:
    gates = SETTINGS.model(model).gates
    assert gates.minimum or gates.maximum, f"models.{model}.gates is empty: it would always pass"
