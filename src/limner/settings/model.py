"""One model's block: how it is trained, what it decides, what it must reach."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from limner.domain import ScoreBand
from limner.errors import some_of
from limner.settings.amount import AmountSettings
from limner.settings.boosting import Boosting
from limner.settings.imputation import ImputationSettings
from limner.settings.judging import ValueMatrix
from limner.settings.section import Count, Section, Share
from limner.settings.tuning import Tuned


class Training(Boosting):
    """Gradient boosting's parameters, in XGBoost's meaning.

    Attributes:
        gamma: least fall of the loss that a split must bring.
        level_sample: share of the tree's features a level chooses from.
        max_leaves: leaves a tree grows at most, best first; 0 grows it level by level.
        max_delta_step: how far a leaf may move the log-odds; 0 is without a limit.
        category_groups: categories looked at, most, when a split parts a categorical feature.
    """

    l2: Annotated[float, Field(ge=0)]
    # What XGBoost does where nothing is said: a model that says nothing keeps its bytes.
    l1: Annotated[float, Field(ge=0)] = 0.0
    gamma: Annotated[float, Field(ge=0)] = 0.0
    level_sample: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_leaves: Annotated[int, Field(ge=0)] = 0
    max_bins: Annotated[int, Field(ge=16, le=1024)] = 256
    max_delta_step: Annotated[float, Field(ge=0)] = 0.0
    category_groups: Annotated[int, Field(ge=2)] = 64


class TrainingChecks(Section):
    """What a model's input must be for a fit to make sense.

    Attributes:
        single_feature_auc: a feature that alone ranks the outcome this well has seen it.
        most_categories: a feature with more categories than this names customers, not kinds.
        least_events: of the rarer outcome, in the part of a fold that is judged.
    """

    single_feature_auc: Annotated[float, Field(gt=0.5, lt=1)]
    most_categories: Annotated[int, Field(ge=2)]
    least_events: Count


class SnapshotSettings(Section):
    """When a bank's model looks at customers: the first day of each month, first to last.

    Attributes:
        observation_months: a customer is looked at once the bank has known them this long.
        purge_overlap: leave out snapshots whose performance window reaches into the
            out-of-time period, instead of keeping the customers of both apart.
    """

    first: dt.date
    last: dt.date
    observation_months: Count
    purge_overlap: bool


class SegmentationSettings(Section):
    """How segments are formed, and how many.

    Attributes:
        method: k_means puts customers around centres; latent_classes asks under which mixture of
            levels their features are most probable, and leaves out what is missing.
        candidates: numbers of segments tried.
        resample_pairs: pairs of bootstrap resamples by which each number's stability is told.
        minimum_stability: mean adjusted Rand index of the pairs that a number must reach.
        starts: of a clustering; the best one wins.
        defining_features: that a segment's profile names.
        bins: of a number, at most, for latent classes.
    """

    method: Literal["k_means", "latent_classes"] = "k_means"
    candidates: Annotated[tuple[Annotated[int, Field(ge=2)], ...], Field(min_length=1)]
    resample_pairs: Count
    minimum_stability: Share
    starts: Count
    defining_features: Count
    bins: Annotated[int, Field(ge=2)] | None = None

    @model_validator(mode="after")
    def latent_classes_have_bins(self) -> Self:
        if (self.bins is not None) != (self.method == "latent_classes"):
            raise ValueError("state bins for latent_classes, and for no other method")
        return self


class ChoiceSettings(Section):
    """A model of several products.

    Attributes:
        least_events: customers of development who take a product that they lacked; one with
            fewer is not asked about.
        values: what a product taken brings, by kind; a kind that is not named brings 1. The
            recommended product is the one of the highest probability times value.
    """

    least_events: Count
    values: Mapping[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)


# Validation alone; or, where it has few events, development too: each customer's score is then
# of trees that were fitted without them.
CalibratedOn = Literal["validation", "folds"]
Family = Literal["probability", "segmentation", "choice", "amount"]
# What each family needs of these, and so may have.
_NEEDS: Mapping[Family, tuple[str, ...]] = {
    "probability": ("calibration", "favourable_share", "bands"),
    "segmentation": (),
    "choice": ("calibration", "favourable_share"),
    "amount": (),
}


_DECIDES_BY: Mapping[Family, str] = {
    "segmentation": "by segment",
    "choice": "by product: state choice.values",
    "amount": "by tier: state amount.offered_from",
}


class Gates(Section):
    """Metric keys and the values that a version must reach to become champion."""

    minimum: Mapping[str, float]
    maximum: Mapping[str, float]


class ModelSettings(Section):
    """One model's block; a probability model has bands, other families a section of their own."""

    portfolio: str
    protected_features: Mapping[str, Annotated[str, Field(min_length=20)]]
    training: Training
    gates: Gates
    snapshots: SnapshotSettings | None
    calibration: Literal["auto", "none", "platt", "isotonic", "beta"] | None = None
    calibrated_on: CalibratedOn = "validation"
    favourable_share: Share | None = None
    bands: tuple[ScoreBand, ...] | None = None
    segmentation: SegmentationSettings | None = None
    amount: AmountSettings | None = None
    choice: ChoiceSettings | None = None
    value: ValueMatrix | None = None
    imputation: ImputationSettings | None = None
    tuned: Tuned | None = None

    @property
    def family(self) -> Family:
        """Name the kind of model that the block describes."""
        if self.segmentation:
            return "segmentation"
        if self.amount:
            return "amount"
        return "choice" if self.choice else "probability"

    @model_validator(mode="after")
    def one_family_whole(self) -> Self:
        family = self.family
        own = {"segmentation": self.segmentation, "amount": self.amount, "choice": self.choice}
        sections = [name for name, section in own.items() if section]
        if len(sections) > 1:
            raise ValueError(f"a {sections[0]} model has no {some_of(sections[1:])}")
        known = _NEEDS["probability"]
        stated = [key for key in known if getattr(self, key) is not None]
        beside = [key for key in stated if key not in _NEEDS[family]]
        if beside:
            raise ValueError(f"a {family} has no {some_of(beside)}")
        if family != "probability" and self.calibrated_on != "validation":
            raise ValueError(f"a {family} is not calibrated on folds")
        if family != "probability" and self.value:
            by = _DECIDES_BY[family]
            raise ValueError(f"a {family} has no value: it decides {by}")
        absent = [key for key in _NEEDS[family] if key not in stated]
        if absent:
            hint = " (or a segmentation section)" if family == "probability" else ""
            raise ValueError(f"missing {some_of(absent)}{hint}")
        return self

    @field_validator("bands")
    @classmethod
    def bands_rise_to_one(cls, bands: tuple[ScoreBand, ...] | None) -> tuple[ScoreBand, ...] | None:
        ends = [band.up_to for band in bands or ()]
        if bands is not None and (ends != sorted(set(ends)) or not ends or ends[-1] != 1):
            raise ValueError("upper ends must rise and the last be 1")
        return bands
