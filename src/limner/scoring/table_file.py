"""From a table's file of any kind to scores: typed by the model's contract, never guessed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from limner.domain import Purpose
from limner.engine import Connection, connect
from limner.errors import CellsInvalid, FieldFault, TableUnfit, TotalLine
from limner.features.relational.consent import allows
from limner.features.relational.reading import KEYS
from limner.intake.own_file import OwnForm
from limner.intake.table_file import TableFile, is_total, load, open_table
from limner.intake.typed_table import Rows, Source
from limner.modelling.fitted import FittedModel, Manifest
from limner.scoring.absent_facts import refuse_absent_facts, refuse_columns_twice
from limner.scoring.consenting_rows import ConsentingRows, consenting_rows
from limner.scoring.file_facts import FileFacts, read_facts
from limner.scoring.path import score_table
from limner.scoring.records import kind_fault
from limner.scoring.table_columns import find_table_faults

_NAMED_FAULTS = 5


@dataclass(frozen=True)
class FileSettings:
    """What the settings say of tables to be scored.

    Attributes:
        consent_defaults: whether a purpose is allowed where a customer's answer is blank.
        own_form: gives the form of a portfolio's own file by its name; None where it has none.
        threads: of the engine that reads the file.
        banks: portfolios whose tables say who consents, so that silence must be told.
    """

    consent_defaults: Mapping[Purpose, bool]
    own_form: Callable[[str], OwnForm | None] = lambda _: None
    threads: int = 1
    banks: Collection[str] = ()


@dataclass(frozen=True)
class FileScores:
    """Scores in the order of the file, and what a person must be told of how it was read."""

    scores: pd.DataFrame
    notes: tuple[str, ...]


def score_file(
    fitted: FittedModel, file: Path, settings: FileSettings, reasons: bool = False
) -> FileScores:
    """Score a table's file: CSV in any encoding and separator, packed or not, or Parquet.

    Columns are typed by the model's contract, as the intake types them, so that equal values
    score alike in every format. Rows that withhold the model's purpose are left out.

    Raises:
        TableUnfit: the file cannot be read as one table.
        FactsMissing, ColumnTwice, TableAmbiguous: its columns are not the model's.
        ConsentUnclear: an answer about consent is neither yes nor no.
        CellsInvalid, TotalLine: a row cannot be scored; each is named by its place in the file.
    """
    manifest = fitted.manifest
    form = settings.own_form(manifest.portfolio)
    known = {*manifest.columns, *KEYS, allows(Purpose(manifest.purpose))}
    promised = form.portfolio.extract_columns if form else ()
    with (
        open_table(file, known | {name.strip() for name in promised}) as table,
        connect(settings.threads) as connection,
    ):
        refuse_columns_twice(table.labels, known, table.name)
        source = _load(connection, manifest, table, known.union(promised))
        # Before consent: a total has none, and would be told as an unclear answer.
        _refuse_total(connection, table)
        asked = consenting_rows(
            connection, table, source, Purpose(manifest.purpose), settings.consent_defaults
        )
        facts = read_facts(connection, manifest, table, source, form)
        numbers = asked.among(len(facts.typed.values))
        rows = _rows_to_score(facts, asked)
        _refuse_faults(manifest, facts, rows, numbers)
    scores = score_table(fitted, rows, reasons)
    for place, (key, cells) in enumerate(asked.keys.items()):
        scores.insert(place, key, cells)
    silent = asked.rows is None and manifest.portfolio in settings.banks
    return FileScores(scores, (*facts.notes, *_of_consent(manifest, asked, silent)))


def _load(connection: Connection, manifest: Manifest, table: TableFile, known: set[str]) -> Source:
    try:
        return _by_label(table, load(connection, table))
    except TableUnfit:
        # Under a title line rows are uneven too; that there is no header tells more.
        if not known & set(table.labels):
            refuse_absent_facts(manifest, table.labels, table.name, table.words)
        raise


def _by_label(table: TableFile, types: Mapping[str, str]) -> Source:
    held = {label: f"c{place}" for place, label in enumerate(table.labels)}
    return Source("source", held, {label: types[sql] for label, sql in held.items()})


def _rows_to_score(facts: FileFacts, asked: ConsentingRows) -> pd.DataFrame:
    values = facts.typed.values
    if asked.rows is None:
        return values
    return values.iloc[asked.rows].reset_index(drop=True)


def _refuse_faults(manifest: Manifest, facts: FileFacts, rows: pd.DataFrame, numbers: Rows) -> None:
    """Refuse cells that break the contract; ``numbers`` are the places of the rows in the file."""
    faults = _unread_faults(manifest, facts, numbers)
    unread = {(fault.record, fault.field) for fault in faults}
    faults += [
        fault for fault in find_table_faults(manifest, rows)
        if (fault.record, fault.field) not in unread
    ]  # fmt: skip
    if not faults:
        return
    first = sorted(faults, key=lambda fault: fault.record)[:_NAMED_FAULTS]
    places = facts.table.places(int(numbers[fault.record]) for fault in first)
    named = [f"{places[int(numbers[f.record])]}: {f.field} {f.detail}" for f in first]
    raise CellsInvalid(facts.table.name, named, len(faults), _hint(facts, faults, len(rows)))


def _unread_faults(manifest: Manifest, facts: FileFacts, numbers: Rows) -> list[FieldFault]:
    place = {int(row): number for number, row in enumerate(numbers)}
    return [
        FieldFault(place[row], name, kind_fault(manifest.columns[name]))
        for name, rows in facts.typed.unread.items()
        for row in rows.tolist()
        if row in place
    ]


def _hint(facts: FileFacts, faults: list[FieldFault], rows: int) -> str:
    at_fault = {fault.record for fault in faults}
    if at_fault == {rows - 1} and len(faults) > 1 and rows > 1:
        return "it is the last row: is it a total, not a customer?"
    return facts.hint


def _refuse_total(connection: Connection, table: TableFile) -> None:
    if table.shape is None:
        return
    last = connection.execute(
        "SELECT * FROM source LIMIT 1 OFFSET (SELECT greatest(count(*) - 1, 0) FROM source)"
    ).fetchall()
    for cells in last:
        if is_total(cells):
            ((count,),) = connection.execute("SELECT count(*) FROM source").fetchall()
            raise TotalLine(table.name, table.places([count - 1])[count - 1])


def _of_consent(manifest: Manifest, asked: ConsentingRows, silent: bool) -> list[str]:
    if silent:
        column = allows(Purpose(manifest.purpose))
        return [f"no column {column}: nobody is left out for want of consent"]
    if not asked.withheld:
        return []
    return [f"{asked.withheld:,} customers without consent to {manifest.purpose} are left out"]
