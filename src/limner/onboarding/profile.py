"""What each column of a file holds, by DuckDB: exact where it is cheap, sampled where not."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from limner.domain import LARGEST_NUMBER
from limner.engine import (
    Connection,
    UnreadableTable,
    columns_of,
    connect,
    count,
    identifier,
    literal,
    read_parquet,
    write_parquet,
)
from limner.errors import TableUnfit
from limner.intake.extract_file import as_utf8, rows_sql
from limner.intake.separators import why_uneven
from limner.onboarding.date_text import DateReading, find_no_days, read_dates
from limner.onboarding.file_shape import FileShape
from limner.onboarding.missing import code_candidates, find_codes, is_missing, ordered_states
from limner.onboarding.number_text import NumberFormat, read_numbers, uses_decimal_commas
from limner.settings import OnboardingLimits

Kind = Literal["integer", "number", "date", "text", "empty"]
Progress = Callable[[str], None]
_SHAPE_VALUES = 3000
_SILENCE_SECONDS = 3.0
ROW = identifier("row in file")


@dataclass(frozen=True)
class ColumnProfile:
    """One column of the file.

    ``values`` counts its texts, most frequent first, if there are few enough;
    ``markers`` the raw texts that mean *not known* (the empty text among them);
    ``codes`` numbers that are no quantities, with their rows; ``low`` and ``high`` the range
    of the rest. ``strays`` are rows whose value is known and not of the kind, ``beyond`` rows
    whose number is more than a model can hold.
    """

    source: str
    label: str
    position: int
    rows: int
    kind: Kind
    distinct: int
    markers: Mapping[str, int]
    values: Mapping[str, int] | None = None
    number: NumberFormat | None = None
    dates: DateReading | None = None
    low: float = 0.0
    high: float = 0.0
    codes: Mapping[int, int] = field(default_factory=dict)
    strays: int = 0
    beyond: int = 0
    text_length: float = 0.0
    spaced: float = 0.0
    leading_zeros: bool = False
    doubtful: str = ""
    mixed_dates: DateReading | None = None

    @property
    def missing(self) -> int:
        """Rows without a known value."""
        return sum(self.markers.values())

    @property
    def known(self) -> int:
        return self.rows - self.missing

    @property
    def text(self) -> str:
        """SQL of the trimmed text, in ``extract`` and ``sampled`` as they are staged here."""
        return f"trim({held_as(self.position)})"

    @property
    def mapped_text(self) -> str:
        """SQL of the trimmed text, in the ``extract`` that a portfolio's mapping reads."""
        return f"trim({identifier(self.source)})"

    @property
    def typed(self) -> str:
        """SQL of the value as a number or date, NULL where it is neither."""
        if self.number:
            return _number_sql(self.number, self.text)
        return f"try_cast({self.dates.sql(self.text)} AS DATE)" if self.dates else self.text


@dataclass(frozen=True)
class TableProfile:
    """A file's columns, and an open connection with ``extract`` and its part ``sampled``.

    There every column has a name of ours (:func:`held_as`), beside :data:`ROW` in file order:
    whatever a file calls its columns, no query can take one for an alias of its own.
    """

    connection: Connection
    columns: tuple[ColumnProfile, ...]
    rows: int
    sampled_rows: int
    file: Path
    shape: FileShape

    def find(self, wanted: str) -> ColumnProfile | None:
        """Find a column by its name or header, exactly or but for case and blanks."""
        for name in (str, _loosely):
            for column in self.columns:
                if name(wanted) in (name(column.source), name(column.label)):
                    return column
        return None


