"""Which features a bank can have: those whose tables and columns it has, the others listed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from limner.errors import TablesMissing
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.definitions import (
    Aggregate,
    Distinct,
    Primitive,
    SnapshotFeature,
    primitives,
)
from limner.features.relational.sources import SOURCES
from limner.portfolios.canonical import EVENT_TABLES, REQUIRED, canonical_table

# The columns of each table that the bank has, and that are known for at least one row.
Tables = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class LeftOut:
    """A feature that the bank cannot have, and why."""

    feature: str
    reason: str


@dataclass(frozen=True)
class Selection:
    """The features to compute, in catalogue order, and those left out."""

    kept: tuple[SnapshotFeature, ...]
    left_out: tuple[LeftOut, ...]


def select_features(tables: Tables, features: Iterable[SnapshotFeature] = FEATURES) -> Selection:
    """Part the catalogue by what the bank has.

    Raises:
        TablesMissing: there are no customers, or no table of events at all.
    """
    if any(table not in tables for table in REQUIRED) or not set(EVENT_TABLES) & set(tables):
        raise TablesMissing(REQUIRED, EVENT_TABLES, tables)
    kept, left_out = [], []
    for feature in features:
        reason = why_left_out(feature, tables)
        if reason is None:
            kept.append(feature)
        else:
            left_out.append(LeftOut(feature.name, reason))
    return Selection(tuple(kept), tuple(left_out))


def why_left_out(feature: SnapshotFeature, tables: Tables) -> str | None:
    """Name the first table or column that a feature needs and the bank lacks."""
    needed = needs_of(feature)
    for need in needed:
        table = need.split(".")[0]
        if table not in tables:
            return f"the bank has no table {table}"
    for need in needed:
        table, column = need.split(".")
        if column not in tables[table]:
            return f"the bank's {table} have no known {column}"
    return None


def needs_of(feature: SnapshotFeature) -> tuple[str, ...]:
    """List every ``table.column`` that a feature is computed from."""
    return tuple(dict.fromkeys(n for p in primitives(feature.formula) for n in primitive_needs(p)))


def primitive_needs(primitive: Primitive) -> Iterator[str]:
    """Yield every ``table.column`` behind one summary, dates and keys included."""
    source = SOURCES[primitive.source]
    for table in (source.table, *source.other_days):
        yield f"{table}.customer_id"
        yield f"{table}.{canonical_table(table).known_at}"
    if source.unit:
        yield f"{source.table}.{source.unit}"
    for column in _columns(primitive):
        yield from source.needs(column)


def tables_of(feature: SnapshotFeature) -> tuple[str, ...]:
    """List the canonical tables that a feature is computed from."""
    return tuple(dict.fromkeys(need.split(".")[0] for need in needs_of(feature)))


def _columns(primitive: Primitive) -> Iterator[str]:
    if primitive.of is not None:
        yield primitive.of
    if isinstance(primitive, Aggregate | Distinct):
        yield from (condition.column for condition in primitive.where)
