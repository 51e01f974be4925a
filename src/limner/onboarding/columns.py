"""From what a column holds to what its contract promises and how its text is mapped."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from limner.contract import Column, Sensitivity, Timing
from limner.domain import LARGEST_NUMBER, Bilingual
from limner.engine import identifier, literal
from limner.errors import NumberTooLarge
from limner.onboarding.naming import shown, words_for
from limner.onboarding.number_text import CURRENCIES
from limner.onboarding.profile import ColumnProfile
from limner.onboarding.suspicions import kept_values
from limner.onboarding.words import words_of
from limner.portfolios.placeholders import TO_STATE
from limner.settings import OnboardingLimits

Use = Literal["key", "date", "feature", "protected", "leak", "duplicate", "dropped", "outcome"]
OTHER = "other"
_UNITS = {
    "age": "years", "years": "years", "year": "years", "months": "months", "month": "months",
    "days": "days", "day": "days", "seconds": "seconds", "minutes": "minutes", "hours": "hours",
    "pct": "percent", "percent": "percent", "ratio": "ratio", "count": "times",
    "number": "times", "num": "times", "amount": "currency units", "balance": "currency units",
    "income": "currency units", "salary": "currency units",
}  # fmt: skip
NO_UNIT = TO_STATE
_SQL_LINE = 60


@dataclass(frozen=True)
class DraftedColumn:
    """A column of the draft: contract, mapping SQL, what it is for, and why all of it.

    ``finding`` says why it is kept out of the model, or is strong; ``taken_back`` why it is used
    all the same; ``question`` what only a person can answer.
    """

    profile: ColumnProfile | None
    column: Column
    sql: str
    use: Use
    words: Bilingual
    reasons: tuple[str, ...]
    finding: Bilingual | None = None
    taken_back: str = ""
    question: str = ""

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def rows_quarantined(self) -> int:
        """Rows that intake will part off for this column."""
        strays = self.profile.strays if self.profile and self.profile.kind != "text" else 0
        return 0 if any(_STRAYS_MISSING in reason for reason in self.reasons) else strays


_STRAYS_MISSING = "read as missing, like an empty cell"


@dataclass(frozen=True)
class Sifted:
    """Categories as they are kept: the allowed texts, and what becomes of the rare ones."""

    allowed: tuple[str, ...]
    rare_rows: int
    rare_as: str | None


def draft_number(
    profile: ColumnProfile, name: str, limits: OnboardingLimits, stray_budget: int,
    rare_codes: Mapping[int, int],
) -> DraftedColumn:  # fmt: skip
    """Draft a column of quantities.

    Args:
        stray_budget: rows whose text is no number that may still go to quarantine.
        rare_codes: codes in too few rows to be kept apart, which count as missing.
    """
    reasons = _missing_reasons(profile)
    strays_missing = profile.strays > stray_budget
    if profile.strays:
        fate = _STRAYS_MISSING if strays_missing else "their rows go to quarantine"
        reasons.append(f"{profile.strays:,} rows hold text that is no number: {fate}")
    codes = {code: n for code, n in profile.codes.items() if code not in rare_codes}
    for code, rows in profile.codes.items():
        reasons.append(_code_reason(profile, code, rows, code in rare_codes))
    reasons += _reading_reasons(profile)
    low, high = range_with_slack(profile)
    unit = unit_of(profile)
    missing = (*profile.markers, *(str(code) for code in rare_codes))
    column = Column(
        name, "integer" if profile.kind == "integer" else "number",
        words_for(profile.label, name).en, unit, low=low, high=high,
        required=not (profile.missing or strays_missing or rare_codes),
        missing=tuple(dict.fromkeys(("", *missing))),
        codes=tuple((code, f"{TO_STATE} what {code} means") for code in codes),
    )  # fmt: skip
    sql = _number_mapping(profile, strays_missing)
    return DraftedColumn(
        profile, column, sql, "feature", words_for(profile.label, name), tuple(reasons)
    )


def draft_category(
    profile: ColumnProfile, name: str, sifted: Sifted, protected: bool = False
) -> DraftedColumn:
    """Draft a column of a few texts (or of numbers that stand for groups)."""
    reasons = _missing_reasons(profile)
    text = identifier(profile.source)
    if sifted.rare_rows:
        known = (*sifted.allowed, *profile.markers, "")
        listed = _listed(known)
        rare = literal(sifted.rare_as) if sifted.rare_as else "NULL"
        is_known = f"coalesce({profile.mapped_text}, '') IN ({listed})"
        text = f"CASE WHEN {is_known} THEN {text} ELSE {rare} END"
        fate = f"read as '{sifted.rare_as}'" if sifted.rare_as else "read as missing"
        reasons.append(
            f"{sifted.rare_rows:,} rows hold values too rare to learn from: {fate}, as will be any"
            " value that is new"
        )
    to_nowhere = sifted.rare_rows and not sifted.rare_as
    column = Column(
        name, "category", words_for(profile.label, name).en, allowed=sifted.allowed,
        required=not (profile.missing or to_nowhere),
        missing=tuple(dict.fromkeys(("", *profile.markers))),
        sensitivity=Sensitivity.PROTECTED if protected else Sensitivity.ORDINARY,
    )  # fmt: skip
    return DraftedColumn(
        profile, column, text, "feature", words_for(profile.label, name), tuple(reasons)
    )


def draft_date(profile: ColumnProfile, name: str, stray_budget: int) -> DraftedColumn:
    """Draft a column of dates: known to the contract, no feature by itself."""
    assert profile.dates is not None
    reasons = _missing_reasons(profile)
    if profile.doubtful:
        reasons.append(
            f"every date fits {profile.dates.formats[0]} and also with day and month swapped:"
            " read with the day first; change the mapping if that is wrong"
        )
    strays_missing = profile.strays > stray_budget
    if profile.strays:
        fate = _STRAYS_MISSING if strays_missing else "their rows go to quarantine"
        reasons.append(f"{profile.strays:,} rows hold text that is no such date: {fate}")
    for day in profile.dates.no_days:
        rows = sum(
            n for t, n in profile.markers.items() if profile.dates.stands_for_no_day(t) == day
        )
        what = "an open end" if day > "2050" else "an unknown start"
        reasons.append(f"{day} in {rows:,} rows is {what} and no day: read as missing")
    text = identifier(profile.source)
    if not profile.dates.is_plain:
        reasons.append(f"written as {' or '.join(profile.dates.formats)}: mapped to ISO dates")
        iso = profile.dates.sql(profile.mapped_text)
        text = iso if strays_missing else f"coalesce({iso}, {text})"
    elif strays_missing:
        text = profile.dates.sql(profile.mapped_text)
    column = Column(
        name, "date", words_for(profile.label, name).en,
        required=not (profile.missing or strays_missing),
        missing=tuple(dict.fromkeys(("", *profile.markers))),
    )  # fmt: skip
    return DraftedColumn(
        profile, column, text, "date", words_for(profile.label, name), tuple(reasons)
    )


def draft_outcome(profile: ColumnProfile, name: str, sql: str, meaning: str,
                  reasons: tuple[str, ...], markers: tuple[str, ...]) -> DraftedColumn:  # fmt: skip
    """Draft the outcome: 1 for the event, 0 otherwise."""
    column = Column(
        name, "integer", meaning, low=0, high=1, timing=Timing.IS_OUTCOME,
        missing=tuple(dict.fromkeys(("", *markers))),
    )  # fmt: skip
    return DraftedColumn(profile, column, sql, "outcome", words_for(profile.label, name), reasons)


def has_code_feature(column: DraftedColumn) -> bool:
    """Whether the column's codes say more than that its value is not known."""
    codes = len(column.column.codes)
    return codes > 1 or (codes == 1 and not column.column.required)


