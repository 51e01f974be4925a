"""The files of a version: verified against its digest before anyone reads them."""

import contextlib
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from limner.artifacts import sha256_of
from limner.registry.protocol import ChampionAltered, ModelFilesGone, RegisteredVersion

# Only where others keep renaming damaged copies at the same moment is one not enough.
_ATTEMPTS = 5


def hold_to_digest(version: RegisteredVersion, folder: Path) -> Path:
    """Return the folder if it holds the files that were registered.

    Raises:
        ModelFilesGone: there is no such folder, or it cannot be read.
        ChampionAltered: a file is altered, missing or was added.
    """
    if not folder.is_dir():
        raise ModelFilesGone(version, str(folder), "there is no such folder")
    try:
        found = sha256_of(folder)
    except OSError as fault:
        raise ModelFilesGone(version, str(folder), fault.strerror or "it fails") from None
    if found != version.digest:
        raise ChampionAltered(version, found)
    return folder


def fetch_once(
    version: RegisteredVersion, store: str, into: Path, download: Callable[[Path], Path]
) -> Path:
    """Return a verified copy of a version's files, downloaded unless it is there already.

    Copies lie in ``into/<store>/<digest>`` and are put there whole, by a rename, so that
    processes which fetch the same version at once all read the same whole files.

    Args:
        store: address of the registry.
        download: writes the files below the empty folder that it is given; returns where.

    Raises:
        ModelFilesGone: nothing was downloaded.
        ChampionAltered: what was downloaded is not what was registered.
    """
    place = into / hashlib.sha256(store.encode()).hexdigest()[:16] / version.digest
    if _is_whole(place, version):
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".fetching-") as scratch:
        got = hold_to_digest(version, download(Path(scratch)))
        for attempt in range(_ATTEMPTS):
            with contextlib.suppress(OSError):
                return got.rename(place)
            # Another process was first; if not, what lies there is damaged and makes room.
            if _is_whole(place, version):
                return place
            with contextlib.suppress(OSError):
                place.rename(Path(scratch, f"damaged-{attempt}"))
        return got.rename(place)


def _is_whole(place: Path, version: RegisteredVersion) -> bool:
    try:
        return place.is_dir() and sha256_of(place) == version.digest
    except OSError:
        return False
