"""Card fraud, week by week: fitted on seven days, judged on seven, seven of delay between.

    uv run python benchmarks/quality/weeks.py --first-test-day 2018-05-16 --weeks 6

prints other weeks than those of `params.yaml` and writes nothing: features and parameters were
chosen on these. The page is written by `measure.py`.
"""

import argparse
import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

import pandas as pd

from limner.artifacts import MartPaths, require
from limner.models import find_spec
from limner.models.delayed_evaluation import RoundFigures, evaluate_rounds
from limner.models.evaluation import with_training
from limner.models.spec import ModelSpec
from limner.settings import DelayedSamples, Settings, Training, load_settings

MODEL = "card_fraud"
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
    spec: ModelSpec
    training: Training


def variants(settings: Settings) -> tuple[Variant, ...]:
    served = find_spec(MODEL)
    handbook = replace(served, feature_names=HANDBOOK_FEATURES, monotone={})
    return (
        Variant("served", served, settings.model(MODEL).training),
        Variant("handbook", handbook, HANDBOOK_TRAINING),
    )


def by_weeks(
    trusted: pd.DataFrame, protocol: DelayedSamples, settings: Settings,
    progress: Callable[[str], None],
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    """Judge each variant on each week, with and without customers known to be compromised."""
    found = {}
    for variant in variants(settings):
        own = with_training(settings, MODEL, variant.training)
        weeks = evaluate_rounds(variant.spec, trusted, protocol, own, progress)
        found[variant.key] = [_week(week) for week in weeks]
    return found


def _week(figures: RoundFigures) -> dict[str, Any]:
    days, one = figures.days, dt.timedelta(days=1)
    return {
        "fitted": [days.fitted_from.isoformat(), (days.fitted_end - one).isoformat()],
        "judged": [days.judged_from.isoformat(), (days.judged_end - one).isoformat()],
        "trees": figures.trees,
        "left": asdict(figures.left),
        "all": asdict(figures.all_rows),
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
    for key, weeks in by_weeks(trusted, protocol, settings, print).items():
        for rows in ("left", "all"):
            means = {
                name: fmean(week[rows][name] for week in weeks)
                for name in ("average_precision", "auc", "card_precision")
            }
            print(key, rows, ", ".join(f"{name} {mean:.4f}" for name, mean in means.items()))


if __name__ == "__main__":
    main()
