"""Values set in params.yaml: comments, order and line ends stay; nothing else changes."""

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.errors import NoPlaceForDrafts
from limner.onboarding.params_values import set_values
from project import PARAMS, params

TEXT = """\
seed: 1   # of everything
models:
  # What is it?
  first:
    portfolio: one
    training:
      max_depth: 5             # levels; cost
      learning_rate: 0.05
      # why this
      l2: 1.0                  # weight # penalty
    # Favourable outcome
    favourable_share: 0.2

  second:
    training: {max_depth: 3}
    gates:
      minimum: {}
"""


def test_a_value_is_set_and_every_comment_stays() -> None:
    result = set_values(TEXT, ("models", "first", "training"), {"max_depth": 7, "l2": 12.5})
    expected = TEXT.replace("max_depth: 5 ", "max_depth: 7 ").replace("l2: 1.0 ", "l2: 12.5")
    assert result == expected


def test_a_key_that_is_not_there_goes_to_the_blocks_end() -> None:
    result = set_values(TEXT, ("models", "first", "training"), {"l1": 0.5})
    assert "penalty\n      l1: 0.5\n    # Favourable outcome\n" in result


def test_a_block_that_is_not_there_is_made_and_later_set_again() -> None:
    made = set_values(TEXT, ("models", "first", "tuned"), {"score": 0.5, "sample": "0123"})
    assert yaml.safe_load(made)["models"]["first"]["tuned"] == {"score": 0.5, "sample": "0123"}
    assert "favourable_share: 0.2\n    tuned:\n      score: 0.5\n" in made
    again = set_values(made, ("models", "first", "tuned"), {"score": 0.6})
    assert again == made.replace("score: 0.5", "score: 0.6")


@pytest.mark.parametrize(
    "path", [("models", "second", "training"), ("models", "third", "training"), ("nothing", "x")]
)
def test_refuses_a_block_in_braces_or_one_that_is_not_there(path: tuple[str, ...]) -> None:
    with pytest.raises(NoPlaceForDrafts, match=r"in braces|has no"):
        set_values(TEXT, path, {"max_depth": 4})


def test_line_ends_stay_what_they_are() -> None:
    windows = TEXT.replace("\n", "\r\n")
    result = set_values(windows, ("models", "first", "training"), {"max_depth": 7, "l1": 0.1})
    assert "\n" not in result.replace("\r\n", "")


@given(
    value=st.floats(1e-9, 1e9, allow_nan=False),
    key=st.sampled_from(["learning_rate", "l2", "gamma", "l1"]),
    model=st.sampled_from(["serious_delinquency", "pakdd_default", "term_deposit_propensity"]),
)
@hypothesis_settings(deadline=None, max_examples=15)
def test_the_committed_params_take_any_value_and_lose_no_comment(
    value: float, key: str, model: str
) -> None:
    text = PARAMS.read_text(encoding="utf-8")
    result = set_values(text, ("models", model, "training"), {key: value})
    expected = params()
    expected["models"][model]["training"][key] = value
    assert yaml.safe_load(result) == expected
    assert [line.partition(" #")[2] for line in text.split("\n") if "#" in line] == [
        line.partition(" #")[2] for line in result.split("\n") if "#" in line
    ]
