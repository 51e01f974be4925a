"""Negative amounts, numbers too large, dates that are no day, and dates that contradict."""

from pathlib import Path

import pandas as pd
import pytest

from drafted import ROWS, amounts, customers, draft, write
from limner.domain import LARGEST_NUMBER
from limner.errors import NumberTooLarge, TableUnfit

TABLE = customers()
SIGNED = [float(v) * (-1 if i % 3 else 1) for i, v in enumerate(TABLE["amount"])]


def quoted(cell: str) -> str:
    return f'"{cell}"'


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (lambda v: f"({-v:,.2f})" if v < 0 else f"{v:,.2f}", "negative amounts in parentheses"),
        (lambda v: f"( ${-v:,.2f} )" if v < 0 else f"${v:,.2f}", "negative amounts in parentheses"),
        (lambda v: f"$({-v:.2f})" if v < 0 else f"${v:.2f}", "negative amounts in parentheses"),
        (lambda v: f"{-v:.2f}-" if v < 0 else f"{v:.2f}", "a minus behind negative amounts"),
        (lambda v: f"{-v:.2f} €-" if v < 0 else f"{v:.2f} €", "a minus behind negative amounts"),
        (lambda v: f"\u2212{-v:.2f}" if v < 0 else f"{v:.2f}", "the minus sign U+2212"),
        (lambda v: f"€\u2212{-v:.2f}" if v < 0 else f"€{v:.2f}", "the minus sign U+2212"),
        (
            lambda v: f"({-v:.2f})".replace(".", ",") if v < 0 else f"{v:.2f}".replace(".", ","),
            "negative amounts in parentheses",
        ),
        (
            lambda v: f"({-v:.2f})" if v < -999 else f"{v:.2f}".replace("-", "\u2212"),
            "negative amounts in parentheses, the minus sign U+2212",
        ),
    ],
)
def test_negative_amounts_are_numbers_however_their_sign_is_written(
    tmp_path: Path, form: object, said: str
) -> None:
    table = TABLE | {"amount": [form(v) for v in SIGNED]}  # type: ignore[operator]
    found = draft(write(tmp_path / "a.csv", table, quote=quoted))
    assert amounts(found) == pytest.approx(SIGNED)
    assert found.column("amount").profile.low == min(SIGNED)  # type: ignore[union-attr]
    assert said in found.reasons("amount")
    assert len(found.intake.quarantine) == 0
    assert not found.left_out()


def test_one_odd_text_makes_no_number_a_negative_one(tmp_path: Path) -> None:
    table = TABLE | {"amount": [*TABLE["amount"][:-1], "(see note 5-)"]}
    found = draft(write(tmp_path / "a.csv", table))
    assert "minus" not in found.reasons("amount")
    assert "parentheses" not in found.reasons("amount")


@pytest.mark.parametrize("value", ["1e400", "-1e400", "1.7976931348623157e308", "1e39", "3.5e38"])
def test_numbers_beyond_single_precision_are_refused_by_column_and_rows(
    tmp_path: Path, value: str
) -> None:
    table = TABLE | {
        "amount": [value if i % 200 == 2 else v for i, v in enumerate(TABLE["amount"])]
    }
    with pytest.raises(NumberTooLarge, match=r"amount \(3 rows\)") as refused:
        draft(write(tmp_path / "a.csv", table))
    assert refused.value.columns == ("amount",)
    assert refused.value.rows == (3,)


def test_the_largest_number_that_a_model_holds_is_taken(tmp_path: Path) -> None:
    table = TABLE | {"amount": [*TABLE["amount"][:-1], repr(LARGEST_NUMBER)]}
    found = draft(write(tmp_path / "a.csv", table))
    assert max(amounts(found)) == LARGEST_NUMBER
    assert found.column("amount").column.high == LARGEST_NUMBER


def test_numbers_too_large_in_a_column_that_is_left_out_are_no_matter(tmp_path: Path) -> None:
    table = TABLE | {"account id": [str(10**6 + i) for i in range(ROWS - 1)] + ["1" + "0" * 45]}
    assert draft(write(tmp_path / "a.csv", table)).left_out() == {"account id": "identifier"}


