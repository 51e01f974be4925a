"""The allowed value that a category's text stands for, by the contract and nothing else."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

_TRUTHS = {"true": "true", "false": "false"}


def spellings(allowed: Iterable[str]) -> Mapping[str, str]:
    """Return each normal form that exactly one allowed value has, with that value.

    >>> spellings(["001", "002", "True", "1", "own"])
    {'2': '002', 'true': 'True'}
    """
    found: dict[str, list[str]] = {}
    for value in allowed:
        if form := normal_form(value):
            found.setdefault(form, []).append(value)
    return {form: values[0] for form, values in found.items() if len(values) == 1}


def as_allowed(text: str, allowed: Iterable[str], forms: Mapping[str, str]) -> str:
    """Return the allowed value that a text spells, or the text itself where it spells none.

    Exactly as the contract spells it; else by an unambiguous normal form: a typed file has
    lost the zeros of ``001`` and the capital of ``True``.

    >>> forms = spellings(["001", "25"])
    >>> [as_allowed(text, ("001", "25"), forms) for text in ("001", "1", "25.0", "26")]
    ['001', '001', '25', '26']
    """
    if text in allowed:
        return text
    return forms.get(normal_form(text) or "", text)


def normal_form(text: str) -> str | None:
    """Return a truth value in lower case, a number without needless zeros, else None."""
    if text.casefold() in _TRUTHS:
        return text.casefold()
    if not text.isascii():
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > 30:
        return None
    return format(number.normalize() + 0, "f")