@contextmanager
def open_profile(
    file: Path, shape: FileShape, limits: OnboardingLimits, threads: int, progress: Progress
) -> Iterator[TableProfile]:
    """Profile a file; its rows can be asked for more inside the block.

    Raises:
        TableUnfit: DuckDB cannot read it, or it has no row.
    """
    with TemporaryDirectory(prefix="limner-") as folder, connect(threads) as connection:
        sources = _stage(connection, file, shape, Path(folder) / "extract.parquet")
        rows = count(connection, "extract")
        if not rows:
            raise TableUnfit(file.name, "it has a header only", "give a file with rows")
        progress(f"{rows:,} rows, {len(sources)} columns")
        sampled = _draw_sample(connection, rows, len(sources), limits)
        if sampled < rows:
            progress(f"shapes, leaks and duplicates are judged on {sampled:,} rows drawn from all")
        columns = _profile_columns(connection, sources, shape, rows, limits, progress)
        yield TableProfile(connection, columns, rows, sampled, file, shape)


def _stage(connection: Connection, file: Path, shape: FileShape, staged: Path) -> list[str]:
    """Parse the file once into columns, which are then cheap to ask one by one."""
    try:
        with as_utf8(file, shape.encoding.name) as readable:
            rows = rows_sql(readable, shape.separator, shape.header, shape.skip_rows)
            sources = list(columns_of(connection, f"FROM {rows}"))
            held = ", ".join(held_as(place) for place in range(1, len(sources) + 1))
            numbered = f"SELECT row_number() OVER () - 1 AS {ROW}, * FROM {rows} AS file({held})"
            write_parquet(connection, numbered, staged)
    except UnicodeError:
        raise TableUnfit(
            file.name, f"it is not {shape.encoding.name} text", "state another --encoding"
        ) from None
    except UnreadableTable:
        raise TableUnfit(
            file.name, why_uneven(file, shape.encoding.name, shape.separator, shape.skip_rows)
            or "DuckDB cannot part it into rows",
            "mend the file (a stray separator or quote?), or state --separator or --encoding",
        ) from None  # fmt: skip
    connection.execute(f"CREATE VIEW extract AS FROM {read_parquet([staged])}")
    return sources


def held_as(position: int) -> str:
    """SQL name of a column, by its place in the file from 1; no contract can have it."""
    return identifier(f"value {position}")


