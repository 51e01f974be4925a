"""Dates as people write them: those that can be read in two ways, and those that are no day."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from limner.engine import literal

# In order of trust: where two fit equally, the first is taken.
_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d.%m.%Y", "%d/%m/%Y",
    "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y",
    "%d %b %Y", "%b %d, %Y", "%d-%b-%y",
)  # fmt: skip
_AMBIGUOUS = {
    "%d/%m/%Y": "%m/%d/%Y", "%d-%m-%Y": "%m-%d-%Y", "%d/%m/%y": "%m/%d/%y",
}  # fmt: skip
# Cheap to try on every column before any calendar is asked.
_DAY_LIKE = re.compile(
    r"\d{8}|\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}"
    r"|[A-Za-z]{3} \d{1,2}, \d{4}"
)
_TIME = r"[ T][0-9]{1,2}:[0-9]{2}.*$"
_YEARS = range(1900, 2101)
_NEVER = {(2999, 12, 31), (3000, 1, 1), (3000, 12, 31), (1, 1, 1), (1753, 1, 1)}
_MAYBE_NO_DAY = {(1900, 1, 1), (2099, 12, 31)}
_FAR_DAYS = 20 * 365
_TRIED = 2000


@dataclass(frozen=True)
class DateReading:
    """The formats of a column's dates, the share they read, and whether a clock follows.

    ``rival`` is a format that others of its dates have, with day and month the other way
    round; ``no_days`` are ISO dates that stand for an open end or an unknown start.
    """

    formats: tuple[str, ...]
    share: float
    has_time: bool
    doubtful: bool
    rival: str = ""
    rival_share: float = 0.0
    no_days: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether intake reads the text as it is."""
        return self.formats == ("%Y-%m-%d",) and not self.has_time

    def sql(self, text: str) -> str:
        """SQL of the ISO date that ``text`` (SQL) stands for; NULL where it is none."""
        iso = f"strftime({self._day_sql(text, self.formats)}, '%Y-%m-%d')"
        for day in self.no_days:
            iso = f"nullif({iso}, {literal(day)})"
        return iso

    def fits_only_sql(self, text: str, form: str, rival: str) -> str:
        """SQL condition that a date is one by the first format and none by the second."""
        days = (self._day_sql(text, (f,)) for f in (form, rival))
        return "{} IS NOT NULL AND {} IS NULL".format(*days)

    def stands_for_no_day(self, text: str) -> str:
        """Return the ISO date of a text that is an open end or an unknown start, else ''."""
        bare = re.sub(_TIME, "", text)
        days = (_day(bare, form) for form in self.formats)
        return next((str(d) for d in days if d and str(d) in self.no_days), "")

    def _day_sql(self, text: str, formats: tuple[str, ...]) -> str:
        if self.has_time:
            text = f"regexp_replace({text}, {literal(_TIME)}, '')"
        listed = ", ".join(literal(form) for form in formats)
        return f"try_strptime({text}, [{listed}])"


def read_dates(values: Mapping[str, int]) -> DateReading | None:
    """Find the date formats of a column's values (no missing markers), or None."""
    tried = dict(list(values.items())[:_TRIED])
    rows = sum(tried.values())
    days = {value: re.sub(_TIME, "", value) for value in tried}
    like = sum(n for value, n in tried.items() if _DAY_LIKE.fullmatch(days[value]))
    if not rows or like < 0.5 * rows:
        return None
    formats: list[str] = []
    rival, rival_share = "", 0.0
    left = dict(tried)
    while left:
        fits = {form: {v for v in left if _is_day(days[v], form)} for form in _FORMATS}
        best = max(_FORMATS, key=lambda form: sum(left[v] for v in fits[form]))
        if not fits[best]:
            break
        if _AMBIGUOUS.get(best) in formats or best in _rivals(formats):
            rival, rival_share = best, sum(left[v] for v in fits[best]) / rows
            break
        formats.append(best)
        left = {value: n for value, n in left.items() if value not in fits[best]}
    if not formats:
        return None
    share = 1 - sum(left.values()) / rows
    first = _AMBIGUOUS.get(formats[0])
    read = [v for v in tried if v not in left]
    doubtful = bool(first) and all(_is_day(days[v], first or "") for v in read)
    has_time = any(days[v] != v for v in read)
    return DateReading(tuple(formats), share, has_time, doubtful, rival, rival_share)


def find_no_days(counts: Mapping[dt.date, int], least_rows: int) -> tuple[str, ...]:
    """Find the dates of a column that stand for an open end or an unknown start.

    The year 9999 always does. 1900-01-01 and the last day of 2099 do where the column says so
    clearly: in many rows, more than any other day has, and decades away from the others.
    """
    always = [day for day in counts if _is_never(day)]
    others = sorted(day for day in counts if day not in always)
    found = [
        day
        for day in others
        if (day.year, day.month, day.day) in _MAYBE_NO_DAY
        and counts[day] >= max(least_rows, *(n for d, n in counts.items() if d not in always))
        and all(abs((other - day).days) > _FAR_DAYS for other in others if other != day)
    ]
    return tuple(str(day) for day in sorted([*always, *found]))


def _rivals(formats: list[str]) -> set[str]:
    return {rival for form, rival in _AMBIGUOUS.items() if form in formats}


def _is_day(text: str, form: str) -> bool:
    day = _day(text, form)
    return day is not None and (day.year in _YEARS or _is_never(day))


def _day(text: str, form: str) -> dt.date | None:
    # strptime reads 1 or 2 digits anywhere: 2020111 would be a day in two ways.
    if form == "%Y%m%d" and not re.fullmatch(r"\d{8}", text):
        return None
    try:
        return dt.datetime.strptime(text, form).date()
    except ValueError:
        return None


def _is_never(day: dt.date) -> bool:
    return day.year == 9999 or (day.year, day.month, day.day) in _NEVER
