"""Texts that mean *not known*, and numbers that are codes rather than quantities."""

from collections.abc import Mapping

ALWAYS = frozenset(
    ("", "na", "n/a", "n.a.", "nan", "null", "#n/a", "#na", "<na>", "?", "??", "-", "--", ".",
     "unknown", "unk", "not known", "not available", "missing", "unbekannt", "inconnu",
     "desconocido", "未知", "不详", "缺失", "暂无", "未填写")
)  # fmt: skip
# Of categories these may be answers: a loan of kind "none".
AMONG_NUMBERS = ALWAYS | {"none", "nil", "no", "n", "x", "*", "无", "#value!", "#ref!", "#div/0!"}

_CODES = frozenset(
    (-1, -2, -7, -8, -9, -99, -999, -9999, -99999, 88, 96, 97, 98, 99, 888, 998, 999, 9998, 9999,
     99999, 999999, 9999999, 99999999, 999999999)
)  # fmt: skip


def is_missing(text: str, among_numbers: bool) -> bool:
    """Whether a text stands for an unknown value."""
    known = AMONG_NUMBERS if among_numbers else ALWAYS
    return text.strip().casefold() in known


def code_candidates() -> frozenset[int]:
    """Numbers that files often use as codes."""
    return _CODES


def find_codes(
    counts: Mapping[int, int], low: float, high: float, least_rows: int,
    states: frozenset[int] = frozenset(),
) -> dict[int, str]:  # fmt: skip
    """Tell codes from quantities by how far outside the other values they stand.

    Args:
        counts: rows of each code-like number that the column holds.
        low, high: range of all its other values.
        least_rows: a number in fewer rows is a value, however odd.
        states: numbers that belong to a few ordered states, see :func:`ordered_states`.

    Returns:
        the reason for each code.
    """
    found = {}
    for code, rows in counts.items():
        far = max(high - low, 10.0)
        outside = code < 0 <= low or code > high + far or code < low - far
        if outside and rows >= least_rows and code not in states:
            found[code] = f"apart from the rest ({low:,.10g} to {high:,.10g})"
    return found


def ordered_states(
    counts: Mapping[int, int], low: float, high: float, distinct: int, most: int
) -> frozenset[int]:
    """Find code-like numbers that continue a column's few whole numbers without a gap.

    Args:
        counts, low, high: as of :func:`find_codes`.
        distinct: how many different numbers the column holds.
        most: a column of more has quantities, not states.

    >>> sorted(ordered_states({-2: 50, -1: 90, -9: 4}, 0, 8, 12, 15))
    [-2, -1]
    """
    states: set[int] = set()
    if distinct > most or high - low >= most:
        return frozenset()
    edge = low
    for code in sorted(counts, reverse=True):
        if edge - code == 1:
            states.add(code)
            edge = code
    return frozenset(states)
