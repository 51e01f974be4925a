"""A mart's file as a table of texts: delimited text of any encoding, or Parquet."""

import csv
import gzip
import itertools
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limner.engine import CsvLayout, read_csv, read_parquet
from limner.errors import DataFileUnreadable
from limner.intake.delimited import distinct_names, is_gzipped

_PARQUET = b"PAR1"


@contextmanager
def as_utf8(file: Path, encoding: str) -> Iterator[Path]:
    """Give a file that DuckDB reads for the block: the file itself, or a copy in UTF-8.

    DuckDB reads no gb18030 and no file whose lines end in two ways; Python does both. The
    copy lies in a folder that only this user may read, and goes with the block.

    Raises:
        UnicodeError: the file is not of this encoding.
    """
    if encoding == "utf-8" or is_parquet(file):
        yield file
        return
    opened = gzip.open if is_gzipped(file) else open
    with tempfile.TemporaryDirectory(prefix="limner-") as folder:
        copy = Path(folder) / "utf-8"
        # Without newline="" every line ends in a line feed alone.
        with (
            opened(file, "rt", encoding=encoding) as source,
            copy.open("w", encoding="utf-8", newline="\n") as target,
        ):
            shutil.copyfileobj(source, target, 1 << 20)
        yield copy


def rows_sql(file: Path, separator: str, header: bool, skip_rows: int) -> str:
    """SQL of all rows of a file in UTF-8 or Parquet, every column as text, in file order.

    Raises:
        DataFileUnreadable: there is nothing below the lines to skip.
    """
    if is_parquet(file):
        return f"(SELECT COLUMNS(*)::VARCHAR FROM {read_parquet([file])})"
    names = _names(file, separator, header, skip_rows)
    return read_csv(file, names, CsvLayout(separator, header, skip_rows, "utf-8", is_gzipped(file)))


def _names(file: Path, separator: str, header: bool, skip_rows: int) -> list[str]:
    """Name a file's columns by its header, or by their places: ``column0`` and so on."""
    first = _first_record(file, separator, skip_rows)
    if not first:
        raise DataFileUnreadable(file.name, "it holds no row where its first must be")
    if header:
        return distinct_names(first)
    digits = len(str(len(first) - 1))
    return [f"column{place:0{digits}d}" for place in range(len(first))]


def _first_record(file: Path, separator: str, skip_rows: int) -> list[str] | None:
    opened = gzip.open if is_gzipped(file) else open
    try:
        with opened(file, "rt", encoding="utf-8-sig", newline="") as stream:
            below = itertools.islice(stream, skip_rows, None)
            return next(filter(None, csv.reader(below, delimiter=separator)), None)
    except (OSError, EOFError, zlib.error, csv.Error):
        return None


def is_parquet(file: Path) -> bool:
    """Tell Parquet by its magic bytes."""
    return _starts_with(file, _PARQUET)


def _starts_with(file: Path, magic: bytes) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(magic)) == magic
