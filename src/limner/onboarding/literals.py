"""Python and YAML text as the project's own formatter would leave it."""

import textwrap
import unicodedata
from collections.abc import Sequence

from limner.domain import Bilingual

LINE = 100


def quoted(text: str) -> str:
    r"""Write a text as a Python literal, in the quotes that need fewer escapes.

    >>> print(quoted("it's"), quoted('say "so"'))
    "it's" 'say "so"'
    """
    mark = "'" if text.count('"') > text.count("'") else '"'
    return mark + "".join(_escaped(letter, mark) for letter in text) + mark


def tuple_of(items: Sequence[str], indent: int, before: str = "") -> str:
    """Write a tuple of rendered items behind ``before``: on one line if it fits with its comma."""
    inside = ", ".join(items) + ("," if len(items) == 1 else "")
    line = f"{before}({inside})"
    if "\n" not in line and indent + width(line) + 1 <= LINE:
        return line
    return _exploded(f"{before}(", items, indent, ")")


def call_of(name: str, arguments: Sequence[str], indent: int) -> str:
    """Write a call with one argument a line."""
    return _exploded(f"{name}(", arguments, indent, ")")


def short_call(name: str, arguments: Sequence[str], indent: int) -> str:
    """Write a call on one line if it fits with its comma, else one argument a line."""
    line = f"{name}({', '.join(arguments)})"
    if "\n" not in line and indent + width(line) + 1 <= LINE:
        return line
    return call_of(name, arguments, indent)


def bilingual(words: Bilingual, indent: int, before: str = "") -> str:
    """Write a :class:`Bilingual`: on one line if it fits with its comma."""
    parts = (quoted(words.en), quoted(words.zh))
    line = f"{before}Bilingual({', '.join(parts)})"
    if indent + width(line) + 1 <= LINE:
        return line
    return _exploded(f"{before}Bilingual(", parts, indent, ")")


def comment(reasons: Sequence[str], indent: int, mark: str = "#") -> list[str]:
    """Wrap reasons as comment lines, each reason starting a line of its own."""
    lines: list[str] = []
    for reason in reasons:
        sentence = reason[:1].upper() + reason[1:] + ("" if reason.endswith((".", "?")) else ".")
        room = LINE - indent - len(mark) - 1
        # Chinese letters are twice as wide and are not parted by blanks.
        room = room if width(sentence) == len(sentence) else room // 2
        lines += [f"{' ' * indent}{mark} {line}" for line in textwrap.wrap(sentence, room)]
    return lines


def number(value: float) -> str:
    """Write a number: whole ones without a point, thousands parted as people do.

    >>> number(200000), number(0.5), number(-20)
    ('200_000', '0.5', '-20')
    """
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{int(value):_d}" if whole else repr(float(value))


def width(text: str) -> int:
    """Count columns on a screen: East Asian letters take two.

    >>> width("a年")
    3
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def checked(line: str) -> str:
    """Excuse a line that cannot be shorter."""
    return f"{line}  # noqa: E501" if "\n" not in line and width(line) > LINE else line


def _exploded(before: str, items: Sequence[str], indent: int, after: str) -> str:
    space = " " * (indent + 4)
    inside = "\n".join(checked(f"{space}{item},") for item in items)
    return f"{before}\n{inside}\n{' ' * indent}{after}"


def _escaped(letter: str, mark: str) -> str:
    if letter in (mark, "\\"):
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    return repr(letter)[1:-1]
