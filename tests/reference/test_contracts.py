"""Contracts compiled to SQL against a slow and obvious reading of the same promises."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.contract import Column, Contract
from limner.portfolios.canonical import canonical_table
from tiny_bank import DAY, Row, Rows, take_in_rows

TABLES = (
    "regions", "customers", "products", "accounts", "cards", "transactions", "card_statements",
)  # fmt: skip
ROW_RULES = {
    "must be onboarded after birth": lambda r: _ordered(r, "birth_date", "onboarded_on", 1),
    "must be closed after it is opened": lambda r: _ordered(r, "opened_on", "closed_on", 0),
    "must be closed after it is issued": lambda r: _ordered(r, "issued_on", "closed_on", 0),
    "must not be past due for more than is owed":
        lambda r: _ordered(r, "past_due_minor", "balance_minor", 0),
}  # fmt: skip


SHAPES = {
    "integer": r"[+-]?\d{1,18}",
    "number": r"[+-]?(\d+[.]?\d*|[.]\d+)([eE][+-]?\d+)?",
    "date": r"\d{4}-\d{2}-\d{2}",
    "timestamp": r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}",
}
READERS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "date": dt.date.fromisoformat,
    "timestamp": dt.datetime.fromisoformat,
}


def _ordered(row: dict[str, Any], low: str, high: str, least: int) -> bool:
    if row[low] is None or row[high] is None:
        return True
    gap = row[high] - row[low]
    return bool((gap.days if isinstance(gap, dt.timedelta) else gap) >= least)


def read_value(column: Column, text: str | None) -> tuple[Any, bool]:
    """The typed value, and whether the text is of the column's kind."""
    stripped = None if text is None else text.strip(" ")
    if stripped is None or stripped in column.missing:
        return None, True
    if column.kind in ("text", "category"):
        return stripped, True
    if not re.fullmatch(SHAPES[column.kind], stripped, re.ASCII):
        return None, False
    try:
        return READERS[column.kind](stripped), True
    except ValueError:
        return None, False


def broken_rules(
    contract: Contract, rows: list[Row], keys: dict[str, set[Any]], day: dt.date
) -> tuple[list[dict[str, Any]], list[set[str]]]:
    """Typed rows and, for each, the rules that it breaks."""
    typed: list[dict[str, Any]] = []
    broken: list[set[str]] = []
    for row in rows:
        values: dict[str, Any] = {}
        faults: set[str] = set()
        for column in contract.columns:
            value, of_kind = read_value(column, row.get(column.name))
            values[column.name] = value
            if not of_kind:
                article = "an" if column.kind == "integer" else "a"
                faults.add(f"{column.name}: must be {article} {column.kind}")
            if value is None:
                if column.required and of_kind:
                    faults.add(f"{column.name}: must be known")
                continue
            if column.allowed and value not in column.allowed:
                faults.add(f"{column.name}: must be an allowed value")
            if column.low is not None and not column.low <= value <= column.high:  # type: ignore[operator]
                faults.add(f"{column.name}: must be from {column.low:,.15g} to {column.high:,.15g}")
            if column.references and value not in keys[column.references.table]:
                faults.add(f"{column.name}: must be a key of {column.references.table}")
        at = values.get(contract.known_at or "")
        if at is not None and (at.date() if isinstance(at, dt.datetime) else at) > day:
            faults.add(f"{contract.known_at}: must not lie after the extract's day")
        faults |= {f"row: {r.name}" for r in contract.rules if not ROW_RULES[r.name](values)}
        typed.append(values)
        broken.append(faults)
    label = " + ".join(contract.key) + ": must be unique"
    for here, row in enumerate(typed):
        key = [row[name] for name in contract.key]
        copies = [i for i, r in enumerate(typed) if [r[n] for n in contract.key] == key]
        if None in key or len(copies) == 1:
            continue
        alike = all(typed[i] == row for i in copies)
        if not (alike and here == copies[0]):
            broken[here].add(label)
    return typed, broken


WORDS = {
    "text": ["k1", "k2", "k3", " k1", "k9"],
    "integer": ["0", "5", "-1", "007", "+3", "99999999999999", "3.5", "x"],
    "number": ["0.5", "1", "-0.1", "1e2", "1,5", "nan"],
    "date": ["2020-01-01", "2024-06-30", "2024-07-01", "1999-12-31", "2023-02-29", "1/2/2020"],
    "timestamp": ["2020-01-01 00:00:00", "2024-06-30 23:59:59", "2024-07-01 00:00:00",
                  "2024-02-29T10:00:00", "yesterday"],
}  # fmt: skip
# A warehouse holds only what its types can hold.
TYPED = {
    kind: [w for w in words if read_value(Column("v", kind, ""), w)[1] and w == w.strip()]  # type: ignore[arg-type]
    for kind, words in WORDS.items()
}


