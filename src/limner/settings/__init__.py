"""``params.yaml`` as frozen, typed settings; every fault is named by its full path."""

import datetime as dt
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from limner.errors import SettingsInvalid, UnknownName, some_of
from limner.settings.amount import AmountSettings, MarginRates, TierSettings
from limner.settings.banks import (
    BankSettings,
    ConsentDefaults,
    FeatureSettings,
    Linkage,
    PrivacySettings,
    SnapshotDates,
)
from limner.settings.delayed import DelayedSamples
from limner.settings.imputation import ImputationSettings
from limner.settings.intake import Intake, PortfolioSettings, Runtime, Source
from limner.settings.judging import (
    AssessmentSettings,
    CrossFitting,
    Explanation,
    FairnessSettings,
    MonitoringSettings,
    RejectInference,
    RivalSettings,
    Samples,
    ScorecardSettings,
    SeverityLimits,
    ValueMatrix,
    WeakSpotSettings,
)
from limner.settings.model import (
    ChoiceSettings,
    Gates,
    ModelSettings,
    SegmentationSettings,
    SnapshotSettings,
    Training,
    TrainingChecks,
)
from limner.settings.onboarding import OnboardingLimits
from limner.settings.section import Count, MemoryLimit, Section, Share
from limner.settings.tuning import Tuned, TuningSettings
from limner.settings.unique_yaml import parse_yaml

__all__ = [
    "PARAMS_FILE",
    "AmountSettings",
    "AssessmentSettings",
    "BankSettings",
    "ChoiceSettings",
    "ConsentDefaults",
    "Count",
    "CrossFitting",
    "DelayedSamples",
    "Explanation",
    "FairnessSettings",
    "FeatureSettings",
    "Gates",
    "ImputationSettings",
    "Intake",
    "Linkage",
    "MarginRates",
    "MemoryLimit",
    "ModelSettings",
    "MonitoringSettings",
    "OnboardingLimits",
    "PortfolioSettings",
    "PrivacySettings",
    "RejectInference",
    "RivalSettings",
    "Runtime",
    "Samples",
    "ScorecardSettings",
    "Section",
    "SegmentationSettings",
    "Settings",
    "SeverityLimits",
    "Share",
    "SnapshotDates",
    "SnapshotSettings",
    "Source",
    "TierSettings",
    "Training",
    "TrainingChecks",
    "Tuned",
    "TuningSettings",
    "ValueMatrix",
    "WeakSpotSettings",
    "load_settings",
    "parse_settings",
]

PARAMS_FILE = Path("params.yaml")


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
    margin: Mapping[str, MarginRates]
    features: FeatureSettings
    samples: Samples
    delayed_samples: Mapping[str, DelayedSamples] = Field(default_factory=dict)
    rivals: RivalSettings
    scorecard: ScorecardSettings
    assessment: AssessmentSettings
    reject_inference: RejectInference
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
    def amounts_have_rates(self) -> Self:
        for name, model in self.models.items():
            if model.amount and model.portfolio not in self.margin:
                raise ValueError(f"margin.{model.portfolio}: missing key: models.{name} needs it")
        return self

    @model_validator(mode="after")
    def every_portfolio_has_an_out_of_time_day(self) -> Self:
        both, stated = {*self.portfolios, *self.banks}, set(self.out_of_time_from)
        for name in sorted(both ^ stated):
            what = "missing key (null for none)" if name in both else "no portfolio of that name"
            raise ValueError(f"out_of_time_from.{name}: {what}")
        return self

    @model_validator(mode="after")
    def delayed_samples_hold_the_out_of_time_day(self) -> Self:
        for name, protocol in self.delayed_samples.items():
            if name not in self.portfolios:
                raise ValueError(f"delayed_samples.{name}: no portfolio of that name")
            late_from = self.out_of_time_from.get(name)
            if late_from is None or protocol.last_judged(late_from) > protocol.extract_day:
                raise ValueError(
                    f"out_of_time_from.{name}: must be a day of which delayed_samples.{name} has"
                    f" {protocol.test_days} days up to {protocol.extract_day}"
                )
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
            raise UnknownName("model", name, self.models, self.given_by(name))
        return self.models[name]

    def given_by(self, name: str) -> str:
        """Say which model answers what is asked for by another name; nothing if none does."""
        for model, own in self.models.items():
            if own.amount and name in own.amount.gives:
                return f"'{name}' is part of what model {model} answers"
        return ""

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
        content = parse_yaml(file.read_text(encoding="utf-8"))
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
