"""What a model is, before any data: the definitions that need a reviewer's eye."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from limner.domain import Bilingual, Purpose, ScreenedColumn
from limner.errors import FeatureForbidden, SettingsInvalid
from limner.features import find_catalogue
from limner.features.catalogue import Feature
from limner.outcomes import find_outcome
from limner.outcomes.definitions import Outcome
from limner.outcomes.products import Product
from limner.settings import PARAMS_FILE, ModelSettings
from limner.settings.model import Family


@dataclass(frozen=True)
class ModelSpec:
    """One model of one portfolio.

    ``monotone`` holds the direction that the bank's logic demands of a feature: +1
    where the score may only rise with it, -1 where it may only fall.
    ``segment_features`` are those that segments are made of.
    ``products`` are those that a model of several products may ask about.
    A model of ``few_events`` is judged by cross-fitting over all of its samples, repeated: each
    of them alone tells too little.
    ``screened`` are columns that the drafting judged: kept out of the model, or strong.
    """

    name: str
    title: Bilingual
    portfolio: str
    family: Family
    purpose: Purpose
    outcome_name: str
    feature_names: tuple[str, ...]
    use: str
    not_for: str
    owner: str
    monotone: Mapping[str, Literal[-1, 1]] = Field(default_factory=dict)
    products: tuple[Product, ...] = ()
    few_events: bool = False
    screened: tuple[ScreenedColumn, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return find_outcome(self.outcome_name)

    @property
    def used_features(self) -> tuple[str, ...]:
        """Names of the model's features, with those of columns that a person took back."""
        back = (name for c in self.screened if c.taken_back for name in c.features)
        return tuple(dict.fromkeys((*self.feature_names, *back)))

    def features(self, protected_allowed: Mapping[str, str]) -> tuple[Feature, ...]:
        """Return the model's features, each one permitted.

        Args:
            protected_allowed: protected columns the settings allow, with the reason.

        Raises:
            FeatureForbidden: a feature is known only after the outcome, identifies a
                customer, is not permitted for the model's purpose, or is protected
                and no reason is stated.
            UnknownName: the portfolio's catalogue lacks a feature.
        """
        catalogue = find_catalogue(self.portfolio)
        features = tuple(catalogue.find(name) for name in self.used_features)
        for feature in features:
            self._refuse_if_forbidden(feature, catalogue.why_never(feature))
            for column in catalogue.protected_inputs(feature):
                if column not in protected_allowed:
                    where = f"models.{self.name}.protected_features.{column}"
                    reason = (
                        f"{column} is protected or stands for what is; state a reason at"
                        f" {where} in params.yaml"
                    )
                    raise FeatureForbidden(self.name, feature.name, reason)
        return features

    def refuse_other_family(self, settings: ModelSettings) -> None:
        """Refuse settings that describe a model of another family.

        Raises:
            SettingsInvalid: they do.
        """
        if settings.family != self.family:
            section = f"models.{self.name}"
            problem = f"{section}: {self.name} is a {self.family} model; its settings are not"
            raise SettingsInvalid(str(PARAMS_FILE), [problem])
        if settings.portfolio != self.portfolio:
            problem = f"models.{self.name}.portfolio: must be {self.portfolio}"
            raise SettingsInvalid(str(PARAMS_FILE), [problem])

    def _refuse_if_forbidden(self, feature: Feature, why_never: str | None) -> None:
        if why_never:
            raise FeatureForbidden(self.name, feature.name, why_never)
        if self.purpose not in feature.purposes:
            reason = f"it is not permitted for the purpose {self.purpose.value}"
            raise FeatureForbidden(self.name, feature.name, reason)
