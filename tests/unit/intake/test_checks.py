"""Every kind of promise a column can make, kept and broken."""

from datetime import date
from pathlib import Path

import pytest

from limner.contract import Column
from tiny import portfolio_of, take_in_rows

KEY = Column("key", "integer", "Number of the row")
INTEGER = Column("value", "integer", "A count", required=False, missing=("", "NA"))
NUMBER = Column("value", "number", "A quantity", required=False)
DATE = Column("value", "date", "A day", required=False)
COLOUR = Column("value", "category", "A colour", required=False, allowed=("red", "it's blue"))
NEEDED = Column("value", "integer", "A count", missing=("", "NA"))
RANGE = Column("value", "integer", "A count", low=0, high=50, codes=((-1, "never"), (96, "code")))
RATIO = Column("value", "number", "A ratio", low=0.5, high=1_000_000)


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        (INTEGER, {"7": 7, " -7 ": -7, "+7": 7, "NA": None, "": None}),
        (NUMBER, {"3.25": 3.25, ".5": 0.5, "-1e3": -1000.0, "7": 7.0, "": None}),
        (DATE, {"2008-02-29": date(2008, 2, 29), " 2008-12-31": date(2008, 12, 31), "": None}),
        (COLOUR, {"it's blue": "it's blue", " red ": "red", "": None}),
        (RANGE, {"0": 0, "50": 50, "-1": -1, "96": 96}),
        (RATIO, {"0.5": 0.5, "1000000": 1e6}),
    ],
    ids=lambda column: getattr(column, "kind", ""),
)
def test_trusts_every_value_that_keeps_the_promise(
    tmp_path: Path, column: Column, kept: dict[str, object]
) -> None:
    rows = [(str(number), cell) for number, cell in enumerate(kept)]
    found = take_in_rows(tmp_path, portfolio_of(KEY, column), rows).trusted["value"].tolist()
    assert found == list(kept.values())
    assert [type(value) for value in found] == [type(value) for value in kept.values()]


@pytest.mark.parametrize(
    ("column", "rule", "cells"),
    [
        (NEEDED, "must be known", ["", " ", "NA", " NA "]),
        (INTEGER, "must be an integer",
         ["3.7", "3.0", "seven", "0x10", "1e3", "9" * 19, "1_000", "true", "7 8", "٣"]),
        (NUMBER, "must be a number",
         ["NA", "inf", "-Infinity", "nan", "1,5", ".", "e5", "$5"]),
        (NUMBER, "must be at most 3.4e+38 in size",
         ["1e999", "-1e999", "1e39", "-3.5e38", "1.7976931348623157e308", "9" * 400]),
        (DATE, "must be a date",
         ["2008-02-31", "2009-02-29", "2008-2-1", "01/02/2008", "2008-02-01 10:00", "infinity"]),
        (COLOUR, "must be an allowed value", ["green", "Red", "red,blue", "its blue"]),
        (RANGE, "must be from 0 to 50", ["51", "-2", "98"]),
        (RATIO, "must be from 0.5 to 1,000,000", ["0.4999", "1000000.1", "-1"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_refuses_every_value_that_breaks_the_promise_and_names_the_rule(
    tmp_path: Path, column: Column, rule: str, cells: list[str]
) -> None:
    rows = [(str(number), cell) for number, cell in enumerate(cells)]
    quarantine = take_in_rows(tmp_path, portfolio_of(KEY, column), rows).quarantine
    found = dict(zip(quarantine["value"].fillna(""), quarantine["broken_rules"], strict=True))
    assert found == {cell: [f"value: {rule}"] for cell in cells}


def test_names_every_rule_that_a_row_breaks(tmp_path: Path) -> None:
    first = Column("first", "integer", "A count", low=0, high=9)
    taken = take_in_rows(tmp_path, portfolio_of(first, COLOUR), [("77", "green")])
    assert list(taken.quarantine["broken_rules"][0]) == [
        "first: must be from 0 to 9",
        "value: must be an allowed value",
    ]


@pytest.mark.parametrize("copy", ["7", " 7", "07", "+7"])
def test_quarantines_every_copy_of_a_value_that_must_be_unique(tmp_path: Path, copy: str) -> None:
    key = Column("key", "integer", "Number of the row", unique=True)
    rows = [("7", "red"), (copy, "red"), ("8", "red")]
    taken = take_in_rows(tmp_path, portfolio_of(key, COLOUR), rows)
    assert taken.trusted["key"].tolist() == [8]
    assert taken.quarantine["key"].tolist() == ["7", copy]
    assert taken.quarantine["broken_rules"].tolist() == [["key: must be unique"]] * 2


def test_never_calls_unknown_or_unreadable_values_copies_of_each_other(tmp_path: Path) -> None:
    key = Column("key", "integer", "Number of the row", unique=True)
    rows = [("", "red"), ("", "red"), ("x", "red"), ("y", "red")]
    taken = take_in_rows(tmp_path, portfolio_of(key, COLOUR), rows)
    assert taken.quarantine["broken_rules"].tolist() == [
        ["key: must be known"], ["key: must be known"],
        ["key: must be an integer"], ["key: must be an integer"],
    ]  # fmt: skip