DAYS = [str(day.date()) for day in pd.date_range("2023-01-01", periods=ROWS)]


@pytest.mark.parametrize(
    ("form", "end"),
    [
        ("%Y-%m-%d", "9999-12-31"), ("%d/%m/%Y", "31/12/9999"), ("%m/%d/%Y", "12/31/9999"),
        ("%Y-%m-%dT%H:%M:%S", "9999-12-31T23:59:59"), ("%Y%m%d", "99991231"),
        ("%d.%m.%Y", "31.12.2999"), ("%Y-%m-%d", "2099-12-31"),
    ],
)  # fmt: skip
def test_an_open_end_is_no_day_and_its_column_stays_a_date(
    tmp_path: Path, form: str, end: str
) -> None:
    days = [pd.Timestamp(day).strftime(form) for day in DAYS]
    closed = [end if i % 5 else day for i, day in enumerate(days)]
    found = draft(write(tmp_path / "a.csv", TABLE | {"closed": closed}), time_column="closed")
    assert found.use("closed") == "date"
    assert f"in {ROWS * 4 // 5} rows is an open end and no day" in found.reasons("closed")
    assert len(found.intake.quarantine) == 0
    kept = pd.to_datetime(found.intake.trusted["closed"])
    assert kept.isna().sum() == ROWS * 4 // 5
    assert [str(day.date()) for day in kept.dropna()] == DAYS[::5]
    late = found.plan.time.late_from
    assert late is None or late.year < 2026


def test_the_first_day_of_1900_is_no_day_only_where_the_column_says_so(tmp_path: Path) -> None:
    unknown = ["1900-01-01" if i % 4 == 0 else day for i, day in enumerate(DAYS)]
    found = draft(write(tmp_path / "a.csv", TABLE | {"since": unknown}))
    assert "1900-01-01 in 150 rows is an unknown start" in found.reasons("since")
    rare = ["1900-01-01" if i == 4 else day for i, day in enumerate(DAYS)]
    old = [f"19{i % 60:02d}-01-0{1 + i % 2}" for i in range(ROWS)]
    for name, days in (("rare", rare), ("old", old)):
        kept = draft(write(tmp_path / f"{name}.csv", TABLE | {"since": days}))
        assert "no day" not in kept.reasons("since")
        assert kept.intake.trusted["since"].notna().all()


def mixed(months_first: tuple[int, ...]) -> list[str]:
    days = pd.to_datetime(DAYS)
    return [d.strftime("%m/%d/%Y" if i in months_first else "%d/%m/%Y") for i, d in enumerate(days)]


def test_says_which_lines_write_the_month_first_where_others_write_the_day(tmp_path: Path) -> None:
    halves = tuple(range(300, ROWS))
    table = TABLE | {"note": ["two\nlines" if i == 2 else "x" for i in range(ROWS)]}
    file = write(tmp_path / "a.csv", table | {"opened": mixed(halves)}, quote=quoted)
    found = draft(file)
    (left,) = [c for c in found.plan.left_out if c.label == "opened"]
    assert left.kind == "mixed dates"
    # The 13th of January is in row 13, line 15 with the line end within a note's quotes.
    assert left.reason.startswith("lines 15, 16, 17 and ")
    # The 28th of October, written month first, is the first that tells.
    assert "can only have the day first, lines 303, 304, 305 and" in left.reason
    with pytest.raises(TableUnfit, match=r"lines 15, 16, 17 and .* can only have the day first"):
        draft(file, time_column="opened")


def test_a_few_dates_in_the_other_order_are_told_by_their_lines(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", TABLE | {"opened": mixed((20, 21))}, ";", title="Export\n\n")
    found = draft(file, separator=";")
    assert found.use("opened") == "date"
    assert "lines 24, 25 only the month" in found.reasons("opened")
    kept = found.intake.trusted["opened"]
    assert kept[kept.isna()].index.tolist() == [20, 21]
