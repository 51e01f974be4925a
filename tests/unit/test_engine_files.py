"""A path names one file, whatever signs are in it, and a file's columns are its own."""

import re
from pathlib import Path

import pandas as pd
import pytest

import limner
from limner.engine import CsvLayout, attach, connect, read_csv, read_parquet, write_parquet
from limner.errors import PathUnreadable

FOLDERS = (
    "home=own", "dt=2024-01-31", "[x]", "[!x]", "*", "**", "?", "{a,b}", "it's", '"q"', "100%",
    "%s", "~", "back\\slash", "s3:", "http:", "#1", "a b", "数据", "$HOME", "{uuid}", "-",
)  # fmt: skip
DECOYS = ("a", "x", "aa", "b")


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("relative", [True, False], ids=["relative", "absolute"])
def test_reads_and_writes_the_one_file_that_a_path_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, relative: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    for decoy in DECOYS:
        _lay(tmp_path / decoy, "another")
    here = _lay(Path(folder) if relative else tmp_path / folder, "own")
    copy = here / "copy.parquet"
    with connect() as connection:
        text = read_csv(here / "t.csv", ["home", "dt"], CsvLayout())
        binary = read_parquet([here / "t.parquet"])
        assert connection.execute(f"FROM {text}").fetchall() == [("own", "2022")]
        assert connection.execute(f"FROM {binary}").fetchall() == [("own", "2022")]
        write_parquet(connection, f"FROM {binary}", copy)
    assert copy.is_file()
    assert pd.read_parquet(copy.absolute()).to_numpy().tolist() == [["own", "2022"]]


def test_refuses_the_one_kind_of_path_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(PathUnreadable, match="backslash"):
        read_parquet([tmp_path / "a\\*" / "t.parquet"])


def test_opens_a_database_file_by_any_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with connect() as connection:
        connection.execute("ATTACH 'made.duckdb' AS made; CREATE TABLE made.t AS SELECT 7 AS n")
    for folder in ("sqlite:x", "[a]", "home=own"):
        Path(folder).mkdir()
        file = Path(folder, "t.duckdb")
        file.write_bytes(Path("made.duckdb").read_bytes())
        with connect() as connection:
            attach(connection, file, 'odd "name"')
            assert connection.execute('FROM "odd ""name""".t').fetchall() == [(7,)]


def test_no_other_module_tells_the_engine_to_read_a_file() -> None:
    # A call of the door's own functions stands outside of quotes, or in braces.
    reads = re.compile(
        r"""["'][^"'{]*(?<![.\w])(read|scan|sniff)_(parquet|csv|json|text|blob)\w*\("""
        r"""|(parquet|csv)_scan|FROM '|FROM \{literal|ATTACH """
    )
    root = Path(limner.__file__).parent
    found = [
        f"{file.relative_to(root)}: {line.strip()}"
        for file in sorted(root.rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if file.name != "engine.py" and reads.search(line)
    ]
    assert not found


def _lay(folder: Path, home: str) -> Path:
    folder.mkdir(parents=True)
    table = pd.DataFrame({"home": [home], "dt": ["2022"]})
    # pandas itself would take a leading ~ for the home folder.
    table.to_csv(folder.absolute() / "t.csv", index=False)
    table.to_parquet(folder.absolute() / "t.parquet", index=False)
    return folder
