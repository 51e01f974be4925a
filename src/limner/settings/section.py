"""What every block of ``params.yaml`` is made of."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Folders of data/<name> that stages write; DVC removes them before a stage runs.
_WRITTEN = ("extract", "tables", "truth", "quarantine", "identity")


def _place(stated: str) -> str:
    """Refuse a place that is blank, or that the flow itself writes and would remove."""
    if not stated.strip():
        raise ValueError("may not be blank; null states none")
    parts = Path(os.path.relpath(os.path.expanduser(stated))).parts  # noqa: PTH111
    if parts[:1] == ("data",) and len(parts) > 2 and parts[2] in _WRITTEN:
        raise ValueError(f"the flow writes and replaces {'/'.join(parts[:3])}; keep it elsewhere")
    return stated


# Path of a person's own file or folder, or another place that data or a key comes from.
Place = Annotated[str, AfterValidator(_place)]

Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
# Of DuckDB.
MemoryLimit = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(MB|GB|TB)$")]


class Section(BaseModel):
    """One block of ``params.yaml``: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
