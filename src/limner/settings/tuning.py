"""How a model's training parameters are searched for, and what a search has found."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from limner.settings.section import Count, Section, Share

Objective = Literal["auc", "average_precision", "log_loss"]
# They settle how long a fit may take, or how the one matrix of all trials is made.
NEVER_TUNED = ("rounds", "early_stopping", "max_bins")


class Range(Section):
    """Where a training parameter is looked for; on a log scale where its size matters."""

    low: float
    high: float
    log: bool = False

    @model_validator(mode="after")
    def ends_in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low ({self.low:g}) must be below high ({self.high:g})")
        if self.log and self.low <= 0:
            raise ValueError("a log scale begins above 0")
        return self


class TuningSettings(Section):
    """Budget and room of a search.

    Attributes:
        trials: settings tried, in all runs together.
        folds: each trial is judged by its mean over this many folds.
        stopping_share: part of a fold's fitted rows that stops its boosting early.
        starting: trials drawn at random before the search learns from them.
        objective: what is made best.
    """

    trials: Count
    folds: Annotated[int, Field(ge=2)]
    stopping_share: Share
    starting: Count
    objective: Objective
    ranges: Annotated[Mapping[str, Range], Field(min_length=1)]

    @model_validator(mode="after")
    def ranges_are_tunable(self) -> Self:
        for name in NEVER_TUNED:
            if name in self.ranges:
                raise ValueError(f"ranges.{name}: this is set, not tuned; state it under training")
        return self


class Tuned(Section):
    """Where a model's training parameters come from: written by ``limner tune``.

    Attributes:
        score: mean objective over the folds with these parameters, on development and validation.
        before: the same of the parameters that stood here before.
        sample: first 12 digits of the SHA-256 of the sample that was searched on.
    """

    trials: Count
    folds: Count
    seed: Annotated[int, Field(ge=0)]
    objective: Objective
    score: float
    before: float
    sample: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
