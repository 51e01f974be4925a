"""Numbers as people write them: decimal commas, thousands, percent and currency signs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from limner.engine import literal

_SPACES = "[ \u00a0\u202f]"
_THOUSANDS = {"": "", ",": ",", ".": "[.]", " ": _SPACES, "'": "['\u2019]"}
CURRENCIES = {
    "$": "US dollars", "USD": "US dollars", "€": "euro", "EUR": "euro", "£": "pounds",
    "GBP": "pounds", "¥": "yuan", "￥": "yuan", "CNY": "yuan", "RMB": "yuan", "元": "yuan",
    "CHF": "francs",
}  # fmt: skip
_SIGN_OF_MONEY = re.compile("|".join(re.escape(sign) for sign in CURRENCIES))


@dataclass(frozen=True)
class NumberFormat:
    """One way to write numbers.

    ``regex`` is understood alike by Python and by DuckDB's RE2.
    """

    decimal: str = "."
    thousands: str = ""
    percent: bool = False
    currency: str = ""

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
        percent = f"{space}%?" if self.percent else ""
        return f"{around}[+-]?{around}{number}{behind}{percent}"

    @property
    def is_plain(self) -> bool:
        """Whether intake reads the text as it is."""
        return self == NumberFormat()

    def sql(self, text: str) -> str:
        """SQL of the plain number that a value of this format (``text``, SQL) stands for."""
        marks = [m for m in (self.currency, "%" if self.percent else "") if m]
        if self.thousands == " " or marks:
            marks += [" ", "\u00a0", "\u202f"]
        if self.thousands == "'":
            marks += ["'", "\u2019"]
        elif self.thousands in (",", "."):
            marks.append(self.thousands)
        for mark in marks:
            text = f"replace({text}, {literal(mark)}, '')"
        return text if self.decimal == "." else f"replace({text}, ',', '.')"

    def words(self) -> list[str]:
        """Say what is unusual about it."""
        said = ["decimal commas"] if self.decimal == "," else []
        names = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes"}
        if self.thousands:
            said.append(f"{names[self.thousands]} between thousands")
        if self.percent:
            said.append("percent signs")
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
    fits = [
        (_rows_fitting(form, values), form)
        for form in _candidates(comma_file, percent, currency)
    ]  # fmt: skip
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


def _rows_fitting(form: NumberFormat, values: Mapping[str, int]) -> int:
    pattern = re.compile(form.regex)
    return sum(n for value, n in values.items() if pattern.fullmatch(value))
