"""A bank's snapshot features as its models read them: a mart of one column a feature."""

from collections.abc import Collection
from functools import cache
from typing import Literal

from limner.contract import Column, Contract, Sensitivity
from limner.domain import Purpose
from limner.features import application
from limner.features.catalogue import Catalogue, Feature
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.definitions import Attribute, Latest, SnapshotFeature
from limner.features.relational.listing import owner_of
from limner.features.relational.sources import SOURCES
from limner.portfolios.canonical import canonical_table


@cache
def bank_catalogue(bank: str) -> Catalogue:
    """Describe the catalogue of snapshot features as facts that a record of a bank carries.

    Beside them stand the facts of an application, which no snapshot has.

    A feature that is missing where there is nothing to work on may be left out of a record;
    one that then has a value may not.
    """
    return Catalogue(
        contract=Contract(
            table=bank,
            owner=", ".join(dict.fromkeys(owner_of(feature) for feature in FEATURES)),
            source=f"point-in-time features of {bank}",
            columns=(*(_column(feature) for feature in FEATURES), *application.COLUMNS),
        ),
        features=(*(_feature(feature) for feature in FEATURES), *application.FEATURES),
    )


def _column(feature: SnapshotFeature) -> Column:
    allowed = () if feature.unit else _allowed(feature)
    return Column(
        feature.name, "category" if allowed else "number", feature.meaning, feature.unit,
        allowed=allowed, required=feature.when_empty.value is not None,
        sensitivity=Sensitivity(feature.sensitive),
    )  # fmt: skip


def _allowed(feature: SnapshotFeature) -> tuple[str, ...]:
    """List the values of a category: those that the canonical column allows."""
    formula = feature.formula
    assert isinstance(formula, Latest | Attribute), f"{feature.name} is no value of one column"
    return canonical_table(SOURCES[formula.source].table).column(formula.of).allowed


def _feature(feature: SnapshotFeature) -> Feature:
    return Feature(
        feature.name, (feature.name,), feature.meaning, feature.label, feature.reason,
        unit=feature.unit, purposes=feature.purposes,
    )  # fmt: skip


def ordinary_features(purpose: Purpose, besides: Collection[str] = ()) -> tuple[str, ...]:
    """Name every feature that is permitted for a purpose and stands for nothing protected."""
    return tuple(
        feature.name for feature in FEATURES
        if purpose in feature.purposes and feature.sensitive == "ordinary"
        and feature.name not in besides
    )  # fmt: skip


def risk_directions(names: Collection[str]) -> dict[str, Literal[-1, 1]]:
    """State, of those features for which the catalogue does, which way credit risk goes."""
    return {
        feature.name: feature.risk_direction for feature in FEATURES
        if feature.name in names and feature.risk_direction is not None
    }  # fmt: skip
