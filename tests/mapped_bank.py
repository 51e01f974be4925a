"""A bank's extracts mapped to the canonical tables, and its contracts written out once more.

The checks are plain and slow on purpose: they do not share a line with intake.
"""

from pathlib import Path

from limner.contract import Column, Contract
from limner.engine import Connection, identifier, literal
from limner.portfolios.bank import Bank, Extract

_SHAPES = {
    "integer": ("^-?[0-9]+$", "BIGINT"),
    "number": ("^-?[0-9]+([.][0-9]+)?$", "DOUBLE"),
    "date": ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "DATE"),
    "timestamp": ("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,}$", "TIMESTAMP"),
}


def map_bank(connection: Connection, bank: Bank, folder: Path) -> None:
    """Create a table of each canonical table, every column as the mapping gives it."""
    for extract in bank.extracts:
        source = _reader(extract, folder)
        connection.execute(f"CREATE VIEW {identifier(extract.name)} AS SELECT * FROM {source}")
    for table, mapping in bank.mappings.items():
        connection.execute(f"CREATE TABLE {identifier(table)} AS {mapping}")


def _reader(extract: Extract, folder: Path) -> str:
    path = literal(str(folder / extract.location))
    if extract.format == "parquet":
        return f"read_parquet({path})"
    return (
        f"read_csv({path}, delim={literal(extract.separator)}, header=true, all_varchar=true,"
        f" quote='\"', escape='\"', encoding={literal(extract.encoding)}, comment='', skip=0)"
    )


def broken_rows(
    connection: Connection, contract: Contract, extract_day: str
) -> list[tuple[str, int]]:
    """Count the rows that break the contract, by their key as text."""
    conditions = [c for column in contract.columns for c in _breaches(column)]
    rules = [f"NOT coalesce({rule.holds}, true)" for rule in contract.rules]
    if contract.known_at:
        rules.append(f"{identifier(contract.known_at)} >= DATE {literal(extract_day)}")
    keys = " || '|' || ".join(f"coalesce(t_{k}, '')" for k in contract.key)
    copies = f"count(*) OVER (PARTITION BY {', '.join(f't_{k}' for k in contract.key)}) > 1"
    broken = " OR ".join(f"coalesce({c}, false)" for c in (*conditions, *rules, copies))
    values = ", ".join(
        f"CAST({identifier(c.name)} AS VARCHAR) AS t_{c.name}" for c in contract.columns
    )
    typed = ", ".join(f"{_typed(c)} AS {identifier(c.name)}" for c in contract.columns)
    query = (
        f"SELECT {keys} AS k, {broken} AS broken FROM (SELECT *, {typed} FROM"
        f" (SELECT {values} FROM {identifier(contract.table)}))"
    )
    found = connection.execute(
        f"SELECT k, count(*) FROM ({query}) WHERE broken GROUP BY k ORDER BY k"
    )
    return [(str(key), int(rows)) for key, rows in found.fetchall()]


def _typed(column: Column) -> str:
    if column.kind not in _SHAPES:
        return f"t_{column.name}"
    shape, kind = _SHAPES[column.kind]
    cast = f"TRY_CAST(t_{column.name} AS {kind})"
    return f"CASE WHEN regexp_matches(t_{column.name}, {literal(shape)}) THEN {cast} END"


def _breaches(column: Column) -> list[str]:
    text, value = f"t_{column.name}", identifier(column.name)
    unknown = f"coalesce({text}, '') = ''"
    breaches = [unknown] if column.required else []
    if column.kind in _SHAPES:
        breaches.append(f"NOT {unknown} AND {value} IS NULL")
    if column.allowed:
        breaches.append(f"NOT {unknown} AND {text} NOT IN {column.allowed!r}")
    if column.low is not None:
        breaches.append(f"{value} < {column.low!r}")
    if column.high is not None:
        breaches.append(f"{value} > {column.high!r}")
    if column.references:
        where = column.references
        known = f"SELECT CAST({where.column} AS VARCHAR) FROM {identifier(where.table)}"
        breaches.append(f"NOT {unknown} AND {text} NOT IN ({known})")
    return breaches
