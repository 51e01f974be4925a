"""A block of evidence, and a figure with its interval: what all evidence is made of."""

from pydantic import BaseModel, ConfigDict


class Evidence(BaseModel):
    """A block of evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(Evidence):
    """A figure with its bootstrap interval."""

    value: float
    low: float
    high: float
