"""The scanner finds a planted value wherever an artefact can hide it."""

import bz2
import gzip
import html
import json
import lzma
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.engine import connect
from limner.intake.privacy.scan import Hit, find_planted

NAME, PHONE, NATIONAL_ID = "Žofie Dvořáková", "+420 777 123 456", "8003111234"
PLANTED = [NAME, PHONE, NATIONAL_ID]


def text_of(*, packed: Callable[[bytes], bytes] = bytes) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(packed(f"x,{NAME},{PHONE}\n".encode())) and None


def write_parquet(file: Path) -> None:
    # So many rows that the values are in no statistics, and packed.
    rows = [f"row {n % 97}" for n in range(5_000)] + [NAME]
    numbers = [*range(5_000), 420777123456]
    pd.DataFrame({"note": rows, "number": numbers}).to_parquet(file, compression="zstd")


def write_nested_parquet(file: Path) -> None:
    pd.DataFrame({"lists": [["a"], [NAME, "b"]], "deep": [{"p": PHONE}, {"p": ""}]}).to_parquet(
        file
    )


def write_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute('CREATE TABLE "odd ""table" (a TEXT, b INTEGER)')
        db.execute('INSERT INTO "odd ""table" VALUES (?, ?)', ("x" * 5_000 + NAME, 420777123456))
        db.commit()


def write_duckdb(file: Path) -> None:
    with connect() as connection:
        connection.execute(f"ATTACH '{file}' AS made")
        connection.execute("CREATE TABLE made.t AS SELECT 'row ' || i AS a FROM range(5000) r(i)")
        connection.execute("INSERT INTO made.t VALUES (?), (?)", [NAME, PHONE])


def write_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv.gz", gzip.compress(f"{NAME}\n{PHONE}".encode()))


@pytest.mark.parametrize(
    "write",
    [
        text_of(), text_of(packed=gzip.compress), text_of(packed=bz2.compress),
        text_of(packed=lzma.compress), text_of(packed=lambda c: gzip.compress(gzip.compress(c))),
        write_parquet, write_nested_parquet, write_sqlite, write_duckdb, write_zip,
    ],
    ids=["csv", "gzip", "bz2", "xz", "gzip twice", "parquet", "nested parquet", "sqlite",
         "duckdb", "zip"],
)  # fmt: skip
def test_finds_what_is_packed_away(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path / "artefact")
    assert {hit.planted for hit in find_planted(tmp_path, PLANTED)} == {0, 1}


@pytest.mark.parametrize(
    "text",
    [
        NAME.upper(), NAME.lower(), "zofie dvorakova", json.dumps(NAME), html.escape(NAME),
        "%C5%BDofie%20Dvo%C5%99%C3%A1kov%C3%A1", f"…{NAME}…", f"xx{NAME}yy",
    ],
)  # fmt: skip
def test_finds_a_name_however_it_is_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text, encoding="utf-8")
    assert find_planted(tmp_path, PLANTED) == [Hit("a", "", 0)]


def test_finds_values_in_other_encodings_and_among_other_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe\x00" + NAME.encode("utf-16-le"))
    (tmp_path / "b").write_bytes(b"\x80\xff\x00" + NAME.encode() + b"\xff")
    (tmp_path / "c").write_text("420777123456", encoding="ascii")
    found = find_planted(tmp_path, PLANTED)
    assert [(hit.file, hit.planted) for hit in found] == [("a", 0), ("b", 0), ("c", 1)]


def test_finds_a_value_across_the_border_of_two_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("limner.intake.privacy.scan._PART", 64)
    for at in range(40, 80):
        (tmp_path / f"{at}").write_bytes(b"." * at + NAME.encode() + b"." * 90)
    assert len(find_planted(tmp_path, PLANTED)) == 40


def test_says_where_and_never_what(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write_parquet(tmp_path / "deep" / "t.parquet")
    hits = find_planted(tmp_path, [NATIONAL_ID, NAME, "420777123456"])
    assert Hit("deep/t.parquet", "note", 1) in hits
    assert Hit("deep/t.parquet", "number", 2) in hits
    assert "Žofie" not in repr(hits)


def test_two_values_written_the_same_are_both_found(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("novakova", encoding="utf-8")
    assert [hit.planted for hit in find_planted(tmp_path, ["Nováková", "Novakova"])] == [0, 1]


def test_a_clean_folder_has_no_hit(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Žofie Dvořák, 777 123 45, 800311123", encoding="utf-8")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 is no table")
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8bno")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04no")
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\0no")
    (tmp_path / "empty").touch()
    assert find_planted(tmp_path, PLANTED) == []
    assert find_planted(tmp_path, []) == []


def test_refuses_a_value_that_chance_would_find(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="planted value 1 is shorter"):
        find_planted(tmp_path, [NAME, "Eva"])


@given(
    st.lists(st.text("abc", min_size=4, max_size=12), min_size=1, max_size=6),
    st.text("abc", max_size=200),
)
@settings(deadline=None)
def test_agrees_with_a_search_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, planted: list[str], text: str
) -> None:
    folder = tmp_path_factory.mktemp("scan")
    (folder / "a").write_text(text, encoding="ascii")
    expected = [number for number, value in enumerate(planted) if value in text]
    assert [hit.planted for hit in find_planted(folder, planted)] == expected
