"""Evidence on what a model is worth beside something simpler, beside less data, in money."""

from collections.abc import Mapping

from limner.assessment.estimate import Estimate, Evidence
from limner.domain import Bilingual


class PairedComparison(Evidence):
    """Two models on the same customers; ``differences`` are the first's figure less the second's.

    Both are computed on the same resamples, so that what is hard about a resample is hard
    for both: the interval is that of the difference, far tighter than two intervals.
    """

    sample: str
    first: str
    second: str
    customers: int
    first_figures: Mapping[str, float]
    second_figures: Mapping[str, float]
    differences: Mapping[str, Estimate]

    @property
    def first_ranks_better(self) -> bool:
        """Whether the first's AUC is above the second's beyond the interval."""
        return self.differences["auc"].low > 0

    @property
    def first_predicts_better(self) -> bool:
        """Whether the first's log loss is below the second's beyond the interval."""
        return self.differences["log_loss"].high < 0


class ProtectedCost(Evidence):
    """The model beside the same trees that have the protected attributes it leaves out."""

    attributes: tuple[str, ...]
    comparison: PairedComparison


class LearningPoint(Evidence):
    """The model fitted on part of development, and the whole model against it."""

    fraction: float
    customers: int
    rounds: int
    comparison: PairedComparison


class CalibrationTrials(Evidence):
    """Cross-validated log loss of every calibration within validation, and the one in use."""

    declared: str
    in_use: str
    folds: int
    customers: int
    log_loss: Mapping[str, float]


class BaselineFeature(Evidence):
    """A feature that the baseline kept, its number of bins and its coefficient."""

    feature: str
    label: Bilingual
    bins: int
    coefficient: float


class ScorecardBand(Evidence):
    """Points of one score band, from the lowest (inclusive) to the highest."""

    band: str
    low: float | None
    high: float | None


class ScorecardEvidence(Evidence):
    """The score in points: where the scale lies and what bands and threshold are on it.

    Attributes:
        factor, offset: points = offset + factor * log-odds of no event.
        quantiles: points of the test sample at 5, 25, 50, 75 and 95 %.
    """

    base_points: float
    base_odds: float
    points_to_double: float
    factor: float
    offset: float
    threshold: float
    bands: tuple[ScorecardBand, ...]
    quantiles: Mapping[str, float]


class ProfitPoint(Evidence):
    """Mean money a customer when the highest scores, this share of customers, are acted on."""

    share: float
    model: float
    baseline: float


class ValueEvidence(Evidence):
    """Mean money a customer on one sample, by who is acted on.

    Attributes:
        threshold: of the highest value on validation; above 1 where nobody is acted on.
        break_even: the threshold that the cost matrix alone implies, if probabilities hold.
        acted, served_acted: share of customers at or above ``threshold``, ``served_threshold``.
        values: ``model`` and ``baseline`` at their thresholds, ``served`` by the decision in
            use, ``everyone`` and ``nobody`` acted on.
        gains: ``model`` less each of the others, on the same resamples.
    """

    sample: str
    currency: str
    acting: Bilingual
    customers: int
    threshold: float
    break_even: float
    served_threshold: float
    acted: float
    served_acted: float
    values: Mapping[str, Estimate]
    gains: Mapping[str, Estimate]
    curve: tuple[ProfitPoint, ...]
