"""Secret keys: where they are read from, and what makes one unfit."""

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from limner.errors import KeyMissing, KeyUnusable

KEY_BYTES = 32
PSEUDONYM, VAULT = "pseudonym", "vault"
_VARIABLES = {PSEUDONYM: "LIMNER_PSEUDONYM_KEY", VAULT: "LIMNER_VAULT_KEY"}


class SecretKey:
    """Bytes that nothing prints."""

    __slots__ = ("_material", "use")

    def __init__(self, material: bytes, use: str) -> None:
        if len(material) < KEY_BYTES:
            raise KeyUnusable(use, "(given)", f"it has fewer than {KEY_BYTES} bytes")
        self._material, self.use = material, use

    def __repr__(self) -> str:
        return f"SecretKey({self.use})"

    def __reduce__(self) -> str:
        raise TypeError("a key is not pickled")

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes of a key for one purpose; none tells anything of another."""
        return hmac.digest(self._material, f"limner/1/{self.use}/{purpose}".encode(), "sha256")

    @property
    def fingerprint(self) -> str:
        """Tell keys apart without telling anything of them (64 bits, hexadecimal)."""
        return hashlib.sha256(self.derive("fingerprint")).hexdigest()[:16]


def read_key(
    use: str, file: Path | None, environment: Mapping[str, str] | None = None
) -> SecretKey:
    """Read a key from its file, or where none is named from its environment variable.

    Args:
        use: ``pseudonym`` or ``vault``; the variable is ``LIMNER_PSEUDONYM_KEY`` or
            ``LIMNER_VAULT_KEY``.

    Raises:
        KeyMissing: neither is there.
        KeyUnusable: it is no hexadecimal text of 32 bytes or more, or others may read it.
    """
    variable = _VARIABLES[use]
    text = (os.environ if environment is None else environment).get(variable, "")
    if file is None:
        if not text:
            raise KeyMissing(use, f"environment variable {variable}, and no file is named")
        return _parsed(text, use, f"environment variable {variable}")
    if not file.is_file():
        raise KeyMissing(use, str(file))
    if stat.S_IMODE(file.stat().st_mode) & (stat.S_IROTH | stat.S_IWOTH):
        raise KeyUnusable(use, str(file), f"everyone may read it: chmod 600 {file}")
    return _parsed(file.read_text(encoding="ascii", errors="replace"), use, str(file))


def new_key(file: Path) -> None:
    """Write a new random key that only its owner may read.

    Raises:
        KeyUnusable: the file is there; a key that is overwritten is lost for ever.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        reason = "it is there already, and a key that is overwritten is lost: name another file"
        raise KeyUnusable("new", str(file), reason) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(KEY_BYTES) + "\n")


def _parsed(text: str, use: str, place: str) -> SecretKey:
    try:
        material = bytes.fromhex(text.strip())
    except ValueError:
        # The text itself may be most of a key: it is never repeated.
        raise KeyUnusable(use, place, "it is no hexadecimal text") from None
    if len(material) < KEY_BYTES:
        raise KeyUnusable(use, place, f"it has {len(material)} bytes, fewer than {KEY_BYTES}")
    return SecretKey(material, use)
