"""Files of other encodings, without a header, below a title, and Parquet: the same rows."""

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from limner.contract import Column
from limner.errors import DataFileUnreadable
from limner.portfolios.portfolio import Portfolio
from tiny import Intake, portfolio_of

NUMBER = Column("number", "integer", "Number", low=0, high=99)
CITY = Column("city", "text", "City", required=False)
CITIES = portfolio_of(NUMBER, CITY)
TEXT = "number,city\n1,Zürich\n2,\n"


def variant(**changes: Any) -> Portfolio:
    changed = replace(CITIES, **changes)
    changed.__dict__["mapping"] = CITIES.mapping
    return changed


def taken(folder: Path, portfolio: Portfolio, content: bytes) -> list[list[object]]:
    extract = folder / "extract"
    extract.write_bytes(content)
    found = Intake(portfolio, extract).trusted
    assert [file.name for file in folder.iterdir() if file.is_dir()] == []
    rows: list[list[object]] = found.to_numpy().tolist()
    return rows


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("squeeze", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_reads_the_encoding_that_the_portfolio_states(
    tmp_path: Path, encoding: str, squeeze: Any
) -> None:
    content = squeeze(TEXT.encode(encoding))
    assert taken(tmp_path, variant(encoding=encoding), content) == [[1, "Zürich"], [2, None]]


def test_reads_chinese_text_that_duckdb_alone_cannot(tmp_path: Path) -> None:
    content = TEXT.replace("Zürich", "上海").encode("gb18030")
    assert taken(tmp_path, variant(encoding="gb18030"), content) == [[1, "上海"], [2, None]]


def test_evens_out_lines_that_end_in_two_ways(tmp_path: Path) -> None:
    content = b"number,city\r\n1,Bern\n2,\r\n"
    assert taken(tmp_path, variant(encoding="utf-8-sig"), content) == [[1, "Bern"], [2, None]]


def test_refuses_a_file_that_is_not_of_the_stated_encoding(tmp_path: Path) -> None:
    with pytest.raises(DataFileUnreadable, match="not utf-16 text"):
        taken(tmp_path, variant(encoding="utf-16"), TEXT.encode())


def test_reads_a_file_without_a_header_or_below_a_title(tmp_path: Path) -> None:
    bare = variant(extract_columns=("column0", "column1"), header=False, skip_rows=2)
    bare.__dict__["mapping"] = "SELECT column0 AS number, column1 AS city FROM extract"
    assert taken(tmp_path, bare, f"Report\n{TEXT}".encode()) == [[1, "Zürich"], [2, None]]


def test_reads_parquet_whatever_its_types(tmp_path: Path) -> None:
    file = tmp_path / "made.parquet"
    pd.DataFrame({"number": [1, 2], "city": ["Zürich", None]}).to_parquet(file, index=False)
    content = file.read_bytes()
    assert taken(tmp_path, CITIES, content) == [[1, "Zürich"], [2, None]]


def test_a_column_of_free_text_takes_any_text(tmp_path: Path) -> None:
    content = b'number,city\n1,"any thing, at all"\n'
    assert taken(tmp_path, CITIES, content) == [[1, "any thing, at all"]]
