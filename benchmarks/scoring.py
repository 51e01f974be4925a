"""Time batch scoring, with and without reasons, against XGBoost's own predictions.

    uv run python benchmarks/scoring.py                          # a million customers
    uv run python benchmarks/scoring.py retail_default --rows 200_000

Customers are drawn, with replacement, from the model's own samples. *Bare* is what the library
does alone on a matrix that lies ready: `inplace_predict` without reasons, `pred_contribs` with
them; ours begins with a table of facts, holds it to its contract, encodes it and ends with a
table of calibrated probabilities, bands, decisions and reasons in words. Both use the same
threads, in turns, and the medians of the rounds are compared. Where others use the cores,
processor time tells more than the wall's.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from limner.artifacts import ArtifactPaths, require
from limner.modelling.fitted import FittedModel, read_model
from limner.modelling.training import facts_of
from limner.scoring import contributions_to_score, matrix_of, score_table
from limner.settings import load_settings

MODELS = ("serious_delinquency", "retail_default", "pakdd_default")
BARS = {"without reasons, ours / bare": 1.2, "with reasons, bare / ours": 5.0}
LARGEST_GAP = 1e-4


class Taken(NamedTuple):
    """Seconds of the wall, and of the processor, all threads together."""

    wall: float
    processor: float


def main() -> None:
    options = read_arguments()
    for model in options.models:
        compare(model, options.rows, options.rounds)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def compare(model: str, rows: int, rounds: int) -> None:
    """Print both sides' medians, their ratios beside the bars, and how far the values are apart."""
    fitted, table, values, bare = material(model, rows)
    print(f"{model}: {rows:,} rows, {values.shape[1]} features, {fitted.trees.rounds} rounds")
    plain = in_turns(
        lambda: score_table(fitted, table),
        lambda: bare.inplace_predict(values, predict_type="margin"), rounds,
    )  # fmt: skip
    told("without reasons, ours / bare", *plain)
    types = ["q" if f.categories is None else "c" for f in fitted.manifest.features]

    def explain_bare() -> npt.NDArray[np.float32]:
        matrix = xgboost.DMatrix(values, feature_types=types, enable_categorical=True)
        return bare.predict(matrix, pred_contribs=True)

    explained = in_turns(
        lambda: score_table(fitted, table, reasons=True), explain_bare, max(1, rounds // 3)
    )
    told("with reasons, bare / ours", explained[1], explained[0])
    gap = np.abs(contributions_to_score(fitted, values) - explain_bare()).max()
    met = "met" if gap <= LARGEST_GAP else "MISSED"
    print(f"  largest gap between contributions {gap:.1e} (bar {LARGEST_GAP:.0e}, {met})")


def material(
    model: str, rows: int
) -> tuple[FittedModel, pd.DataFrame, npt.NDArray[np.float32], xgboost.Booster]:
    settings, paths = load_settings(), ArtifactPaths.of(model)
    fitted = read_model(paths.fitted_model, settings.runtime.threads)
    customers = pd.read_parquet(require(paths.sample))[list(fitted.manifest.columns)]
    drawn = np.random.default_rng(settings.seed).integers(0, len(customers), rows)
    table = customers.iloc[drawn].reset_index(drop=True)
    values = matrix_of(fitted, facts_of(table, fitted.manifest.columns), "benchmark")
    bare = xgboost.Booster({"nthread": settings.runtime.threads})
    bare.load_model(bytearray(fitted.trees.to_bytes()))
    return fitted, table, values, bare


def in_turns(
    ours: Callable[[], object], bare: Callable[[], object], rounds: int
) -> tuple[Taken, Taken]:
    """Run both in turns; the medians of each."""
    runs: tuple[list[Taken], list[Taken]] = ([], [])
    for _ in range(rounds):
        for taken, run in zip(runs, (ours, bare), strict=True):
            wall, processor = time.perf_counter(), time.process_time()
            run()
            taken.append(Taken(time.perf_counter() - wall, time.process_time() - processor))
    first, second = (Taken(*map(statistics.median, zip(*taken, strict=True))) for taken in runs)
    return first, second


def told(name: str, first: Taken, second: Taken) -> None:
    bar = BARS[name]
    for clock, one, other in zip(Taken._fields, first, second, strict=True):
        ratio = one / other
        met = "met" if (ratio <= bar if bar < 2 else ratio >= bar) else "MISSED"
        print(f"  {name}, {clock}: {one:.2f} / {other:.2f} s = {ratio:.2f} (bar {bar:g}, {met})")


if __name__ == "__main__":
    main()
