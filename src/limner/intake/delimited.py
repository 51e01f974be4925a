"""Read delimited text strictly: every row or none, and faults told without a row's content."""

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TextIO, cast

from limner.engine import CsvLayout, read_csv
from limner.errors import ColumnMissing, DataFileUnreadable

Encoding = Literal["utf-8", "latin-1", "utf-16"]

_GZIP = b"\x1f\x8b"
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SAMPLE_BYTES = 1 << 20
# The engine's messages quote the row at fault; these words do not.
_FAULTS = (
    (r"Expected Number of Columns: (\d+) Found: (\d+)", r"\1 columns expected, \2 found"),
    (r"unterminated quote", "a quote is not closed"),
    (r"Invalid unicode|not utf-16 encoded", "not text in the encoding that the portfolio states"),
    (r"[Mm]aximum line size", "a line is too long"),
    (r"GZIP|gzip|zlib", "the compressed data is broken or ends early"),
    (r"invalid state", "its quotes or line ends are mixed up"),
)


def delimited_sql(
    table: str,
    file: Path,
    promised: Sequence[str],
    separator: str = ",",
    encoding: Encoding = "utf-8",
) -> str:
    """SQL of a file's rows, all columns as text, under the header's names.

    Args:
        table: what errors call the file.
        file: plain or gzipped, told by its first bytes.
        promised: columns that the header must have.

    Raises:
        DataFileUnreadable: the file is empty, is not text, or is in another encoding.
        ColumnMissing: a promised column is not in the header.
    """
    names = read_header(table, file, separator, encoding)
    require_columns(table, promised, names)
    layout = CsvLayout(separator, encoding=encoding, is_gzipped=is_gzipped(file))
    return read_csv(file, names, layout)


def read_header(table: str, file: Path, separator: str, encoding: Encoding) -> list[str]:
    """Name a file's columns; later columns of one name get ``_1``, ``_2`` and so on.

    Names that differ in case only count as one: the engine tells no case apart.

    Raises:
        DataFileUnreadable: as for :func:`delimited_sql`.
    """
    try:
        _refuse_other_encoding(table, file, encoding)
        with _open_text(file, encoding) as stream:
            header = next(csv.reader(stream, delimiter=separator, strict=True), None)
    except UnicodeError:
        raise DataFileUnreadable(table, f"it is not {encoding} text") from None
    except (OSError, EOFError, zlib.error):
        raise DataFileUnreadable(table, "it is damaged, or its compression is") from None
    except csv.Error:
        raise DataFileUnreadable(table, "line 1: it holds no header of columns") from None
    if not header:
        raise DataFileUnreadable(table, "line 1: it is empty, where a header must be")
    return distinct_names(header)


def require_columns(table: str, promised: Sequence[str], present: Sequence[str]) -> None:
    """Check that promised columns are there.

    Raises:
        ColumnMissing: some are not. Of the others it tells the number only: where a file has
            no header, its first row is a person's.
    """
    missing = [name for name in promised if name not in present]
    if missing:
        found = [name for name in present if name in promised]
        others = len(present) - len(found)
        raise ColumnMissing(table, missing, found + ([f"{others} others"] if others else []))


def unreadable(table: str, fault: str) -> DataFileUnreadable:
    """Tell what the engine found wrong with a delimited file, and in which line."""
    reason = "it is not delimited text as its portfolio describes it"
    for pattern, words in _FAULTS:
        found = re.search(pattern, fault)
        if found:
            reason = found.expand(words)
            break
    line = re.search(r"CSV Error on Line: (\d+)", fault)
    return DataFileUnreadable(table, f"line {line[1]}: {reason}" if line else reason)


def is_gzipped(file: Path) -> bool:
    """Whether a file is packed by gzip."""
    # Told by its two magic bytes: an acquired file carries no suffix.
    with file.open("rb") as stream:
        return stream.read(2) == _GZIP


def _open_text(file: Path, encoding: Encoding) -> TextIO:
    marked = "utf-8-sig" if encoding == "utf-8" else encoding
    opened = gzip.open if is_gzipped(file) else open
    return cast(TextIO, opened(file, "rt", encoding=marked, newline=""))


def _refuse_other_encoding(table: str, file: Path, encoding: Encoding) -> None:
    """Find what would be read without a complaint, but as the wrong letters."""
    with gzip.open(file) if is_gzipped(file) else file.open("rb") as stream:
        sample = stream.read(_SAMPLE_BYTES)
    if encoding == "utf-16" and sample.startswith(codecs.BOM_UTF16_BE):
        raise DataFileUnreadable(table, "it is UTF-16 with the high byte first: save it as UTF-8")
    for mark, marked in _MARKS.items():
        if sample.startswith(mark) and marked != encoding:
            raise DataFileUnreadable(
                table, f"it is {marked} text by its first bytes, not {encoding}"
            )
    if encoding == "utf-16" and sample and b"\0" not in sample[:200]:
        raise DataFileUnreadable(table, "it is not utf-16 text")
    if encoding == "latin-1" and not sample.isascii() and _is_utf_8(sample):
        raise DataFileUnreadable(table, "it is utf-8 text, not latin-1")


def _is_utf_8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def distinct_names(header: Sequence[str]) -> list[str]:
    """Name columns by their header, each once; those without a name by their place."""
    names: list[str] = []
    taken: set[str] = set()
    for position, given in enumerate(header):
        name, copies = given or f"column{position}", 0
        while name.lower() in taken:
            copies += 1
            name = f"{given or f'column{position}'}_{copies}"
        taken.add(name.lower())
        names.append(name)
    return names
