"""Whether a column is a protected attribute: surely, perhaps, or by its values."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from limner.onboarding.profile import ColumnProfile
from limner.onboarding.protected_words import (
    MONEY_WORDS,
    NOMINAL_SIGNS,
    NOMINAL_WORDS,
    PROTECTED_PAIRS,
    PROTECTED_SIGNS,
    PROTECTED_STEMS,
    PROTECTED_WORDS,
    PROXY_SIGNS,
    PROXY_WORDS,
    QUANTITY_WORDS,
    TELLING_VALUES,
    UNSURE_SIGNS,
    UNSURE_WORDS,
)
from limner.onboarding.words import meaning_of_header, words_of

_NEARLY_ALL = 0.9


class ProtectedSign(NamedTuple):
    """What speaks for a protected attribute, and which one it is."""

    reason: str
    topic: str


def protected_sign(column: ColumnProfile) -> ProtectedSign | None:
    """Find what tells that a column is protected, or stands for what is."""
    told = _by_header(column.label)
    if told:
        means = "" if told[0] == told[1] else f" ({told[1]})"
        return ProtectedSign(f"its header says '{told[0]}'{means}", told[1])
    proxy = meaning_of_header(column.label, PROXY_WORDS, PROXY_SIGNS)
    if proxy:
        reason = f"its header says '{proxy[0]}': {proxy[1]} often stands for origin or income"
        return ProtectedSign(reason, proxy[1])
    return _by_values(column)


def perhaps_protected(column: ColumnProfile) -> ProtectedSign | None:
    """Find what only a person can tell: whether a column stands for a protected attribute."""
    told = meaning_of_header(column.label, UNSURE_WORDS, UNSURE_SIGNS)
    if told is None or MONEY_WORDS & set(words_of(column.label)):
        return None
    return ProtectedSign(f"its header says '{told[0]}', which may stand for {told[1]}", told[1])


def is_nominal(column: ColumnProfile, most: int) -> bool:
    """Whether whole numbers stand for kinds of things, so that their order means nothing.

    Args:
        most: a column of more different numbers holds quantities.
    """
    if column.kind != "integer" or not column.values or not 2 < column.distinct <= most:
        return False
    words = set(words_of(column.label))
    told = words & NOMINAL_WORDS or any(sign in column.label for sign in NOMINAL_SIGNS)
    return bool(told) and not words & QUANTITY_WORDS


def _by_header(label: str) -> tuple[str, str] | None:
    words = words_of(label)
    for pair in pairwise(words):
        if pair in PROTECTED_PAIRS:
            return " ".join(pair), PROTECTED_PAIRS[pair]
    told = meaning_of_header(label, PROTECTED_WORDS, PROTECTED_SIGNS)
    return told or next(
        ((word, topic) for word in words for stem, topic in PROTECTED_STEMS.items()
         if word.startswith(stem)), None,
    )  # fmt: skip


def _by_values(column: ColumnProfile) -> ProtectedSign | None:
    known = _known_texts(column)
    rows = sum(known.values())
    for topic, values in TELLING_VALUES.items():
        found = {text: n for text, n in known.items() if text in values}
        if len(found) > 1 and sum(found.values()) >= _NEARLY_ALL * rows:
            return ProtectedSign(f"its values are such as '{next(iter(found))}' ({topic})", topic)
    return None


def _known_texts(column: ColumnProfile) -> Mapping[str, int]:
    if column.kind != "text":
        return {}
    known: dict[str, int] = {}
    for text, rows in (column.values or {}).items():
        if text not in column.markers:
            known[text.casefold()] = known.get(text.casefold(), 0) + rows
    return known
