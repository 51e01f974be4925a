"""Unpack a file that an archive or a compression holds, told by its first bytes."""

import bz2
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from limner.errors import TableUnfit

_ZIP, _BZ2, _XZ = b"PK\x03\x04", b"BZh", b"\xfd7zXZ"
_SPREADSHEET = ("[Content_Types].xml", "mimetype")
_REMEDY = "save the one table as CSV (UTF-8) or Parquet"


@contextmanager
def plain_file(file: Path) -> Iterator[Path]:
    """Give the file itself, or what bzip2, xz or zip have packed into it; gzip stays packed.

    The copy lies in a folder that only this user may read, and goes with the block.

    Raises:
        TableUnfit: an archive holds other than one file, is a spreadsheet, or is damaged.
    """
    with file.open("rb") as stream:
        start = stream.read(6)
    if not start.startswith((_ZIP, _BZ2, _XZ)):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="limner-") as folder:
        unpacked = Path(folder) / "unpacked"
        _unpack(file, start, unpacked)
        yield unpacked


def _unpack(file: Path, start: bytes, unpacked: Path) -> None:
    try:
        if start.startswith(_ZIP):
            with zipfile.ZipFile(file) as archive, _only_member(file.name, archive) as stream:
                _copy(stream, unpacked)
        else:
            opened = bz2.open if start.startswith(_BZ2) else lzma.open
            with opened(file) as stream:
                _copy(cast("IO[bytes]", stream), unpacked)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError):
        # RuntimeError is what zipfile raises of a password.
        raise TableUnfit(
            file.name, "its compression is damaged, or has a password",
            "pack it again, or send it plain",
        ) from None  # fmt: skip


def _only_member(name: str, archive: zipfile.ZipFile) -> IO[bytes]:
    members = [member for member in archive.namelist() if not member.endswith("/")]
    if any(mark in members for mark in _SPREADSHEET):
        raise TableUnfit(name, "it is a spreadsheet", _REMEDY)
    if len(members) != 1:
        raise TableUnfit(name, f"it is an archive of {len(members)} files", _REMEDY)
    return archive.open(members[0])


def _copy(stream: IO[bytes], target: Path) -> None:
    with target.open("wb") as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
