"""Hold drafted training settings beside XGBoost's defaults: test AUC by 5 folds.

    uv run python benchmarks/onboarding/measure.py                  # every table at hand
    uv run python benchmarks/onboarding/measure.py --table berka    # those whose name holds it

Each table is written as CSV and drafted as `limner portfolio add` does it. All contestants then
have the drafted features, and are judged on the same rows, which none was fitted on: what a draft
takes, the first candidate, depth 4 as drafts had it before, XGBoost's defaults, and depth 4 with
300 rounds. The defaults are fitted on all rows of the other folds. The draft gives a quarter of
them to early stopping, as the pipeline's validation sample does.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
from sklearn.metrics import roc_auc_score
from tables import TABLES

from limner.modelling.cross_fitting import fit_fold, prepare_folds
from limner.modelling.folds import Fold, stratified_folds
from limner.models.evaluation import EncodedRows
from limner.onboarding.add import Request, look_at, wanted_of
from limner.onboarding.rehearsal import rehearse
from limner.onboarding.trials import compare_settings, encode_draft
from limner.settings import Settings, Training, load_settings

BAR, FOLDS = 0.005, 5
BEFORE = Training(
    max_depth=4, learning_rate=0.05, rounds=1500, early_stopping=50, min_child_weight=5.0,
    subsample=0.8, column_sample=0.8, l2=1.0,
)  # fmt: skip
DEFAULTS = ({}, 100)
DEPTH_4 = ({"max_depth": 4}, 300)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--table", default="", help="part of a table's name")
    parser.add_argument("--threads", type=int, help="instead of runtime.threads")
    given = parser.parse_args()
    settings = load_settings()
    if given.threads:
        runtime = settings.runtime.model_copy(update={"threads": given.threads})
        settings = settings.model_copy(update={"runtime": runtime})
    titles = (
        "table", "rows x features", "drafted", "before", "defaults", "depth 4 x 300",
        "defaults, same rows", "short of the best", "drafted depth, rounds", "comparing took",
    )  # fmt: skip
    print(f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}")
    missed = [name for name in TABLES if given.table in name and not _met(name, settings)]
    print(f"\nbar {BAR:g}: {'MISSED by ' + ', '.join(missed) if missed else 'met'}")


def _met(name: str, settings: Settings) -> bool:
    try:
        frame, target = TABLES[name]()
    except (FileNotFoundError, ValueError) as absent:
        print(f"| {name} | skipped: {type(absent).__name__} | | | | | | | | |", flush=True)
        return True
    rows, training, seconds = _drafted(frame, target, settings)
    threads, seed = settings.runtime.threads, settings.seed
    scores: dict[str, list[float]] = {"drafted": [], "before": [], "defaults": [], "depth 4": []}
    scores["same rows"] = []
    rounds = []
    for fold in _folds(rows, seed):
        truth = rows.outcome[fold.judged]
        (prepared,) = prepare_folds(rows.values, rows.outcome, rows.features, [fold], 256, threads)
        for key, settled in (("drafted", training), ("before", BEFORE)):
            fit = fit_fold(prepared, rows.features, settled, seed, threads)
            scores[key].append(roc_auc_score(truth, fit.judged))
            rounds += [fit.rounds] if key == "drafted" else []
        taught = np.concatenate([fold.fitted, fold.stopped])
        for key, plain in (("defaults", DEFAULTS), ("depth 4", DEPTH_4)):
            scores[key].append(roc_auc_score(truth, _plain(rows, taught, fold, plain, settings)))
        same = _plain(rows, fold.fitted, fold, DEFAULTS, settings)
        scores["same rows"].append(roc_auc_score(truth, same))
    mean = {key: float(np.mean(found)) for key, found in scores.items()}
    short = max(mean["defaults"], mean["depth 4"]) - mean["drafted"]
    print(
        f"| {name} | {rows.values.shape[0]:,} x {rows.values.shape[1]} |"
        + "".join(f" {mean[key]:.4f} |" for key in scores)
        + f" {short:+.4f} | {training.max_depth}, {np.mean(rounds):.0f} | {seconds:.0f} s |",
        flush=True,
    )
    return short <= BAR


def _drafted(
    frame: pd.DataFrame, target: str, settings: Settings
) -> tuple[EncodedRows, Training, float]:
    """Draft from a table; return all rows encoded, and the training settings taken."""
    with tempfile.TemporaryDirectory(prefix="limner-") as folder:
        file = Path(folder) / "table.csv"
        frame.to_csv(file, index=False)
        # Of two values the rarer is the event; the AUC is the same either way.
        event = str(frame[target].value_counts().index[-1])
        request = Request("bench", file, target, event=event)
        limits = settings.onboarding
        plan = look_at(request, wanted_of(request), limits, 0.01, 1, _quietly)
        rehearsal = rehearse(plan, file, limits)
    began = time.perf_counter()
    chosen = compare_settings(plan, rehearsal, settings, _quietly).chosen
    return encode_draft(plan, rehearsal.trusted), chosen, time.perf_counter() - began


def _folds(rows: EncodedRows, seed: int) -> tuple[Fold, ...]:
    return stratified_folds(
        "bench", "event", rows.outcome, rows.customers, folds=FOLDS, stopping_share=0.25,
        least_events=1, seed=seed + 1,
    )  # fmt: skip


def _plain(
    rows: EncodedRows, taught: np.ndarray, fold: Fold, plain: tuple[dict[str, int], int],
    settings: Settings,
) -> np.ndarray:  # fmt: skip
    (parameters, rounds), threads = plain, settings.runtime.threads
    types = ["q" if feature.categories is None else "c" for feature in rows.features]
    matrix = xgboost.QuantileDMatrix(
        np.ascontiguousarray(rows.values[taught]), rows.outcome[taught], feature_types=types,
        enable_categorical=True, nthread=threads,
    )  # fmt: skip
    fixed = {"objective": "binary:logistic", "seed": settings.seed, "nthread": threads}
    booster = xgboost.train(fixed | parameters, matrix, rounds)
    return np.asarray(booster.inplace_predict(rows.values[fold.judged]))


def _quietly(_: str) -> None:
    pass


if __name__ == "__main__":
    main()
