"""``params.yaml`` as frozen, typed settings; every fault is named by its full path."""

import datetime as dt
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from limner.domain import Bilingual, Purpose, ScoreBand
from limner.errors import SettingsInvalid, UnknownName, some_of
from limner.settings.imputation import ImputationSettings
from limner.settings.onboarding import OnboardingLimits
from limner.settings.section import Count, Section, Share
from limner.settings.tuning import Tuned, TuningSettings

__all__ = [
    "Count", "ImputationSettings", "OnboardingLimits", "Section", "Share", "Tuned",
    "TuningSettings",
]  # fmt: skip

PARAMS_FILE = Path("params.yaml")


class Runtime(Section):
    threads: Count


class Intake(Section):
    """What stops an intake; the last two are of banks, and None is no limit.

    Attributes:
        stale_limit: days that a table may lie behind, over what its contract promises.
        shrink_limit: share of its rows that a table may lose against the intake before.
    """

    quarantine_limit: Annotated[float, Field(ge=0, lt=1)]
    stale_limit: Annotated[int, Field(ge=0)] | None
    shrink_limit: Share | None


class Source(Section):
    """Where a portfolio's file is and what it was when it was reviewed."""

    location: str
    size_bytes: Count
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PortfolioSettings(Section):
    source: Source


class SnapshotDates(Section):
    """First and last snapshot of a bank; one at the first day of each month between."""

    first: dt.date
    last: dt.date

    @model_validator(mode="after")
    def months_in_order(self) -> Self:
        if self.first.day != 1 or self.last.day != 1 or self.last < self.first:
            raise ValueError("first and last must be first days of months, in this order")
        return self

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Every snapshot date, in order."""
        months = range(_months(self.first), _months(self.last) + 1)
        return tuple(dt.date(month // 12, month % 12 + 1, 1) for month in months)


class BankSettings(Section):
    """One relational portfolio: where its extracts lie, and as of which day."""

    location: str | None
    day: dt.date
    snapshots: SnapshotDates
    master_system: str
    quarantine_limits: Mapping[str, Annotated[float, Field(ge=0, lt=1)]] = Field(
        default_factory=dict
    )
    made: Mapping[str, Any] | None = None

    @model_validator(mode="after")
    def snapshots_see_nothing_later(self) -> Self:
        if self.snapshots.last > self.day:
            raise ValueError(f"snapshots.last: {self.snapshots.last} is after the extracts' day")
        return self


class PrivacySettings(Section):
    """Where the secret keys are; None reads them from environment variables."""

    pseudonym_key: str | None
    vault_key: str | None


class Linkage(Section):
    """How sure one must be that two records are one person.

    Attributes:
        accept: match probability from which a pair is merged.
        review_from: from here up to ``accept`` a person decides; below, records stay apart.
        floor: pairs below this are forgotten.
        block_limit: a telephone or the like that more records share finds no pairs.
        largest_cluster: a merger that would make a customer of more records is reviewed.
        training_pairs: random pairs from which agreement by chance is estimated.
        certain_share: share of all duplicates that agree in the national id, the e-mail or
            name and birth date; it scales their number up to that of all duplicates.
    """

    accept: Share
    review_from: Share
    floor: Annotated[float, Field(gt=0, lt=1)]
    block_limit: Annotated[int, Field(ge=2)]
    largest_cluster: Annotated[int, Field(ge=2)]
    training_pairs: Count
    certain_share: Share

    @model_validator(mode="after")
    def zones_rise(self) -> Self:
        if not self.floor <= self.review_from <= self.accept:
            raise ValueError("floor, review_from and accept must rise in this order")
        return self


class ConsentDefaults(Section):
    """Whether data may be used for a purpose where the customer never decided."""

    profiling: bool = True
    credit: bool = True
    marketing: bool = True

    def by_purpose(self) -> dict[Purpose, bool]:
        """Return the answer for each purpose."""
        return {purpose: bool(getattr(self, purpose.value)) for purpose in Purpose}


class FeatureSettings(Section):
    """Engine, memory and consent of the features of banks.

    Attributes:
        engine: ``duckdb`` on one machine, ``spark`` for a bank that has outgrown it.
        memory_limit: for DuckDB, such as ``1GB``; what needs more spills to disk.
    """

    engine: Literal["duckdb", "spark"]
    memory_limit: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(MB|GB|TB)$")] | None
    consent_defaults: ConsentDefaults


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
        baseline_minimum_information: Annotated[float, Field(ge=0)]
    baseline_minimum_bin: least share of customers in one of them.
        calibration_folds: of validation, on which calibrations are compared.
    """

    learning_fractions: tuple[Share, ...]
    baseline_bins: Annotated[int, Field(ge=2)]
    baseline_minimum_information: Annotated[float, Field(ge=0)]
    baseline_minimum_bin: Annotated[float, Field(gt=0, lt=0.5)]
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


