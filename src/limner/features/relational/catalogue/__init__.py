"""The catalogue of point-in-time features, theme by theme."""

from limner.errors import UnknownName
from limner.features.relational.catalogue import (
    balances,
    card_use,
    contact,
    holdings,
    income,
    lending,
    money,
    people,
    spending,
)
from limner.features.relational.definitions import SnapshotFeature

THEMES: dict[str, tuple[SnapshotFeature, ...]] = {
    "people": people.FEATURES,
    "holdings": holdings.FEATURES,
    "money": money.FEATURES,
    "balances": balances.FEATURES,
    "income": income.FEATURES,
    "spending": spending.FEATURES,
    "lending": lending.FEATURES,
    "card use": card_use.FEATURES,
    "contact": contact.FEATURES,
}
FEATURES: tuple[SnapshotFeature, ...] = tuple(f for theme in THEMES.values() for f in theme)


def find_feature(name: str) -> SnapshotFeature:
    """Return one feature of the catalogue.

    Raises:
        UnknownName: the catalogue has no such feature.
    """
    found = next((f for f in FEATURES if f.name == name), None)
    if found is None:
        raise UnknownName("feature", name, (f.name for f in FEATURES))
    return found
