"""Copies of a version's files that processes share: whole and verified, or refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from limner.artifacts import sha256_of
from limner.registry.protocol import ChampionAltered, ModelFilesGone, RegisteredVersion
from limner.registry.verified import fetch_once

# Writes slowly, so that the processes meet while files are half there.
RACE = """
import sys, time
from pathlib import Path
from limner.artifacts import sha256_of
from limner.registry.protocol import RegisteredVersion
from limner.registry.verified import fetch_once

into, digest, start = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])

def download(folder):
    for number in range(5):
        file = folder / "fitted" / f"{number}.ubj"
        file.parent.mkdir(exist_ok=True)
        with file.open("wb") as stream:
            for _ in range(4):
                stream.write(bytes([number]) * 50_000)
                time.sleep(0.001)
    return folder / "fitted"

while time.time() < start:
    pass
for turn in range(15):
    version = RegisteredVersion("churn", 1, "", digest, ())
    found = fetch_once(version, f"store {turn}", into, download)
    assert sha256_of(found) == digest, found
print("whole")
"""


def write_fitted(folder: Path, size: int = 200_000) -> Path:
    for number in range(5):
        file = folder / "fitted" / f"{number}.ubj"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(bytes([number]) * size)
    return folder / "fitted"


@pytest.fixture
def version(tmp_path: Path) -> RegisteredVersion:
    (tmp_path / "made").mkdir()
    return RegisteredVersion("churn", 1, "", sha256_of(write_fitted(tmp_path / "made")), ())


def test_processes_that_fetch_one_version_at_once_all_read_it_whole(
    version: RegisteredVersion, tmp_path: Path
) -> None:
    import time

    start = time.time() + 2
    arguments = [str(tmp_path / "into"), version.digest, str(start)]
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    told = [process.communicate(timeout=120) for process in racing]
    assert told == [("whole\n", "")] * 4
    left = [path for path in (tmp_path / "into").rglob("*") if path.name.startswith(".fetching")]
    assert left == []


def test_a_whole_copy_is_used_and_a_damaged_one_fetched_anew(
    version: RegisteredVersion, tmp_path: Path
) -> None:
    asked: list[Path] = []

    def download(folder: Path) -> Path:
        asked.append(folder)
        return write_fitted(folder)

    found = [fetch_once(version, "store", tmp_path, download) for _ in range(2)]
    assert found[0] == found[1]
    assert len(asked) == 1
    (found[0] / "3.ubj").write_bytes(b"damaged")
    (found[0] / "planted.ubj").write_bytes(b"planted")
    assert sha256_of(fetch_once(version, "store", tmp_path, download)) == version.digest
    assert len(asked) == 2


def test_what_two_stores_keep_is_never_mixed(version: RegisteredVersion, tmp_path: Path) -> None:
    one, other = (fetch_once(version, name, tmp_path, write_fitted) for name in ("a", "b"))
    assert one != other


def test_never_keeps_a_download_that_is_not_what_was_registered(
    version: RegisteredVersion, tmp_path: Path
) -> None:
    with pytest.raises(ChampionAltered):
        fetch_once(version, "store", tmp_path / "into", lambda into: write_fitted(into, size=9))
    with pytest.raises(ModelFilesGone):
        fetch_once(version, "store", tmp_path / "into", lambda into: into / "nothing")
    assert not [path for path in (tmp_path / "into").rglob("*") if path.is_file()]
