"""The table of words of a portfolio: what people state once, and every definition reads.

A table is ``<portfolio>.words.yaml`` beside the portfolio's module: meanings and units of its
columns, and for each of its models the purpose, the favourable side and who answers for it.
"""

from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from limner.contract import Column, ColumnKind
from limner.domain import Bilingual, Purpose
from limner.errors import NotStated, WordsInvalid
from limner.portfolios.placeholders import TO_TRANSLATE, is_placeholder

SUFFIX = ".words.yaml"
EVENT, NO_EVENT = "event", "no-event"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Section):
    """A text in English and Chinese."""

    en: str
    zh: str

    @property
    def bilingual(self) -> Bilingual:
        """The text as pages show it: one that waits for translation shows the English."""
        zh = f"{self.en}（{TO_TRANSLATE}）" if self.zh == TO_TRANSLATE else self.zh
        return Bilingual(self.en, zh)


class ColumnWords(_Section):
    """What people know of a column.

    Attributes:
        en: what customers and reviewers read, and the meaning where no longer one is stated.
        zh: the same in Chinese; a column that is never shown to customers needs none.
        codes: meaning of each number that is a code, not a quantity.
    """

    en: str
    zh: str = ""
    unit: str = ""
    meaning: str = ""
    codes: dict[int, str] = {}


class ModelWords(_Section):
    """What people decide about a model of the portfolio, as the table has it.

    Attributes:
        event: what it means that the outcome is 1.
        favourable: the decision that a customer gains by.
        favourable_for: ``event`` where it goes to customers likely to have the event, such as
            an offer to likely buyers; ``no-event`` where to those unlikely to, such as credit.
    """

    title: Label
    purpose: str
    use: str
    not_for: str
    owner: str
    event: str
    favourable: Label
    favourable_for: str


class _Table(_Section):
    title: Label
    owner: str
    models: dict[str, ModelWords] = {}
    columns: dict[str, ColumnWords]


class StatedModel:
    """The words of one model, as its module and its outcome's module read them."""

    def __init__(self, file: Path, name: str, words: ModelWords) -> None:
        self._file, self._name, self._words = file, name, words
        self.title, self.favourable = words.title.bilingual, words.favourable.bilingual
        self.use, self.not_for, self.owner = words.use, words.not_for, words.owner
        self.event = words.event

    @property
    def purpose(self) -> Purpose:
        """What the score is for.

        Raises:
            NotStated: nobody has said so yet.
        """
        found = self._one_of("purpose", self._words.purpose, tuple(p.value for p in Purpose))
        return Purpose(found)

    @property
    def favourable_side(self) -> Literal["above", "below"]:
        """Side of the threshold on which a customer gets the favourable decision.

        Raises:
            NotStated: nobody has said for whom it is right.
        """
        stated = self._words.favourable_for
        found = self._one_of("favourable_for", stated, (EVENT, NO_EVENT))
        return "above" if found == EVENT else "below"

    def _one_of(self, key: str, stated: str, allowed: tuple[str, ...]) -> str:
        if is_placeholder(stated):
            raise NotStated(self._name, key, str(self._file), allowed)
        if stated not in allowed:
            problem = f"models.{self._name}.{key}: must be one of {', '.join(allowed)}"
            raise WordsInvalid(self._file.name, problem)
        return stated


class Words:
    """A portfolio's table of words."""

    def __init__(self, file: Path, table: _Table) -> None:
        self._file, self._table = file, table

    @cached_property
    def title(self) -> Bilingual:
        """The portfolio's title."""
        return self._table.title.bilingual

    @property
    def owner(self) -> str:
        """Who answers for the table."""
        return self._table.owner

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What the portfolio's features may be used for: profiling, and what its models state."""
        stated = {model.purpose for model in self._table.models.values()}
        return tuple(p for p in Purpose if p is Purpose.PROFILING or p.value in stated)

    def column(
        self, name: str, kind: ColumnKind, codes: tuple[int, ...] = (), **promises: Any
    ) -> Column:
        """Return a column of the contract: its words from the table, its promises as given."""
        words = self.of(name)
        lacking = [code for code in codes if code not in words.codes]
        if lacking:
            raise WordsInvalid(self._file.name, f"columns.{name}.codes: {lacking[0]} is absent")
        meant = tuple((code, words.codes[code]) for code in codes)
        return Column(name, kind, words.meaning or words.en, words.unit, codes=meant, **promises)

    def of(self, name: str) -> ColumnWords:
        """Return the words of a column.

        Raises:
            WordsInvalid: the table has none.
        """
        if name not in self._table.columns:
            raise WordsInvalid(self._file.name, f"columns.{name} is absent")
        return self._table.columns[name]

    def label(self, name: str) -> Bilingual:
        """Return what customers and reviewers read of a column."""
        words = self.of(name)
        if not words.zh:
            raise WordsInvalid(self._file.name, f"columns.{name}.zh is absent: a feature needs it")
        return Label(en=words.en, zh=words.zh).bilingual

    def model(self, name: str) -> StatedModel:
        """Return the words of a model.

        Raises:
            WordsInvalid: the table has none.
        """
        if name not in self._table.models:
            raise WordsInvalid(self._file.name, f"models.{name} is absent")
        return StatedModel(self._file, name, self._table.models[name])


def read_words(file: Path) -> Words:
    """Read a table of words.

    Raises:
        WordsInvalid: it is absent, no YAML, or has an unknown or missing entry.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Words(file, _Table.model_validate(content))
    except FileNotFoundError:
        raise WordsInvalid(file.name, "there is no such file") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise WordsInvalid(file.name, f"{line}it is no YAML") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WordsInvalid(file.name, f"{place}: {first['msg']}") from None
