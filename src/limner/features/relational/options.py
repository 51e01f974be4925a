"""How snapshots are computed: what ``params.yaml`` says under ``features``, and the threads."""

import math
from typing import Literal

from limner.settings import ConsentDefaults, Count, FeatureSettings, MemoryLimit

__all__ = ["ConsentDefaults", "FeatureOptions"]


class FeatureOptions(FeatureSettings):
    """Engine, resources and consent of a computation; figures do not depend on the threads."""

    engine: Literal["duckdb", "spark"] = "duckdb"
    memory_limit: MemoryLimit | None = None
    consent_defaults: ConsentDefaults = ConsentDefaults(profiling=True, credit=True, marketing=True)
    threads: Count = 2

    @property
    def memory_bytes(self) -> float:
        """The memory limit in bytes; no limit is endless."""
        if self.memory_limit is None:
            return math.inf
        number, unit = self.memory_limit[:-2], self.memory_limit[-2:]
        return float(number) * {"MB": 1e6, "GB": 1e9, "TB": 1e12}[unit]
