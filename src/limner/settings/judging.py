"""How a model is parted from its judges: samples, rivals, figures, groups, drift."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from limner.domain import Bilingual
from limner.settings.section import Count, Section, Share


class Samples(Section):
    """Shares of the three random samples."""

    development: Share
    validation: Share
    test: Share

    @model_validator(mode="after")
    def shares_sum_to_one(self) -> Self:
        total = self.development + self.validation + self.test
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the shares sum to {total:g}, not 1")
        return self


class RivalSettings(Section):
    """What every probability model is held against, fitted beside it.

    Attributes:
        learning_fractions: parts of development on which the model is fitted once more.
        baseline_bins: of each feature of the weight-of-evidence scorecard, at most.
        baseline_minimum_information: least information value of a feature in it.
        baseline_minimum_bin: least share of customers in one of them.
        product_features: most features of the scorecard of one product among several.
        calibration_folds: of validation, on which calibrations are compared.
    """

    learning_fractions: tuple[Share, ...]
    baseline_bins: Annotated[int, Field(ge=2)]
    baseline_minimum_information: Annotated[float, Field(ge=0)]
    baseline_minimum_bin: Annotated[float, Field(gt=0, lt=0.5)]
    product_features: Count
    calibration_folds: Annotated[int, Field(ge=2)]


class ScorecardSettings(Section):
    """Points of risk models: had at ``base_odds`` good to one bad, and what doubles the odds."""

    base_points: float
    base_odds: Annotated[float, Field(gt=0)]
    points_to_double: Annotated[float, Field(gt=0)]


class ValueMatrix(Section):
    """Money a customer by decision and outcome; acting is what a high probability asks for.

    Attributes:
        acting: what is done with customers at or above the threshold, in words.
        true_positive: acted on, and the outcome happens (or would have).
        false_positive: acted on, and it does not.
        true_negative: left alone, and it does not.
        false_negative: left alone, and it happens.
    """

    currency: Annotated[str, Field(min_length=1, max_length=12)]
    acting: Bilingual
    true_positive: float
    false_positive: float
    true_negative: float
    false_negative: float

    @model_validator(mode="after")
    def acting_pays_only_where_the_outcome_happens(self) -> Self:
        if not (
            self.true_positive > self.false_negative and self.true_negative > self.false_positive
        ):
            raise ValueError(
                "acting must be worth more than leaving alone where the outcome happens, and less"
                " where it does not: else there is nothing to decide"
            )
        return self


class SeverityLimits(Section):
    """From which size on a finding is medium, and from which it is high; below, it is low.

    The size is the ratio of observed to expected events, or its inverse: 1 is no fault.
    """

    medium: Annotated[float, Field(gt=1)]
    high: Annotated[float, Field(gt=1)]

    @model_validator(mode="after")
    def limits_rise(self) -> Self:
        if self.high <= self.medium:
            raise ValueError("medium must be below high")
        return self

    def of(self, size: float) -> Literal["low", "medium", "high"]:
        """Name the severity of a size."""
        if size >= self.high:
            return "high"
        return "medium" if size >= self.medium else "low"


class WeakSpotSettings(Section):
    """Where slices are cut, and which are too small to speak.

    Attributes:
        bins: of a number, at development's quantiles.
        minimum_customers: of a slice.
        minimum_expected: events, and non-events, that the model expects in it.
        level: share of searches in a model without any fault that may name a slice.
        shown: slices listed, the least likely first.
    """

    bins: Annotated[int, Field(ge=2)]
    minimum_customers: Count
    minimum_expected: Annotated[float, Field(gt=0)]
    level: Share
    shown: Count


class RejectInference(Section):
    """What is assumed of applicants who were refused credit, whose outcomes nobody sees.

    Attributes:
        odds_multiplier: odds of the refused over those of accepted applicants of their score.
        sensitivity: multipliers over which figures are given, rising from 1.
    """

    odds_multiplier: Annotated[float, Field(gt=0)]
    sensitivity: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=2)]

    @field_validator("sensitivity")
    @classmethod
    def multipliers_rise_from_one(cls, stated: tuple[float, ...]) -> tuple[float, ...]:
        if stated[0] != 1 or list(stated) != sorted(set(stated)):
            raise ValueError("multipliers must rise, the first be 1: no riskier than they look")
        return stated


class CrossFitting(Section):
    """How a model of few events is judged.

    Attributes:
        repeats: times that the customers are parted anew.
        folds: of each time; every customer is judged once by a model fitted without them.
        stopping_share: of a fold's fitted customers, which stop its boosting and calibrate it.
        least_events: customers of the rarer outcome in each fold.
    """

    repeats: Count
    folds: Annotated[int, Field(ge=2)]
    stopping_share: Share
    least_events: Count


class AssessmentSettings(Section):
    """What stands behind every figure.

    Attributes:
        suspicious_auc: a model that ranks better than this must be explained.
    """

    resamples: Count
    confidence: Share
    suspicious_auc: Annotated[float, Field(gt=0.5, lt=1)]
    cross_fitting: CrossFitting
    calibration_bins: Annotated[int, Field(ge=2)]
    stability_bins: Annotated[int, Field(ge=2)]
    weak_spots: WeakSpotSettings
    severity: SeverityLimits
    noise_shares: tuple[Annotated[float, Field(gt=0)], ...]
    missing_shares: tuple[Share, ...]


class Explanation(Section):
    customers: Count
    dependence_plots: Annotated[int, Field(ge=0)]
    additivity_tolerance: Annotated[float, Field(gt=0)]
    reasons: Count


class FairnessSettings(Section):
    age_band_starts: tuple[int, ...]
    minimum_group: Count
    minimum_outcomes: Count
    minimum_selection_ratio: Share

    @field_validator("age_band_starts")
    @classmethod
    def ages_rise(cls, starts: tuple[int, ...]) -> tuple[int, ...]:
        if not starts or list(starts) != sorted(set(starts)):
            raise ValueError("ages must rise, at least one")
        return starts


class MonitoringSettings(Section):
    rows: Count
    # Distances only: with a p-value, a lower score would mean more drift.
    number_method: Literal["wasserstein", "jensenshannon", "psi", "hellinger", "kl_div"]
    number_threshold: Annotated[float, Field(gt=0)]
    category_method: Literal["jensenshannon", "psi", "hellinger", "kl_div"]
    category_threshold: Annotated[float, Field(gt=0)]
    drifted_share: Share
