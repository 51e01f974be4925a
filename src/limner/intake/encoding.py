"""Which encoding a file of text is in: tried in order, the whole file, and said why."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from limner.errors import TableUnfit

_CHUNK = 1 << 20
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Most text is of GB 2312's first level (leads up to D7) and its punctuation. Western text
# that happens to decode lies elsewhere.
_COMMON_LEADS = range(0xA1, 0xD8)
_COMMON_SHARE = 0.8


class Encoding(NamedTuple):
    """A Python codec's name, and why it was taken."""

    name: str
    reason: str


def find_encoding(file: Path) -> Encoding:
    """Find how a file, plain or gzipped, writes its text.

    Raises:
        TableUnfit: it holds no text, or its gzip is broken.
    """
    try:
        return _find(file)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise TableUnfit(file.name, "its gzip is broken", "fetch the file again") from None


def _find(file: Path) -> Encoding:
    head = next(_chunks(file), b"")
    if head.startswith(_UTF16_MARKS):
        return Encoding("utf-16", "the file starts with UTF-16's byte-order mark")
    if b"\x00" in head:
        return _utf16_without_mark(file, head)
    if _decodes(file, "utf-8"):
        return _utf8(file, head)
    if _is_chinese(file):
        return Encoding("gb18030", "not UTF-8; read as gb18030 it is common Chinese text")
    if _decodes(file, "cp1252"):
        return Encoding("cp1252", "not UTF-8 and not Chinese: read as Western European (cp1252)")
    return Encoding("latin-1", "not UTF-8, not Chinese and not cp1252: read as latin-1")


def open_bytes(file: Path) -> BinaryIO:
    """Open a file's bytes, unpacked if it is gzipped."""
    with file.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", gzip.open(file, "rb")) if packed else file.open("rb")


def _utf8(file: Path, head: bytes) -> Encoding:
    if _ends_lines_in_two_ways(file):
        return Encoding(
            "utf-8-sig", "UTF-8 whose lines end in two ways: decoding by Python evens them out"
        )
    mark = " with a byte-order mark, which is dropped" if head.startswith(codecs.BOM_UTF8) else ""
    return Encoding("utf-8", f"UTF-8{mark}")


def _utf16_without_mark(file: Path, head: bytes) -> Encoding:
    odd, even = head[1::2].count(0), head[::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if max(odd, even) < len(head) / 8 or not _decodes(file, name):
        raise TableUnfit(
            file.name, "it holds bytes that are no text", "save the table as CSV (UTF-8) or Parquet"
        )
    return Encoding(name, "every second byte of plain letters is zero: UTF-16 without a mark")


def _decodes(file: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")()
    foreign: list[str] = []
    try:
        for chunk in _chunks(file):
            text = decoder.decode(chunk)
            if len(foreign) < _CHUNK:
                foreign += [letter for letter in text if letter > "\x7f"]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    common = sum(_is_common(letter) for letter in foreign)
    return bool(foreign) and common >= _COMMON_SHARE * len(foreign)


def _is_common(letter: str) -> bool:
    try:
        return letter.encode("gb2312")[0] in _COMMON_LEADS
    except UnicodeEncodeError:
        return False


def _ends_lines_in_two_ways(file: Path) -> bool:
    both = feeds = 0
    last = b""
    for chunk in _chunks(file):
        both += (last + chunk).count(b"\r\n")
        feeds += chunk.count(b"\n")
        last = chunk[-1:]
    return 0 < both < feeds


def _chunks(file: Path) -> Iterator[bytes]:
    with open_bytes(file) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
