"""The outcome: two values of any spelling, and everything else refused with what to do."""

from pathlib import Path

import numpy as np
import pytest

from drafted import ROWS, Drafted, customers, draft, write
from limner.errors import EventNotStated, HeaderAbsent, TargetUnfit

TABLE = customers()
EVENT = [value == "1" for value in TABLE["target"]]


def with_target(folder: Path, values: list[str], event: str | None = None) -> Drafted:
    return draft(write(folder / "a.csv", TABLE | {"target": values}), event=event)


@pytest.mark.parametrize(
    ("event", "other"),
    [("1", "0"), ("yes", "no"), ("Y", "N"), ("TRUE", "false"), ("t", "f"), ("是", "否"),
     ("1.0", "0.0"), ("1", "-1"), ("bad", "good"), ("违约", "正常")],
)  # fmt: skip
def test_reads_the_two_values_of_an_outcome(tmp_path: Path, event: str, other: str) -> None:
    found = with_target(tmp_path, [event if e else other for e in EVENT])
    assert [bool(v) for v in found.intake.trusted["target"]] == EVENT


def test_refuses_to_guess_which_of_two_arbitrary_values_is_the_event(tmp_path: Path) -> None:
    values = ["stays" if i % 3 else "goes" for i in range(ROWS)]
    with pytest.raises(EventNotStated, match="state --event 'goes' or --event 'stays'"):
        with_target(tmp_path, values)
    for event in ("goes", "Stays"):
        found = with_target(tmp_path, values, event=event)
        assert [bool(v) for v in found.intake.trusted["target"]] == [
            value == event.lower() for value in values
        ]


@pytest.mark.parametrize("event", [None, "1"])
def test_one_bad_outcome_goes_to_quarantine_and_stops_nothing(
    tmp_path: Path, event: str | None
) -> None:
    found = with_target(tmp_path, ["-1", *TABLE["target"][1:]], event=event)
    assert found.intake.report.rows_quarantined == 1
    assert [bool(v) for v in found.intake.trusted["target"]] == EVENT[1:]
    assert "rows with neither of the two values: 1, which go to quarantine" in found.reasons(
        "target"
    )


@pytest.mark.parametrize("stray", ["0", "1.5", "3", "x"])
def test_a_third_value_is_never_read_as_one_of_the_two(tmp_path: Path, stray: str) -> None:
    """With 2 for the event and 1 for its absence, a 0 is neither."""
    values = ["2" if e else "1" for e in EVENT]
    found = with_target(tmp_path, [stray, *values[1:]], event="2")
    assert found.intake.report.rows_quarantined == 1
    assert [bool(v) for v in found.intake.trusted["target"]] == EVENT[1:]


def test_refuses_an_event_that_no_row_has(tmp_path: Path) -> None:
    with pytest.raises(TargetUnfit, match=r"no row has the value '2' .* '0' \(\d+\), '1' \(\d+\)"):
        with_target(tmp_path, list(TABLE["target"]), event="2")


def test_refuses_an_event_beside_more_other_values_than_may_be_quarantined(tmp_path: Path) -> None:
    with pytest.raises(TargetUnfit, match="it has 4 values"):
        with_target(tmp_path, [str(i % 4) for i in range(ROWS)], event="2")


def test_a_file_without_header_says_so_before_a_column_is_missed(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", TABLE, header=False)
    with pytest.raises(HeaderAbsent, match=r"no header .* column_1 to column_5, or put a header"):
        draft(file)
    assert draft(file, target="column_5").plan.target.events == sum(EVENT)


def test_spellings_of_one_value_are_one_value(tmp_path: Path) -> None:
    spelt = ["YES", "yes", " Yes"]
    values = [spelt[i % 3] if e else "no" for i, e in enumerate(EVENT)]
    assert [bool(v) for v in with_target(tmp_path, values).intake.trusted["target"]] == EVENT


def test_a_few_rows_without_an_outcome_go_to_quarantine(tmp_path: Path) -> None:
    found = with_target(tmp_path, ["?", "", *TABLE["target"][2:]])
    assert found.intake.report.rows_quarantined == 2
    assert "2 rows have no outcome" in found.reasons("target")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["1"] * ROWS, "every row has the value '1': a model needs customers with and without"),
        ([""] * ROWS, "it is empty: name a column"),
        ([str(i % 4) for i in range(ROWS)], r"it has 4 values: '0' \(150\), .*: add a column"),
        ([f"{i / 7:.3f}" for i in range(ROWS)], "different numbers from 0 to 85.571: add a column"),
        ([f"word {i}" for i in range(ROWS)], "different texts: add a column"),
        (["1" if i < 9 else "0" for i in range(ROWS)], "only 9 rows have the rarer value"),
        (["" if i % 5 == 0 else str(i % 2) for i in range(ROWS)], "120 of 600 rows have no"),
    ],
    ids=["constant", "empty", "classes", "continuous", "texts", "too few", "missing"],
)  # fmt: skip
def test_refuses_a_target_that_is_no_outcome_and_says_what_to_do(
    tmp_path: Path, values: list[str], said: str
) -> None:
    with pytest.raises(TargetUnfit, match=said) as refusal:
        with_target(tmp_path, values)
    assert "\n" not in str(refusal.value)


def test_a_refusal_never_lists_the_texts_of_customers(tmp_path: Path) -> None:
    values = [f"person {i} of somewhere" for i in np.arange(ROWS)]
    with pytest.raises(TargetUnfit) as refusal:
        with_target(tmp_path, values)
    assert "person" not in str(refusal.value)
