"""A portfolio's own file, which writes facts as its bank does, through the portfolio's mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from limner.engine import (
    Connection,
    UnreadableTable,
    columns_of,
    count,
    identifier,
    literal,
)
from limner.errors import DataFileUnreadable
from limner.intake.delimited import distinct_names
from limner.intake.extract_file import as_utf8, rows_sql
from limner.intake.quarantine import Told, tell_mapping
from limner.intake.table_file import TableFile
from limner.intake.typed_table import Source
from limner.portfolios.portfolio import Portfolio

# What a mapping makes of an absent column is told by what it makes of two contents of it.
_PROBE = "limner: no such column"


@dataclass(frozen=True)
class OwnForm:
    """A portfolio and what the settings say of its file."""

    portfolio: Portfolio
    told: Told


@dataclass(frozen=True)
class Mapped:
    """What the mapping made of a file: the facts, and those that rest on an absent column.

    ``table`` tells where the rows lie, which need not be below a header; ``lacking`` are columns
    of the extract that the file has not.
    """

    table: TableFile
    source: Source
    absent: tuple[str, ...]
    lacking: tuple[str, ...]


def map_own_file(
    connection: Connection, table: TableFile, form: OwnForm, facts: Sequence[str]
) -> Mapped | None:
    """Map a loaded file as its portfolio's extract; None where it is no file of that form.

    A file of new customers has no outcome yet: columns of the extract that it lacks are taken
    as empty, and facts whose values would depend on them are named as absent.

    Args:
        facts: names of the contract's columns that are wanted.
    """
    promised = form.portfolio.extract_columns
    try:
        held = _held(connection, table, form.portfolio)
        lacking = [name for name in promised if name not in held]
        if len(lacking) * 2 > len(promised):
            return None
        tell_mapping(connection, form.portfolio, form.told)
        _map(connection, form, held, "mapped", dict.fromkeys(lacking, "NULL"))
        types = columns_of(connection, "FROM mapped")
        here = {name: identifier(name) for name in facts if name in types}
        absent = _absent(connection, form, held, lacking, here) if lacking else ()
        if count(connection, "mapped") != count(connection, "source"):
            return None
    except (UnreadableTable, UnicodeError, DataFileUnreadable):
        return None
    found = {name: sql for name, sql in here.items() if name not in absent}
    source = Source("mapped", found, types)
    return Mapped(_as_read(table, form.portfolio), source, absent, tuple(lacking))


def _held(connection: Connection, table: TableFile, portfolio: Portfolio) -> dict[str, str]:
    """Name the promised columns that the file has, each with its SQL over ``source``."""
    promised = {name.strip(): name for name in portfolio.extract_columns}
    if _has_names(table, portfolio):
        labels = [label.strip() for label in distinct_names(table.labels)]
        places = {label: f"c{place}" for place, label in enumerate(labels)}
    else:
        places = _load_by_place(connection, table, portfolio)
    return {promised[name]: sql for name, sql in places.items() if name in promised}


def _has_names(table: TableFile, portfolio: Portfolio) -> bool:
    return table.shape is None or (portfolio.header and not portfolio.skip_rows)


def _as_read(table: TableFile, portfolio: Portfolio) -> TableFile:
    if table.shape is None or _has_names(table, portfolio):
        return table
    skip, header = portfolio.skip_rows, portfolio.header
    return replace(table, shape=replace(table.shape, skip_rows=skip, header=header))


def _load_by_place(
    connection: Connection, table: TableFile, portfolio: Portfolio
) -> dict[str, str]:
    """Load the file anew, as the portfolio says that it starts, under the engine's names."""
    assert table.shape is not None, "Parquet has names of its own"
    with as_utf8(table.path, table.shape.encoding) as file:
        rows = rows_sql(file, table.shape.separator, portfolio.header, portfolio.skip_rows)
        named = columns_of(connection, f"FROM {rows}")
        by_place = ", ".join(f"{identifier(name)} AS c{i}" for i, name in enumerate(named))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE source AS SELECT {by_place} FROM {rows}")
    return {name: f"c{place}" for place, name in enumerate(named)}


def _map(
    connection: Connection, form: OwnForm, held: Mapping[str, str], made: str,
    filled: Mapping[str, str],
) -> None:  # fmt: skip
    columns = {**held, **filled}
    texts = ", ".join(f"CAST({sql} AS VARCHAR) AS {identifier(n)}" for n, sql in columns.items())
    # A table, not a view: the mapping may number its rows as they come.
    connection.execute(f"CREATE OR REPLACE TEMP TABLE extract AS SELECT {texts} FROM source")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {made} AS {form.portfolio.mapping}")


def _absent(
    connection: Connection, form: OwnForm, held: Mapping[str, str], lacking: Sequence[str],
    facts: Mapping[str, str],
) -> tuple[str, ...]:  # fmt: skip
    """Name the facts that change with the content of the columns that the file lacks."""
    _map(connection, form, held, "probed", dict.fromkeys(lacking, literal(_PROBE)))
    differ = ", ".join(
        f"coalesce(bool_or(mapped.{sql} IS DISTINCT FROM probed.{sql}), false)"
        for sql in facts.values()
    )
    query = f"SELECT {differ} FROM mapped POSITIONAL JOIN probed"
    (found,) = connection.execute(query).fetchall()
    return tuple(name for name, differs in zip(facts, found, strict=True) if differs)
