"""What is brought together of a bank: files copied, tables of a database landed, or a reason."""

from datetime import date
from pathlib import Path

import pytest

from limner.artifacts import BankPaths
from limner.domain import Bilingual
from limner.errors import DataFileMissing, SettingsInvalid
from limner.portfolios import bank_source
from limner.portfolios.bank import Bank, Extract
from limner.portfolios.bank_source import collect
from limner.portfolios.left_out import MARKER, why_left_out
from limner.settings import BankSettings, SnapshotDates

SNAPSHOTS = SnapshotDates(first=date(2024, 1, 1), last=date(2024, 2, 1))
landings: list[tuple[str, str]] = []


def land(bank: Bank, location: str, folder: Path) -> None:
    landings.append((bank.name, location))
    (folder / "database").mkdir()


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bank of a database table and of files."""
    landings.clear()
    extracts = (
        Extract("accounts", "core.accounts", ("id",), "database"),
        Extract("notes", "notes/*.csv", ("id",)),
    )
    made = Bank("b", Bilingual("B", "乙"), "Nobody", "CZK", extracts)
    monkeypatch.setattr(bank_source, "find_bank", lambda name: made)


def collected(tmp_path: Path, location: str | None) -> BankPaths:
    stated = BankSettings(
        location=location, day=date(2024, 3, 1), snapshots=SNAPSHOTS, master_system="core"
    )
    paths = BankPaths(tmp_path / "data" / "b")
    collect("b", stated, paths, land, lambda line: None)
    return paths


def files(folder: Path) -> list[str]:
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


def test_tables_of_a_server_are_landed_and_its_address_is_written_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("B_DATABASE", "postgresql://reader:hush@db.example/bank")
    paths = collected(tmp_path, "postgresql:B_DATABASE")
    assert landings == [("b", "postgresql:B_DATABASE")]
    assert why_left_out(paths.extract) is None
    for file in (tmp_path / "data").rglob("*"):
        if file.is_file():
            assert b"hush" not in file.read_bytes()
            assert b"B_DATABASE" not in file.read_bytes()


def test_a_database_file_is_landed_and_the_files_beside_it_are_copied(tmp_path: Path) -> None:
    source = tmp_path / "bank"
    (source / "notes").mkdir(parents=True)
    for name in ("notes/1.csv", "notes/2.csv", "secret.csv", "bank.sqlite"):
        (source / name).write_text(name)
    paths = collected(tmp_path, str(source / "bank.sqlite"))
    assert landings == [("b", str(source / "bank.sqlite"))]
    # The database itself, with all else that it may hold, is not copied.
    assert files(paths.extract) == ["notes/1.csv", "notes/2.csv"]


def test_a_folder_has_the_files_that_extracts_name_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank" / "notes").mkdir(parents=True)
    (tmp_path / "bank" / "notes" / "1.csv").write_text("1")
    paths = collected(tmp_path, str(tmp_path / "bank"))
    assert landings == []
    assert files(paths.extract) == ["notes/1.csv"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataFileMissing, match=r"none of these is there: core\.accounts, notes"):
        collected(tmp_path, str(tmp_path / "empty"))


def test_only_a_bank_whose_location_is_null_is_left_out(tmp_path: Path) -> None:
    paths = collected(tmp_path, None)
    assert "banks.b.location" in str(why_left_out(paths.extract))
    assert files(paths.extract) == [MARKER]


@pytest.mark.parametrize("location", ["/nothing/here", "mistyped", "~nobody-of-this-name/bank"])
def test_refuses_a_stated_location_where_nothing_is(tmp_path: Path, location: str) -> None:
    with pytest.raises(DataFileMissing, match=r"correct banks\.b\.location, or set it to null"):
        collected(tmp_path, location)
    assert files(tmp_path) == []


def test_a_bank_that_was_here_stays_where_its_location_is_mistyped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank" / "notes").mkdir(parents=True)
    (tmp_path / "bank" / "notes" / "1.csv").write_text("1")
    paths = collected(tmp_path, str(tmp_path / "bank"))
    with pytest.raises(DataFileMissing):
        collected(tmp_path, str(tmp_path / "bnak"))
    assert files(paths.extract) == ["notes/1.csv"]


def test_refuses_to_make_a_bank_that_nothing_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    stated = BankSettings(
        location=None, day=date(2024, 3, 1), snapshots=SNAPSHOTS, master_system="core",
        made={"customers": 3},
    )  # fmt: skip
    with pytest.raises(SettingsInvalid, match=r"banks\.berka\.generator: name the Python package"):
        collect("berka", stated, BankPaths(tmp_path / "berka"), land, lambda line: None)


def test_refuses_a_generator_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    stated = BankSettings(
        location=None,
        day=date(2024, 3, 1),
        snapshots=SNAPSHOTS,
        master_system="core",
        generator="no_such_bank",
        made={"customers": 3},
    )
    with pytest.raises(SettingsInvalid, match="no Python package 'no_such_bank' is installed"):
        collect("berka", stated, BankPaths(tmp_path / "berka"), land, lambda line: None)
