"""Texts in a draft that stand for what only a person can state."""

from collections.abc import Iterable

TO_STATE = "TO STATE"
TO_TRANSLATE = "待翻译"
# Drafts of earlier versions of Limner, which may still wait in a checkout.
_EARLIER = (
    "State who answers for",
    "State the decision that this score serves",
    "State what it must not be used for",
    "the decision that a customer gains by",
    "请写明",
    "a code, not a quantity: state what it means",
    "units of the file",
)
_MARKS = (TO_STATE, TO_TRANSLATE, *_EARLIER)


def is_placeholder(text: str) -> bool:
    """Whether a text still waits for a person.

    >>> is_placeholder("recency（待翻译）"), is_placeholder("State of residence")
    (True, False)
    """
    return any(mark in text for mark in _MARKS)


def placeholders(texts: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Name the texts that still wait for a person, of pairs of a name and a text.

    >>> placeholders([("use", "TO STATE the decision"), ("owner", "Retail risk")])
    ('use',)
    """
    return tuple(dict.fromkeys(name for name, text in texts if is_placeholder(text)))
