"""A file's facts: by their own names, or through the mapping of the model's portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from limner.engine import Connection
from limner.errors import TableAmbiguous, some_of
from limner.intake.decimal_commas import find_decimal_commas, with_points
from limner.intake.own_file import Mapped, OwnForm, map_own_file
from limner.intake.table_file import TableFile
from limner.intake.typed_table import Source, TypedTable, typed_table
from limner.modelling.fitted import Manifest
from limner.scoring.absent_facts import (
    absent_facts,
    lacks_facts,
    refuse_absent_facts,
    with_nearest,
)
from limner.scoring.table_columns import find_table_faults


@dataclass(frozen=True)
class FileFacts:
    """A file's facts as they are to be scored, and what a person must be told of them.

    ``table`` tells where the rows lie; ``hint`` helps to see why a cell is refused.
    """

    table: TableFile
    typed: TypedTable
    notes: tuple[str, ...]
    hint: str = ""


def read_facts(
    connection: Connection, manifest: Manifest, table: TableFile, source: Source,
    form: OwnForm | None,
) -> FileFacts:  # fmt: skip
    """Read the facts that a model takes from a loaded file.

    Args:
        source: the file's columns by their names.
        form: that of the portfolio's own file.

    Raises:
        FactsMissing: the file has not the facts, in either form.
        TableAmbiguous: it can be read in both forms, with different values.
    """
    named = own = None
    if not lacks_facts(manifest, table.labels):
        named = _by_name(connection, manifest, table, source)
    if form and not (named and table.shape is None and _is_sound(manifest, named.typed)):
        own = map_own_file(connection, table, form, list(manifest.columns))
    if own is None or form is None:
        if named is None:
            refuse_absent_facts(manifest, table.labels, table.name, table.words)
        assert named is not None, "a table without facts is refused"
        return named
    return _better(manifest, named, own, _mapped(connection, manifest, own, form), form)


def _by_name(
    connection: Connection, manifest: Manifest, table: TableFile, source: Source
) -> FileFacts:
    notes = _told(manifest, table, absent_facts(manifest, table.labels))
    return _typed(connection, manifest, table, source, notes)


def _mapped(connection: Connection, manifest: Manifest, own: Mapped, form: OwnForm) -> FileFacts:
    hint = f"read as a file of portfolio {form.portfolio.name}, through its mapping"
    notes = [f"{own.table.name}: {hint}", *_told(manifest, own.table, own.absent)]
    return _typed(connection, manifest, own.table, own.source, notes, hint)


def _typed(
    connection: Connection, manifest: Manifest, table: TableFile, source: Source,
    notes: Sequence[str], hint: str = "",
) -> FileFacts:  # fmt: skip
    """Type the facts; numbers with decimal commas are read where there is no doubt, and told."""
    typed = typed_table(connection, source, manifest.facts)
    if not typed.unread:
        return FileFacts(table, typed, tuple(notes), hint)
    found = find_decimal_commas(connection, source, manifest.facts)
    if not found.are_certain:
        told = f"{table.words}: write numbers with a decimal point" if found.commas else ""
        return FileFacts(table, typed, tuple(notes), _joined(told, hint))
    typed = typed_table(connection, with_points(source, manifest.facts), manifest.facts)
    told = f"{table.words}; commas in numbers are read as decimal points"
    return FileFacts(table, typed, (*notes, f"{table.name}: {told}"), _joined(told, hint))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _better(
    manifest: Manifest, named: FileFacts | None, own: Mapped, mapped: FileFacts, form: OwnForm
) -> FileFacts:
    """Take the form in which a file can be scored; where both can, they must agree."""
    if lacks_facts(manifest, own.source.held):
        if named is not None:
            return named
        lacking = some_of(own.lacking)
        hint = f"as a file of portfolio {form.portfolio.name} it lacks {lacking}"
        refuse_absent_facts(manifest, list(own.source.held), own.table.name, hint)
    if named is None or not own.lacking:
        return mapped
    if not _is_sound(manifest, mapped.typed):
        return named
    if not _is_sound(manifest, named.typed):
        return mapped
    differing = [n for n in manifest.columns if not _alike(named.typed, mapped.typed, n)]
    if differing:
        raise TableAmbiguous(own.table.name, differing, form.portfolio.name, some_of(own.lacking))
    return named


def _told(manifest: Manifest, table: TableFile, absent: Sequence[str]) -> list[str]:
    if not absent:
        return []
    told = some_of(with_nearest(manifest, absent, table.labels), 40)
    return [f"{table.name}: not given, so missing for every customer: {told}"]


def _is_sound(manifest: Manifest, typed: TypedTable) -> bool:
    return not typed.unread and not find_table_faults(manifest, typed.values)


def _alike(one: TypedTable, other: TypedTable, name: str) -> bool:
    first, second = (typed.values.get(name) for typed in (one, other))
    if first is None or second is None:
        return first is second
    if first.dtype.kind in "iuf":
        return bool(np.array_equal(first.to_numpy(float), second.to_numpy(float), equal_nan=True))
    return bool(first.astype(object).equals(second.astype(object)))
