"""How a file writes its table: encoding, separator, header, and lines above it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from limner.errors import TableUnfit
from limner.intake.extract_file import is_parquet
from limner.onboarding.encoding import Encoding, find_encoding, open_bytes

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_HEAD_BYTES, _HEAD_RECORDS, _MOST_TITLE_LINES = 1 << 20, 2000, 20
_VALUE = re.compile(r"\s*[-+]?[$€£¥]?\s*\d[\d\s.,'’/:%-]*\s*")
_MAGIC = {
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
}


@dataclass(frozen=True)
class FileShape:
    """How the table is read, with the reason of each choice.

    ``labels`` are the header's own texts, in file order, where there is a header.
    """

    encoding: Encoding
    separator: str
    header: bool
    skip_rows: int
    labels: tuple[str, ...] | None
    reasons: tuple[str, ...]


class Records(NamedTuple):
    """A file's first records under one separator, and the line that each ends on."""

    fields: list[list[str]]
    ends: list[int]


def find_shape(
    file: Path, target: str, no_header: bool = False, encoding: str | None = None,
    separator: str | None = None,
) -> FileShape:  # fmt: skip
    """Look at the first records of a file; what the caller states is not doubted.

    Raises:
        TableUnfit: the file is no table of at least two columns.
    """
    if is_parquet(file):
        return FileShape(Encoding("utf-8", "Parquet"), "", True, 0, None, ("Parquet",))
    _refuse_other_formats(file)
    found = Encoding(encoding, "as stated") if encoding else find_encoding(file)
    text = _head_text(file, found.name)
    if not text.strip():
        raise TableUnfit(file.name, "it holds no row", "give a file with a header and rows")
    separator = separator or _best_separator(text)
    records = _records(text, separator)
    width = _width(records)
    if width < 2:
        raise TableUnfit(
            file.name, "no separator parts it into two or more columns",
            "separate columns with , ; | or tabs, or state --separator",
        )  # fmt: skip
    reasons = [found.reason, f"columns are parted by {SEPARATORS.get(separator, repr(separator))}"]
    return _with_header(found, separator, records, width, target, no_header, reasons)


def why_uneven(file: Path, shape: FileShape) -> str:
    """Find the first line whose number of fields is not the header's; '' where all are even."""
    with open_bytes(file) as stream:
        lines = io.TextIOWrapper(stream, shape.encoding.name, errors="replace", newline="")
        reader = csv.reader(lines, delimiter=shape.separator)
        width, start = 0, 1
        try:
            for fields in reader:
                if start > shape.skip_rows and fields:
                    width = width or len(fields)
                    if len(fields) != width:
                        return f"line {start} has {len(fields)} fields, those before it {width}"
                start = reader.line_num + 1
        except csv.Error:
            return f"the row that starts on line {start} does not end: a quote is open"
    return ""


def _with_header(
    encoding: Encoding, separator: str, records: Records, width: int, target: str,
    no_header: bool, reasons: list[str],
) -> FileShape:  # fmt: skip
    start = _first_of_table(records, width)
    skip = records.ends[start - 1] if start else 0
    if start:
        reasons.append(f"the first {skip} lines are a title, not rows of the table")
    first, body = records.fields[start], [r for r in records.fields[start + 1 :] if r]
    if no_header or not _is_header(first, body, target):
        said = "as stated" if no_header else "its first row holds values like the rows below"
        reasons.append(f"the file has no header ({said}): columns are named by their place")
        return FileShape(encoding, separator, False, skip, None, tuple(reasons))
    labels = [label.strip().removeprefix("\ufeff") for label in first]
    if len(first) == width - 1:
        reasons.append("each row ends in a separator that the header has not: it is dropped")
        labels = [*labels, ""]
        return FileShape(encoding, separator, False, records.ends[start], tuple(labels),
                         tuple(reasons))  # fmt: skip
    twice = [label for label, n in Counter(labels).items() if n > 1 and label]
    if twice:
        reasons.append(f"the header names {', '.join(twice[:5])} more than once: made unique")
    return FileShape(encoding, separator, True, skip, tuple(labels), tuple(reasons))


def _refuse_other_formats(file: Path) -> None:
    with file.open("rb") as stream:
        start = stream.read(4)
    if start in _MAGIC:
        raise TableUnfit(
            file.name, f"it is {_MAGIC[start]}", "save the one table as CSV (UTF-8) or Parquet"
        )


def _head_text(file: Path, encoding: str) -> str:
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


def _records(text: str, separator: str) -> Records:
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


def _width(records: Records) -> int:
    counts = Counter(len(record) for record in records.fields if record)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _best_separator(text: str) -> str:
    return max(SEPARATORS, key=lambda separator: _merit(_records(text, separator), separator))


def _merit(records: Records, separator: str) -> tuple[float, float, int]:
    """Rank a separator by even rows, then by fields free of the others, then by columns."""
    width = _width(records)
    if width < 2:
        return 0.0, 0.0, 0
    rows = [record for record in records.fields if record]
    even = sum(len(record) in (width, width - 1) for record in rows) / len(rows)
    others = [mark for mark in ";\t|" if mark != separator]
    fields = [field for record in rows[:500] for field in record]
    clean = sum(not any(mark in field for mark in others) for field in fields) / len(fields)
    return round(even, 2), round(clean, 2), width


def _first_of_table(records: Records, width: int) -> int:
    trailing = all(r[-1] == "" for r in records.fields[1:] if len(r) == width)
    widths = (width, width - 1) if trailing else (width,)
    for place, record in enumerate(records.fields[: _MOST_TITLE_LINES + 1]):
        # A title line may have as many separators as the table, but never as many texts.
        named = sum(bool(field.strip()) for field in record)
        if len(record) in widths and named > 1:
            return place
    return 0


def _is_header(first: Sequence[str], body: list[list[str]], target: str) -> bool:
    if target in (field.strip().removeprefix("\ufeff") for field in first):
        return True
    below = [[row[i] for row in body if len(row) > i and row[i].strip()]
             for i in range(len(first))]  # fmt: skip
    for field, values in zip(first, below, strict=True):
        numbers = sum(bool(_VALUE.fullmatch(value)) for value in values)
        if values and numbers >= 0.8 * len(values) and field.strip():
            return not _VALUE.fullmatch(field)
    recurring = sum(field in set(values) for field, values in zip(first, below, strict=True))
    return recurring * 3 < len(first)
