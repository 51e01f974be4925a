"""How trees are grown, whatever they are grown for: XGBoost's parameters in its meaning."""

from typing import Annotated

from pydantic import Field

from limner.settings.section import Count, Section


class Boosting(Section):
    """What every boosted ensemble is fitted with.

    Attributes:
        rounds: at most; where held-out rows no longer gain, boosting ends sooner.
        early_stopping: rounds without a gain after which it does.
        min_child_weight: least sum of hessians in a leaf.
        subsample, column_sample: shares of the rows and of the features a tree sees.
    """

    max_depth: Annotated[int, Field(ge=1, le=12)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    rounds: Count
    early_stopping: Count
    min_child_weight: Annotated[float, Field(ge=0)]
    subsample: Annotated[float, Field(gt=0, le=1)]
    column_sample: Annotated[float, Field(gt=0, le=1)]
