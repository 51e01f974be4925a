"""An outcome is found by its name: in the shared list, or in a module of its own."""

from pathlib import Path

import pytest

import limner.outcomes
from limner.errors import UnknownName
from limner.outcomes import find_outcome, outcome_names

MODULE = """
from limner.domain import Bilingual
from limner.outcomes.definitions import Outcome

OUTCOME = Outcome("card_lost", "lost", "Lost a card", Bilingual("no block", "不冻结"), "below")
"""


def test_finds_every_outcome_under_its_own_name() -> None:
    assert {"serious_delinquency", "term_deposit_opened"} <= set(outcome_names())
    for name in outcome_names():
        assert find_outcome(name).name == name


def test_an_outcome_may_be_a_small_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "card_lost.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(limner.outcomes, "__path__", [*limner.outcomes.__path__, str(tmp_path)])
    assert find_outcome("card_lost").column == "lost"


@pytest.mark.parametrize("name", ["definitions", "", "../settings"])
def test_refuses_a_name_that_is_no_outcome(name: str) -> None:
    with pytest.raises(UnknownName, match=r"no outcome is named .*serious_delinquency"):
        find_outcome(name)