def _words(column: Column, table: str, *, typed: bool) -> list[str]:
    """The sound words of a column first; see :func:`_sound`."""
    if column.kind == "category":
        return [*column.allowed[:2], "other"] if column.allowed else ["core", "crm"]
    if column.kind == "text" and _is_own_key(column, table):
        return ["k3", "k4", "k5", "k6", "k7", "k1"]
    words = (TYPED if typed else WORDS)[column.kind]
    return ["1999-12-31", *words] if column.name == "birth_date" else words


def _cell(column: Column, table: str, *, typed: bool) -> st.SearchStrategy[str | None]:
    words = _words(column, table, typed=typed)
    sound = st.sampled_from(words[: 1 if column.name == "birth_date" else 2])
    # Mostly sound, or no row would ever get through.
    return st.one_of(sound, sound, sound, sound, sound,
                     st.sampled_from([*words, None if typed else "", None]))  # fmt: skip


def _is_own_key(column: Column, table: str) -> bool:
    return column.name in canonical_table(table).key and not column.references


def _sound(table: str, key: str) -> Row:
    """A row that breaks nothing, so that others have something to refer to."""
    return {
        column.name: (
            key if column.kind == "text" and _is_own_key(column, table)
            else "k1" if column.references
            else _words(column, table, typed=True)[0]
        )
        for column in canonical_table(table).columns
        if column.required
    }  # fmt: skip


@st.composite
def banks(draw: st.DrawFn, *, typed: bool) -> Rows:
    """Draw a bank of a few tables, from few enough words that keys meet and copies happen."""
    rows: Rows = {}
    for table in TABLES:
        row = st.fixed_dictionaries(
            {c.name: _cell(c, table, typed=typed) for c in canonical_table(table).columns}
        )
        drawn = draw(st.lists(row, min_size=2, max_size=8))
        again = draw(st.lists(st.sampled_from(drawn), max_size=2))
        rows[table] = [_sound(table, "k1"), _sound(table, "k2"), *drawn, *again]
    return rows


@pytest.mark.parametrize("form", ["csv", "parquet"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_row_goes_where_the_promises_say_with_the_rules_it_broke(
    form: str, data: st.DataObject
) -> None:
    rows = data.draw(banks(typed=form == "parquet"))
    with TemporaryDirectory() as folder:
        taken = take_in_rows(Path(folder), rows, form)
        keys: dict[str, set[Any]] = {}
        for found in taken.intake.tables:
            contract = canonical_table(found.table)
            typed, broken = broken_rules(contract, rows[found.table], keys, DAY)
            trusted = [row for row, faults in zip(typed, broken, strict=True) if not faults]
            keys[found.table] = {row[contract.key[0]] for row in trusted}
            assert _sorted(taken.trusted(found.table)) == _sorted(trusted)
            labels = [set(r["broken_rules"]) for r in taken.quarantined(found.table)]
            assert _sorted(labels) == _sorted([faults for faults in broken if faults])
            parts = found.parts
            assert parts.rows_in == len(rows[found.table]) == len(trusted) + len(labels)
            assert (parts.rows_trusted, parts.rows_quarantined) == (len(trusted), len(labels))
            known = {n: sum(r[n] is not None for r in typed) for n in contract.names}
            assert found.known == known


def _sorted(values: list[Any]) -> list[str]:
    return sorted(repr(sorted(v.items()) if isinstance(v, dict) else sorted(v)) for v in values)


def test_what_is_drawn_is_neither_all_sound_nor_all_broken() -> None:
    seen: list[tuple[int, int]] = []

    @settings(max_examples=20, deadline=None, database=None, derandomize=True)
    @given(rows=banks(typed=False))
    def look(rows: Rows) -> None:
        keys: dict[str, set[Any]] = {}
        for table in TABLES:
            contract = canonical_table(table)
            typed, broken = broken_rules(contract, rows[table], keys, DAY)
            keys[table] = {
                row[contract.key[0]]
                for row, faults in zip(typed, broken, strict=True)
                if not faults
            }
            seen.append((len(keys[table]), sum(bool(faults) for faults in broken)))

    look()
    assert sum(sound for sound, _ in seen) > len(seen)
    assert sum(faulty for _, faulty in seen) > len(seen)
