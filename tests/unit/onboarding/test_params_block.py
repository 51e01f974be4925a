"""A block in params.yaml: every other byte stays as it was."""

import pytest
import yaml

from limner.errors import DraftExists, NoPlaceForDrafts
from limner.onboarding.params_block import insert_block
from project import PARAMS

TEXT = PARAMS.read_text(encoding="utf-8")
BLOCK = "# why\ncards:\n  source:\n    location: a.csv\n"


@pytest.mark.parametrize("section", ["portfolios", "models"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "no last line end"])
def test_only_adds_and_loses_no_comment(section: str, newline: str, cut: bool) -> None:
    text = TEXT.rstrip("\n") if cut else TEXT
    text = text.replace("\n", newline)
    after = insert_block(text, section, "cards", BLOCK)
    added = set(after.splitlines()) - set(text.splitlines())
    assert added == {"  # why", "  cards:"} | ({"    source:", "      location: a.csv"} & added)
    rest = yaml.safe_load(after)
    assert rest[section].pop("cards") == {"source": {"location": "a.csv"}}
    assert rest == yaml.safe_load(text)
    start = next(i for i in range(len(after)) if i >= len(text) or after[i] != text[i])
    end = len(text) - start
    assert after.endswith(text[len(text) - end :].rstrip("\r\n") if cut else text[start:])


def test_the_block_stands_at_the_end_of_its_section_before_the_next_ones_comment() -> None:
    after = insert_block(TEXT, "portfolios", "cards", BLOCK).splitlines()
    place = after.index("  cards:")
    assert after[place + 3] == ""
    assert after[place + 4].startswith("# ")


@pytest.mark.parametrize("name", ["bank_marketing", "give_me_credit"])
def test_refuses_a_name_that_the_section_has(name: str) -> None:
    with pytest.raises(DraftExists, match=f"portfolios.{name} in params.yaml exists"):
        insert_block(TEXT, "portfolios", name, BLOCK)


@pytest.mark.parametrize(
    "text", ["seed: 1\n", "portfolios: {a: {b: 1}}\n", "portfolios:\n", "[]\n"],
    ids=["absent", "braces", "empty", "list"],
)  # fmt: skip
def test_refuses_a_file_that_takes_no_block(text: str) -> None:
    with pytest.raises(NoPlaceForDrafts):
        insert_block(text, "portfolios", "cards", BLOCK)
