"""Values in the ways in which the systems of a bank write them: all as Arrow arrays."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harbour.arrays import Array, Days, Flags, Ints

_CENTS = pa.array([f"{cents:02d}" for cents in range(100)])


def texts(choices: tuple[str, ...], which: Array) -> Any:
    """Look codes up; numbers below 0 are unknown."""
    return pa.array(choices).take(pa.array(which, mask=np.asarray(which) < 0))


def number_text(numbers: Array, width: int = 0, prefix: str = "") -> Any:
    """Write whole numbers, filled up with zeros to a width."""
    text = pc.cast(pa.array(numbers), pa.string())
    filled = pc.utf8_lpad(text, width, "0") if width else text
    return pc.binary_join_element_wise(prefix, filled, "") if prefix else filled


def day_text(days: Days, layout: str) -> Any:
    """Write dates; no date stays unknown. Each day is written once and then looked up."""
    known = ~np.isnat(days)
    if not known.any():
        return pa.nulls(len(days), pa.string())
    first = days[known].min()
    span = pa.array(np.arange(first, days[known].max() + 1))
    place = np.where(known, (days - first).astype(np.int64), 0)
    return pc.strftime(span.cast(pa.timestamp("s")), layout).take(pa.array(place, mask=~known))


def moment_text(seconds: Ints, layout: str) -> Any:
    """Write moments."""
    return pc.strftime(pa.array(seconds, pa.timestamp("s")), layout)


def decimal_text(minor: Ints, point: str = ".", known: Flags | None = None) -> Any:
    """Write amounts that are not negative in major units with two places."""
    mask = None if known is None else ~known
    major = pc.cast(pa.array(minor // 100, mask=mask), pa.string())
    cents = _CENTS.take(pa.array(minor % 100, mask=mask))
    return pc.binary_join_element_wise(major, cents, point)


def money(minor: Ints) -> Any:
    """Give amounts in major units as DECIMAL(14,2): exact, unlike a float."""
    wide = np.empty((len(minor), 2), dtype=np.int64)
    wide[:, 0], wide[:, 1] = minor, minor >> 63
    return pa.Array.from_buffers(pa.decimal128(14, 2), len(minor), [None, pa.py_buffer(wide)])


def dates(days: Days) -> Any:
    """Give dates; no date stays unknown."""
    unknown = np.isnat(days)
    return pa.array(np.where(unknown, 0, days.astype(np.int64)).astype(np.int32),
                    pa.date32(), mask=unknown)  # fmt: skip


def day_numbers(days: Days) -> Ints:
    """Write dates as the numbers 20230131, and no date as 0."""
    unknown = np.isnat(days)
    day = np.where(unknown, np.datetime64("1970-01-01"), days).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = month.astype("datetime64[Y]").astype(np.int64) + 1970
    of_year = month.astype(np.int64) % 12 + 1
    of_month = (day - month.astype("datetime64[D]")).astype(np.int64) + 1
    return np.where(unknown, 0, year * 10_000 + of_year * 100 + of_month)


def moments(seconds: Ints) -> Any:
    """Give moments to the millisecond, as Parquet keeps them."""
    return pa.array(seconds * 1_000, pa.timestamp("ms"))


def table(**columns: Any) -> Any:
    """Put columns, Arrow or NumPy, together."""
    return pa.table(dict(columns))


def row_texts(*parts: Any) -> Any:
    """Join texts row by row; a part may be one text for all rows."""
    return pc.binary_join_element_wise(*parts, "")


def phone_groups(digits: Array) -> Any:
    """Write telephones of nine digits as core banking does; those not known stay so.

    >>> phone_groups(np.array(["123456789", ""])).to_pylist()
    ['+99 123 456 789', None]
    """
    nine = pa.array(digits, mask=digits == "")
    groups = [pc.utf8_slice_codeunits(nine, start, start + 3) for start in (0, 3, 6)]
    return pc.binary_join_element_wise("+99", *groups, " ")
