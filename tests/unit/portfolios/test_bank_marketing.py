"""The year that Bank Marketing leaves out, rebuilt from the order of its rows."""

from pathlib import Path

import pytest

from limner.portfolios import find_portfolio
from tiny import Intake, take_in_rows

PORTFOLIO = find_portfolio("bank_marketing")
CALL = {
    "age": "30", "job": "student", "marital": "single", "education": "tertiary", "default": "no",
    "balance": "100", "housing": "no", "loan": "no", "contact": "cellular", "day": "5",
    "month": "may", "duration": "60", "campaign": "1", "pdays": "-1", "previous": "0",
    "poutcome": "unknown", "y": "no",
}  # fmt: skip


def calls(folder: Path, *changes: dict[str, str]) -> Intake:
    rows = [tuple((CALL | change).values()) for change in changes]
    return take_in_rows(folder, PORTFOLIO, rows)


def days_of(folder: Path, *months: str) -> list[str]:
    return [str(day) for day in calls(folder, *({"month": m} for m in months)).trusted.contacted_on]


def test_a_new_year_begins_where_the_month_falls(tmp_path: Path) -> None:
    assert days_of(tmp_path, "may", "jun", "jun", "dec", "jan", "mar", "feb", "nov") == [
        "2008-05-05", "2008-06-05", "2008-06-05", "2008-12-05",
        "2009-01-05", "2009-03-05", "2010-02-05", "2010-11-05",
    ]  # fmt: skip


@pytest.mark.parametrize("month", ["foo", "", "13"])
def test_a_row_with_a_bad_month_never_shifts_the_years_of_others(
    tmp_path: Path, month: str
) -> None:
    good = days_of(tmp_path, "may", "dec", "jan", "feb")
    assert days_of(tmp_path, "may", month, "dec", month, "jan", month, "feb") == good


def test_a_row_with_a_bad_month_is_quarantined_for_it(tmp_path: Path) -> None:
    taken = calls(tmp_path, {}, {"month": " Foo"})
    assert taken.quarantine["contact_month"].tolist() == [" Foo"]
    assert "contact_month: must be an allowed value" in taken.quarantine["broken_rules"][0]


def test_a_month_may_be_written_large(tmp_path: Path) -> None:
    taken = calls(tmp_path, {"month": " MAY "}, {"month": "Jun"})
    assert taken.trusted["contact_month"].tolist() == ["may", "jun"]


def test_refuses_a_day_that_the_month_does_not_have(tmp_path: Path) -> None:
    taken = calls(tmp_path, {"month": "jun", "day": "31"}, {"day": "123"}, {"day": "0"})
    assert taken.report.rows_quarantined == 3
    assert taken.quarantine["broken_rules"].tolist() == [
        ["contacted_on: must be a date"],
        ["contact_day: must be from 1 to 31"],
        ["contacted_on: must be a date", "contact_day: must be from 1 to 31"],
    ]


def test_the_outcome_is_1_for_yes_and_0_for_no_and_nothing_else(tmp_path: Path) -> None:
    taken = calls(tmp_path, {"y": "yes"}, {"y": "no"}, {"y": "Yes"}, {"y": "maybe"}, {"y": ""})
    assert taken.trusted["subscribed"].tolist() == [1, 0, 1]
    assert taken.quarantine["subscribed"].tolist() == ["maybe", None]


def test_customers_are_numbered_by_their_place_in_the_file(tmp_path: Path) -> None:
    taken = calls(tmp_path, {}, {"age": "5"}, {})
    assert taken.trusted["customer_id"].tolist() == [1, 3]
    assert taken.quarantine["customer_id"].tolist() == ["2"]


def test_minus_one_days_since_a_contact_is_a_code_and_never_a_breach(tmp_path: Path) -> None:
    taken = calls(tmp_path, {"pdays": "-1"}, {"pdays": "-2"})
    assert taken.trusted["days_since_contact"].tolist() == [-1]
    assert taken.report.rows_quarantined == 1
