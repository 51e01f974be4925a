"""Numbers as people write them: decimal commas, thousands, signs of percent, money and minus."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Literal

from limner.engine import literal

_SPACES = "[ \u00a0\u202f]"
_THOUSANDS = {"": "", ",": ",", ".": "[.]", " ": _SPACES, "'": "['\u2019]"}
CURRENCIES = {
    "$": "US dollars", "USD": "US dollars", "€": "euro", "EUR": "euro", "£": "pounds",
    "GBP": "pounds", "¥": "yuan", "￥": "yuan", "CNY": "yuan", "RMB": "yuan", "元": "yuan",
    "CHF": "francs",
}  # fmt: skip
_SIGN_OF_MONEY = re.compile("|".join(re.escape(sign) for sign in CURRENCIES))


# U+2212 is the minus of typesetters, and of some spreadsheets.
_LONG_MINUS = "\u2212"
Negative = Literal["parentheses", "minus behind", "long minus"]
_NEGATIVES: dict[Negative, str] = {
    "parentheses": r"\(.*[0-9].*\)", "minus behind": rf"[0-9][^0-9]*[-{_LONG_MINUS}][^0-9]*$",
    "long minus": _LONG_MINUS,
}  # fmt: skip
_NEGATIVE_WORDS: dict[Negative, str] = {
    "parentheses": "negative amounts in parentheses",
    "minus behind": "a minus behind negative amounts",
    "long minus": "the minus sign U+2212",
}


@dataclass(frozen=True)
class NumberFormat:
    """One way to write numbers; ``negatives`` beside the minus in front.

    ``regex`` is understood alike by Python and by DuckDB's RE2.
    """

    decimal: str = "."
    thousands: str = ""
    percent: bool = False
    currency: str = ""
    negatives: tuple[Negative, ...] = ()

    @cached_property
    def regex(self) -> str:
        """What a whole value looks like."""
        point = re.escape(self.decimal)
        mark = _THOUSANDS[self.thousands]
        digits = f"(?:[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]+)" if mark else "[0-9]+"
        number = f"(?:{digits}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
        money = f"(?:{re.escape(self.currency)})?" if self.currency else ""
        space = f"{_SPACES}*"
        around = f"{money}{space}" if money else ""
        behind = f"{space}{money}" if money else ""
        after = f"{behind}{space}%?" if self.percent else behind
        dash = f"[-{_LONG_MINUS}]" if "long minus" in self.negatives else "-"
        sign = f"[+{dash.strip('[]')}]?" if len(dash) > 1 else "[+-]?"
        forms = [f"{around}{sign}{around}{number}{after}"]
        if "parentheses" in self.negatives:
            inside = f"{_SPACES}*{around}{number}{after}{_SPACES}*"
            forms.append(f"{around}[(]{inside}[)]{after}")
        if "minus behind" in self.negatives:
            forms.append(f"{around}{number}{after}{_SPACES}*{dash}{after}")
        return forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"

    @property
    def is_plain(self) -> bool:
        """Whether intake reads the text as it is."""
        return self == NumberFormat()

    def sql(self, text: str) -> str:
        """SQL of the plain number that a value of this format (``text``, SQL) stands for."""
        marks = [m for m in (self.currency, "%" if self.percent else "") if m]
        if self.thousands == " " or marks or self.negatives:
            marks += [" ", "\u00a0", "\u202f"]
        if self.thousands == "'":
            marks += ["'", "\u2019"]
        elif self.thousands in (",", "."):
            marks.append(self.thousands)
        for mark in marks:
            text = f"replace({text}, {literal(mark)}, '')"
        if "long minus" in self.negatives:
            text = f"replace({text}, '{_LONG_MINUS}', '-')"
        if "parentheses" in self.negatives:
            text = f"regexp_replace({text}, '^[(](.*)[)]$', '-\\1')"
        if "minus behind" in self.negatives:
            text = f"regexp_replace({text}, '^(.*)-$', '-\\1')"
        return text if self.decimal == "." else f"replace({text}, ',', '.')"

    def words(self) -> list[str]:
        """Say what is unusual about it."""
        said = ["decimal commas"] if self.decimal == "," else []
        names = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes"}
        if self.thousands:
            said.append(f"{names[self.thousands]} between thousands")
        if self.percent:
            said.append("percent signs")
        said += [_NEGATIVE_WORDS[negative] for negative in self.negatives]
        return [*said, f"the sign {self.currency}"] if self.currency else said


@dataclass(frozen=True)
class NumberReading:
    """The format that fits a column best, the share of values that it fits, and a doubt."""

    format: NumberFormat
    share: float
    doubtful: bool


def read_numbers(values: Mapping[str, int], comma_file: bool = False) -> NumberReading | None:
    """Find the format of a column's values.

    Args:
        values: distinct values (no missing markers) with their rows.
        comma_file: other columns of the file are known to use decimal commas.

    Returns:
        None where few values hold a digit.
    """
    rows = sum(values.values())
    with_digit = sum(n for value, n in values.items() if any(c.isdigit() for c in value))
    if not rows or with_digit < 0.5 * rows:
        return None
    signs = _SIGN_OF_MONEY.findall(" ".join(values))
    currency = max(sorted(set(signs)), key=signs.count) if signs else ""
    percent = any("%" in value for value in values)
    forms = _candidates(comma_file, percent, currency)
    fits = [
        (_rows_fitting(form, values), form)
        for negatives in _negatives_seen(values)
        for form in (replace(form, negatives=negatives) for form in forms)
    ]
    most, best = max(fits, key=lambda fit: fit[0])
    rivals = {form.decimal for matched, form in fits if matched == most}
    marked = any("," in value or "." in value for value in values)
    return NumberReading(best, most / rows, marked and len(rivals) > 1)


def uses_decimal_commas(values: Mapping[str, int]) -> bool:
    """Whether a column's numbers can only be read with decimal commas."""
    reading = read_numbers(values)
    commas = reading is not None and reading.format.decimal == ","
    return bool(commas and reading and reading.share > 0.9 and not reading.doubtful)


def _candidates(comma_file: bool, percent: bool, currency: str) -> list[NumberFormat]:
    point = [NumberFormat(".", mark, percent, currency) for mark in ("", ",", " ", "'")]
    comma = [NumberFormat(",", mark, percent, currency) for mark in ("", ".", " ", "'")]
    if comma_file:
        # What could be either is thousands here: 1.234 among decimal commas.
        return [comma[0], comma[1], *comma[2:], *point]
    # And 1,234 alone is thousands, where no decimal comma is seen anywhere.
    return [*point, *comma]


def _negatives_seen(values: Mapping[str, int]) -> list[tuple[Negative, ...]]:
    """List the ways to write negative amounts that occur: all sets of them, the plain one first."""
    seen = [
        negative
        for negative, pattern in _NEGATIVES.items()
        if any(re.search(pattern, value) for value in values)
    ]
    return [some for size in range(len(seen) + 1) for some in combinations(seen, size)]


def _rows_fitting(form: NumberFormat, values: Mapping[str, int]) -> int:
    pattern = re.compile(form.regex)
    return sum(n for value, n in values.items() if pattern.fullmatch(value))
