"""An extract that is no table, not this table, or too often wrong is refused whole."""

from pathlib import Path

import pytest

from limner.contract import Column
from limner.errors import ColumnMissing, ContractBreach, DataFileUnreadable, EmptySample
from limner.portfolios import find_portfolio
from tiny import Intake, portfolio_of, take_in_rows, write_extract

CUSTOMERS = portfolio_of(
    Column("key", "integer", "Number of the row", unique=True),
    Column("age", "integer", "Age", low=18, high=110),
    Column("colour", "category", "Colour", allowed=("red", "blue"), required=False),
)
GOOD = [("1", "30", "red"), ("2", "41", ""), ("3", "52", "blue")]


@pytest.mark.parametrize("name", ["bank_marketing", "give_me_credit"])
def test_refuses_a_file_without_a_promised_column(tmp_path: Path, name: str) -> None:
    portfolio = find_portfolio(name)
    *present, absent = portfolio.extract_columns
    row = ["1"] * len(present)
    extract = write_extract(tmp_path / "a.csv", present, [row], portfolio.separator)
    with pytest.raises(ColumnMissing, match=f"{name}: column {absent} is absent") as refusal:
        Intake(portfolio, extract)
    assert refusal.value.present == tuple(present)


def test_refuses_a_header_without_rows(tmp_path: Path) -> None:
    with pytest.raises(EmptySample, match="header only"):
        take_in_rows(tmp_path, CUSTOMERS, [])


@pytest.mark.parametrize(
    "content",
    [
        b"key,age,colour\n1,30,red\n2,30\n",
        b"key,age,colour\n1,30,red,more\n2,30,red\n",
        b"exported on Monday\nkey,age,colour\n1,30,red\n",
        b'key,age,colour\n1,30,"red\n',
        b"key,age,colour\n1,30,\xff\xfe\n",
        bytes(range(256)) * 40,
        b"\x1f\x8bnot gzip at all",
    ],
    ids=["short row", "long row", "preamble", "open quote", "no UTF-8", "binary", "no gzip"],
)
def test_refuses_a_file_that_is_no_table_in_one_line(tmp_path: Path, content: bytes) -> None:
    extract = tmp_path / "extract"
    extract.write_bytes(content)
    with pytest.raises((DataFileUnreadable, ColumnMissing)) as refusal:
        Intake(CUSTOMERS, extract)
    assert "\n" not in str(refusal.value)
    assert str(tmp_path) not in str(refusal.value)
    assert [file.name for file in tmp_path.iterdir()] == ["extract"]


def test_writes_nothing_when_more_rows_break_the_contract_than_allowed(tmp_path: Path) -> None:
    rows = [*GOOD, ("4", "7", "red"), ("5", "8", "red")]
    assert take_in_rows(tmp_path, CUSTOMERS, rows, limit=0.4).report.rows_quarantined == 2
    (tmp_path / "second").mkdir()
    with pytest.raises(ContractBreach) as refusal:
        take_in_rows(tmp_path / "second", CUSTOMERS, rows, limit=0.39)
    assert "tiny.age: 2 of 5 rows break 'must be from 18 to 110'" in str(refusal.value)
    assert "39.00%" in str(refusal.value)
    assert [file.name for file in (tmp_path / "second").iterdir()] == ["extract.csv"]
