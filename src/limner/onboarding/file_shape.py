"""How a file writes its table: encoding, separator, header, and lines above it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from limner.errors import TableUnfit
from limner.intake.encoding import Encoding, find_encoding
from limner.intake.extract_file import is_parquet
from limner.intake.separators import (
    SEPARATORS,
    Records,
    best_separator,
    common_width,
    first_records,
    head_text,
    refuse_other_formats,
)

_MOST_TITLE_LINES = 20
_VALUE = re.compile(r"\s*[-+]?[$€£¥]?\s*\d[\d\s.,'’/:%-]*\s*")


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
    no_header_reason: str = ""


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
    refuse_other_formats(file)
    found = Encoding(encoding, "as stated") if encoding else find_encoding(file)
    text = head_text(file, found.name)
    if not text.strip():
        raise TableUnfit(file.name, "it holds no row", "give a file with a header and rows")
    separator = separator or best_separator(text)
    records = first_records(text, separator)
    width = common_width(records)
    if width < 2:
        raise TableUnfit(
            file.name, "no separator parts it into two or more columns",
            "separate columns with , ; | or tabs, or state --separator",
        )  # fmt: skip
    reasons = [found.reason, f"columns are parted by {SEPARATORS.get(separator, repr(separator))}"]
    return _with_header(found, separator, records, width, target, no_header, reasons)


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
        return FileShape(encoding, separator, False, skip, None, tuple(reasons), said)
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
