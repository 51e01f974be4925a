"""Where a portfolio's rows come from, what stops their intake, and what it may use."""

from typing import Annotated

from pydantic import Field

from limner.settings.section import Count, MemoryLimit, Place, Section, Share


class Runtime(Section):
    threads: Count


class Intake(Section):
    """What stops an intake, and the memory it may take; None is no limit.

    Attributes:
        stale_limit: days that a bank's table may lie behind, over what its contract promises.
        shrink_limit: share of its rows that a bank's table may lose against the intake before.
        memory_limit: of a bank's tables, for DuckDB; what needs more spills to disk.
    """

    quarantine_limit: Annotated[float, Field(ge=0, lt=1)]
    stale_limit: Annotated[int, Field(ge=0)] | None
    shrink_limit: Share | None
    memory_limit: MemoryLimit | None


class Source(Section):
    """Where a portfolio's file is and what it was when it was reviewed.

    Attributes:
        location: None leaves the portfolio out, and every model of it.
    """

    location: Place | None
    size_bytes: Count
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PortfolioSettings(Section):
    source: Source
