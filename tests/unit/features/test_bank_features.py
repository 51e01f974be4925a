"""A bank's snapshot features as facts that its models read: complete, typed, protected."""

from dataclasses import replace

import pytest

from limner.contract import Sensitivity
from limner.domain import Purpose
from limner.errors import FeatureForbidden
from limner.features import application, find_catalogue
from limner.features.bank_features import ordinary_features, risk_directions
from limner.features.relational.catalogue import FEATURES
from limner.models import find_spec

CATALOGUE = find_catalogue("harbour")


def test_every_snapshot_feature_is_a_fact_of_its_own() -> None:
    asked_for = tuple(column.name for column in application.COLUMNS)
    assert CATALOGUE.contract.names == (*(feature.name for feature in FEATURES), *asked_for)
    assert tuple(f.name for f in CATALOGUE.features[len(FEATURES) :]) == asked_for
    for stated, feature in zip(FEATURES, CATALOGUE.features, strict=False):
        assert feature.of == (stated.name,)
        assert feature.purposes == stated.purposes
        column = CATALOGUE.contract.column(stated.name)
        assert bool(column.allowed) == CATALOGUE.is_category(feature) == (not stated.unit)


def test_only_what_is_missing_by_definition_may_be_left_out_of_a_record() -> None:
    for stated in FEATURES:
        column = CATALOGUE.contract.column(stated.name)
        assert column.required == (stated.when_empty.value is not None), stated.name


def test_a_category_allows_what_the_canonical_column_allows() -> None:
    assert CATALOGUE.contract.column("sex").allowed == ("female", "male")


@pytest.mark.parametrize("purpose", Purpose)
def test_ordinary_features_are_permitted_and_stand_for_nothing_protected(purpose: Purpose) -> None:
    names = ordinary_features(purpose, besides=("balance_latest",))
    assert len(names) > 90
    assert "balance_latest" not in names
    for name in names:
        feature = CATALOGUE.find(name)
        assert purpose in feature.purposes
        assert CATALOGUE.contract.column(name).sensitivity is Sensitivity.ORDINARY


def test_a_proxy_needs_a_reason_as_a_protected_attribute_does() -> None:
    spec = replace(find_spec("retail_default"), feature_names=("employment",), monotone={})
    with pytest.raises(FeatureForbidden, match="employment is protected or stands for what is"):
        spec.features({})
    assert spec.features({"employment": "a reason of at least twenty letters"})


def test_directions_are_those_of_the_catalogue() -> None:
    assert risk_directions(["balance_latest", "late_count_90d", "debit_sum_30d"]) == {
        "balance_latest": -1, "late_count_90d": 1}  # fmt: skip


def test_no_group_is_made_of_a_proxy() -> None:
    assert set(CATALOGUE.contract.protected()) == {
        "age_years", "sex", "marital_status", "education", "dependents"}  # fmt: skip
    assert len(set(CATALOGUE.contract.names)) == len(CATALOGUE.contract.names)
