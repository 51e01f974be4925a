"""Card fraud, week by week: fitted on seven days, judged on seven, seven of delay between.

    uv run python benchmarks/quality/weeks.py --first-test-day 2018-05-16 --weeks 6

prints other weeks than those of `params.yaml` and writes nothing: features and parameters were
chosen on these. The page is written by `measure.py`.
"""

import argparse
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from limner.artifacts import MartPaths, require
from limner.assessment.card_precision import card_precision
from limner.assessment.discrimination import Ranking
from limner.delayed_samples import DatedRows, Round, RoundRows, rounds, rows_of
from limner.modelling.cross_fitting import fit_fold, prepare_folds
from limner.modelling.folds import Fold
from limner.models import find_spec
from limner.models.evaluation import EncodedRows, encode_rows
from limner.models.population import delayed_columns
from limner.models.spec import ModelSpec
from limner.portfolios import find_portfolio
from limner.settings import DelayedSamples, Settings, Training, load_settings

MODEL = "card_fraud"
# Cards that the handbook's authors suppose can be looked into each day.
CARDS = 100
# What the handbook's baseline knows of a transaction, and XGBoost's own defaults, its model.
HANDBOOK_FEATURES = (
    "amount", "on_weekend", "at_night",
    *(f"customer_{what}_{window}" for window in ("1_day", "7_days", "30_days")
      for what in ("transactions", "mean_amount")),
    *(f"terminal_{what}_{window}" for window in ("1_day", "7_days", "30_days")
      for what in ("transactions", "fraud_rate")),
)  # fmt: skip
HANDBOOK_TRAINING = Training(
    max_depth=6, learning_rate=0.3, rounds=100, early_stopping=100, min_child_weight=1.0,
    subsample=1.0, column_sample=1.0, l2=1.0,
)  # fmt: skip
BAR = {"average_precision": 0.68, "auc": 0.875}


@dataclass(frozen=True)
class Variant:
    """One way of modelling the same weeks."""

    key: str
    words: str
    spec: ModelSpec
    training: Training


def variants(settings: Settings) -> tuple[Variant, ...]:
    served = find_spec(MODEL)
    handbook = replace(served, feature_names=HANDBOOK_FEATURES, monotone={})
    return (
        Variant("served", "the model as it is served", served, settings.model(MODEL).training),
        Variant(
            "handbook", "the handbook's features, XGBoost's defaults", handbook, HANDBOOK_TRAINING
        ),
    )


def by_weeks(
    trusted: pd.DataFrame, protocol: DelayedSamples, settings: Settings,
    progress: Callable[[str], None],
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    """Judge each variant on each week, with and without customers known to be compromised."""
    portfolio = find_portfolio(find_spec(MODEL).portfolio)
    columns = delayed_columns(portfolio, find_spec(MODEL))
    first = np.datetime64(rounds(protocol)[0].fitted_from, "D")
    days = pd.to_datetime(trusted[columns.day]).to_numpy().astype("datetime64[D]")
    kept = trusted[days >= first].reset_index(drop=True)
    rows = DatedRows.of(kept, columns)
    parts = {
        round_of: rows_of(
            portfolio.name, rows, round_of, protocol.validation_share, settings.seed
        )
        for round_of in rounds(protocol)
    }  # fmt: skip
    found = {}
    for variant in variants(settings):
        encoded = encode_rows(variant.spec, kept, settings)
        found[variant.key] = [
            _judge(variant, encoded, rows, round_of, part, settings)
            for round_of, part in parts.items()
        ]
        for week in found[variant.key]:
            left = week["left"]
            progress(
                f"{variant.key}, {week['judged'][0]}: average precision"
                f" {left['average_precision']:.4f}, AUC {left['auc']:.4f}"
            )
    return found


def _judge(
    variant: Variant, encoded: EncodedRows, rows: DatedRows, days: Round, part: RoundRows,
    settings: Settings,
) -> dict[str, Any]:  # fmt: skip
    (prepared,) = prepare_folds(
        encoded.values, encoded.outcome, encoded.features,
        [Fold(part.fitted, part.stopped, part.judged)], variant.training.max_bins,
        settings.runtime.threads,
    )  # fmt: skip
    fit = fit_fold(
        prepared, encoded.features, variant.training, settings.seed, settings.runtime.threads
    )
    last = dt.timedelta(days=1)
    return {
        "fitted": [days.fitted_from.isoformat(), (days.fitted_end - last).isoformat()],
        "judged": [days.judged_from.isoformat(), (days.judged_end - last).isoformat()],
        "rounds": fit.rounds,
        "left": _figures(rows, part.judged[~part.known], fit.judged[~part.known]),
        "all": _figures(rows, part.judged, fit.judged),
    }


def _figures(rows: DatedRows, judged: Any, margins: Any) -> dict[str, float]:
    outcome, scores = rows.outcome[judged], np.asarray(margins, dtype=np.float64)
    ranking = Ranking(scores, outcome).figures(np.ones(len(outcome)))
    return {
        "transactions": len(judged),
        "frauds": int(outcome.sum()),
        "auc": ranking["auc"],
        "average_precision": ranking["average_precision"],
        "card_precision": card_precision(
            rows.days[judged], rows.customers[judged], outcome, scores, CARDS
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--first-test-day", type=dt.date.fromisoformat)
    parser.add_argument("--weeks", type=int)
    arguments = parser.parse_args()
    settings = load_settings()
    portfolio = find_spec(MODEL).portfolio
    asked = {"first_test_day": arguments.first_test_day, "weeks": arguments.weeks}
    stated = {name: value for name, value in asked.items() if value is not None}
    protocol = settings.delayed_samples[portfolio].model_copy(update=stated)
    trusted = pd.read_parquet(require(MartPaths.of(portfolio).trusted))
    found = by_weeks(trusted, protocol, settings, print)
    for key, weeks in found.items():
        for rows in ("left", "all"):
            means = {
                name: np.mean([week[rows][name] for week in weeks])
                for name in ("average_precision", "auc", "card_precision")
            }
            print(key, rows, ", ".join(f"{name} {mean:.4f}" for name, mean in means.items()))


if __name__ == "__main__":
    main()
