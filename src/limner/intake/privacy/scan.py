"""Search every artefact below a folder for planted values that must not be there.

A windowed hash over bytes (Rabin and Karp's idea, on whole arrays): time hardly grows
with the number of values. Packed files are opened: Parquet, gzip, bzip2, xz, zip, SQLite and
DuckDB; every file's raw bytes are searched as well.
"""

import bz2
import gzip
import html
import json
import lzma
import sqlite3
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import numpy as np
from pyarrow import parquet
from pyarrow.lib import ArrowInvalid, ArrowNotImplementedError

from limner.engine import UnreadableTable, attach, connect, identifier
from limner.intake.text_folding import digits_of, fold, without_accents

_SHORTEST = 4
_WINDOWS = (8, 4)
_TABLE_BITS = 22
_PART = 1 << 22
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_UNPACKERS = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress,
              b"\xfd7zXZ": lzma.decompress}  # fmt: skip


@dataclass(frozen=True, order=True)
class Hit:
    """Where a planted value was found: never the value, but its number in the list given.

    ``place`` is empty for the file's own bytes, else the column or the packed file.
    """

    file: str
    place: str
    planted: int


def find_planted(folder: Path, planted: Iterable[str]) -> list[Hit]:
    """List where planted values stand in the files below a folder, however they are written.

    A value is found in any case, without accents, escaped as in JSON, HTML or an address,
    in UTF-16, and (where it holds seven digits or more) as its bare digits.

    Args:
        folder: searched with all folders below, in order of names.
        planted: names, telephones, ids; at least four bytes each, or chance would find them.

    Raises:
        ValueError: a planted value is too short.
    """
    needles = _Needles(planted)
    hits = {
        Hit(file.relative_to(folder).as_posix(), place, number)
        for file in sorted(path for path in folder.rglob("*") if path.is_file())
        for place, content in _contents(file)
        for number in needles.found_in(content)
    }
    return sorted(hits)


class _Needles:
    """The written forms of all values, by their first bytes."""

    def __init__(self, planted: Iterable[str]) -> None:
        self._numbers: dict[bytes, set[int]] = defaultdict(set)
        for number, value in enumerate(planted):
            if len(value.strip().encode()) < _SHORTEST:
                raise ValueError(f"planted value {number} is shorter than {_SHORTEST} bytes")
            for form in _written_forms(value.strip()):
                self._numbers[form].add(number)
        self._lengths: dict[bytes, set[int]] = defaultdict(set)
        self._starts: dict[int, _Starts] = {}
        shorter = [form for form in self._numbers if len(form) < _WINDOWS[0]]
        longer = [form for form in self._numbers if len(form) >= _WINDOWS[0]]
        for window, forms in zip(_WINDOWS, (longer, shorter), strict=True):
            if forms:
                for form in forms:
                    self._lengths[form[:window]].add(len(form))
                self._starts[window] = _Starts({form[:window] for form in forms}, window)

    def found_in(self, content: bytes) -> set[int]:
        longest = max(map(len, self._numbers), default=0)
        found: set[int] = set()
        for start in range(0, len(content), _PART):
            # Parts overlap, so that a value across their border is seen.
            found |= self._found_in_part(_lower(content[start : start + _PART + 4 * longest]))
        return found

    def _found_in_part(self, part: bytes) -> set[int]:
        found: set[int] = set()
        for window, starts in self._starts.items():
            for at in starts.places_in(part):
                for length in self._lengths.get(part[at : at + window], ()):
                    found |= self._numbers.get(part[at : at + length], set())
        return found


class _Starts:
    """The first bytes of all forms: a table of hashes sorts out nearly every place at once."""

    def __init__(self, starts: set[bytes], window: int) -> None:
        self._window = window
        joined = np.frombuffer(b"".join(sorted(starts)), np.uint8)
        self._values = np.unique(_windows(joined, window)[::window])
        self._table = np.zeros(1 << _TABLE_BITS, dtype=bool)
        self._table[_hashes(self._values)] = True

    def places_in(self, part: bytes) -> list[int]:
        if len(part) < self._window:
            return []
        values = _windows(np.frombuffer(part, np.uint8), self._window)
        places = np.flatnonzero(self._table[_hashes(values)])
        nearest = np.searchsorted(self._values, values[places]).clip(max=len(self._values) - 1)
        found: list[int] = places[self._values[nearest] == values[places]].tolist()
        return found


