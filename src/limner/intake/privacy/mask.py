"""Free text without the people in it, for models that read agents' notes.

Known values of the note's own customer are found however they are written; other people's
telephones, ids and e-mails by their pattern. Other people's names, initials, and names
mistyped stay: a masked note is less dangerous than the note, not harmless.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from limner.intake.text_folding import digits_of, fold, is_chinese

NAME, PHONE, ID, EMAIL, NUMBER = "[NAME]", "[PHONE]", "[ID]", "[EMAIL]", "[NUMBER]"

# A run of this many digits is an account, a card or a person's number, not an amount.
_FEWEST_DIGITS = 6
_SUBSCRIBER_DIGITS = 9
_EMAIL = re.compile(r"[\w.+\-%']+@[\w\-]+(?:\.[\w\-]+)*")
_BETWEEN = r"[\s().\-/\u2010-\u2015]{0,3}"
_DIGITS = re.compile(rf"\+?\d(?:{_BETWEEN}\d)+")
# Letters and digits, with the accents and apostrophes that stand inside names.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f]|['’ʼ`](?=[^\W_]))*")
_APOSTROPHE = re.compile("['’ʼ`]")
# Marks that are not seen and part a name: soft hyphens, zero-width spaces and joiners.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# In the order in which known_of takes them.
_IDENTIFYING = ("full_name", "phone", "national_id", "email")
_MASKED = re.compile("(" + "|".join(map(re.escape, (NAME, PHONE, ID, EMAIL, NUMBER))) + ")")


@dataclass(frozen=True)
class Known:
    """What is known of one customer: folded words and digits, patterns for the rest."""

    words: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    id_digits: frozenset[str] = frozenset()
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()


def known_of(
    names: Iterable[str] = (),
    phones: Iterable[str] = (),
    national_ids: Iterable[str] = (),
    emails: Iterable[str] = (),
) -> Known:
    """Gather what is known of a customer, of all its records."""
    folded = [form for name in names for form in (fold(name), fold(_APOSTROPHE.sub(" ", name)))]
    words = {word for form in folded for word in form.split() if len(word) > 1}
    ids = {"".join(fold(text).split()) for text in national_ids} - {""}
    # Any e-mail is masked by its shape; what was entered as one may have another.
    odd = sorted({e.strip() for e in emails if not _EMAIL.fullmatch(e.strip())} - {""})
    patterns = [(_literal(e), EMAIL) for e in odd]
    patterns += [(_spaced(i), ID) for i in sorted(ids) if not i.isdecimal()]
    # The longest first: within it others may stand.
    chinese = {form for name in folded for form in _chinese_forms(name.replace(" ", ""))}
    patterns += [(_spaced(f), NAME) for f in sorted(chinese, key=lambda f: (-len(f), f))]
    return Known(
        frozenset(word for word in words if not is_chinese(word)),
        frozenset(form for phone in phones for form in _phone_forms(digits_of(phone))),
        frozenset(i for i in ids if i.isdecimal() and len(i) > 1),
        tuple(patterns),
    )


def mask(note: str, known: Known) -> str:
    """Replace people in a note by :data:`NAME`, :data:`PHONE` and their like.

    >>> mask("Ján Novák, 777 123 456, asked about 500 Kč", known_of(["Novak Jan"]))
    '[NAME] [NAME], [NUMBER], asked about 500 Kč'
    """
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", note))
    for pattern, name in known.patterns:
        text = _outside(text, pattern.sub, name)
    text = _outside(text, _EMAIL.sub, EMAIL)
    text = _outside(text, _DIGITS.sub, lambda found: _number(found[0], known))
    return _outside(text, _WORD.sub, lambda found: _word(found[0], known.words))


def mask_notes(notes: pd.Series, owners: pd.Series, records: pd.DataFrame) -> pd.Series:
    """Mask each note with all that is known of its customer.

    Args:
        notes: texts; an unknown one stays unknown.
        owners: the customer of each note, in the same order.
        records: ``customer_id`` and the canonical identifiers, one row a *record*: several
            rows of one customer (its former name, its old telephone) are all masked.
    """
    values: dict[str, list[list[str]]] = defaultdict(lambda: [[] for _ in _IDENTIFYING])
    wanted = records[records["customer_id"].isin(owners.unique())]
    for row in wanted[["customer_id", *_IDENTIFYING]].itertuples(index=False):
        for gathered, value in zip(values[str(row[0])], row[1:], strict=True):
            if isinstance(value, str):
                gathered.append(value)
    known = {customer: known_of(*gathered) for customer, gathered in values.items()}
    masked = [
        mask(note, known.get(str(owner), Known())) if isinstance(note, str) else None
        for note, owner in zip(notes, owners, strict=True)
    ]
    return pd.Series(masked, index=notes.index, dtype=object, name=notes.name)


_Replacement = str | Callable[[re.Match[str]], str]


def _outside(text: str, substitute: Callable[[_Replacement, str], str], by: _Replacement) -> str:
    """Substitute everywhere except in what is masked already."""
    parts = _MASKED.split(text)
    return "".join(part if n % 2 else substitute(by, part) for n, part in enumerate(parts))


def _number(run: str, known: Known) -> str:
    digits = digits_of(run)
    if any(number in digits for number in known.id_digits):
        return ID
    if any(number in digits for number in known.phones):
        return PHONE
    return NUMBER if len(digits) >= _FEWEST_DIGITS else run


def _word(word: str, names: frozenset[str]) -> str:
    forms = {*fold(word).split(), *fold(_APOSTROPHE.sub(" ", word)).split()}
    return word if names.isdisjoint(forms) else NAME


def _phone_forms(digits: str) -> set[str]:
    """Digits as written, and without country code or trunk zero."""
    bare = digits.lstrip("0")
    return {form for form in (bare, bare[-_SUBSCRIBER_DIGITS:]) if len(form) > 1}


def _chinese_forms(name: str) -> set[str]:
    """A Chinese name whole, and without its family name: so people are called, too."""
    marks = "".join(mark for mark in name if is_chinese(mark))
    return {form for form in (marks, marks[1:], marks[2:]) if len(form) > 1}


def _literal(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(unicodedata.normalize("NFC", text)), re.IGNORECASE)


def _spaced(text: str) -> re.Pattern[str]:
    return re.compile(_BETWEEN.join(map(re.escape, text)), re.IGNORECASE)
