"""A finding: what a person must weigh, where a gate would decide by itself."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Finding(BaseModel):
    """Something a reviewer must know; the id stays the same from one training to the next.

    A person weighs findings, but for a ``blocking`` one: with it no version becomes champion.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    severity: Literal["blocking", "high", "medium", "low"]
    statement: str
