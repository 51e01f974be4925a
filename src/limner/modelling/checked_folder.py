"""A folder of files that states the SHA-256 of each, so that no altered byte is ever parsed.

``files.sha256`` is in the format of ``sha256sum``: ``sha256sum --check files.sha256`` verifies
the folder without Limner too.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from limner.artifacts import require, write_text
from limner.errors import LimnerError, some_of

CHECKSUMS_FILE = "files.sha256"


class ArtifactAltered(LimnerError):
    """Files of a fitted model are not those that training wrote."""

    exit_code = 145

    def __init__(self, folder: Path, fact: str) -> None:
        self.folder, self.fact = folder, fact
        super().__init__(
            f"{folder} is not as training wrote it: {fact}: restore it"
            " ('uv run dvc checkout', or 'uv run dvc repro' to train anew)"
        )


def write_checksums(folder: Path) -> None:
    """State every file below ``folder``, in order of names. Call it when all are written."""
    write_text(folder / CHECKSUMS_FILE, _listed(_read_all(folder)))


def read_checked(folder: Path, recorded: str | None = None) -> Mapping[str, bytes]:
    """Read every file below a folder into memory, and verify what was read.

    Args:
        recorded: digest of the folder as kept elsewhere, such as in the registry. It is what
            folders are held to that were written before there were checksums in them.

    Returns:
        contents by relative name: those bytes that were verified, whatever happens to the files.

    Raises:
        ArtifactMissing: the folder is not there.
        ArtifactAltered: a file is altered, missing or was added.
    """
    files = _read_all(require(folder))
    if recorded is not None and recorded != (found := _digest(files)):
        raise ArtifactAltered(folder, f"its digest is {found}, recorded was {recorded}")
    stated = files.pop(CHECKSUMS_FILE, None)
    if stated is None and recorded is None:
        raise ArtifactAltered(folder, f"it has no {CHECKSUMS_FILE}")
    if stated is not None and stated != _listed(files).encode():
        raise ArtifactAltered(folder, _difference(stated, files))
    return files


def _read_all(folder: Path) -> dict[str, bytes]:
    found = (p for p in sorted(folder.rglob("*")) if p.is_file() and "__pycache__" not in p.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest(files: Mapping[str, bytes]) -> str:
    """Hash what was read as :func:`~limner.artifacts.sha256_of` hashes the folder."""
    lines = (f"{name} {_sha256(content)}\n" for name, content in files.items())
    return _sha256("".join(lines).encode())


def _listed(files: Mapping[str, bytes]) -> str:
    names = sorted(files.keys() - {CHECKSUMS_FILE})
    return "".join(f"{_sha256(files[name])}  {name}\n" for name in names)


def _difference(stated: bytes, files: Mapping[str, bytes]) -> str:
    lines = stated.decode("utf-8", "replace").splitlines()
    missing = {line.partition("  ")[2] for line in lines} - set(files)
    other = [line.partition("  ")[2] for line in _listed(files).splitlines() if line not in lines]
    # A name from altered checksums may hold anything: only a plain one is shown.
    told = [f"{name} is missing" for name in sorted(missing) if re.fullmatch(r"[\w./-]+", name)]
    told += [f"{name} is not the file that {CHECKSUMS_FILE} states" for name in other]
    return some_of(told, 3) if told else f"{CHECKSUMS_FILE} is damaged"
