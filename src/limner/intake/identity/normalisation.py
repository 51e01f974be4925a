"""What is compared: names, dates, numbers and addresses freed of how they are written."""

import re
import unicodedata
from collections.abc import Callable

import pandas as pd

from limner.intake.text_folding import digits_of, fold, is_chinese

# The fields that are compared, each in a form of its own.
FIELDS = (
    "name_key", "given", "family", "born", "born_any_order", "national", "phone_digits",
    "mail", "mail_user", "street", "post", "region", "gender",
)  # fmt: skip
_TITLES = frozenset(
    ("bc", "dr", "ing", "judr", "mgr", "mr", "mrs", "ms", "mudr", "phd", "phdr", "prof")
)
_COMPOUND_FAMILIES = frozenset(
    (
        "歐陽",
        "欧阳",
        "司馬",
        "司马",
        "諸葛",
        "诸葛",
        "上官",
        "皇甫",
        "令狐",
        "東方",
        "东方",
        "尉遲",
        "尉迟",
    )
)
_SUBSCRIBER_DIGITS = 9
_FEWEST_DIGITS = 6


def normalise(records: pd.DataFrame) -> pd.DataFrame:
    """Give each record its comparable fields; an unknown one is None.

    Args:
        records: the canonical ``customers``, one row a record.

    Returns:
        ``record_id`` and :data:`FIELDS`, text, one row a record in the same order.
    """
    names = _each(records["full_name"], _parts_of_name)
    parts = [pair or (None, None) for pair in names]
    given, family = [pair[0] for pair in parts], [pair[1] for pair in parts]
    born = _each(_as_days(records["birth_date"]), lambda day: day.replace("-", ""))
    mail = _each(records["email"], _mail)
    return pd.DataFrame({
        "record_id": records["customer_id"].astype(str).to_numpy(),
        "name_key": [_name_key(g, f) for g, f in parts], "given": given, "family": family,
        "born": born, "born_any_order": [_any_order(day) for day in born],
        "national": _each(records["national_id"], _national),
        "phone_digits": _each(records["phone"], _phone),
        "mail": mail, "mail_user": [m and m.partition("@")[0] for m in mail],
        "street": _each(records["address"], _street),
        "post": _each(records["postcode"], lambda text: fold(text).replace(" ", "")),
        "region": _each(records["region_id"], str), "gender": _each(records["sex"], fold),
    }, dtype=object)  # fmt: skip


def _each(values: pd.Series, form: Callable[[str], object]) -> list:  # type: ignore[type-arg]
    """Work out each distinct text once; empty results are unknown."""
    known = {v: form(str(v)) or None for v in values.dropna().unique()}
    return [known.get(v) if isinstance(v, str) else None for v in values]


def _as_days(values: pd.Series) -> pd.Series:
    days = pd.to_datetime(values, errors="coerce").dt.strftime("%Y-%m-%d")
    return days.astype(object).where(days.notna(), None)


def _parts_of_name(name: str) -> tuple[str, str] | None:
    """Part a name into given and family name, both folded.

    >>> _parts_of_name("Novák, Dr. Ján Karel"), _parts_of_name("王 小明")
    (('jan karel', 'novak'), ('小明', '王'))
    """
    if is_chinese(name):
        return _parts_of_chinese_name(fold(name).replace(" ", ""))
    family_first, comma, rest = name.partition(",")
    words = [w for w in fold(f"{rest} {family_first}" if comma else name).split()
             if w not in _TITLES]  # fmt: skip
    if not words:
        return None
    families = len(fold(family_first).split()) if comma and len(words) > 1 else 1
    cut = max(len(words) - families, 0)
    return " ".join(words[:cut]), " ".join(words[cut:])


def _parts_of_chinese_name(name: str) -> tuple[str, str] | None:
    marks = "".join(mark for mark in name if is_chinese(mark))
    if marks != name:
        # A mixed name: the Chinese marks are taken for the family name.
        return "".join(c for c in name if c not in marks), marks
    length = 2 if len(name) > 2 and name[:2] in _COMPOUND_FAMILIES else 1
    return name[length:], name[:length]


def _name_key(given: str | None, family: str | None) -> str | None:
    """Name in an order of its own, so that a swapped order is the same name."""
    return " ".join(sorted(f"{given} {family}".split())) if given and family else family


def _any_order(day: str | None) -> str | None:
    """Day of birth as it reads when day and month may be swapped."""
    return day and day[:4] + min(day[4:6], day[6:]) + max(day[4:6], day[6:])


def _national(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", fold(text))


def _phone(text: str) -> str | None:
    """Digits of the subscriber: country codes and trunk zeros are written or not."""
    digits = digits_of(text).lstrip("0")
    return digits[-_SUBSCRIBER_DIGITS:] if len(digits) >= _FEWEST_DIGITS else None


def _mail(text: str) -> str | None:
    mail = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return mail if "@" in mail else None


def _street(text: str) -> str:
    """Words of an address in alphabetical order: the number stands first or last."""
    return " ".join(sorted(fold(text).split()))
