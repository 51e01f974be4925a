"""The table of words of a draft, as YAML: one line a column, and what people decide."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from limner.domain import Bilingual, Purpose
from limner.onboarding.columns import DraftedColumn
from limner.onboarding.naming import shown, words_for
from limner.onboarding.plan import OWNER_TO_STATE, Plan
from limner.portfolios.placeholders import TO_STATE, TO_TRANSLATE
from limner.portfolios.words import EVENT, NO_EVENT

_FEATURES = ("feature", "protected", "duplicate", "leak", "dropped")


def render_words(plan: Plan) -> dict[str, Any]:
    """Return the lines of the table, part by part, as the template wants them."""
    name, model = plan.wanted.name, plan.wanted.model
    return {
        "name": name,
        "model": model,
        "title": _flow(_label(words_for(title_of(name), name))),
        "owner": _scalar(OWNER_TO_STATE),
        "stated": [f"{key}: {text}" for key, text in _decisions(plan)],
        "columns": [f"{c.name}: {_flow(_column(c))}" for c in plan.columns],
    }


def title_of(name: str) -> str:
    """Write a name as a title."""
    return name.replace("_", " ").capitalize()


def _decisions(plan: Plan) -> Iterator[tuple[str, str]]:
    wanted, event = plan.wanted, shown(plan.target.event_text, 20)
    event = event if event.isascii() else "the event"
    title = f"{title_of(wanted.name)}: {plan.outcome.words.en} is {event}"
    yield "title", _flow(_label(words_for(title, wanted.model)))
    purposes = f"{TO_STATE}, one of {', '.join(p.value for p in Purpose)}"
    yield "purpose", _scalar(plan.purpose.value if plan.purpose else purposes)
    yield "use", _scalar(f"{TO_STATE} the decision that this score serves")
    yield "not_for", _scalar(f"{TO_STATE} what this score must not be used for")
    yield "owner", _scalar(f"{TO_STATE} who answers for this model")
    yield "event", _scalar(plan.outcome.column.meaning)
    favourable = Bilingual(f"{TO_STATE} the decision that a customer gains by", TO_TRANSLATE)
    yield "favourable", _flow(_label(favourable))
    sides = {None: f"{TO_STATE}, {EVENT} or {NO_EVENT}", True: EVENT, False: NO_EVENT}
    yield "favourable_for", _scalar(sides[plan.favours_event])


def _column(column: DraftedColumn) -> dict[str, Any]:
    contract = column.column
    if column.use not in _FEATURES:
        words: dict[str, Any] = {"en": contract.meaning}
    else:
        words = _label(column.words)
    if contract.unit:
        words["unit"] = contract.unit
    if contract.codes:
        words["codes"] = dict(contract.codes)
    return words


def _label(words: Bilingual) -> dict[str, Any]:
    return {"en": words.en, "zh": words.zh}


def _flow(entry: Mapping[Any, Any]) -> str:
    inside = (
        f"{key}: {_flow(value) if isinstance(value, Mapping) else _scalar(value)}"
        for key, value in entry.items()
    )
    return "{" + ", ".join(inside) + "}"


def _scalar(text: str) -> str:
    """Write a text without quotes where YAML then reads the same."""
    try:
        plain = yaml.safe_load(f"{{a: {text}, b: 1}}") == {"a": text, "b": 1}
    except yaml.YAMLError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)
