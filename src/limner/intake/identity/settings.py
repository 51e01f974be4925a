"""What one bank's record linkage is told."""

from pathlib import Path

from limner.settings import Linkage, MemoryLimit


class IdentitySettings(Linkage):
    """The numbers of ``params.yaml``, and what is the bank's own.

    Attributes:
        master_system: its records come first: they name the customer, and their fields win.
        seed: of every random choice.
        memory_limit: of DuckDB while it compares records; its own default if None.
        spill: folder for what exceeds the limit.
    """

    master_system: str
    seed: int
    memory_limit: MemoryLimit | None = None
    spill: Path | None = None
