"""Whatever a file calls its columns and wherever it lies, each column is its own."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import limner
from drafted import Drafted, draft

ROWS = 160
_DRAW = np.random.default_rng(5)
TARGET = [str(v) for v in _DRAW.integers(0, 2, ROWS)]
KEYWORDS = (
    "select", "from", "where", "group", "order", "table", "case", "end", "as", "and", "null",
    "true", "all", "lambda", "columns", "rowid", "extract", "sampled", "staged", "broken",
    "suspects", "findings", "file", "filename", "file_row_number", "file_index", "row_in_table",
    "broken_rules", "rules", "rule", "customer_id", "sample", "value 1", "row in file",
    "row in table", "typed a", "raw a", "a", "", " ", "column0", "t_1", "*", "$1", "?", ":a",
)  # fmt: skip


def aliases_in_use() -> list[str]:
    """Collect the names that queries of the house give to columns, tables and parameters."""
    root = Path(limner.__file__).parent
    sources = [f for room in ("onboarding", "intake") for f in (root / room).rglob("*.py")]
    text = "\n".join(f.read_text(encoding="utf-8") for f in [*sources, root / "engine.py"])
    return sorted(set(re.findall(r"\b(?:AS|lambda|FROM|JOIN) ([a-z_]+)\b", text)))


NAMES = st.one_of(
    st.sampled_from([*aliases_in_use(), *KEYWORDS]),
    st.sampled_from([*aliases_in_use(), *KEYWORDS]).map(str.upper),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
    st.text("ab\"'`,;\n\\{}[]%().-", max_size=6),
).filter(lambda name: name.strip().casefold() != "target")


def values_of(place: int) -> list[str]:
    """Make amounts that no other column has."""
    return [f"{place * 1000 + v:.2f}" for v in np.random.default_rng(place).uniform(1, 900, ROWS)]


def write_text(folder: Path, names: Sequence[str]) -> Path:
    file, text = folder / "t.csv", io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*names, "target"])
    writer.writerows(zip(*(values_of(p) for p in range(1, len(names) + 1)), TARGET, strict=True))
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    return file


def write_parquet(folder: Path, names: Sequence[str]) -> Path:
    file = folder / "t.parquet"
    columns = [values_of(place) for place in range(1, len(names) + 1)]
    pq.write_table(pa.table([*columns, TARGET], names=[*names, "target"]), file)
    return file


def check_each_is_its_own(found: Drafted, names: Sequence[str]) -> None:
    taken = {c.profile.position: c for c in found.plan.columns if c.profile}
    assert len(taken) + len(found.plan.left_out) == len(names) + 1
    assert len(found.intake.quarantine) == 0
    for place in taken.keys() - {len(names) + 1}:
        column, values = taken[place], [float(v) for v in values_of(place)]
        assert column.profile is not None
        assert (column.profile.low, column.profile.high) == (min(values), max(values))
        assert found.intake.trusted[column.name].astype(float).tolist() == values


@pytest.mark.parametrize("write", [write_text, write_parquet])
def test_names_of_our_own_queries_change_nothing(tmp_path: Path, write: object) -> None:
    names = ["T", "v", "n", "d", "y", "h", "k", "part", "rule", "filename", "file_row_number",
             "row_in_table", "extract", "number"]  # fmt: skip
    found = draft(write(tmp_path, names))  # type: ignore[operator]
    check_each_is_its_own(found, names)
    assert not found.plan.left_out


@pytest.mark.parametrize("write", [write_text, write_parquet])
def test_names_that_differ_in_case_only_are_two_columns(tmp_path: Path, write: object) -> None:
    names = ["T", "t", "t_1", "É", "é", "T"]
    found = draft(write(tmp_path, names))  # type: ignore[operator]
    check_each_is_its_own(found, names)
    assert not found.plan.left_out


@given(st.lists(NAMES, min_size=10, max_size=16), st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_names_change_nothing(names: list[str], is_text: bool) -> None:
    with TemporaryDirectory() as folder:
        file = (write_text if is_text else write_parquet)(Path(folder), names)
        check_each_is_its_own(draft(file), names)


def test_the_aliases_of_the_house_are_found() -> None:
    assert {"v", "n", "staged", "extract", "number"} <= set(aliases_in_use())


@pytest.mark.parametrize(
    "place",
    ["home=own", "a=5/dt=2024-01-31", "[x]", "*", "?", "{a,b}", "it's", "100%", "back\\slash"],
)
@pytest.mark.parametrize("write", [write_text, write_parquet])
def test_a_folder_says_nothing_of_a_column(tmp_path: Path, place: str, write: object) -> None:
    names = ["a", "home", "dt"]
    decoy = tmp_path / "x"
    decoy.mkdir()
    write(decoy, ["other"])  # type: ignore[operator]
    folder = tmp_path / normalize("NFC", place)
    folder.mkdir(parents=True)
    found = draft(write(folder, names))  # type: ignore[operator]
    check_each_is_its_own(found, names)
    assert [c.profile.label for c in found.plan.columns if c.profile] == [*names, "target"]


def test_upper_case_headers_with_a_stated_key_lose_no_value(tmp_path: Path) -> None:
    file = tmp_path / "upper.csv"
    rows = "".join(f"{i + 1},{i % 90 + 1},{TARGET[i]}\n" for i in range(ROWS))
    file.write_text(f"ID,LIMIT_BAL,DEFAULT\n{rows}", encoding="utf-8")
    found = draft(file, target="DEFAULT", id_column="ID")
    assert len(found.intake.trusted) == ROWS
    assert found.intake.trusted["limit_bal"].tolist() == [i % 90 + 1 for i in range(ROWS)]
