"""When each row was known, and from which day on rows are out of time."""

import datetime as dt
from dataclasses import dataclass

from limner.errors import TableUnfit
from limner.onboarding.mixed_dates import why_mixed
from limner.onboarding.profile import ColumnProfile, TableProfile
from limner.onboarding.target import Target
from limner.settings import OnboardingLimits


@dataclass(frozen=True)
class TimeAxis:
    """The column of dates, the first out-of-time day, and why that day or none."""

    column: ColumnProfile | None
    late_from: dt.date | None
    reason: str

    def early_counts(self, table: TableProfile, column: ColumnProfile) -> dict[str, int]:
        """Count a column's texts in the rows before the day."""
        found = table.connection.execute(
            f"SELECT {column.text} AS v, count(*) FROM extract WHERE {self._is_early} AND v <> ''"
            " GROUP BY v"
        ).fetchall()
        return {str(v): int(n) for v, n in found if v not in column.markers}

    def early_codes(self, table: TableProfile, column: ColumnProfile) -> dict[int, int]:
        """Count a column's codes in the rows before the day."""
        codes = ", ".join(str(code) for code in column.codes)
        found = table.connection.execute(
            f"SELECT {column.typed} AS v, count(*) FROM extract WHERE {self._is_early}"
            f" AND v IN ({codes}) GROUP BY v"
        ).fetchall()
        return {int(v): int(n) for v, n in found}

    @property
    def _is_early(self) -> str:
        assert self.column is not None
        return f"coalesce({self.column.typed} < DATE '{self.late_from}', true)"


def no_time_axis() -> TimeAxis:
    """Say that nobody stated a time."""
    return TimeAxis(
        None, None, "no --time was stated: no sample is out of time, so the figures say nothing of"
        " the months to come"
    )  # fmt: skip


def choose_late_day(
    table: TableProfile, column: ColumnProfile, target: Target, limits: OnboardingLimits,
    file_name: str,
) -> TimeAxis:  # fmt: skip
    """Choose the first day of the out-of-time sample: the latest rows, with both outcomes.

    Raises:
        TableUnfit: the column holds no dates.
    """
    if column.dates is None and (why := why_mixed(table, column)):
        raise TableUnfit(file_name, f"--time {column.label}: {why}", "write all dates in one order")
    if column.dates is None:
        raise TableUnfit(
            file_name, f"--time {column.label} holds no dates in a form that Limner reads",
            "use dates such as 2024-12-31, 31.12.2024 or 12/31/2024, or leave --time out",
        )  # fmt: skip
    dated = f"(SELECT {column.typed} AS d, {target.sql} AS y FROM extract) WHERE d IS NOT NULL"
    for share in (limits.late_share, limits.late_share / 2, limits.late_share * 2):
        row = table.connection.execute(
            f"SELECT quantile_disc(d, {1 - share}) FROM {dated}"
        ).fetchone()
        day: dt.date | None = row[0] if row else None
        if day is None:
            break
        sides = (
            table.connection.execute(
                f"SELECT count(*) FILTER (y = 1 AND d >= DATE '{day}'),"
                f" count(*) FILTER (y = 0 AND d >= DATE '{day}'),"
                f" count(*) FILTER (y = 1 AND d < DATE '{day}'),"
                f" count(*) FILTER (y = 0 AND d < DATE '{day}'),"
                f" count(*) FILTER (d >= DATE '{day}') FROM {dated}"
            ).fetchone()
            or (0,) * 5
        )
        if min(sides[:2]) >= limits.least_rows and min(sides[2:4]) >= limits.least_events:
            return TimeAxis(column, day, f"the latest {sides[4]:,} of {table.rows:,} rows")
    return TimeAxis(
        column, None, "no day leaves enough of both outcomes before and after it: state one here"
        " when there is more data"
    )  # fmt: skip
