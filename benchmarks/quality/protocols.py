"""Which customers and columns a figure rests on, each stated once."""

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from limner.models import find_spec
from limner.models.spec import ModelSpec
from limner.portfolios import find_portfolio
from limner.settings import Settings, Training

# What a person writes first; the same for every model.
UNTUNED = Training(
    max_depth=4, learning_rate=0.05, rounds=1500, early_stopping=50, min_child_weight=5.0,
    subsample=0.8, column_sample=0.8, l2=1.0,
)  # fmt: skip
_REASON = "Only to measure by the protocol of published figures; no model is served with it."


@dataclass(frozen=True)
class Protocol:
    """One way of judging one model.

    Attributes:
        key: of its figures in ``figures.json``.
        words: what is judged, for the page.
        added: features that the served model may not use, but published figures do.
        directed: whether the directions of the definition are kept.
        untuned: with the parameters that a person writes first.
        dated: whether the out-of-time customers are left out, as in the served model's samples.
        bar: mean AUC that must be reached, where one is set.
    """

    key: str
    model: str
    words: str
    added: tuple[str, ...] = ()
    directed: bool = True
    untuned: bool = False
    dated: bool = True
    bar: float | None = None

    def spec(self) -> ModelSpec:
        """Return the definition to judge."""
        found = find_spec(self.model)
        return replace(
            found, feature_names=(*found.feature_names, *self.added),
            monotone=found.monotone if self.directed else {},
        )  # fmt: skip

    def settings(self, settings: Settings) -> Settings:
        """Return the settings to judge with."""
        model = settings.model(self.model)
        stated = dict.fromkeys(self.added, _REASON) | dict(model.protected_features)
        changed = model.model_copy(
            update={
                "protected_features": stated,
                "training": UNTUNED if self.untuned else model.training,
            }
        )
        return settings.model_copy(update={"models": {**settings.models, self.model: changed}})

    def customers(self, trusted: pd.DataFrame, late_from: dt.date | None) -> pd.DataFrame:
        """Keep the customers to judge."""
        dates = find_portfolio(self.spec().portfolio).date_column
        if not (self.dated and dates and late_from):
            return trusted
        early = pd.to_datetime(trusted[dates]) < pd.Timestamp(late_from)
        return trusted[early].reset_index(drop=True)


def _all_of(
    model: str, bar: float, served: str, published: str, added: tuple[str, ...] = (),
    directed: bool = True,
) -> tuple[Protocol, ...]:  # fmt: skip
    protocols = (
        Protocol(f"{model}/served", model, served),
        Protocol(
            f"{model}/published", model, published, added, directed, dated=False, bar=bar
        ),
    )  # fmt: skip
    untuned = replace(
        protocols[1], key=f"{model}/untuned", untuned=True, bar=None,
        words=f"{published}; untuned",
    )  # fmt: skip
    return (*protocols, untuned)


PROTOCOLS = (
    *_all_of(
        "term_deposit_propensity", 0.804,
        "as it is served: age is its only protected attribute, no customer of the last months",
        "all 45,211 calls, all columns but the call's length",
        added=("contact_day_of_year", "marital_status", "education"),
    ),
    *_all_of(
        "serious_delinquency", 0.8665,
        "as it is served: risk may only rise or fall as the bank's logic demands",
        "all borrowers, without directions",
        directed=False,
    ),
    *_all_of(
        "pakdd_default", 0.685,
        "as it is served: without sex and marital status, risk may only fall with age",
        "all columns of the file, sex and marital status too, without directions",
        added=("sex", "marital_status"), directed=False,
    ),
)  # fmt: skip
