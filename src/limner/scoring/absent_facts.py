"""Facts that a table lacks: refused or told, with the nearest name that the table has."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from limner.errors import ColumnTwice, FactsMissing, some_of
from limner.modelling.fitted import Manifest
from limner.scoring.records import must_be_given

_NUMBER = re.compile(r"[-+]?[\d.,:/ -]*\d[\d.,:/ -]*%?")


def absent_facts(manifest: Manifest, names: Collection[str]) -> list[str]:
    """Name the facts for which a table has no column of exactly this name."""
    present = set(names)
    return [name for name in manifest.columns if name not in present]


def lacks_facts(manifest: Manifest, names: Collection[str]) -> bool:
    """Whether a table lacks a fact that must be given, or has none at all."""
    absent = absent_facts(manifest, names)
    needed = any(must_be_given(manifest.columns[name]) for name in absent)
    return needed or len(absent) == len(manifest.columns)


def refuse_absent_facts(
    manifest: Manifest, names: Sequence[str], table: str = "the table", hint: str = ""
) -> None:
    """Refuse a table that lacks facts which must be given, or has none of the facts.

    Args:
        names: the columns that the table has.
        hint: what else helps to see why, such as the separator that was found.

    Raises:
        FactsMissing: it does.
    """
    if not lacks_facts(manifest, names):
        return
    absent = absent_facts(manifest, names)
    needed = [name for name in absent if must_be_given(manifest.columns[name])]
    optional = [name for name in absent if name not in needed]
    raise FactsMissing(
        table, manifest.model, with_nearest(manifest, needed or optional, names),
        with_nearest(manifest, optional if needed else [], names), _what_is_there(names, hint),
    )  # fmt: skip


def refuse_columns_twice(names: Sequence[str], known: Collection[str], table: str) -> None:
    """Refuse a table that has a known column more than once.

    Raises:
        ColumnTwice: it does.
    """
    twice = [name for name, count in Counter(names).items() if count > 1 and name in known]
    if twice:
        raise ColumnTwice(table, twice)


def with_nearest(manifest: Manifest, absent: Sequence[str], names: Sequence[str]) -> list[str]:
    """Write each absent fact with the nearest name among a table's other columns."""
    if _are_values(names):
        return list(absent)
    others = {_plain(name): name for name in names if name and name not in manifest.columns}
    written = []
    for name in absent:
        near = get_close_matches(_plain(name), others, 1, 0.6)
        written.append(f"{name} (nearest: {_shown(others[near[0]])})" if near else name)
    return written


def resembles(name: str, other: str) -> bool:
    """Whether two names differ only in capitals, blanks and signs.

    >>> resembles("allows_marketing", "Allows Marketing")
    True
    """
    return _plain(name) == _plain(other)


def _what_is_there(names: Sequence[str], hint: str) -> str:
    told = f" ({hint})" if hint else ""
    if _are_values(names):
        # They are a person's: not one of them is named.
        return f"its first line holds values, not names: put a header above it{told}"
    if len(names) == 1:
        # A title or a comment above the header looks so; so does a separator that is none.
        return (
            f"its first line is one name, {_shown(names[0])}: remove lines above the header, or"
            f" separate columns by commas{told}"
        )
    return f"it has: {some_of(map(_shown, names), 20)}{told}"


def _shown(name: str) -> str:
    """Write a name of a file on one line, in quotes where blanks or commas could mislead."""
    line = " ".join(name.split())
    return line if re.fullmatch(r"\w+", line) else f"'{line}'"


def _are_values(names: Sequence[str]) -> bool:
    """Whether a header looks like a row of values, as where a file has no header."""
    numbers = sum(bool(_NUMBER.fullmatch(name)) for name in names)
    return numbers * 3 >= len(names) > 0


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")