def _draw_sample(connection: Connection, rows: int, columns: int, limits: OnboardingLimits) -> int:
    wanted = min(limits.sample_rows, max(1000, limits.sample_cells // max(columns, 1)))
    every = -(-rows // wanted)
    where = f"WHERE hash({ROW}) % {every} = 0" if every > 1 else ""
    connection.execute(f"CREATE TABLE sampled AS SELECT * FROM extract {where}")
    return count(connection, "sampled")


def _profile_columns(
    connection: Connection, sources: list[str], shape: FileShape, rows: int,
    limits: OnboardingLimits, progress: Progress,
) -> tuple[ColumnProfile, ...]:  # fmt: skip
    seen = [_values_seen(connection, place) for place in range(1, len(sources) + 1)]
    commas = any(uses_decimal_commas(values) for values in seen)
    labels = _labels(sources, shape)
    found, said = [], time.monotonic()
    for place, (source, values) in enumerate(zip(sources, seen, strict=True), start=1):
        label = labels[place - 1]
        base = ColumnProfile(source, label, place, rows, "empty", 0, {})
        found.append(_profile(connection, base, values, commas, limits))
        if time.monotonic() - said > _SILENCE_SECONDS:
            progress(f"{place} of {len(sources)} columns looked at")
            said = time.monotonic()
    return tuple(found)


def _labels(sources: list[str], shape: FileShape) -> list[str]:
    """Return the header's texts; Parquet has its own names, a file without a header places."""
    digits = len(str(len(sources)))
    stated = shape.labels or ()
    if not shape.header and not stated:
        return [f"column_{place:0{digits}d}" for place in range(1, len(sources) + 1)]
    return [
        stated[i] if i < len(stated) and stated[i] else "" if stated else source
        for i, source in enumerate(sources)
    ]


def _values_seen(connection: Connection, position: int) -> dict[str, int]:
    """Count the most frequent texts of a column in the sample."""
    found = connection.execute(
        f"SELECT trim({held_as(position)}) AS v, count(*) AS n FROM sampled WHERE v <> ''"
        f" GROUP BY v ORDER BY n DESC, v LIMIT {_SHAPE_VALUES}"
    ).fetchall()
    return {str(value): int(n) for value, n in found}


def _profile(
    connection: Connection, base: ColumnProfile, seen: Mapping[str, int], commas: bool,
    limits: OnboardingLimits,
) -> ColumnProfile:  # fmt: skip
    for_numbers = {v: n for v, n in seen.items() if not is_missing(v, among_numbers=True)}
    dates = read_dates(for_numbers)
    if dates and dates.share >= limits.typed_share:
        return _profile_dates(connection, base, dates, limits)
    numbers = read_numbers(for_numbers, commas)
    zeros = _has_leading_zeros(for_numbers)
    if numbers and numbers.share >= limits.typed_share and not zeros and not _are_long(for_numbers):
        doubt = f"1{numbers.format.thousands or numbers.format.decimal}234" * numbers.doubtful
        return _profile_numbers(connection, base, numbers.format, doubt, limits)
    found = _profile_texts(connection, base, zeros, limits)
    is_mixed = dates and dates.share + dates.rival_share >= limits.typed_share
    return replace(found, mixed_dates=dates) if is_mixed else found


def _profile_dates(
    connection: Connection, base: ColumnProfile, dates: DateReading, limits: OnboardingLimits
) -> ColumnProfile:
    column = replace(base, kind="date", dates=dates, doubtful=dates.formats[0] * dates.doubtful)
    counts = connection.execute(
        f"SELECT {column.typed} AS d, count(*) FROM extract WHERE d IS NOT NULL GROUP BY d"
    ).fetchall()
    no_days = find_no_days(dict(counts), limits.least_rows)
    dates = replace(dates, no_days=no_days)
    column = replace(column, dates=dates)
    missing, others = _not_typed(connection, column)
    no_day = {text: n for text, n in others.items() if dates.stands_for_no_day(text)}
    return replace(
        column, markers=dict(sorted({**missing, **no_day}.items())),
        strays=sum(others.values()) - sum(no_day.values()), distinct=len(counts) - len(no_days),
    )  # fmt: skip


def _profile_numbers(
    connection: Connection, base: ColumnProfile, form: NumberFormat, doubt: str,
    limits: OnboardingLimits,
) -> ColumnProfile:  # fmt: skip
    column = replace(base, kind="number", number=form, doubtful=doubt)
    markers, no_numbers = _not_typed(connection, column)
    # Each is written as a number, yet has no value.
    beyond = sum(n for text, n in no_numbers.items() if re.fullmatch(form.regex, text))
    strays = sum(no_numbers.values()) - beyond
    plain = _number_sql(form, column.text, cast=False)
    candidates = ", ".join(str(code) for code in sorted(code_candidates()))
    rest = f"FILTER (v NOT IN ({candidates}))"
    row = (
        connection.execute(
            f"SELECT min(v) {rest}, max(v) {rest}, min(v), max(v), approx_count_distinct(v),"
            " coalesce(bool_and(regexp_full_match(t, '[+-]?[0-9]{1,15}')), false)"
            f" FROM (SELECT {plain} AS t, {column.typed} AS v FROM extract)"
            " WHERE v IS NOT NULL"
        ).fetchone()
        or (None,) * 6
    )
    low, high, lowest, highest, distinct, whole = row
    counts = _code_counts(connection, column, candidates)
    known = base.rows - sum(markers.values()) - strays - beyond
    least = max(limits.least_rows // 2, known // 1000)
    codes: dict[int, str] = {}
    if low is not None:
        states = ordered_states(counts, low, high, int(distinct), limits.most_states)
        codes = find_codes(counts, low, high, least, states)
    others = [value for value in counts if value not in codes]
    if not codes:
        low, high = lowest, highest
    elif low is not None:
        low, high = min([low, *others]), max([high, *others])
    values = _value_counts(connection, column, limits) if distinct <= limits.most_categories else {}
    return replace(
        column, kind="integer" if whole else "number", markers=markers, strays=strays,
        beyond=beyond, low=float(low or 0), high=float(high or 0), distinct=int(distinct),
        codes={c: counts[c] for c in codes}, values=values or None,
    )  # fmt: skip


def _profile_texts(
    connection: Connection, base: ColumnProfile, zeros: bool, limits: OnboardingLimits
) -> ColumnProfile:
    row = connection.execute(
        f"SELECT approx_count_distinct({base.text}), avg(length({base.text})),"
        f" avg(CASE WHEN contains({base.text}, ' ') THEN 1.0 ELSE 0.0 END)"
        f" FROM extract WHERE {base.text} <> ''"
    ).fetchone() or (0, 0, 0)
    column = replace(
        base, kind="text", distinct=int(row[0]), text_length=float(row[1] or 0),
        spaced=float(row[2] or 0), leading_zeros=zeros,
    )  # fmt: skip
    values = _value_counts(connection, column, limits)
    markers = {v: n for v, n in values.items() if is_missing(v, among_numbers=False)}
    known = {v: n for v, n in values.items() if v not in markers}
    kind: Kind = "text" if known else "empty"
    distinct = len(known) if len(values) <= _value_limit(limits) else column.distinct
    return replace(column, kind=kind, markers=markers, values=known, distinct=distinct)


def _not_typed(
    connection: Connection, column: ColumnProfile
) -> tuple[dict[str, int], dict[str, int]]:
    """Count the texts that are not of the column's kind: missing markers, and others."""
    found = connection.execute(
        f"SELECT coalesce({column.text}, '') AS v, count(*) FROM extract"
        f" WHERE {column.typed} IS NULL GROUP BY v"
    ).fetchall()
    markers = {str(v): int(n) for v, n in found if is_missing(v, among_numbers=True)}
    others = {str(v): int(n) for v, n in found if v not in markers}
    return dict(sorted(markers.items())), others


def _value_counts(
    connection: Connection, column: ColumnProfile, limits: OnboardingLimits
) -> dict[str, int]:
    found = connection.execute(
        f"SELECT coalesce({column.text}, '') AS v, count(*) AS n FROM extract GROUP BY v"
        f" ORDER BY n DESC, v LIMIT {_value_limit(limits) + 1}"
    ).fetchall()
    return {str(value): int(n) for value, n in found}


def _code_counts(connection: Connection, column: ColumnProfile, candidates: str) -> dict[int, int]:
    found = connection.execute(
        f"SELECT v, count(*) FROM (SELECT {column.typed} AS v FROM extract)"
        f" WHERE v IN ({candidates}) GROUP BY v ORDER BY v"
    ).fetchall()
    return {int(value): int(n) for value, n in found}


def _number_sql(form: NumberFormat, text: str, cast: bool = True) -> str:
    plain = f"CASE WHEN regexp_full_match({text}, {literal(form.regex)}) THEN {form.sql(text)} END"
    number = f"try_cast({plain} AS DOUBLE)"
    return f"CASE WHEN abs({number}) <= {LARGEST_NUMBER!r} THEN {number} END" if cast else plain


def _value_limit(limits: OnboardingLimits) -> int:
    return 4 * limits.most_categories


def _loosely(name: str) -> str:
    return name.strip().casefold()


def _has_leading_zeros(values: Mapping[str, int]) -> bool:
    return any(len(v) > 1 and v[0] == "0" and v.isdigit() for v in values)


def _are_long(values: Mapping[str, int]) -> bool:
    digits = sum(n for v, n in values.items() if len(v) > 15 and v.isdigit())
    return digits > 0.5 * sum(values.values())
