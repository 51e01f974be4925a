"""What a model gains from filled values: AUC on test, against leaving them missing."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from contestants import settings_of
from gaps import GAPS, RECORDED
from scores import interval
from sklearn.linear_model import LogisticRegression

from limner.modelling.conditional import fit_standards
from limner.modelling.imputation import fit_imputation
from limner.modelling.imputation_inputs import encode_inputs, fit_inputs

OUTCOMES = ("defaulted_12m", "churned_6m")
# What an application form would tell.
FORM = ("age_years", *RECORDED)
BASE = "none"
CENTRE, MARKED, DRAW = ("centre", False), ("centre", True), ("draw", False)
WAYS = {"median": (CENTRE, MARKED), "regression": (CENTRE,), "boosting": (CENTRE, MARKED, DRAW)}


def what_models_gain(
    rows: pd.DataFrame, columns: list[str], outcome: pd.DataFrame, params: dict, seed: int,
    threads: int,
) -> None:  # fmt: skip
    """Print AUC of logistic regression and of trees on each way of filling."""
    filled = dict(_fillings(rows, columns, params, seed, threads))
    for name in OUTCOMES:
        asked = outcome[name].notna().to_numpy()
        event = outcome.loc[asked, name].astype(bool).to_numpy()
        for title, features, models in (
            ("form", list(FORM), {"logistic": _logistic, "trees": _trees}),
            ("all columns", columns, {"trees": _trees}),
        ):
            table = {}
            scores: dict[str, dict[str, np.ndarray]] = {model: {} for model in models}
            test = (rows.loc[asked, "sample"] == "test").to_numpy()
            for filling, (frame, more) in filled.items():
                for model, fit in models.items():
                    scores[model][filling] = fit(
                        frame[asked], [*features, *more], event, seed, threads
                    )[test]
                print(f"  {name}, {title}: {filling}", flush=True)
            for model, by_filling in scores.items():
                for filling, score in by_filling.items():
                    table[(model, filling)] = _against(
                        score, by_filling[BASE], event[test], params["resamples"]
                    )
            print(f"\n## {name}, {title}: {test.sum():,} customers, {event[test].sum()} events")
            print(pd.DataFrame(table).T.round(4).to_string(), flush=True)


def _fillings(
    rows: pd.DataFrame, columns: list[str], params: dict, seed: int, threads: int
) -> Iterator[tuple[str, tuple[pd.DataFrame, tuple[str, ...]]]]:
    """Fill all rows in each way; with the true values as the bound."""
    yield BASE, (rows, ())
    for method, ways in WAYS.items():
        print(f"  fitting {method} …", flush=True)
        settings = settings_of(method, GAPS, params)
        fitted = fit_imputation(
            rows, columns, settings, seed, customers="customer_id", threads=threads
        )
        for fill, indicators in ways:
            found = replace(fitted, fill=fill, indicators=indicators)
            name = f"{method}, {fill}{', indicators' if indicators else ''}"
            yield name, (found.apply(rows), found.indicator_columns)
    true = rows.copy()
    for column in GAPS:
        known = rows[f"true_{column}"]
        true[column] = known.astype(np.float64) if column == "declared_income" else known
    yield "the truth", (true, ())


def _logistic(
    frame: pd.DataFrame, features: list[str], event: np.ndarray, seed: int, threads: int
) -> np.ndarray:
    """Other missing values are the mean with an indicator; those of ``none`` as well."""
    development = (frame["sample"] == "development").to_numpy()
    inputs = fit_inputs(frame, features)
    values = encode_inputs(inputs, frame).astype(np.float32)
    design = fit_standards(inputs, values[development]).design(inputs, values)
    model = LogisticRegression(C=0.1, max_iter=300).fit(design[development], event[development])
    return model.decision_function(design)


def _trees(
    frame: pd.DataFrame, features: list[str], event: np.ndarray, seed: int, threads: int
) -> np.ndarray:
    import xgboost

    inputs = fit_inputs(frame, features)
    values = encode_inputs(inputs, frame).astype(np.float32)
    options = {"feature_types": [column.kind for column in inputs], "enable_categorical": True}
    parts = {name: (frame["sample"] == name).to_numpy() for name in ("development", "validation")}
    tables = {
        name: xgboost.DMatrix(values[part], event[part], **options) for name, part in parts.items()
    }
    model = xgboost.train(
        {"objective": "binary:logistic", "eval_metric": "logloss", "max_depth": 3,
         "learning_rate": 0.05, "min_child_weight": 5, "subsample": 0.8,
         "colsample_bytree": 0.5, "seed": seed, "nthread": threads},
        tables["development"], 600, evals=[(tables["validation"], "validation")],
        early_stopping_rounds=40, verbose_eval=False,
    )  # fmt: skip
    return model.inplace_predict(values, iteration_range=(0, model.best_iteration + 1))


def _against(
    score: np.ndarray, base: np.ndarray, event: np.ndarray, resamples: int
) -> dict[str, float]:
    """AUC, and its difference from the base with a paired 95 % interval."""
    everyone = np.ones(len(event))
    low, high = interval(
        lambda weight: _auc(score, event, weight) - _auc(base, event, weight),
        len(event), resamples, seed=3,
    )  # fmt: skip
    gain = _auc(score, event, everyone) - _auc(base, event, everyone)
    return {"auc": _auc(score, event, everyone), "gain": gain, "95 % from": low, "to": high}


def _auc(score: np.ndarray, event: np.ndarray, weight: np.ndarray) -> float:
    """Weighted area under the ROC curve, ties by half."""
    order = np.argsort(score, kind="stable")
    score, event, weight = score[order], event[order], weight[order]
    good = np.where(event, 0.0, weight)
    below = np.concatenate([[0.0], np.cumsum(good)])
    first = np.searchsorted(score, score, side="left")
    last = np.searchsorted(score, score, side="right")
    rank = (below[first] + below[last]) / 2
    bad = np.where(event, weight, 0.0)
    return float(bad @ rank / (bad.sum() * good.sum()))