class AssessmentSettings(Section):
    resamples: Count
    confidence: Share
    calibration_bins: Annotated[int, Field(ge=2)]
    stability_bins: Annotated[int, Field(ge=2)]
    weak_spots: WeakSpotSettings
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


class Training(Section):
    """Gradient boosting's parameters, in XGBoost's meaning.

    Attributes:
        gamma: least fall of the loss that a split must bring.
        level_sample: share of the tree's features a level chooses from.
        max_leaves: leaves a tree grows at most, best first; 0 grows it level by level.
        max_delta_step: how far a leaf may move the log-odds; 0 is without a limit.
        category_groups: categories looked at, most, when a split parts a categorical feature.
    """

    max_depth: Annotated[int, Field(ge=1, le=12)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    rounds: Count
    early_stopping: Count
    min_child_weight: Annotated[float, Field(ge=0)]
    subsample: Annotated[float, Field(gt=0, le=1)]
    column_sample: Annotated[float, Field(gt=0, le=1)]
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
    candidates: Annotated[tuple[Annotated[int, Field(ge=2)], ...], Field(min_length=1)]
    resample_pairs: Count
    minimum_stability: Share
    starts: Count
    defining_features: Count


class Gates(Section):
    """Metric keys and the values that a version must reach to become champion."""

    minimum: Mapping[str, float]
    maximum: Mapping[str, float]


class ModelSettings(Section):
    """One model's block; a probability model has bands, a segmentation its own section."""

    portfolio: str
    protected_features: Mapping[str, Annotated[str, Field(min_length=20)]]
    training: Training
    gates: Gates
    snapshots: SnapshotSettings | None
    calibration: Literal["auto", "none", "platt", "isotonic", "beta"] | None = None
    favourable_share: Share | None = None
    bands: tuple[ScoreBand, ...] | None = None
    segmentation: SegmentationSettings | None = None
    tuned: Tuned | None = None
    value: ValueMatrix | None = None
    imputation: ImputationSettings | None = None

    @model_validator(mode="after")
    def one_family_whole(self) -> Self:
        probability = ("calibration", "favourable_share", "bands")
        stated = [key for key in probability if getattr(self, key) is not None]
        if self.segmentation and stated:
            raise ValueError(f"a segmentation has no {some_of(stated)}")
        if self.segmentation and self.value:
            raise ValueError("a segmentation has no value: it decides by segment")
        if not self.segmentation and len(stated) < len(probability):
            absent = [key for key in probability if key not in stated]
            raise ValueError(f"missing {some_of(absent)} (or a segmentation section)")
        return self

    @field_validator("bands")
    @classmethod
    def bands_rise_to_one(cls, bands: tuple[ScoreBand, ...] | None) -> tuple[ScoreBand, ...] | None:
        ends = [band.up_to for band in bands or ()]
        if bands is not None and (ends != sorted(set(ends)) or not ends or ends[-1] != 1):
            raise ValueError("upper ends must rise and the last be 1")
        return bands


class Settings(Section):
    """The whole of ``params.yaml``."""

    seed: Annotated[int, Field(ge=0, lt=2**32)]
    runtime: Runtime
    intake: Intake
    portfolios: Mapping[str, PortfolioSettings]
    banks: Mapping[str, BankSettings]
    out_of_time_from: Mapping[str, dt.date | None]
    privacy: PrivacySettings
    identity: Linkage
    features: FeatureSettings
    samples: Samples
    rivals: RivalSettings
    scorecard: ScorecardSettings
    assessment: AssessmentSettings
    explanation: Explanation
    fairness: FairnessSettings
    monitoring: MonitoringSettings
    onboarding: OnboardingLimits
    training_checks: TrainingChecks
    tuning: TuningSettings
    models: Mapping[str, ModelSettings]

    @model_validator(mode="after")
    def ranges_are_of_training(self) -> Self:
        example = {"max_depth": 3, "learning_rate": 0.1, "rounds": 1, "early_stopping": 1,
                   "min_child_weight": 1, "subsample": 1, "column_sample": 1, "l2": 1}  # fmt: skip
        for name, limits in self.tuning.ranges.items():
            if name not in Training.model_fields:
                known = some_of(Training.model_fields, 20)
                raise ValueError(f"tuning.ranges.{name}: no training parameter; known: {known}")
            for end in (limits.low, limits.high):
                try:
                    Training.model_validate(example | {name: end})
                except ValidationError as fault:
                    reason = fault.errors()[0]["msg"]
                    raise ValueError(f"tuning.ranges.{name}: {end:g}: {reason}") from None
        return self

    @model_validator(mode="after")
    def models_have_portfolios(self) -> Self:
        both = sorted({*self.portfolios, *self.banks})
        for name, model in self.models.items():
            where = f"models.{name}"
            if model.portfolio not in both:
                raise ValueError(
                    f"{where}.portfolio: no portfolio '{model.portfolio}'; known: {some_of(both)}"
                )
            if (model.portfolio in self.banks) != (model.snapshots is not None):
                needs = "needs" if model.portfolio in self.banks else "has no"
                raise ValueError(
                    f"{where}.snapshots: a model of {model.portfolio} {needs} snapshots"
                )
            if model.snapshots:
                self._refuse_other_snapshots(where, model.snapshots, self.banks[model.portfolio])
        return self

    @model_validator(mode="after")
    def every_portfolio_has_an_out_of_time_day(self) -> Self:
        both, stated = {*self.portfolios, *self.banks}, set(self.out_of_time_from)
        for name in sorted(both ^ stated):
            what = "missing key (null for none)" if name in both else "no portfolio of that name"
            raise ValueError(f"out_of_time_from.{name}: {what}")
        return self

    @staticmethod
    def _refuse_other_snapshots(where: str, model: SnapshotSettings, bank: BankSettings) -> None:
        dates = bank.snapshots.dates
        for key in ("first", "last"):
            if getattr(model, key) not in dates:
                raise ValueError(
                    f"{where}.snapshots.{key}: {getattr(model, key)} is no snapshot of the bank's:"
                    f" first days of months from {dates[0]} to {dates[-1]}"
                )
        if model.last < model.first:
            raise ValueError(f"{where}.snapshots: last lies before first")

    def model(self, name: str) -> ModelSettings:
        """Return one model's settings.

        Raises:
            UnknownName: no such model.
        """
        if name not in self.models:
            raise UnknownName("model", name, self.models)
        return self.models[name]

    def portfolio(self, name: str) -> PortfolioSettings:
        """Return one portfolio's settings.

        Raises:
            UnknownName: no such portfolio.
        """
        if name not in self.portfolios:
            raise UnknownName("portfolio", name, self.portfolios)
        return self.portfolios[name]

    def bank(self, name: str) -> BankSettings:
        """Return one bank's settings.

        Raises:
            UnknownName: no such bank.
        """
        if name not in self.banks:
            raise UnknownName("bank", name, self.banks)
        return self.banks[name]


@lru_cache(maxsize=4)
def load_settings(file: Path = PARAMS_FILE) -> Settings:
    """Read and check ``params.yaml``.

    Raises:
        SettingsInvalid: the file is absent, is not YAML, or has an unknown, missing
            or impossible value; every one is named by its full path.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsInvalid(
            str(file), ["no such file here; run from the project's root"]
        ) from None
    except yaml.YAMLError as fault:
        raise SettingsInvalid(str(file), [f"not YAML: {' '.join(str(fault).split())}"]) from None
    return parse_settings(content, str(file))


def parse_settings(content: Any, file: str = str(PARAMS_FILE)) -> Settings:
    """Check parsed YAML; see :func:`load_settings`."""
    try:
        return Settings.model_validate(content)
    except ValidationError as faults:
        problems = [_describe(error) for error in faults.errors()]
        raise SettingsInvalid(file, problems) from None


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _describe(error: Any) -> str:
    path = ".".join(str(part) for part in error["loc"])
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{path}: unknown key{_nearest(error['loc'])}"
    if error["type"] == "missing":
        return f"{path}: missing key"
    reason = error["msg"].removeprefix("Value error, ")
    return f"{path}: {reason}" if path else reason


def _nearest(location: tuple[str | int, ...]) -> str:
    section: Any = Settings
    for part in location[:-1]:
        section = _section_below(section, part)
        if section is None:
            return ""
    known = list(getattr(section, "model_fields", ()))
    close = get_close_matches(str(location[-1]), known, n=1)
    return f" (did you mean {close[0]}?)" if close else f" (known here: {some_of(known, 20)})"


def _section_below(section: Any, part: str | int) -> Any:
    """Find the settings class below a key; mappings of sections are passed through."""
    if not isinstance(section, type):
        return section[0] if section else None
    field = getattr(section, "model_fields", {}).get(str(part))
    inside = _sections_in(field.annotation) if field else []
    is_mapping = field is not None and "Mapping" in str(field.annotation)
    return inside if is_mapping else (inside[0] if inside else None)


def _sections_in(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in _sections_in(part)]
