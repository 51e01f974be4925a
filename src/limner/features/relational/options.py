"""How snapshots are computed: what ``params.yaml`` says under ``features``, and the threads."""

from typing import Literal

from limner.settings import ConsentDefaults, Count, FeatureSettings

__all__ = ["ConsentDefaults", "FeatureOptions"]


class FeatureOptions(FeatureSettings):
    """Engine, resources and consent of a computation; figures do not depend on the threads."""

    engine: Literal["duckdb", "spark"] = "duckdb"
    memory_limit: str | None = None
    consent_defaults: ConsentDefaults = ConsentDefaults(profiling=True, credit=True, marketing=True)
    threads: Count = 2