def sift(
    values: Mapping[str, int], early: Mapping[str, int], limits: OnboardingLimits, rows: int,
    most: int,
) -> Sifted:  # fmt: skip
    """Keep the categories that every part of the data will hold.

    Args:
        values: rows of each text in the whole file.
        early: the same before the out-of-time day; a text that is rare there may be
            absent from the development sample.
        rows: all rows with a known value, also of texts beyond ``values``.
    """
    kept = [v for v in kept_values(values, limits) if early.get(v, 0) >= limits.least_rows][:most]
    rare = rows - sum(values[v] for v in kept)
    early_rare = sum(early.values()) - sum(early.get(v, 0) for v in kept)
    rare_as = OTHER if early_rare >= limits.least_rows or (rare and OTHER in kept) else None
    if rare and rare_as and OTHER not in kept:
        kept.append(OTHER)
    return Sifted(tuple(sorted(kept)), rare, rare_as if rare else None)


def range_with_slack(profile: ColumnProfile) -> tuple[float, float]:
    """Widen the observed range to what may still be a value of this column."""
    low, high = profile.low, profile.high
    if profile.kind == "integer" and low >= 1900 and high <= 2100:
        return 1900, 2100
    if low >= 0 and high <= 1:
        return 0, 1
    if unit_of(profile) == "percent" and low >= 0 and high <= 100:
        return 0, 100
    return (0 if low >= 0 else -_next_round(-2 * low)), (0 if high <= 0 else _next_round(2 * high))


