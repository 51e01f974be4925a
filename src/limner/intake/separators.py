"""How delimited text is split into records: the formats refused, the separator, uneven lines."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from limner.errors import TableUnfit
from limner.intake.encoding import open_bytes

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_HEAD_BYTES, _HEAD_RECORDS = 1 << 20, 2000
_MAGIC = {
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF document",
    b"ARRO": "an Arrow or Feather file",
    b"\x28\xb5\x2f\xfd": "a file packed by Zstandard",
}


class Records(NamedTuple):
    """A file's first records under one separator, and the line that each ends on."""

    fields: list[list[str]]
    ends: list[int]


class Record(NamedTuple):
    """One record of a file: the lines on which it starts and ends, and its cells."""

    line: int
    end: int
    cells: list[str]


def refuse_other_formats(file: Path) -> None:
    """Refuse archives, spreadsheets and the like by their first bytes.

    Raises:
        TableUnfit: the file is one.
    """
    with file.open("rb") as stream:
        start = stream.read(4)
    if start in _MAGIC:
        raise TableUnfit(
            file.name, f"it is {_MAGIC[start]}", "save the one table as CSV (UTF-8) or Parquet"
        )


def head_text(file: Path, encoding: str) -> str:
    """Return the first megabyte of a file as text, without its byte-order mark.

    Raises:
        TableUnfit: no such encoding is known, or the file's gzip is broken.
    """
    try:
        with open_bytes(file) as stream:
            content = stream.read(_HEAD_BYTES)
        return str(content.decode(encoding, errors="ignore")).removeprefix("\ufeff")
    except LookupError:
        raise TableUnfit(
            file.name, f"'{encoding}' is no encoding", "use one such as utf-8, cp1252 or gb18030"
        ) from None
    except OSError:
        raise TableUnfit(file.name, "its gzip is broken", "fetch the file again") from None


def first_records(text: str, separator: str) -> Records:
    """Split the head of a file into records; none where a quote stays open."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    fields: list[list[str]] = []
    ends: list[int] = []
    try:
        for record in reader:
            fields.append(record)
            ends.append(reader.line_num)
            if len(fields) > _HEAD_RECORDS:
                break
    except csv.Error:
        return Records([], [])
    # The last one may be cut off in the middle.
    cut = len(text) >= _HEAD_BYTES // 4 and len(fields) > 1
    return Records(fields[:-1], ends[:-1]) if cut else Records(fields, ends)


def common_width(records: Records) -> int:
    """Return the commonest number of fields; of equals the larger."""
    counts = Counter(len(record) for record in records.fields if record)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def best_separator(text: str) -> str:
    """Return the separator under which the head of a file is most like a table."""
    return max(SEPARATORS, key=lambda separator: _merit(first_records(text, separator), separator))


def all_records(file: Path, encoding: str, separator: str) -> Iterator[Record]:
    """Yield every record that is no blank line, in file order.

    Raises:
        csv.Error: a quote stays open.
    """
    with open_bytes(file) as stream:
        # Behind a byte-order mark a quote would be no quote.
        marked = "utf-8-sig" if encoding == "utf-8" else encoding
        text = io.TextIOWrapper(stream, marked, errors="replace", newline="")
        reader, start = csv.reader(text, delimiter=separator, strict=True), 1
        for cells in reader:
            if cells:
                yield Record(start, reader.line_num, cells)
            start = reader.line_num + 1


def why_uneven(file: Path, encoding: str, separator: str, skip_rows: int = 0) -> str:
    """Find the first line whose number of fields is not the header's; '' where all are even."""
    width, line = 0, 1
    try:
        for record in all_records(file, encoding, separator):
            line = record.end + 1
            if record.line > skip_rows:
                width = width or len(record.cells)
                if len(record.cells) != width:
                    return (
                        f"line {record.line} has {len(record.cells)} fields,"
                        f" those before it {width}"
                    )
    except csv.Error:
        return f"the row that starts on line {line} does not end: a quote is open"
    return ""


def _merit(records: Records, separator: str) -> tuple[float, float, int]:
    """Rank a separator by even rows, then by fields free of the others, then by columns."""
    width = common_width(records)
    if width < 2:
        return 0.0, 0.0, 0
    rows = [record for record in records.fields if record]
    even = sum(len(record) in (width, width - 1) for record in rows) / len(rows)
    others = [mark for mark in ";\t|" if mark != separator]
    fields = [field for record in rows[:500] for field in record]
    clean = sum(not any(mark in field for mark in others) for field in fields) / len(fields)
    return round(even, 2), round(clean, 2), width
