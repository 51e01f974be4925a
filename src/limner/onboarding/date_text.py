"""Dates as people write them, and the ones that can be read in two ways."""

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
_TRIED = 2000


@dataclass(frozen=True)
class DateReading:
    """The formats of a column's dates, the share they read, and whether a clock follows."""

    formats: tuple[str, ...]
    share: float
    has_time: bool
    doubtful: bool

    @property
    def is_plain(self) -> bool:
        """Whether intake reads the text as it is."""
        return self.formats == ("%Y-%m-%d",) and not self.has_time

    def sql(self, text: str) -> str:
        """SQL of the ISO date that ``text`` (SQL) stands for; NULL where it is none."""
        if self.has_time:
            text = f"regexp_replace({text}, {literal(_TIME)}, '')"
        formats = ", ".join(literal(form) for form in self.formats)
        return f"strftime(try_strptime({text}, [{formats}]), '%Y-%m-%d')"


def read_dates(values: Mapping[str, int]) -> DateReading | None:
    """Find the date formats of a column's values (no missing markers), or None."""
    tried = dict(list(values.items())[:_TRIED])
    rows = sum(tried.values())
    days = {value: re.sub(_TIME, "", value) for value in tried}
    like = sum(n for value, n in tried.items() if _DAY_LIKE.fullmatch(days[value]))
    if not rows or like < 0.5 * rows:
        return None
    formats: list[str] = []
    left = dict(tried)
    while left:
        fits = {form: {v for v in left if _is_day(days[v], form)} for form in _FORMATS}
        best = max(_FORMATS, key=lambda form: sum(left[v] for v in fits[form]))
        if not fits[best] or _AMBIGUOUS.get(best) in formats or best in _rivals(formats):
            break
        formats.append(best)
        left = {value: n for value, n in left.items() if value not in fits[best]}
    if not formats:
        return None
    share = 1 - sum(left.values()) / rows
    first = _AMBIGUOUS.get(formats[0])
    read = [v for v in tried if v not in left]
    doubtful = bool(first) and all(_is_day(days[v], first or "") for v in read)
    return DateReading(tuple(formats), share, any(days[v] != v for v in read), doubtful)


def _rivals(formats: list[str]) -> set[str]:
    return {rival for form, rival in _AMBIGUOUS.items() if form in formats}


def _is_day(text: str, form: str) -> bool:
    # strptime reads 1 or 2 digits anywhere: 2020111 would be a day in two ways.
    if form == "%Y%m%d" and not re.fullmatch(r"\d{8}", text):
        return False
    try:
        return dt.datetime.strptime(text, form).year in _YEARS
    except ValueError:
        return False
