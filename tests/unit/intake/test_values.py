"""A value is what it is, whatever type it arrives in; nothing is bent to fit."""

import datetime as dt
from typing import Any

import pytest

from limner.contract import Column
from limner.engine import columns_of, connect
from limner.intake.values import raw_sql, value_sql

A_DAY, A_TIME = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 10, 20, 30)
MIDNIGHT = dt.datetime(2024, 2, 29)


def _read(kind: str, sql: str, missing: tuple[str, ...] = ("",)) -> tuple[Any, Any]:
    column = Column("v", kind, "A value", missing=missing)  # type: ignore[arg-type]
    with connect() as connection:
        source = f"SELECT {sql} AS v"
        arrives_as = columns_of(connection, source)["v"]
        value = value_sql(column, arrives_as)
        query = f"SELECT {value} AS typed, v FROM ({source})"
        row = connection.execute(
            f"SELECT typed, {raw_sql(column, arrives_as, 'typed')} FROM ({query})"
        ).fetchone()
    assert row is not None
    return row[0], row[1]


@pytest.mark.parametrize(
    ("kind", "sql", "value"),
    [
        ("integer", "7::TINYINT", 7), ("integer", "7::UBIGINT", 7), ("integer", "7::HUGEINT", 7),
        ("integer", "7.0::DOUBLE", 7), ("integer", "7.00::DECIMAL(9, 2)", 7),
        ("integer", "'+07'", 7),
        ("number", "7::SMALLINT", 7.0), ("number", "0.5::FLOAT", 0.5),
        ("number", "1.25::DECIMAL(9, 2)", 1.25), ("number", "' 1.25 '", 1.25),
        ("date", "DATE '2024-02-29'", A_DAY), ("date", "TIMESTAMP '2024-02-29'", A_DAY),
        ("date", "TIMESTAMP_NS '2024-02-29'", A_DAY), ("date", "'2024-02-29'", A_DAY),
        ("timestamp", "TIMESTAMP '2024-02-29 10:20:30'", A_TIME),
        ("timestamp", "TIMESTAMP_NS '2024-02-29 10:20:30'", A_TIME),
        ("timestamp", "TIMESTAMP_S '2024-02-29 10:20:30'", A_TIME),
        ("timestamp", "TIMESTAMPTZ '2024-02-29 12:20:30+02'", A_TIME),
        ("timestamp", "DATE '2024-02-29'", MIDNIGHT),
        ("timestamp", "'2024-02-29T10:20:30'", A_TIME), ("timestamp", "'2024-02-29'", MIDNIGHT),
        ("timestamp", "'2024-02-29 10:20:30+00'", A_TIME),
        ("timestamp", "'2024-02-29T10:20:30Z'", A_TIME),
        ("text", "'  a b '", "a b"), ("text", "7", "7"), ("category", "true", "true"),
        ("category", "'x'::ENUM('x', 'y')", "x"),
    ],
)  # fmt: skip
def test_reads_a_value_from_every_type_that_holds_it(kind: str, sql: str, value: Any) -> None:
    found, _ = _read(kind, sql)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "sql", "raw"),
    [
        ("integer", "7.5::DOUBLE", "7.5"), ("integer", "'nan'::DOUBLE", "nan"),
        ("integer", "'inf'::FLOAT", "inf"), ("integer", "1e300::DOUBLE", "1e+300"),
        ("integer", "7.25::DECIMAL(9, 2)", "7.25"), ("integer", "DATE '2024-02-29'", "2024-02-29"),
        ("integer", "true", "true"), ("integer", "'7.0'", "7.0"),
        ("number", "'nan'::DOUBLE", "nan"), ("number", "'-inf'::FLOAT", "-inf"),
        ("date", "A_TIME", "2024-02-29 10:20:30"), ("date", "'infinity'::DATE", "infinity"),
        ("date", "20240229", "20240229"), ("timestamp", "'infinity'::TIMESTAMP", "infinity"),
        ("timestamp", "'2024-02-29 10:20:30+02'", "2024-02-29 10:20:30+02"),
        ("timestamp", "'2024-02-29 25:00:00'", "2024-02-29 25:00:00"),
        ("timestamp", "1709202030", "1709202030"),
    ],
)  # fmt: skip
def test_never_bends_a_value_to_fit_and_keeps_its_text(kind: str, sql: str, raw: str) -> None:
    given = sql.replace("A_TIME", "TIMESTAMP '2024-02-29 10:20:30'")
    assert _read(kind, given) == (None, raw)


@pytest.mark.parametrize(
    ("kind", "sql"),
    [("integer", "-1"), ("integer", "-1.0::DOUBLE"), ("integer", "'-1'"), ("text", "-1"),
     ("integer", "-1.00::DECIMAL(9, 2)"), ("text", "' -1'")],
)  # fmt: skip
def test_a_marker_of_missing_values_is_missing_in_every_type(kind: str, sql: str) -> None:
    value, raw = _read(kind, sql, missing=("", "-1"))
    assert (value, raw.strip()) == (None, "-1")


@pytest.mark.parametrize("sql", ["NULL::BIGINT", "NULL::DOUBLE", "NULL::VARCHAR", "NULL::DATE"])
def test_what_is_absent_has_neither_value_nor_text(sql: str) -> None:
    for kind in ("integer", "number", "date", "timestamp", "text"):
        assert _read(kind, sql) == (None, None)


@pytest.mark.parametrize("text", ["7", " 7", "07", "+7", "x", "", " "])
def test_a_text_is_given_back_as_it_came(text: str) -> None:
    value, raw = _read("integer", f"'{text}'")
    assert (raw if raw is not None else str(value)) == text
