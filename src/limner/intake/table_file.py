"""A table's file of any kind, as columns by place: how it is read, and where its rows stand."""

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from limner.engine import (
    Connection,
    CsvLayout,
    UnreadableTable,
    columns_of,
    count,
    identifier,
    read_csv,
    read_parquet,
)
from limner.errors import TableUnfit, TotalLine
from limner.intake.delimited import is_gzipped
from limner.intake.encoding import find_encoding
from limner.intake.extract_file import as_utf8, is_parquet
from limner.intake.packed import plain_file
from limner.intake.separators import (
    SEPARATORS,
    Record,
    all_records,
    best_separator,
    first_records,
    head_text,
    refuse_other_formats,
)

_TOTAL = re.compile(
    r"(grand|sub)?[ -]?(total|totals|totale|sum|summe|gesamt|gesamtsumme|合计|总计|小计)\b.{0,30}",
    re.IGNORECASE,
)
_WHOLE = "save the one table as CSV (UTF-8) or Parquet"


@dataclass(frozen=True)
class TextShape:
    """How a file of text is split: its encoding, its separator, and the lines above its header.

    ``trailing``: each row ends in a separator that the header has not; ``header``: the first
    record below ``skip_rows`` lines is one.
    """

    encoding: str
    separator: str
    skip_rows: int = 0
    trailing: bool = False
    header: bool = True


@dataclass(frozen=True)
class TableFile:
    """A file whose columns can be asked for by their place, as ``c0``, ``c1`` and so on.

    Attributes:
        name: what a person calls the file.
        path: where it lies, under a name that is no pattern.
        labels: the header's names in file order, without blanks around them.
        shape: how text is split; None for Parquet.
    """

    name: str
    path: Path
    labels: tuple[str, ...]
    shape: TextShape | None

    @property
    def words(self) -> str:
        """Say how columns are separated, for messages."""
        return f"columns separated by {SEPARATORS[self.shape.separator]}" if self.shape else ""

    def places(self, rows: Iterable[int]) -> dict[int, str]:
        """Say where rows, counted from 0, stand: by number, and in text by line too."""
        wanted = sorted(set(rows))
        named = {row: f"row {row + 1}" for row in wanted}
        if self.shape is None or not wanted:
            return named
        for row, record in enumerate(islice(self.records(), wanted[-1] + 1)):
            if row in named:
                named[row] += f" (line {record.line})"
        return named

    def records(self) -> Iterator[Record]:
        """Yield the rows of a file of text with their lines."""
        assert self.shape is not None, "Parquet has no lines"
        for record in all_records(self.path, self.shape.encoding, self.shape.separator):
            if record.line > self.shape.skip_rows + self.shape.header:
                yield record


@contextmanager
def open_table(file: Path, known: Collection[str]) -> Iterator[TableFile]:
    """Find out how a file is read, whatever its ending; the table is there inside the block.

    Args:
        known: names that the header may hold: the separator that shows most of them is taken.

    Raises:
        TableUnfit: it is empty, an archive, a spreadsheet or no text.
    """
    with plain_file(file) as plain:
        if is_parquet(plain):
            yield TableFile(file.name, plain, _parquet_labels(file.name, plain), None)
            return
        try:
            yield _text(file.name, plain, known)
        except TableUnfit as unfit:
            # What reads the copy does not know the name that a person gave the file.
            raise TableUnfit(file.name, unfit.reason, unfit.remedy) from None


def load(connection: Connection, table: TableFile) -> dict[str, str]:
    """Make relation ``source`` of a table's columns, by place; return their SQL types.

    Raises:
        TableUnfit: a row has more or fewer cells than the header, or a quote stays open.
        TotalLine: that row is a total at the end of the table.
    """
    try:
        if table.shape is None:
            _view_parquet(connection, table)
        else:
            _load_text(connection, table, table.shape)
        return columns_of(connection, "FROM source")
    except UnicodeError:
        raise TableUnfit(table.name, "it is not text of one encoding", _WHOLE) from None
    except UnreadableTable:
        raise _unreadable(table) from None


