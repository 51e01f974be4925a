"""Whom a draft favours and what it is for: stated by a person, never taken from a name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from drafted import customers, draft, not_compared, write
from limner.errors import FavourableUnfit
from limner.onboarding.drafting import Source, write_drafts
from limner.onboarding.favoured import ask_what_is_not_stated, share_favoured, side_in_words

SOURCE = Source("a.csv", 1, "0" * 64)
# Names that sound good or bad; whether the event is good for a customer none of them tells.
TELLING = ("not.fully.paid", "no_default", "good_bad", "default", "churn", "visit", "是否违约")


def table_with(tmp_path: Path, target: str) -> Path:
    table = customers()
    table[target] = table.pop("target")
    return write(tmp_path / "a.csv", table)


def words_drafted(file: Path, target: str, **options: Any) -> dict[str, Any]:
    files = write_drafts(draft(file, target, **options).plan, SOURCE, not_compared()).files
    (text,) = (text for path, text in files.items() if path.name.endswith(".words.yaml"))
    found: dict[str, Any] = yaml.safe_load(text)["models"]["tiny_target"]
    return found


@pytest.mark.parametrize("target", TELLING)
def test_never_guesses_from_the_targets_name(tmp_path: Path, target: str) -> None:
    file = table_with(tmp_path, target)
    plan = draft(file, target).plan
    assert plan.favours_event is None
    assert plan.purpose is None
    words = words_drafted(file, target)
    assert words["favourable_for"].startswith("TO STATE")
    assert words["purpose"].startswith("TO STATE")
    assert "TO STATE the share" in write_drafts(plan, SOURCE, not_compared()).model_block


@pytest.mark.parametrize(
    ("stated", "side"), [("1", "event"), ("event", "event"), ("0", "no-event"), ("no-event",) * 2]
)
def test_the_stated_side_is_drafted(tmp_path: Path, stated: str, side: str) -> None:
    file = table_with(tmp_path, "good_bad")
    words = words_drafted(file, "good_bad", favourable=stated, purpose="credit")
    assert (words["favourable_for"], words["purpose"]) == (side, "credit")


def test_as_many_are_favoured_as_it_is_right_for(tmp_path: Path) -> None:
    table = customers()
    table["bad"] = ["1" if i % 25 < 13 else "0" for i in range(len(table["age"]))]
    file = write(tmp_path / "a.csv", table)
    bad = draft(file, "bad", favourable="0").plan
    assert bad.target.rate == pytest.approx(0.52)
    assert share_favoured(bad) == 0.48
    assert "without the event (bad is '0'): the 48% with the lowest scores" in side_in_words(bad)
    good = draft(file, "bad", favourable="1").plan
    assert share_favoured(good) == 0.52
    assert "with the event (bad is '1'): the 52% with the highest scores" in side_in_words(good)


def test_refuses_a_value_that_the_target_has_not(tmp_path: Path) -> None:
    with pytest.raises(FavourableUnfit, match=r"state '1' if .* '0' if those without"):
        draft(table_with(tmp_path, "bad"), "bad", favourable="paid")


def test_asks_a_person_for_what_is_not_stated(tmp_path: Path) -> None:
    plan = draft(table_with(tmp_path, "paid"), "paid", purpose="credit").plan
    asked: list[Mapping[str, str]] = []

    def answer(question: str, answers: Mapping[str, str]) -> str:
        asked.append(answers)
        return "event"

    found = ask_what_is_not_stated(plan, answer)
    assert found.favours_event is True
    assert [list(answers) for answers in asked] == [["event", "no-event"]]
    assert asked[0]["no-event"] == "customers whose paid is '0'"
