"""A table typed by contract columns, as the intake types them, and the cells that are not.

A type is the contract's, never inferred from a column's other cells.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from limner.contract import Column
from limner.engine import Connection, arrow, identifier, literal
from limner.intake.category_spelling import as_allowed, spellings
from limner.intake.values import value_sql

if TYPE_CHECKING:
    import pandas as pd

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TypedTable:
    """Columns typed by contract, in the order of the file.

    Attributes:
        values: a column a contract column, shape (n_rows,): numbers with NaN where missing,
            categories as ``Categorical``.
        unread: the rows, by column, whose cell is neither missing nor of the column's kind.
    """

    values: "pd.DataFrame"
    unread: Mapping[str, Rows]


@dataclass(frozen=True)
class Source:
    """A relation and where in it each contract column lies.

    Attributes:
        relation: name of a table or view, or a query in brackets.
        held: SQL expression of each contract column that is there, by its name.
        types: SQL type of each expression.
    """

    relation: str
    held: Mapping[str, str]
    types: Mapping[str, str]


def typed_table(connection: Connection, source: Source, columns: Iterable[Column]) -> TypedTable:
    """Type the columns of a relation that a contract knows; those it has not are left out."""
    here = [column for column in columns if column.name in source.held]
    found = arrow(connection, _query(source, here))
    values: dict[str, Any] = {}
    unread: dict[str, Rows] = {}
    for place, column in enumerate(here):
        if column.is_number:
            values[column.name] = _numbers(found.column(f"v{place}"))
            rows = np.flatnonzero(found.column(f"u{place}").to_numpy())
            if len(rows):
                unread[column.name] = rows
        else:
            values[column.name] = _categories(column, found.column(f"v{place}"))
    return TypedTable(_frame(values, found.num_rows), unread)


def texts(connection: Connection, source: Source, name: str) -> list[str | None]:
    """Return a column's cells as trimmed text, None where there is none."""
    query = f"SELECT trim(CAST({source.held[name]} AS VARCHAR)) AS held FROM {source.relation}"
    found: list[str | None] = arrow(connection, query).column("held").to_pylist()
    return found


def _query(source: Source, columns: Sequence[Column]) -> str:
    held = [f"{_held_sql(source, c)} AS {identifier(c.name)}" for c in columns]
    values = [f"{value_sql(c, source.types[c.name])} AS v{i}" for i, c in enumerate(columns)]
    unread = [f"{_unread_sql(c, f'v{i}')} AS u{i}" for i, c in enumerate(columns) if c.is_number]
    if not columns:
        return f"SELECT 1 FROM {source.relation}"
    kept = ", ".join([*(f"v{i}" for i in range(len(columns))), *unread])
    return (
        f"SELECT {kept} FROM (SELECT *, {', '.join(values)} FROM"
        f" (SELECT {', '.join(held)} FROM {source.relation}))"
    )


def _held_sql(source: Source, column: Column) -> str:
    held = source.held[column.name]
    if column.kind == "integer" and source.types[column.name] == "VARCHAR":
        # Many tools write the whole numbers of a column with gaps as 2.0. A typed file's 2.0
        # is taken as 2 too; one format must not be refused where the other is read.
        return rf"regexp_replace(trim({held}), '^([+-]?[0-9]+)[.]0*$', '\1')"
    return held


def _unread_sql(column: Column, value: str) -> str:
    """As the intake's rule of a column's kind: neither missing nor what it should be."""
    markers = ", ".join(literal(marker) for marker in column.missing) or "NULL"
    text = f"trim(CAST({identifier(column.name)} AS VARCHAR))"
    return f"({value} IS NULL AND coalesce({text} NOT IN ({markers}), false))"


def _numbers(column: Any) -> npt.NDArray[Any]:
    # Without gaps as they are, with gaps as doubles with NaN.
    numbers: npt.NDArray[Any] = column.to_numpy()
    return numbers if numbers.dtype.kind in "iuf" else numbers.astype(np.float64)


def _categories(column: Column, values: Any) -> "pd.Categorical":
    import pandas as pd

    coded = values.combine_chunks().dictionary_encode()
    if hasattr(coded, "combine_chunks"):
        coded = coded.combine_chunks()
    forms, allowed = spellings(column.allowed), frozenset(column.allowed)
    spelled = [as_allowed(text, allowed, forms) for text in coded.dictionary.to_pylist()]
    names = list(dict.fromkeys(spelled))
    place = {name: i for i, name in enumerate(names)}
    # The last one, which -1 finds, is missing.
    codes = np.array([*(place[text] for text in spelled), -1], dtype=np.int64)
    found = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes[found], pd.Index(names, dtype=object))


def _frame(values: Mapping[str, Any], rows: int) -> "pd.DataFrame":
    import pandas as pd

    # Columns stay as they lie: one block of them all would be a copy.
    return pd.DataFrame(dict(values), index=pd.RangeIndex(rows), copy=False)
