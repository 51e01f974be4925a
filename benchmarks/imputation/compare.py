"""Imputers on harbour, where what was left out is known: how far off, and what a model gains.

    uv run python benchmarks/imputation/compare.py

Everything is fitted on the development sample; the choice is made on validation, the figures that
count are those of test. Needs harbour's intake and features (``dvc repro`` makes them).
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from contestants import Contestant, contestants
from downstream import what_models_gain
from gaps import GAPS, outcomes, predictors, read_gaps
from scores import brier, category_scores, continuous_ranked, interval, number_scores

from limner.settings import load_settings

HERE = Path(__file__).parent
ALL = ("median", "regression", "boosting", "nearest", "flow")
PLANTED = ("median", "regression", "boosting")
NUMBER = "declared_income"


def main() -> None:
    """Run the comparison and print its tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--part", choices=["gaps", "planted", "models"], action="append")
    arguments.add_argument("--only", action="append", help="contestants, instead of all")
    asked_for = arguments.parse_args()
    parts = asked_for.part or ["gaps", "planted", "models"]
    names = tuple(asked_for.only or ALL)
    settings, params = load_settings(), yaml.safe_load((HERE / "params.yaml").read_text("utf-8"))
    rows = read_gaps(Path(), tuple(params["snapshots"]))
    columns = predictors(rows)
    print(f"{len(rows):,} records, {len(columns)} columns", flush=True)
    common = (params, settings.seed, settings.runtime.threads)
    if "gaps" in parts:
        fitted, seconds = contestants(rows, columns, GAPS, *common, names)
        for sample in ("validation", "test"):
            for column in GAPS:
                asked = rows[(rows["sample"] == sample) & rows[f"gap_{column}"].notna()]
                mechanism = asked[f"gap_{column}"].iloc[0]
                _score(f"{column}, {mechanism}, {sample}", fitted, column, asked, rows, params)
        print(
            "\nCPU seconds:", {name: round(spent, 1) for name, spent in seconds.items()}, flush=True
        )
    if "planted" in parts:
        for mechanism in ("MCAR", "MAR", "MNAR"):
            _planted(mechanism, rows, columns, common)
    if "models" in parts:
        what_models_gain(rows, columns, outcomes(Path(), rows), *common)


def _planted(mechanism: str, rows: pd.DataFrame, columns: list[str], common: tuple) -> None:
    """Hide recorded incomes in every sample by one mechanism, and fill them."""
    params, seed, _ = common
    draw = np.random.default_rng(seed)
    told = rows[NUMBER].notna()
    income = rows[NUMBER].fillna(rows[NUMBER].median())
    low, high = income[told].quantile([0.1, 0.8])
    often = {
        "MCAR": pd.Series(True, index=rows.index),
        "MAR": (rows["age_years"] < 30) | (rows["employment"] == "self-employed"),
        "MNAR": (income < low) | (income > high),
    }[mechanism]
    # As in harbour: those concerned six times as often as the others, all in all the share.
    weight = np.where(often, 6.0, 1.0)
    hidden = told & (draw.random(len(rows)) < params["planted_share"] * weight / weight.mean())
    holed = rows.copy()
    holed.loc[hidden, NUMBER] = np.nan
    print(f"\nplanted {mechanism}: {hidden.sum():,} incomes hidden", flush=True)
    fitted, _ = contestants(holed, columns, (NUMBER,), *common, PLANTED)
    asked = holed[hidden & (holed["sample"] == "test")]
    _score(f"{NUMBER}, planted {mechanism}, test", fitted, NUMBER, asked, holed, params)


def _score(
    title: str, fitted: dict[str, dict[str, Contestant]], column: str, asked: pd.DataFrame,
    rows: pd.DataFrame, params: dict,
) -> None:  # fmt: skip
    """Print each contestant's figures on rows whose value was left out."""
    started = time.perf_counter()
    table, of_rows = {}, {}
    for name, by_column in fitted.items():
        if column not in by_column:
            continue
        if column == NUMBER:
            table[name], of_rows[name] = _number(by_column[column], asked, rows, params)
        else:
            table[name], of_rows[name] = _category(by_column[column], asked, rows, column)
        low, high = interval(
            lambda weight, each=of_rows[name]: float(weight @ each / weight.sum()),
            len(asked), params["resamples"], seed=1,
        )  # fmt: skip
        table[name]["95 % from"], table[name]["to"] = low, high
    print(f"\n## {title}: {len(asked):,} values ({time.perf_counter() - started:.0f} s)")
    print(pd.DataFrame(table).T.round(3).to_string(), flush=True)
    best = min(of_rows, key=lambda name: of_rows[name].mean())
    for name, each in of_rows.items():
        gap = each - of_rows[best]
        low, high = interval(
            lambda weight, gap=gap: float(weight @ gap / weight.sum()),
            len(asked), params["resamples"], seed=2,
        )  # fmt: skip
        if name != best:
            print(f"  {name} is worse than {best} by {gap.mean():.4f} ({low:.4f} to {high:.4f})")


def _number(
    found: Contestant, asked: pd.DataFrame, rows: pd.DataFrame, params: dict
) -> tuple[dict[str, float], np.ndarray]:
    """Score logarithms, standardised as they were recorded in development."""
    recorded = np.log(rows.loc[rows["sample"] == "development", NUMBER].dropna())

    def standard(values: np.ndarray) -> np.ndarray:
        return (np.log(np.maximum(values, 1.0)) - recorded.mean()) / recorded.std()

    true = standard(asked[f"true_{NUMBER}"].to_numpy(np.float64))
    centre = standard(found.centre(asked))
    drawn = found.draws(asked, params["draws"])
    draws = None if drawn is None else standard(drawn)
    each = np.abs(centre - true) if draws is None else continuous_ranked(draws, true)
    return number_scores(centre, draws, true), each


def _category(
    found: Contestant, asked: pd.DataFrame, rows: pd.DataFrame, column: str
) -> tuple[dict[str, float], np.ndarray]:
    names = sorted(rows.loc[rows["sample"] == "development", column].dropna().unique())
    true = pd.Categorical(asked[f"true_{column}"], categories=names).codes.astype(np.int64)
    probability = found.probabilities(asked)
    return category_scores(probability, true), brier(probability, true)


if __name__ == "__main__":
    main()