def _windows(content: np.ndarray, window: int) -> np.ndarray:
    """Read the window at every offset as one number, shape (len(content) - window + 1,)."""
    values, width = content.astype(np.uint64), 1
    while width < window:
        values = (values[:-width] << np.uint64(8 * width)) | values[width:]
        width *= 2
    return values


def _hashes(values: np.ndarray) -> np.ndarray:
    return (values * _MULTIPLIER) >> np.uint64(64 - _TABLE_BITS)


def _lower(content: bytes) -> bytes:
    """Lower the case of a text of any language, or of the ASCII in other bytes."""
    try:
        return content.decode().lower().encode()
    except UnicodeDecodeError:
        # Cut characters, latin-1, or no text at all: accented capitals are a form of their own.
        return content.lower()


def _written_forms(value: str) -> set[bytes]:
    small = value.lower()
    texts = {value, small, value.upper(), without_accents(small), fold(value)}
    texts |= {json.dumps(text)[1:-1] for text in (value, small, value.upper())}
    texts |= {html.escape(small), quote(small), quote(value), small.replace(" ", "+")}
    if len(digits := digits_of(value)) >= 7:
        texts.add(digits)
    # ASCII is searched in lower case; longer bytes as they are, and lowered where that is text.
    forms = {form for text in texts for form in (text.encode(), text.encode("utf-16-le"))}
    return {form.lower() for form in forms if len(form) >= _SHORTEST}


def _contents(file: Path) -> Iterator[tuple[str, bytes]]:
    content = file.read_bytes()
    yield "", content
    yield from _unpacked("", content)
    if content[:16] == b"SQLite format 3\0":
        yield from _sqlite(file)
    elif content[8:12] == b"DUCK":
        yield from _duckdb(file)


def _unpacked(place: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give what stands in a packed content, packed again or not."""
    inner: Iterable[tuple[str, bytes]] = ()
    if content[:4] == b"PAR1":
        yield from _columns(place, content)
    elif content[:4] == b"PK\x03\x04":
        inner = _members(content)
    else:
        unpack = next((u for magic, u in _UNPACKERS.items() if content.startswith(magic)), None)
        try:
            inner = [("(unpacked)", unpack(content))] if unpack else ()
        except (OSError, EOFError, lzma.LZMAError):
            return
    for name, unpacked in inner:
        yield f"{place}{name}", unpacked
        yield from _unpacked(f"{place}{name}/", unpacked)


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return


def _columns(place: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        table = parquet.read_table(BytesIO(content))
    except (ArrowInvalid, OSError):
        return
    for name in table.column_names:
        column = table.column(name)
        with suppress(ArrowNotImplementedError):  # of nested columns
            column = column.unique()
        yield f"{place}{name}", _as_text(column.to_pylist())


def _sqlite(file: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        db.text_factory = lambda raw: raw.decode(errors="replace")
        try:
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                yield table, _as_text(db.execute(f"SELECT * FROM {identifier(table)}").fetchall())
        except sqlite3.Error:
            return


def _duckdb(file: Path) -> Iterator[tuple[str, bytes]]:
    with connect() as connection:
        try:
            attach(connection, file, "scanned")
        except UnreadableTable:
            return
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'scanned'"
        ).fetchall()
        for schema, table in tables:
            name = f"scanned.{identifier(schema)}.{identifier(table)}"
            yield table, _as_text(connection.execute(f"SELECT * FROM {name}").fetchall())


def _as_text(values: Iterable[object]) -> bytes:
    texts = (
        v if isinstance(v, str) else " ".join(map(str, v)) if isinstance(v, tuple) else str(v)
        for v in values
        if v is not None
    )  # fmt: skip
    return "\n".join(texts).encode(errors="replace")
