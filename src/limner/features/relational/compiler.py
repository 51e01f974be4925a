"""Definitions to SQL: a few statements a snapshot, one for each source, and one that joins them.

Each source is read once, over the longest window that any of its features needs. Two things
are read again because that is cheaper: the recent rows of a large table, for the many short
windows; and the one column of which different values are counted. The SQL is DuckDB's, kept to
what Spark answers alike; :mod:`limner.features.relational.spark` translates it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from limner.domain import Purpose
from limner.features.relational.consent import Defaults, allows, consent_at, default_at
from limner.features.relational.definitions import (
    Aggregate,
    Attribute,
    Distinct,
    Latest,
    Primitive,
    SnapshotFeature,
    primitives,
)
from limner.features.relational.expressions import feature_sql, step_of
from limner.features.relational.known import columns_by_table, known_rows
from limner.features.relational.selection import Tables, primitive_needs
from limner.features.relational.sources import HOLDING_DAYS, SOURCES, Source
from limner.features.relational.terms import (
    Term,
    name_of,
    pair_age,
    pair_name,
    terms_of,
)
from limner.portfolios.canonical.as_known import sql_day

ONBOARDED = "onboarded"
POPULATION = "population"
# Customers go by number within a snapshot: a fraction of the memory that their keys take.
NUMBER = "customer_number"
# A customer's accounts and counterparties go by 64-bit hashes, for the same reason. For a
# customer with a thousand of them the odds that two coincide are one in 10**13.


@dataclass(frozen=True)
class Step:
    """One relation with a row a customer.

    Attributes:
        sums: its columns that must stay exact.
        width: how many values are held for each customer (or unit) while rows are read.
    """

    name: str
    sql: str
    sums: tuple[str, ...] = ()
    width: int = 0


@dataclass(frozen=True)
class CompiledSnapshot:
    """All the SQL of one snapshot.

    Attributes:
        steps: relations to create in this order, ``onboarded`` and ``population`` first.
        final: the rows of the snapshot, in no order.
        look_back: days that each table is read back from the snapshot.
    """

    snapshot_date: dt.date
    steps: tuple[Step, ...]
    final: str
    look_back: Mapping[str, int]


def compile_snapshot(
    features: Sequence[SnapshotFeature],
    tables: Tables,
    snapshot: dt.date,
    defaults: Defaults,
    purpose: Purpose | None = None,
) -> CompiledSnapshot:
    """Compile features to SQL over the relations ``trusted_<table>``.

    Args:
        tables: the bank's tables; without ``consents`` the defaults hold for everyone.
        defaults: consent of a customer who never decided, by purpose.
        purpose: keep only customers who allow it; else those who allow any purpose.
    """
    people = (
        Step(ONBOARDED, _onboarded(tables, snapshot, defaults)),
        Step(POPULATION, _population(purpose)),
    )
    look_back = {"customers": HOLDING_DAYS}
    if "consents" in tables:
        look_back["consents"] = HOLDING_DAYS
    steps = []
    for name, group in _by_step(features).items():
        source, window = SOURCES[group[0].source], max(p.days for p in group)
        compiled = _distinct_step if isinstance(group[0], Distinct) else _source_step
        steps.append(compiled(name, source, group, window, snapshot))
        for table, days in {source.table: window, **source.other_days}.items():
            look_back[table] = max(days, look_back.get(table, 0))
        for join in source.joins:
            if any(need.startswith(f"{join.table}.") for p in group for need in primitive_needs(p)):
                look_back[join.table] = 0
    final = _final(features, [step.name for step in steps], snapshot)
    return CompiledSnapshot(snapshot, (*people, *steps), final, look_back)


def consent_counts() -> str:
    """Return SQL that counts all onboarded customers, and those left out of each purpose."""
    withheld = ", ".join(f"COUNT(CASE WHEN NOT {allows(p)} THEN 1 END)" for p in Purpose)
    return f"SELECT COUNT(*), {withheld} FROM {ONBOARDED}"


def _onboarded(tables: Tables, snapshot: dt.date, defaults: Defaults) -> str:
    known = known_rows("customers", ("customer_id",), HOLDING_DAYS, snapshot)
    if "consents" not in tables:
        answers = ", ".join(f"{default_at(p, defaults)} AS {allows(p)}" for p in Purpose)
        return f"SELECT customer_id, {answers} FROM ({known}) AS customers GROUP BY customer_id"
    answers = ", ".join(
        f"COALESCE(consent.{allows(p)}, {default_at(p, defaults)}) AS {allows(p)}" for p in Purpose
    )
    return (
        f"SELECT customer.customer_id, {answers}"
        f" FROM (SELECT customer_id FROM ({known}) AS customers GROUP BY customer_id) AS customer"
        f" LEFT JOIN ({consent_at(snapshot, defaults)}) AS consent"
        " ON consent.customer_id = customer.customer_id"
    )


def _population(purpose: Purpose | None) -> str:
    allowed = " OR ".join(allows(p) for p in ([purpose] if purpose else Purpose))
    return (
        f"SELECT *, CAST(ROW_NUMBER() OVER (ORDER BY customer_id) AS INTEGER) AS {NUMBER}"
        f" FROM {ONBOARDED} WHERE {allowed}"
    )


def _by_step(features: Sequence[SnapshotFeature]) -> dict[str, list[Primitive]]:
    groups: dict[str, dict[str, Primitive]] = {}
    for feature in features:
        for primitive in primitives(feature.formula):
            same = groups.setdefault(step_of(primitive), {}).setdefault(
                name_of(primitive), primitive
            )
            assert same == primitive, f"two summaries are named {name_of(primitive)}"
    return {name: list(group.values()) for name, group in groups.items()}


def _source_step(
    name: str, source: Source, group: Sequence[Primitive], window: int, snapshot: dt.date
) -> Step:
    single: list[Aggregate | Latest | Attribute] = [p for p in group if not isinstance(p, Distinct)]
    terms = list({t.name: t for p in single for t in terms_of(p, window)}.values())
    with_time = any(isinstance(p, Latest) for p in single)
    relations, rows = _rows(source, group, window, snapshot, with_time=with_time)
    unit = [f"HASH({source.unit})"] if source.unit and with_time else []
    keys = ", ".join([NUMBER, *unit])
    parts = {t.part_name: f"{t.rows} AS {t.part_name}" for t in terms}
    relations["summed"] = (
        f"SELECT {NUMBER}, {_lines(parts.values())} {_of_population(rows)} GROUP BY {keys}"
    )
    finished = [_finished(term, merge=bool(unit)) for term in terms]
    grouped = f" GROUP BY {NUMBER}" if unit else ""
    sql = f"{_with(relations)}SELECT {NUMBER}, {_lines(finished)} FROM summed{grouped}"
    return Step(name, sql, tuple(term.name for term in terms if term.is_sum), len(parts))


def _distinct_step(
    name: str, source: Source, group: Sequence[Primitive], window: int, snapshot: dt.date
) -> Step:
    counted = [p for p in group if isinstance(p, Distinct)]
    of = counted[0].of
    relations, rows = _rows(source, group, window, snapshot)
    ages = {pair_name(p): f"{pair_age(p)} AS {pair_name(p)}" for p in counted}
    relations["pairs"] = (
        f"SELECT {NUMBER}, HASH({of}) AS value_hash, {_lines(ages.values())}"
        f" {_of_population(rows)} WHERE {of} IS NOT NULL GROUP BY {NUMBER}, HASH({of})"
    )
    counts = [
        f"COUNT(CASE WHEN {pair_name(p)} <= {p.days} THEN 1 END) AS {name_of(p)}" for p in counted
    ]
    sql = f"{_with(relations)}SELECT {NUMBER}, {_lines(counts)} FROM pairs GROUP BY {NUMBER}"
    return Step(name, sql)


def _rows(
    source: Source, group: Sequence[Primitive], window: int, snapshot: dt.date,
    *, with_time: bool = False,
) -> tuple[dict[str, str], str]:  # fmt: skip
    """Return the relations to define, and the name of the one that formulas read."""
    wanted = columns_by_table(need for p in group for need in primitive_needs(p))
    days = {source.table: window, **source.other_days}
    relations = {
        table: known_rows(table, columns, days.get(table, 0), snapshot,
                          with_time=with_time and table == source.table)
        for table, columns in wanted.items()
    }  # fmt: skip
    joins = [join for join in source.joins if join.table in wanted]
    derived = {
        name: column for name, column in source.derived.items()
        if name in {c for p in group for c in _named(p)}
    }  # fmt: skip
    if source.query:
        relations["rows_of"] = source.query.strip()
    elif joins or derived:
        added = [f"{j.table}.{c}" for j in joins for c in sorted(wanted[j.table] - {j.key})]
        added += [
            f"{column.sql.replace('{snapshot}', sql_day(snapshot))} AS {name}"
            for name, column in derived.items()
        ]
        joined = "".join(
            f" LEFT JOIN {j.table} ON {j.table}.{j.key} = {source.table}.{j.key}" for j in joins
        )
        relations["rows_of"] = (
            f"SELECT {source.table}.*, {', '.join(added)} FROM {source.table}{joined}"
        )
    return relations, "rows_of" if "rows_of" in relations else source.table


def _of_population(rows: str) -> str:
    return f"FROM {rows} JOIN {POPULATION} ON {POPULATION}.customer_id = {rows}.customer_id"


def _named(primitive: Primitive) -> list[str]:
    conditions = primitive.where if isinstance(primitive, Aggregate | Distinct) else ()
    return [c for c in (primitive.of, *(condition.column for condition in conditions)) if c]


def _finished(term: Term, *, merge: bool) -> str:
    value = term.finish.replace("{part}", term.part_name)
    if merge:
        value = f"{term.merge}({value})"
    return f"{value} AS {term.name}" if value != term.name else term.name


def _final(features: Sequence[SnapshotFeature], steps: Sequence[str], snapshot: dt.date) -> str:
    columns = [f"{feature_sql(f, snapshot)} AS {f.name}" for f in features]
    consents = [f"{POPULATION}.{allows(p)}" for p in Purpose]
    joins = "".join(
        f"\nLEFT JOIN {step} ON {step}.{NUMBER} = {POPULATION}.{NUMBER}" for step in steps
    )
    return (
        f"SELECT {POPULATION}.customer_id, {sql_day(snapshot)} AS snapshot_date,"
        f" {_lines([*columns, *consents])}\nFROM {POPULATION}{joins}"
    )


def _with(relations: Mapping[str, str]) -> str:
    defined = ",\n".join(f"{name} AS (\n{sql}\n)" for name, sql in relations.items())
    return f"WITH {defined}\n"


def _lines(expressions: Iterable[str]) -> str:
    return ",\n    ".join(expressions)
