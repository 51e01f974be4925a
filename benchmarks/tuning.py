"""Time a whole `limner tune serious_delinquency` against the same fits in a bare loop.

    uv run python benchmarks/tuning.py               # 50 trials of 5 folds
    uv run python benchmarks/tuning.py --trials 10

The bare loop is what a data scientist would write: XGBoost and a ready matrix for each fold,
the parameters that the search has tried, the same early stopping, the AUC of the judged part.
It proposes nothing, keeps nothing and calibrates nothing, and its matrices are made before its
clock starts. Both sides run in one process; where others use the cores, read processor time.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
from sklearn.metrics import roc_auc_score

from limner.artifacts import ArtifactPaths, require, sha256_of
from limner.domain import SampleName
from limner.modelling.folds import Fold, stratified_folds
from limner.models import find_spec
from limner.models.evaluation import EncodedRows, encode_rows
from limner.models.tuning import tune, with_parameters
from limner.samples import sample_rows
from limner.settings import Settings, Training, load_settings

MODEL, BAR = "serious_delinquency", 1.3
Matrices = tuple[xgboost.QuantileDMatrix, xgboost.QuantileDMatrix, Fold]


class Clock:
    """Seconds of the wall and of the processor."""

    wall = processor = 0.0

    def __enter__(self) -> "Clock":
        self._began = (time.perf_counter(), time.process_time())
        return self

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._began[0]
        self.processor += time.process_time() - self._began[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--trials", type=int, default=50)
    trials = parser.parse_args().trials
    settings = load_settings()
    wanted = settings.tuning.model_copy(update={"trials": trials})
    settings = settings.model_copy(update={"tuning": wanted})
    file = require(ArtifactPaths.of(MODEL).sample)

    with tempfile.TemporaryDirectory() as scratch, Clock() as tuning:
        study = Path(scratch) / "study.sqlite"
        found = tune(find_spec(MODEL), *samples(file), settings, sha256_of(file), study, print)
    bare, loop = Bare(settings, samples(file)), Clock()
    base = settings.model(MODEL).training
    for trial in found.trials:
        with loop:
            score = bare.fit(with_parameters(base, trial.parameters))
        if abs(score - trial.score) > 1e-6:
            raise SystemExit(f"not the same fits: {score} and {trial.score}")
    print(f"{trials} trials of {wanted.folds} folds; best {wanted.objective} {found.tuned.score}")
    print(f"bins of all folds, made once for all trials: {bare.making.wall:.2f} s")
    for name in ("wall", "processor"):
        ours, plain = getattr(tuning, name), getattr(loop, name)
        print(f"{name}: tuning {ours:.1f} s, bare loop {plain:.1f} s, ratio {ours / plain:.3f}")
    ratio = tuning.processor / loop.processor
    print(f"bar {BAR:g}: {'met' if ratio <= BAR else 'MISSED'} (processor time)")


def samples(file: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    customers = pd.read_parquet(file)
    return (
        sample_rows(customers, SampleName.DEVELOPMENT),
        sample_rows(customers, SampleName.VALIDATION),
    )


class Bare:
    """The bare loop: one matrix a fold, fitted on with one trial's parameters after another."""

    def __init__(self, settings: Settings, parts: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        self.settings, self.making = settings, Clock()
        self.population = encode_rows(find_spec(MODEL), pd.concat(parts), settings)
        with self.making:
            self.folds = tuple(self._matrices(fold) for fold in _folds(self.population, settings))

    def fit(self, training: Training) -> float:
        return float(np.mean([self._one(*fold, training) for fold in self.folds]))

    def _one(
        self, fitted_on: xgboost.QuantileDMatrix, stopped_on: xgboost.QuantileDMatrix, fold: Fold,
        training: Training,
    ) -> float:  # fmt: skip
        parameters = {
            "objective": "binary:logistic", "eval_metric": "logloss", "tree_method": "hist",
            "max_depth": training.max_depth, "learning_rate": training.learning_rate,
            "min_child_weight": training.min_child_weight, "subsample": training.subsample,
            "colsample_bytree": training.column_sample, "reg_lambda": training.l2,
            "reg_alpha": training.l1, "gamma": training.gamma,
            "monotone_constraints": tuple(f.monotone for f in self.population.features),
            "seed": self.settings.seed, "nthread": self.settings.runtime.threads,
        }  # fmt: skip
        booster = xgboost.train(
            parameters, fitted_on, training.rounds, evals=[(stopped_on, "stopping")],
            early_stopping_rounds=training.early_stopping, verbose_eval=False,
        )  # fmt: skip
        judged = fold.judged
        scores = booster.inplace_predict(
            self.population.values[judged], iteration_range=(0, booster.best_iteration + 1)
        )
        return float(roc_auc_score(self.population.outcome[judged], scores))

    def _matrices(self, fold: Fold) -> Matrices:
        types = ["q" if f.categories is None else "c" for f in self.population.features]
        fitted, stopped = (
            (self.population.values[rows], self.population.outcome[rows])
            for rows in (fold.fitted, fold.stopped)
        )
        options = {"feature_types": types, "enable_categorical": True}
        fitted_on = xgboost.QuantileDMatrix(*fitted, **options)
        return fitted_on, xgboost.QuantileDMatrix(*stopped, ref=fitted_on, **options), fold


def _folds(population: EncodedRows, settings: Settings) -> tuple[Fold, ...]:
    return stratified_folds(
        MODEL, "outcome", population.outcome, population.customers, folds=settings.tuning.folds,
        stopping_share=settings.tuning.stopping_share,
        least_events=settings.training_checks.least_events, seed=settings.seed,
    )  # fmt: skip


if __name__ == "__main__":
    main()
