"""Every kind of promise a column can make, kept and broken."""

from pathlib import Path

import pytest
from tiny import portfolio_of, take_in_rows

from limner.contract import Column

KEY = Column("key", "integer", "Number of the row")
INTEGER = Column("value", "integer", "A count", required=False, missing=("", "NA"))
NUMBER = Column("value", "number", "A quantity", required=False)
DATE = Column("value", "date", "A day", required=False)
COLOUR = Column("value", "category", "A colour", required=False, allowed=("red", "it's blue"))
NEEDED = Column("value", "integer", "A count", missing=("", "NA"))
RANGE = Column("value", "integer", "A count", low=0, high=50, codes=((-1, "never"), (96, "code")))
RATIO = Column("value", "number", "A ratio", low=0.5, high=1_000_000)


def broken_by(folder: Path, column: Column, cell: str) -> list[str]:
    """Take in one row and name the rules its cell breaks."""
    taken = take_in_rows(folder, portfolio_of(KEY, column), [("1", cell)])
    return list(taken.quarantine["broken_rules"][0]) if len(taken.quarantine) else []


def value_of(folder: Path, column: Column, cell: str) -> object:
    return take_in_rows(folder, portfolio_of(KEY, column), [("1", cell)]).trusted["value"][0]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (INTEGER, "7", 7),
        (INTEGER, " -7 ", -7),
        (INTEGER, "+7", 7),
        (INTEGER, "NA", None),
        (INTEGER, "", None),
        (NUMBER, "3.25", 3.25),
        (NUMBER, ".5", 0.5),
        (NUMBER, "-1e3", -1000.0),
        (NUMBER, "", None),
        (COLOUR, "it's blue", "it's blue"),
        (COLOUR, " red ", "red"),
        (COLOUR, "", None),
        (RANGE, "0", 0),
        (RANGE, "50", 50),
        (RANGE, "-1", -1),
        (RANGE, "96", 96),
        (RATIO, "0.5", 0.5),
    ],
)
def test_trusts_a_value_that_keeps_the_promise(
    tmp_path: Path, column: Column, cell: str, value: object
) -> None:
    found = value_of(tmp_path, column, cell)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        (NEEDED, "", "must be known"),
        (NEEDED, " ", "must be known"),
        (NEEDED, "NA", "must be known"),
        (INTEGER, "3.7", "must be an integer"),
        (INTEGER, "3.0", "must be an integer"),
        (INTEGER, "seven", "must be an integer"),
        (INTEGER, "0x10", "must be an integer"),
        (INTEGER, "1e3", "must be an integer"),
        (INTEGER, "9" * 19, "must be an integer"),
        (INTEGER, "1_000", "must be an integer"),
        (NUMBER, "NA", "must be a number"),
        (NUMBER, "inf", "must be a number"),
        (NUMBER, "-Infinity", "must be a number"),
        (NUMBER, "nan", "must be a number"),
        (NUMBER, "1e999", "must be a number"),
        (NUMBER, "9" * 400, "must be a number"),
        (NUMBER, "1,5", "must be a number"),
        (NUMBER, ".", "must be a number"),
        (DATE, "2008-02-31", "must be a date"),
        (DATE, "2008-2-1", "must be a date"),
        (DATE, "01/02/2008", "must be a date"),
        (DATE, "2008-02-01 10:00:00", "must be a date"),
        (COLOUR, "green", "must be an allowed value"),
        (COLOUR, "Red", "must be an allowed value"),
        (RANGE, "51", "must be from 0 to 50"),
        (RANGE, "-2", "must be from 0 to 50"),
        (RANGE, "98", "must be from 0 to 50"),
        (RATIO, "0.4999", "must be from 0.5 to 1,000,000"),
    ],
)
def test_refuses_a_value_that_breaks_the_promise_and_names_the_rule(
    tmp_path: Path, column: Column, cell: str, rule: str
) -> None:
    assert broken_by(tmp_path, column, cell) == [f"value: {rule}"]


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
