"""The Parquet parts of trusted tables: which ones a snapshot reads, and what they hold."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from limner.artifacts import sha256_of
from limner.portfolios.canonical import TABLES

# Files of each table that a snapshot reads; none where nothing falls into the look-back.
Parts = Mapping[str, tuple[Path, ...]]

_MONTH = re.compile(r"\d{4}-\d{2}")


def describe_tables(trusted: Path) -> dict[str, frozenset[str]]:
    """Find the canonical tables of a bank and the columns that are known for any row.

    Reads the files' footers only. A column that is empty in every part is one that the bank
    lacks, whatever its contract allows.
    """
    described = {}
    for table in (t.table for t in TABLES):
        files = _files(trusted, table)
        if files:
            described[table] = frozenset().union(*(_known_columns(file) for file in files))
    return described


def parts_to_read(trusted: Path, look_back: Mapping[str, int], snapshot: dt.date) -> Parts:
    """Choose each table's parts that may hold rows of ``[snapshot - days, snapshot)``.

    A part named ``YYYY-MM`` holds that month's rows; any other name may hold any.
    """
    return {
        table: tuple(
            file for file in _files(trusted, table)
            if _overlaps(file.stem, snapshot - dt.timedelta(days=days), snapshot)
        )
        for table, days in look_back.items()
    }  # fmt: skip


def describe_parts(parts: Parts, trusted: Path) -> list[dict[str, str | int]]:
    """State name, size and SHA-256 of every file, for a snapshot's fingerprint."""
    files = [file for chosen in parts.values() for file in chosen]
    # Hashing leaves Python's lock: gigabytes in half the time.
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda file: _describe(file, trusted), files))


def _describe(file: Path, trusted: Path) -> dict[str, str | int]:
    facts = file.stat()
    return {
        "part": file.relative_to(trusted).as_posix(),
        "bytes": facts.st_size,
        "sha256": _hash(file, facts.st_size, facts.st_mtime_ns),
    }


def _files(trusted: Path, table: str) -> list[Path]:
    return sorted((trusted / table).glob("*.parquet"))


def _overlaps(stem: str, first: dt.date, snapshot: dt.date) -> bool:
    if not _MONTH.fullmatch(stem):
        return True
    last = snapshot - dt.timedelta(days=1)
    return f"{first:%Y-%m}" <= stem <= f"{last:%Y-%m}"


@lru_cache(maxsize=65_536)
def _hash(file: Path, size: int, changed: int) -> str:
    # Twelve snapshots share most of their parts: each is hashed once a process.
    return sha256_of(file)


def _known_columns(file: Path) -> Iterable[str]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as parquet:
        footer = parquet.metadata
        names = [footer.schema.column(i).name for i in range(footer.num_columns)]
        groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
        return [
            name for i, name in enumerate(names) if any(_has_values(g.column(i)) for g in groups)
        ]


def _has_values(chunk: object) -> bool:
    statistics = chunk.statistics  # type: ignore[attr-defined]
    if statistics is None or not statistics.has_null_count:
        return True
    # An empty column chunk has neither values nor nulls.
    return bool(statistics.num_values > 0)
