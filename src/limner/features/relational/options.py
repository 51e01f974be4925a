"""How snapshots are computed: what ``params.yaml`` says under ``features``."""

from typing import Annotated, Literal

from pydantic import Field

from limner.domain import Purpose
from limner.settings import Count, Section


class ConsentDefaults(Section):
    """Whether data may be used for a purpose where the customer never decided."""

    profiling: bool = True
    credit: bool = True
    marketing: bool = True

    def by_purpose(self) -> dict[Purpose, bool]:
        """Return the answer for each purpose."""
        return {purpose: bool(getattr(self, purpose.value)) for purpose in Purpose}


class FeatureOptions(Section):
    """Engine, resources and consent of a computation.

    Attributes:
        engine: ``duckdb`` on one machine, ``spark`` for a bank that has outgrown it.
        threads: worker threads; figures do not depend on their number.
        memory_limit: for DuckDB, such as ``1GB``; what needs more spills to disk.
    """

    engine: Literal["duckdb", "spark"] = "duckdb"
    threads: Count = 2
    memory_limit: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(MB|GB|TB)$")] | None = None
    consent_defaults: ConsentDefaults = ConsentDefaults()
