"""Named byte strings in one encrypted, authenticated file.

Layout, version 1: ``LIMNERVAULT1`` and a line feed, the header's length (4 bytes, big-endian), the
header (JSON), then for each section its chunks, each preceded by its length. A chunk is
AES-256-GCM with the header as associated data and its section and number as nonce, so
that a chunk altered, moved, cut or put in is found.

The file's key is derived from the vault key and a keyed hash of the content: equal
contents give equal bytes, different contents never share a key and nonce.
"""

import hashlib
import hmac
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from limner.artifacts import replacing
from limner.errors import VaultUnreadable
from limner.intake.privacy.keys import SecretKey

_MAGIC = b"LIMNERVAULT1\n"
_CHUNK = 1 << 20
_TAG = 16
_LONGEST_HEADER = 1 << 20
_LENGTH = struct.Struct(">I")


def seal(
    file: Path, key: SecretKey, facts: Mapping[str, str], sections: Mapping[str, bytes]
) -> None:
    """Write sections encrypted, whole or not at all, for the owner only.

    Args:
        facts: what may be read without the key, and not be altered without it.
    """
    salt = _salt(key, facts, sections)
    header = json.dumps(
        {
            "facts": dict(facts),
            "key": key.fingerprint,
            "salt": salt.hex(),
            "sections": [[name, _chunks(len(content))] for name, content in sections.items()],
        },
        sort_keys=True,
    ).encode()
    cipher = _cipher(key, salt)
    with replacing(file) as temporary, temporary.open("wb") as stream:
        stream.write(_MAGIC + _LENGTH.pack(len(header)) + header)
        for section, content in enumerate(sections.values()):
            for number in range(_chunks(len(content))):
                part = content[number * _CHUNK : (number + 1) * _CHUNK]
                sealed = cipher.encrypt(_nonce(section, number), part, header)
                stream.write(_LENGTH.pack(len(sealed)) + sealed)
    file.chmod(0o600)


def unseal(file: Path, key: SecretKey) -> tuple[dict[str, str], dict[str, bytes]]:
    """Read facts and sections back.

    Raises:
        VaultUnreadable: another key, an altered file, or no vault at all. Nothing of the
            content is returned or named unless all of it is authentic.
    """
    from cryptography.exceptions import InvalidTag

    content = file.read_bytes()
    raw_header, header = _header(file, content)
    if not hmac.compare_digest(str(header["key"]), key.fingerprint):
        raise VaultUnreadable(str(file), "it was written with another key")
    cipher = _cipher(key, bytes.fromhex(header["salt"]))
    sealed = _sealed_chunks(content, len(_MAGIC) + _LENGTH.size + len(raw_header))
    try:
        sections = {
            name: b"".join(
                cipher.decrypt(_nonce(section, number), next(sealed), raw_header)
                for number in range(chunks)
            )
            for section, (name, chunks) in enumerate(header["sections"])
        }
        if next(sealed, None) is not None:
            raise ValueError("more chunks than the header names")
    except (InvalidTag, RuntimeError, ValueError, struct.error):
        reason = "it was altered or cut: restore it from a copy"
        raise VaultUnreadable(str(file), reason) from None
    return header["facts"], sections


def _salt(key: SecretKey, facts: Mapping[str, str], sections: Mapping[str, bytes]) -> bytes:
    digest = hmac.new(key.derive("salt"), digestmod="sha256")
    digest.update(json.dumps(dict(facts), sort_keys=True).encode())
    for name, content in sections.items():
        digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(content).digest())
    return digest.digest()


def _cipher(key: SecretKey, salt: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.digest(key.derive("file"), salt, "sha256"))


def _nonce(section: int, number: int) -> bytes:
    return struct.pack(">IQ", section, number)


def _chunks(size: int) -> int:
    # An empty section still has a chunk, whose tag vouches for its emptiness.
    return max(1, -(-size // _CHUNK))


def _header(file: Path, content: bytes) -> tuple[bytes, dict[str, Any]]:
    start = len(_MAGIC) + _LENGTH.size
    if not content.startswith(_MAGIC) or len(content) < start:
        raise VaultUnreadable(str(file), "it is no vault of a version that this Limner knows")
    (length,) = _LENGTH.unpack(content[len(_MAGIC) : start])
    try:
        if length > _LONGEST_HEADER:
            raise ValueError("too long")
        raw = content[start : start + length]
        header = json.loads(raw)
        shaped = {
            "key": str(header["key"]),
            "salt": bytes.fromhex(header["salt"]).hex(),
            "sections": [(str(name), int(chunks)) for name, chunks in header["sections"]],
            "facts": dict(header["facts"]),
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise VaultUnreadable(str(file), "its header was altered: restore it from a copy") from None
    return raw, shaped


def _sealed_chunks(content: bytes, start: int) -> Iterator[bytes]:
    while start < len(content):
        (length,) = _LENGTH.unpack_from(content, start)
        start += _LENGTH.size
        if length < _TAG or start + length > len(content):
            raise ValueError("a chunk is cut")
        yield content[start : start + length]
        start += length