def refuse_too_large(columns: Iterable[DraftedColumn], file_name: str) -> None:
    """Refuse a file that has numbers beyond what a model can hold in a column to be read.

    Raises:
        NumberTooLarge: naming each column, with its rows.
    """
    profiles = [c.profile for c in columns if c.profile and c.profile.beyond]
    if profiles:
        labels = [shown(profile.label) for profile in profiles]
        raise NumberTooLarge(file_name, labels, [profile.beyond for profile in profiles])


def unit_of(profile: ColumnProfile) -> str:
    """Guess a unit from signs in the values, or the header's last telling word."""
    if profile.number and profile.number.percent:
        return "percent"
    if profile.number and profile.number.currency:
        return CURRENCIES[profile.number.currency]
    told = [word for word in words_of(profile.label) if word in _UNITS]
    if profile.kind == "integer" and (profile.low, profile.high) == (0, 1):
        return "0 or 1"
    return _UNITS[told[-1]] if told else NO_UNIT


def _next_round(value: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten.

    >>> [_next_round(v) for v in (3, 60, 0.3, 1000)]
    [5, 100, 0.5, 1000]
    """
    power = 10.0 ** math.floor(math.log10(value))
    step = next(s for s in (1, 2, 5, 10) if value <= s * power * (1 + 1e-9))
    found = min(step * power, LARGEST_NUMBER)
    return round(found) if found >= 1 else float(f"{found:.6g}")


def _number_mapping(profile: ColumnProfile, strays_missing: bool) -> str:
    raw, form = identifier(profile.source), profile.number
    if form is None or (form.is_plain and not strays_missing):
        return raw
    fits = f"regexp_full_match({profile.mapped_text}, {literal(form.regex)})"
    otherwise = "" if strays_missing else f" ELSE {raw}"
    if strays_missing and profile.markers:
        listed = _listed(tuple(profile.markers))
        otherwise = f" WHEN {profile.mapped_text} IN ({listed}) THEN {raw}"
    return f"CASE WHEN {fits} THEN {form.sql(profile.mapped_text)}{otherwise} END"


def _listed(values: tuple[str, ...]) -> str:
    """List texts in SQL, in lines of a readable length."""
    lines = [""]
    for value in dict.fromkeys(values):
        if len(lines[-1]) + len(value) > _SQL_LINE:
            lines.append("")
        lines[-1] += f"{literal(value)}, "
    return "\n        ".join(line.rstrip() for line in lines).rstrip(",")


def _missing_reasons(profile: ColumnProfile) -> list[str]:
    named = [f"'{shown(m, 20)}'" if m else "an empty cell" for m in profile.markers]
    if not profile.missing:
        return []
    share = profile.missing / profile.rows
    return [f"missing in {share:.1%} of rows, written as {', '.join(named[:6])}"]


def _reading_reasons(profile: ColumnProfile) -> list[str]:
    """Say how the numbers are written, and where that can be read in two ways."""
    form, said = profile.number, []
    if form and not form.is_plain:
        words = ", ".join(form.words())
        said.append(f"written with {words}: the mapping turns it into plain numbers")
    if form and profile.doubtful:
        taken = "a thousands mark" if form.thousands else "a decimal point"
        taken = "a decimal comma" if form.decimal == "," and not form.thousands else taken
        said.append(f"values such as {profile.doubtful} can be read in two ways: taken as {taken}")
    return said


def _code_reason(profile: ColumnProfile, code: int, rows: int, rare: bool) -> str:
    share = f"{rows / profile.rows:.1%}" if rows >= 0.001 * profile.rows else f"{rows:,}"
    fate = "too few to be told apart: read as missing" if rare else "read as a code"
    rest = f"({profile.low:,.10g} to {profile.high:,.10g})"
    return f"{code} in {share} of rows and apart from the rest {rest}: {fate}"
