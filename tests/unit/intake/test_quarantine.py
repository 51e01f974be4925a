"""Every row of an extract goes to exactly one place, and nothing is lost on the way."""

import gzip
from pathlib import Path
from string import printable
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import limner.intake.staging as staging_module
from limner.contract import Column
from limner.engine import connect
from limner.errors import DataFileUnreadable, RowsLost
from tiny import Intake, portfolio_of, take_in_rows, write_extract

CUSTOMERS = portfolio_of(
    Column("key", "integer", "Number of the row", unique=True),
    Column("age", "integer", "Age", low=18, high=110),
    Column("colour", "category", "Colour", allowed=("red", "blue"), required=False),
)
GOOD = [("1", "30", "red"), ("2", "41", ""), ("3", "52", "blue")]

# What a careless export holds: values that nearly keep the promise, and anything at all.
cells = st.one_of(
    st.sampled_from(["1", "07", "30", "red", "", " ", "#", "#1", "NA", '"', "'", ",", "inf", "\n"]),
    st.text(printable, max_size=6),
    st.text(max_size=4).filter(lambda text: text.encode("utf-8", "ignore").decode() == text),
)


@given(rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=30))
@settings(max_examples=25, deadline=None)
def test_rows_in_are_rows_trusted_plus_rows_quarantined(rows: list[tuple[str, ...]]) -> None:
    with TemporaryDirectory() as folder:
        try:
            taken = take_in_rows(Path(folder), CUSTOMERS, rows)
        except DataFileUnreadable:
            # Refused whole is not lost: text that no reader can part into cells.
            assert any(mark in cell for row in rows for cell in row for mark in "\r\n\0")
            return
        kept, broken = len(taken.trusted), len(taken.quarantine)
        assert kept + broken == len(rows) == taken.report.rows_in
        assert (taken.report.rows_trusted, taken.report.rows_quarantined) == (kept, broken)
        assert all(rules for rules in taken.quarantine["broken_rules"])
        assert set(taken.trusted["colour"]) <= {"red", "blue", None}
        assert taken.trusted["key"].is_unique


@pytest.mark.parametrize("first", ["#", "# a comment?", "1", ""])
def test_never_takes_a_row_for_a_comment_or_a_preamble(tmp_path: Path, first: str) -> None:
    taken = take_in_rows(tmp_path, CUSTOMERS, [(first, "", "")] * 3 + GOOD)
    assert taken.report.rows_in == 6


def test_quarantined_rows_keep_their_text_and_name_their_rules(tmp_path: Path) -> None:
    rows = [*GOOD, ("4", " 17 ", "Red"), ("x", "30", '"odd", isn\'t it')]
    taken = take_in_rows(tmp_path, CUSTOMERS, rows)
    assert taken.quarantine.values.tolist() == [
        ["4", " 17 ", "Red", ["age: must be from 18 to 110", "colour: must be an allowed value"]],
        ["x", "30", '"odd", isn\'t it',
         ["key: must be an integer", "colour: must be an allowed value"]],
    ]  # fmt: skip
    found = {(b.column, b.rule): b.rows for b in taken.report.breaches}
    assert found == {
        ("key", "must be an integer"): 1,
        ("age", "must be from 18 to 110"): 1,
        ("colour", "must be an allowed value"): 2,
    }
    assert taken.report.missing == {"colour": 1}


def test_both_parts_keep_the_order_of_the_file(tmp_path: Path) -> None:
    named = portfolio_of(
        Column("key", "category", "A name", unique=True), Column("age", "integer", "Age", low=18)
    )
    # So many rows that the engine parts them by their hash to find copies.
    rows = [(f"name {7919 * i % 260_000}", "30" if i % 2 else "x") for i in range(260_000)]
    taken = take_in_rows(tmp_path, named, rows)
    assert taken.trusted["key"].tolist() == [name for name, age in rows if age == "30"]
    assert taken.quarantine["key"].tolist() == [name for name, age in rows if age == "x"]


def test_the_order_of_columns_may_vary_and_others_are_left_out(tmp_path: Path) -> None:
    shuffled = [(colour, "ignored", key, age) for key, age, colour in GOOD]
    extract = write_extract(tmp_path / "a.csv", ("colour", "more", "key", "age"), shuffled)
    taken = Intake(CUSTOMERS, extract)
    assert taken.trusted.equals(take_in_rows(tmp_path, CUSTOMERS, GOOD).trusted)


def test_a_gzipped_file_without_suffix_is_read_as_well(tmp_path: Path) -> None:
    plain = take_in_rows(tmp_path, CUSTOMERS, GOOD)
    packed = tmp_path / "extract"
    packed.write_bytes(gzip.compress((tmp_path / "extract.csv").read_bytes()))
    assert Intake(CUSTOMERS, packed).trusted.equals(plain.trusted)


def test_equal_extracts_give_equal_bytes(tmp_path: Path) -> None:
    rows = [(str(i), str(i % 130), "red") for i in range(3000)]
    written = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        taken = take_in_rows(tmp_path / name, CUSTOMERS, rows)
        written.append((taken.trusted_file.read_bytes(), taken.quarantine_file.read_bytes()))
    assert written[0] == written[1]


def test_stops_when_rows_are_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter([3, 1, 1])
    monkeypatch.setattr(staging_module, "count", lambda *_: next(counts))
    with pytest.raises(RowsLost, match="3 rows in, but 1 trusted"):
        take_in_rows(tmp_path, CUSTOMERS, GOOD)


def test_the_engine_never_fetches_an_extension() -> None:
    with connect() as connection:
        asked = "SELECT current_setting('{}')"
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert connection.execute(asked.format(setting)).fetchone() == (False,)
