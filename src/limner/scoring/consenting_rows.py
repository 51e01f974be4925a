"""Who in a table may be scored: without those who withheld their consent to the purpose."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.domain import Purpose
from limner.engine import Connection
from limner.errors import ConsentUnclear
from limner.features.relational.consent import allows, consents_of
from limner.features.relational.reading import KEYS
from limner.intake.table_file import TableFile
from limner.intake.typed_table import Source, texts
from limner.scoring.absent_facts import resembles


@dataclass(frozen=True)
class ConsentingRows:
    """The rows of a file to be scored, and what tells whose they are.

    Attributes:
        rows: numbers of the rows, counted from 0, in file order; None where all are asked.
        keys: texts of the key columns, for these rows; none of a table without consent.
        withheld: how many customers are left out.
    """

    rows: npt.NDArray[np.int64] | None
    keys: Mapping[str, list[str | None]]
    withheld: int = 0

    def among(self, count: int) -> npt.NDArray[np.int64]:
        """Return the rows to be scored of a table of ``count`` rows."""
        return np.arange(count) if self.rows is None else self.rows


def consenting_rows(
    connection: Connection, table: TableFile, source: Source, purpose: Purpose,
    defaults: Mapping[Purpose, bool],
) -> ConsentingRows:  # fmt: skip
    """Keep the customers who allow a purpose; a table that says nothing of it stays whole.

    Args:
        source: the file's own columns by their names.
        defaults: the answer of a blank, by purpose.

    Raises:
        ConsentUnclear: an answer is neither yes nor no, or stands under a name that only
            resembles the column's.
    """
    column = allows(purpose)
    if column not in source.held:
        _refuse_other_spelling(table, column)
        return ConsentingRows(None, {})
    consents = consents_of(texts(connection, source, column), defaults[purpose])
    if consents.unclear:
        places = ", ".join(table.places(consents.unclear[:5]).values())
        reason = f"{len(consents.unclear):,} rows say neither yes nor no, first {places}"
        raise ConsentUnclear(table.name, column, reason)
    rows = np.flatnonzero(consents.allowed)
    keys = {name: texts(connection, source, name) for name in KEYS if name in source.held}
    kept = {name: [cells[row] for row in rows.tolist()] for name, cells in keys.items()}
    return ConsentingRows(rows, kept, len(consents.allowed) - len(rows))


def _refuse_other_spelling(table: TableFile, column: str) -> None:
    for label in table.labels:
        if resembles(label, column):
            raise ConsentUnclear(
                table.name, column, f"the column is called '{label}', which is not read as consent",
                f"call it {column}",
            )  # fmt: skip
