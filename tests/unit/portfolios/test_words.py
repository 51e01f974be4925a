"""A portfolio's table of words: stated once, read by contract, features, model and outcome."""

from pathlib import Path

import pytest

from limner.domain import Bilingual, Purpose
from limner.errors import NotStated, WordsInvalid
from limner.features.worded import code_feature, column_feature
from limner.portfolios.words import Words, read_words

TABLE = """\
title: {en: Cards, zh: 信用卡}
owner: Card risk
models:
  cards_late:
    title: {en: Late, zh: 逾期}
    purpose: credit
    use: Limits
    not_for: Marketing
    owner: Risk
    event: 90 days late
    favourable: {en: card granted, zh: 发卡}
    favourable_for: no-event
columns:
  income: {en: monthly income, zh: 月收入, unit: yuan, codes: {999: not asked}}
  colour: {en: colour, zh: 待翻译}
  known_late: {en: known later}
"""


def words(tmp_path: Path, text: str = TABLE) -> Words:
    file = tmp_path / "cards.words.yaml"
    file.write_text(text, encoding="utf-8")
    return read_words(file)


def test_contract_and_features_read_one_entry(tmp_path: Path) -> None:
    table = words(tmp_path)
    column = table.column("income", "number", codes=(999,), low=0, high=10)
    feature, code = column_feature(table, "income"), code_feature(table, "income")
    assert (column.meaning, column.unit, column.codes) == (
        "monthly income", "yuan", ((999, "not asked"),)
    )  # fmt: skip
    assert (feature.meaning, feature.unit) == (column.meaning, column.unit)
    assert feature.label == Bilingual("monthly income", "月收入")
    assert feature.reason == Bilingual("Monthly income", "月收入")
    assert code.reason == Bilingual("Code in place of monthly income", "月收入代码")
    assert feature.purposes == (Purpose.PROFILING, Purpose.CREDIT)


def test_what_waits_for_translation_says_so(tmp_path: Path) -> None:
    assert column_feature(words(tmp_path), "colour").reason.zh == "colour（待翻译）"


@pytest.mark.parametrize(("stated", "side"), [("no-event", "below"), ("event", "above")])
def test_the_side_follows_from_whom_the_decision_is_right_for(
    tmp_path: Path, stated: str, side: str
) -> None:
    text = TABLE.replace("favourable_for: no-event", f"favourable_for: {stated}")
    assert words(tmp_path, text).model("cards_late").favourable_side == side


@pytest.mark.parametrize(("key", "now"), [("purpose", "credit"), ("favourable_for", "no-event")])
def test_refuses_what_is_not_stated_or_impossible(tmp_path: Path, key: str, now: str) -> None:
    attribute = "purpose" if key == "purpose" else "favourable_side"
    open_one = words(tmp_path, TABLE.replace(f"{key}: {now}", f"{key}: TO STATE"))
    with pytest.raises(NotStated, match=rf"at models.cards_late.{key} in .*cards.words.yaml"):
        getattr(open_one.model("cards_late"), attribute)
    wrong = words(tmp_path, TABLE.replace(f"{key}: {now}", f"{key}: best"))
    with pytest.raises(WordsInvalid, match=f"cards_late.{key}: must be one of"):
        getattr(wrong.model("cards_late"), attribute)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("owner: Card risk\n", "", "owner: Field required"),
        ("unit: yuan", "units: yuan", "columns.income.units: Extra inputs"),
        ("title: {en", "title: [en", "line 1: it is no YAML"),
    ],
)
def test_refuses_a_table_that_is_not_whole(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(WordsInvalid, match=f"cards.words.yaml: {said}"):
        words(tmp_path, TABLE.replace(old, new, 1))


def test_names_the_entry_that_is_absent(tmp_path: Path) -> None:
    table = words(tmp_path)
    with pytest.raises(WordsInvalid, match=r"columns.debt is absent"):
        table.column("debt", "number")
    with pytest.raises(WordsInvalid, match=r"columns.known_late.zh is absent"):
        column_feature(table, "known_late")
    with pytest.raises(WordsInvalid, match=r"columns.income.codes: -1 is absent"):
        table.column("income", "number", codes=(-1,))
    with pytest.raises(WordsInvalid, match=r"models.cards_default is absent"):
        table.model("cards_default")
    with pytest.raises(WordsInvalid, match="there is no such file"):
        read_words(tmp_path / "none.words.yaml")
