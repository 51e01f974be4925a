"""A mart's file as a table of texts: delimited text of any encoding, or Parquet."""

import gzip
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limner.engine import literal

_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"


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
    opened = gzip.open if _starts_with(file, _GZIP) else open
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
    """SQL of all rows of a file in UTF-8 or Parquet, every column as text, in file order."""
    if is_parquet(file):
        return f"(SELECT COLUMNS(*)::VARCHAR FROM read_parquet({literal(str(file))}))"
    # Gzip is told by its two magic bytes: the acquired file carries no suffix.
    compression = "gzip" if _starts_with(file, _GZIP) else "none"
    # Left to its own guesses DuckDB drops rows that start with # as comments, and rows
    # at the top that are not as long as most: nothing is lost without a word.
    return (
        f"read_csv({literal(str(file))}, delim={literal(separator)}, header={header},"
        f" all_varchar=true, quote='\"', escape='\"', compression='{compression}',"
        f" null_padding=false, comment='', skip={skip_rows})"
    )


def is_parquet(file: Path) -> bool:
    """Tell Parquet by its magic bytes."""
    return _starts_with(file, _PARQUET)


def _starts_with(file: Path, magic: bytes) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(magic)) == magic
