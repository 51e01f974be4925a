"""What a column may be that nobody said: an identifier, a protected attribute, free text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from limner.onboarding.mixed_dates import why_mixed
from limner.onboarding.profile import ColumnProfile, TableProfile
from limner.onboarding.protected import protected_sign
from limner.onboarding.words import (
    IDENTIFIER_SIGNS,
    IDENTIFIER_WORDS,
    meaning_of_header,
    words_of,
)
from limner.settings import OnboardingLimits

Suspect = Literal[
    "identifier", "protected", "free text", "many values", "mixed dates", "constant", "empty"
]
# Values that name a person, whatever the header says.
_TELLING = {
    "e-mail addresses": r"[^@\s]+@[^@\s]+\.[a-z]{2,}",
    "Chinese identity numbers": r"[1-9]\d{5}(19|20)\d{9}[\dXx]",
    "Chinese mobile numbers": r"(\+?86)?1[3-9]\d{9}",
    "US social-security numbers": r"\d{3}-\d{2}-\d{4}",
    "account numbers (IBAN)": r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}",
    "telephone numbers": r"(\+|00)\d[\d ()/-]{6,18}|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}",
}
# A header alone makes no identifier of a column with a few values: a store's id is a category.
_FEW_VALUES = 50
_DENSE = 20


@dataclass(frozen=True)
class Suspicion:
    """What a column is suspected of, with the reason; ``topic`` is the protected attribute."""

    suspect: Suspect
    reason: str
    topic: str = ""


def suspect_column(
    table: TableProfile, column: ColumnProfile, limits: OnboardingLimits
) -> Suspicion | None:
    """Say what must be known of a column before it may be a feature, or None."""
    return (
        _nothing_in_it(column)
        or _mixed_dates(table, column)
        or _identifier(table, column, limits)
        or _protected(column)
        or _no_category(column, limits)
    )


def _nothing_in_it(column: ColumnProfile) -> Suspicion | None:
    if column.kind == "empty" or not column.known:
        return Suspicion("empty", "no row has a value")
    if column.distinct + len(column.codes) <= 1 and not column.strays and not column.missing:
        return Suspicion("constant", "every row has the same value")
    return None


def _mixed_dates(table: TableProfile, column: ColumnProfile) -> Suspicion | None:
    why = why_mixed(table, column)
    return Suspicion("mixed dates", why) if why and column.dates is None else None


def _identifier(
    table: TableProfile, column: ColumnProfile, limits: OnboardingLimits
) -> Suspicion | None:
    told = meaning_of_header(column.label, IDENTIFIER_WORDS, IDENTIFIER_SIGNS)
    words = words_of(column.label)
    amount = bool({"balance", "amount", "number", "count", "num", "type", "age"} & set(words))
    if told and column.distinct > _FEW_VALUES and column.kind in ("text", "integer") and not amount:
        return Suspicion("identifier", f"its header says '{told[0]}': {told[1]}")
    named = _telling_values(table, column)
    if named:
        return Suspicion("identifier", f"its values look like {named}")
    if column.kind == "text" and column.values and column.distinct <= _FEW_VALUES:
        return None
    return _near_unique(table, column, limits)


def _telling_values(table: TableProfile, column: ColumnProfile) -> str | None:
    if column.kind not in ("text", "integer") or column.distinct <= _FEW_VALUES:
        return None
    found = table.connection.execute(
        f"SELECT DISTINCT {column.text} AS v FROM sampled WHERE v <> '' ORDER BY v LIMIT 500"
    ).fetchall()
    for named, pattern in _TELLING.items():
        if sum(bool(re.fullmatch(pattern, str(v))) for (v,) in found) > 0.5 * len(found):
            return named
    return None


def _near_unique(
    table: TableProfile, column: ColumnProfile, limits: OnboardingLimits
) -> Suspicion | None:
    # Nobody writes a key with commas between thousands, or with a sign of money.
    plain = column.number is None or column.number.is_plain
    if column.kind not in ("text", "integer") or column.known < 100 or not plain:
        return None
    known, distinct, dense = _distinct(table, column)
    if column.kind == "integer":
        # Amounts repeat, or are spread wide; numbers of rows and customers do neither.
        if distinct == known and dense:
            return Suspicion("identifier", "every row has its own number, close to one another")
        return None
    if distinct >= limits.unique_share * known and not _is_prose(column):
        return Suspicion("identifier", f"{distinct / known:.0%} of its values occur once only")
    return None


def _distinct(table: TableProfile, column: ColumnProfile) -> tuple[int, int, bool]:
    source = "extract" if column.kind == "integer" else "sampled"
    if column.distinct < 0.8 * column.known and source == "extract":
        return column.known, 0, False
    row = table.connection.execute(
        f"SELECT count({column.typed}), count(DISTINCT {column.typed}) FROM {source}"
    ).fetchone() or (0, 0)
    spread = column.high - column.low + 1
    return int(row[0]), int(row[1]), spread <= _DENSE * max(int(row[1]), 1)


def _protected(column: ColumnProfile) -> Suspicion | None:
    sign = protected_sign(column)
    return Suspicion("protected", sign.reason, sign.topic) if sign else None


def _no_category(column: ColumnProfile, limits: OnboardingLimits) -> Suspicion | None:
    if column.kind != "text":
        return None
    if _is_prose(column) and column.distinct > limits.most_categories:
        return Suspicion("free text", f"{column.text_length:.0f} letters on average, with blanks")
    kept = kept_values(column.values or {}, limits)
    if column.distinct > limits.most_categories and (
        sum(kept.values()) < limits.category_cover * column.known
    ):
        return Suspicion("many values", f"about {column.distinct:,} different texts")
    return None


def kept_values(values: Mapping[str, int], limits: OnboardingLimits) -> dict[str, int]:
    """Return the values frequent enough to be categories of their own."""
    frequent = {text: n for text, n in values.items() if n >= limits.least_rows}
    return dict(list(frequent.items())[: limits.most_categories])


def _is_prose(column: ColumnProfile) -> bool:
    return column.text_length >= 20 and column.spaced >= 0.5
