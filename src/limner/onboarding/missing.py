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
    counts: Mapping[int, int], low: float, high: float, least_rows: int
) -> dict[int, str]:
    """Tell codes from quantities by how far outside the other values they stand.

    Args:
        counts: rows of each code-like number that the column holds.
        low, high: range of all its other values.
        least_rows: a number in fewer rows is a value, however odd.

    Returns:
        the reason for each code.
    """
    found = {}
    for code, rows in counts.items():
        far = max(high - low, 10.0)
        outside = code < 0 <= low or code > high + far or code < low - far
        if outside and rows >= least_rows:
            found[code] = f"far outside the rest ({low:,.10g} to {high:,.10g})"
    return found
