"""The outcome: two values of any spelling, and everything else refused with what to do."""

from pathlib import Path

import numpy as np
import pytest

from drafted import ROWS, Drafted, customers, draft, write
from limner.errors import TargetUnfit

TABLE = customers()
EVENT = [value == "1" for value in TABLE["target"]]


def with_target(folder: Path, values: list[str]) -> Drafted:
    return draft(write(folder / "a.csv", TABLE | {"target": values}))


@pytest.mark.parametrize(
    ("event", "other"),
    [("1", "0"), ("yes", "no"), ("Y", "N"), ("TRUE", "false"), ("t", "f"), ("是", "否"),
     ("1.0", "0.0"), ("1", "-1"), ("bad", "good"), ("违约", "正常")],
)  # fmt: skip
def test_reads_the_two_values_of_an_outcome(tmp_path: Path, event: str, other: str) -> None:
    found = with_target(tmp_path, [event if e else other for e in EVENT])
    assert [bool(v) for v in found.intake.trusted["target"]] == EVENT


def test_the_rarer_of_two_arbitrary_values_is_the_event_and_that_is_said(tmp_path: Path) -> None:
    found = with_target(tmp_path, ["stays" if i % 3 else "goes" for i in range(ROWS)])
    assert found.intake.trusted["target"].sum() == ROWS / 3
    assert "taken to be 'goes', the rarer of the two" in found.reasons("target")


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


@pytest.mark.parametrize(
    ("name", "bad"),
    [("default", True), ("SeriousDlqin2yrs", True), ("churn", True), ("是否违约", True),
     ("visit", False), ("y", False)],
)  # fmt: skip
def test_bad_news_is_told_from_good_by_its_name(tmp_path: Path, name: str, bad: bool) -> None:
    table = {k: v for k, v in TABLE.items() if k != "target"} | {name: TABLE["target"]}
    found = draft(write(tmp_path / "a.csv", table), target=name)
    assert found.plan.is_bad_news == bad
