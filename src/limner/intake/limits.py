"""Limits of a bank's whole tables: how stale one may be, and how much it may have shrunk.

Completeness and validity have a limit of their own, the quarantine's, while a table is taken in.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from limner.errors import TableOutOfLimits
from limner.intake.quality import figures

ROWS = "rows_in"


class TableLimits(Protocol):
    """What stops an intake; None is no limit."""

    @property
    def stale_limit(self) -> int | None:
        """Days that a table may lie behind, over what its contract promises."""

    @property
    def shrink_limit(self) -> float | None:
        """Share of its rows that a table may have lost since the intake before."""


def refuse_beyond_limits(report: Mapping[str, Any], limits: TableLimits) -> None:
    """Refuse an intake whose tables are too stale, or lost too many rows.

    Rows are compared with the intake before only where that was of an earlier day: an older
    extract, taken in again, has fewer rows by nature.

    Args:
        report: of :func:`limner.intake.quality.quality_report`.

    Raises:
        TableOutOfLimits: for the first table, in order of intake, that breaks a limit.
    """
    if limits.stale_limit is not None:
        for name, table in report["tables"].items():
            _refuse_stale(name, table, limits.stale_limit)
    if limits.shrink_limit is not None:
        for name, before, now in _row_counts(report):
            _refuse_shrunk(name, before, now, limits.shrink_limit)


def _refuse_stale(name: str, table: Mapping[str, Any], limit: int) -> None:
    freshness = table["freshness"]
    if not freshness or freshness["promised_days"] is None:
        return
    promised, behind = freshness["promised_days"], freshness["days_behind"]
    if behind is None:
        raise TableOutOfLimits(name, "no trusted row has a date", "intake.stale_limit")
    if behind > promised + limit:
        fact = (
            f"its latest row is {behind:,} days older than the extracts, its contract promises"
            f" {promised:,} and {limit:,} more are allowed"
        )
        raise TableOutOfLimits(name, fact, "intake.stale_limit")


def _row_counts(report: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Yield each table of the intake before with its rows then and now; none if it is gone."""
    previous = report["previous"]
    if not previous or previous["day"] >= report["day"]:
        return
    now = figures(report)
    for figure, before in previous["figures"].items():
        name, _, what = figure.rpartition(".")
        if what == ROWS and before:
            yield name, int(before), int(now.get(figure, 0))


def _refuse_shrunk(name: str, before: int, now: int, limit: float) -> None:
    if now < before * (1 - limit):
        fact = (
            f"{now:,} rows came in, {before:,} at the intake before:"
            f" {1 - now / before:.1%} fewer, {limit:.1%} are allowed"
        )
        raise TableOutOfLimits(name, fact, "intake.shrink_limit")
