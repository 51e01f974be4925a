"""What a model of amounts is held against: everybody's mean, the months before, a plain line."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.linear_amount import LinearAmount, fit_linear_amount
from limner.modelling.record import Record

Floats = npt.NDArray[np.float64]
MEAN, BEFORE, LINEAR = "mean", "before", "linear"


class AmountRivalsRecord(Record):
    """The rivals of a model of amounts, in minor units.

    Attributes:
        mean: of development's amounts, said of everybody.
        before: column of a sample that holds each customer's amount of the months before the
            snapshot, or None; ``factor`` makes it one of as many months as are predicted.
    """

    mean: float
    before: str | None
    factor: float
    linear: LinearAmount

    def predict(
        self, features: Sequence[FittedFeature], values: Matrix, frame: pd.DataFrame
    ) -> Mapping[str, Floats]:
        """Predict each customer's amount by every rival, by name: shapes (n_rows,)."""
        found = {MEAN: np.full(len(values), self.mean)}
        if self.before is not None and self.before in frame:
            found[BEFORE] = self.factor * frame[self.before].to_numpy(dtype=np.float64)
        return found | {LINEAR: self.linear.predict(features, values)}


def fit_amount_rivals(
    features: Sequence[FittedFeature], development: tuple[Matrix, Floats],
    validation: tuple[Matrix, Floats], penalties: Sequence[float], before: tuple[str, float] | None,
) -> AmountRivalsRecord:  # fmt: skip
    """Fit on the samples that the model itself was fitted and calibrated on.

    Args:
        before: column of the months before, and the factor that makes it comparable.
    """
    column, factor = before or (None, 1.0)
    return AmountRivalsRecord(
        mean=float(development[1].mean()), before=column, factor=factor,
        linear=fit_linear_amount(features, development, validation, penalties),
    )  # fmt: skip
