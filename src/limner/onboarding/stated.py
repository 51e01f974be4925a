"""Columns of which a person stated what they are: to keep, to drop, protected."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from limner.errors import OptionsContradict
from limner.onboarding.profile import ColumnProfile


@dataclass(frozen=True)
class StatedColumns:
    """Names in the file by what was stated of them."""

    keep: frozenset[str] = frozenset()
    drop: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()


def find_stated(
    keep: Iterable[str], drop: Iterable[str], protected: Iterable[str],
    find: Callable[[str], ColumnProfile], parts: dict[str, ColumnProfile | None],
) -> StatedColumns:  # fmt: skip
    """Find the columns that ``--keep``, ``--drop`` and ``--protected`` name.

    Args:
        parts: columns that have another part already, such as the target, by their option.

    Raises:
        ColumnMissing: the file has no such column.
        OptionsContradict: one column is stated to be two things.
    """
    options: dict[str, str] = {c.source: option for option, c in parts.items() if c}
    found: dict[str, set[str]] = {"--keep": set(), "--drop": set(), "--protected": set()}
    for option, names in zip(found, (keep, drop, protected), strict=True):
        for name in names:
            column = find(name)
            other = options.setdefault(column.source, option)
            if other != option:
                raise OptionsContradict(name, other, option)
            found[option].add(column.source)
    return StatedColumns(*(frozenset(sources) for sources in found.values()))
