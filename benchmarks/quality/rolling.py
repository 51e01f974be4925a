"""Rolling origin: fitted on all calls before a day, judged on the three months after it."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.modelling.folds import Fold
from limner.models import find_spec
from limner.models.evaluation import encode_rows, evaluate_parts
from limner.settings import Settings

MODEL, DATES, MONTH = "term_deposit_propensity", "contacted_on", "contact_month"
FIRST, LAST, MONTHS = "2009-01-01", "2010-11-01", 3


def rolling_origin(
    trusted: pd.DataFrame, settings: Settings, progress: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Judge the model, and one that knows the month only, on each window after an origin."""
    days = pd.to_datetime(trusted[DATES])
    origins = pd.date_range(FIRST, LAST, freq=f"{MONTHS}MS")
    spec = find_spec(MODEL)
    parts = [
        _fold(trusted[spec.outcome.column].to_numpy(), days, origin, settings) for origin in origins
    ]
    month_only = replace(spec, feature_names=(MONTH,), monotone={})
    figures = [
        evaluate_parts(
            one, encode_rows(one, trusted, settings), parts, settings, settings.seed, progress
        ).folds
        for one in (spec, month_only)
    ]
    outcome = trusted[spec.outcome.column].to_numpy()
    return [
        {
            "origin": origin.date().isoformat(),
            "customers": len(part.judged),
            "event_rate": float(outcome[part.judged].mean()),
            "model": asdict(model),
            "month_only": asdict(month),
        }
        for origin, part, model, month in zip(origins, parts, *figures, strict=True)
    ]


def _fold(
    outcome: npt.NDArray[np.int64], days: "pd.Series[Any]", origin: pd.Timestamp,
    settings: Settings,
) -> Fold:  # fmt: skip
    known = np.flatnonzero((days < origin).to_numpy())
    after = (days >= origin) & (days < origin + pd.DateOffset(months=MONTHS))
    generator = np.random.default_rng(settings.seed)
    stopped: list[npt.NDArray[np.int64]] = []
    for value in (0, 1):
        rows = generator.permutation(known[outcome[known] == value])
        stopped.append(rows[: max(1, round(settings.tuning.stopping_share * len(rows)))])
    stops = np.sort(np.concatenate(stopped))
    return Fold(np.setdiff1d(known, stops), stops, np.flatnonzero(after.to_numpy()))