def _parquet_labels(name: str, plain: Path) -> tuple[str, ...]:
    """Name the columns as the file does, where two may be alike."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return tuple(str(label).strip() for label in pq.read_schema(plain).names)
    except (pa.ArrowException, OSError):
        raise TableUnfit(name, "its Parquet is broken", "fetch the file again") from None


def is_total(cells: Iterable[str | None]) -> bool:
    """Whether a row's first cell with anything in it says that the row is a total.

    >>> is_total(["", "Total:", "12"]), is_total(["4711", "Total"]), is_total(["合计", "3"])
    (True, False, True)
    """
    first = next((cell.strip() for cell in cells if cell and cell.strip()), "")
    return bool(_TOTAL.fullmatch(first))


def _text(name: str, plain: Path, known: Collection[str]) -> TableFile:
    refuse_other_formats(plain)
    encoding = find_encoding(plain).name
    head = head_text(plain, encoding)
    if not head.strip():
        raise TableUnfit(name, "it is empty", "give a file with a header and rows")
    separator = _separator(head, known)
    first = next(all_records(plain, encoding, separator), None)
    if first is None:
        raise TableUnfit(name, "it is empty", "give a file with a header and rows")
    labels = tuple(label.removeprefix("\ufeff").strip() for label in first.cells)
    shape = TextShape(encoding, separator, first.line - 1)
    table = TableFile(name, plain, labels, shape)
    return replace(table, shape=replace(shape, trailing=_ends_in_separators(table)))


def _separator(head: str, known: Collection[str]) -> str:
    likeliest = best_separator(head)
    names = set(known)

    def merit(separator: str) -> tuple[int, bool]:
        header = next(iter(first_records(head, separator).fields), [])
        found = names & {label.removeprefix("\ufeff").strip() for label in header}
        return len(found), separator == likeliest

    return max(SEPARATORS, key=merit)


def _ends_in_separators(table: TableFile) -> bool:
    """Whether the first row has a cell more than the header, and that one is empty."""
    first = next(_readable(table), None)
    return first is not None and len(first.cells) == len(table.labels) + 1 and not first.cells[-1]


def _readable(table: TableFile) -> Iterator[Record]:
    try:
        yield from table.records()
    except csv.Error:
        return


def _view_parquet(connection: Connection, table: TableFile) -> None:
    rows = read_parquet([table.path])
    named = columns_of(connection, f"FROM {rows}")
    by_place = ", ".join(f"{identifier(name)} AS c{i}" for i, name in enumerate(named))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW source AS SELECT {by_place} FROM {rows}")


def _load_text(connection: Connection, table: TableFile, shape: TextShape) -> None:
    width = len(table.labels) + shape.trailing
    with as_utf8(table.path, shape.encoding) as file:
        layout = CsvLayout(shape.separator, skip_lines=shape.skip_rows, is_gzipped=is_gzipped(file))
        rows = read_csv(file, [f"c{place}" for place in range(width)], layout)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE source AS FROM {rows}")
    if shape.trailing and count(connection, f"(FROM source WHERE trim(c{width - 1}) <> '')"):
        reason = f"some rows have {width} cells, the header {width - 1}"
        raise TableUnfit(table.name, reason, "name every column in the header")


def _unreadable(table: TableFile) -> TableUnfit | TotalLine:
    """Say which line is uneven, without its content."""
    remedy = "mend or remove that line"
    if table.shape is None:
        return TableUnfit(table.name, "its Parquet is broken", "fetch the file again")
    width, line = len(table.labels) + table.shape.trailing, table.shape.skip_rows + 1
    records = table.records()
    try:
        for record in records:
            line = record.end + 1
            if len(record.cells) != width:
                if is_total(record.cells) and next(records, None) is None:
                    return TotalLine(table.name, f"line {record.line}")
                fact = f"line {record.line} has {len(record.cells)} cells, the header {width}"
                return TableUnfit(table.name, fact, remedy)
    except csv.Error:
        fact = f"the row that starts on line {line} does not end: a quote is open"
        return TableUnfit(table.name, fact, remedy)
    return TableUnfit(table.name, "it cannot be split into rows", _WHOLE)
