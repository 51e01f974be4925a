"""How a model wants its missing values filled; a model that says nothing leaves them missing."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from limner.settings.boosting import Boosting
from limner.settings.section import Section, Share


class ImputationTraining(Boosting):
    """What boosted or linear imputers are fitted with.

    Attributes:
        folds: parts of development's customers; each part is predicted from the others, which
            tells how many rounds are enough and how far predictions are off.
    """

    folds: Annotated[int, Field(ge=2, le=20)]


class ImputationSettings(Section):
    """One model's imputation.

    Attributes:
        method: what a missing value is guessed from: ``median`` from its own column alone,
            ``regression`` (linear) and ``boosting`` (trees) from all columns of the model.
        columns: filled in this order; a column knows the filled values of those before it.
        fill: the ``centre`` of what is likely (median, commonest category), or one ``draw``
            from it, which keeps the column's spread.
        indicators: whether columns are added that say which values were filled.
        tail_share: share of the recorded numbers below which, and above which, none is filled in.
    """

    method: Literal["none", "median", "regression", "boosting"]
    columns: Annotated[tuple[str, ...], Field(min_length=1)]
    fill: Literal["centre", "draw"] = "centre"
    indicators: bool = False
    tail_share: Share
    training: ImputationTraining | None = None

    @model_validator(mode="after")
    def training_where_something_is_trained(self) -> Self:
        trained = self.method in ("regression", "boosting")
        if trained and self.training is None:
            raise ValueError(f"method {self.method} needs a training section")
        if not trained and self.training is not None:
            raise ValueError(f"method {self.method} has no training section")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("columns: each once")
        return self
