"""How snapshots are computed: what ``params.yaml`` says under ``features``."""

import math
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

    @property
    def memory_bytes(self) -> float:
        """The memory limit in bytes; no limit is endless."""
        if self.memory_limit is None:
            return math.inf
        number, unit = self.memory_limit[:-2], self.memory_limit[-2:]
        return float(number) * {"MB": 1e6, "GB": 1e9, "TB": 1e12}[unit]
