"""A portfolio's file: found without importing anything, and the one that was reviewed."""

import hashlib
import sys
from importlib import metadata
from pathlib import Path

import pytest

from limner.errors import DataFileAltered, DataFileMissing
from limner.portfolios.source import read_verified
from limner.settings import Source
from project import settings

CONTENT = b"age;job\n30;student\n"


def source_of(location: str, content: bytes = CONTENT) -> Source:
    return Source(
        location=location, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest()
    )


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    file = tmp_path / "customers.csv"
    file.write_bytes(CONTENT)
    return file


@pytest.fixture
def trapped_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with a data file, which explodes when it is imported."""
    folder, info = tmp_path / "trapped", tmp_path / "trapped-1.0.dist-info"
    for new in (folder, info):
        new.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "customers.csv").write_bytes(CONTENT)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: trapped\nVersion: 1.0\n")
    (info / "RECORD").write_text("trapped/__init__.py,,\ntrapped/customers.csv,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_reads_the_file_that_was_reviewed(extract: Path) -> None:
    assert read_verified("bank", source_of(str(extract))) == CONTENT


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    location = str(tmp_path / "absent.csv")
    with pytest.raises(DataFileMissing) as refusal:
        read_verified("bank", source_of(location))
    assert location in str(refusal.value)
    assert "change portfolios.bank.source.location" in str(refusal.value)


def test_refuses_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(DataFileMissing):
        read_verified("bank", source_of(str(tmp_path)))


def test_refuses_a_file_of_another_size_with_both_sizes_and_the_remedy(extract: Path) -> None:
    reviewed = source_of(str(extract))
    extract.write_bytes(CONTENT + b"31;retired\n")
    with pytest.raises(DataFileAltered) as refusal:
        read_verified("bank", reviewed)
    message = str(refusal.value)
    assert "has size_bytes 30, expected 19" in message
    assert "restore the file" in message
    assert "params.yaml under portfolios.bank.source" in message


def test_refuses_a_file_of_the_same_size_with_another_content(extract: Path) -> None:
    reviewed = source_of(str(extract))
    other = CONTENT.replace(b"30", b"31")
    extract.write_bytes(other)
    with pytest.raises(DataFileAltered) as refusal:
        read_verified("bank", reviewed)
    assert refusal.value.fact == "sha256"
    assert refusal.value.expected == hashlib.sha256(CONTENT).hexdigest()
    assert refusal.value.found == hashlib.sha256(other).hexdigest()
    assert refusal.value.found in str(refusal.value)


def test_never_imports_the_package_that_holds_a_file(trapped_package: Path) -> None:
    location = f"package:trapped/{trapped_package.name}/customers.csv"
    assert read_verified("bank", source_of(location)) == CONTENT
    assert "trapped" not in sys.modules


def test_refuses_a_package_that_is_not_installed() -> None:
    with pytest.raises(DataFileMissing, match=r"nowhere-at-all is not installed: run 'uv sync'"):
        read_verified("bank", source_of("package:nowhere-at-all/customers.csv"))


@pytest.mark.parametrize("file", ["__init__.py", "customers.csv", "unlisted.csv"])
def test_refuses_a_package_without_the_file(trapped_package: Path, file: str) -> None:
    (trapped_package / file).unlink(missing_ok=True)
    with pytest.raises(DataFileMissing, match="uv sync --reinstall-package trapped"):
        read_verified("bank", source_of(f"package:trapped/trapped/{file}"))


@pytest.mark.parametrize("portfolio", ["bank_marketing", "give_me_credit"])
def test_the_public_files_are_the_reviewed_ones_and_are_never_imported(portfolio: str) -> None:
    source = settings().portfolio(portfolio).source
    package = source.location.removeprefix("package:").partition("/")[0]
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        pytest.skip(f"group public-data ({package}) is not installed")
    assert len(read_verified(portfolio, source)) == source.size_bytes
    assert package not in sys.modules
