"""The baseline: what a data scientist would write in one file to get the same models.

The same fits on the same samples (rivals included), the same contributions and the same
fairness figures as the pipeline, in one process, without Limner: no contracts, no versions,
no evidence, no plots, no pages, no registry. Prints its figures as JSON, to be held against
the pipeline's.
"""

import json
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
import yaml
from fairlearn.metrics import (
    MetricFrame,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from sklearn.cluster import KMeans
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

PARAMS = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
SEED, THREADS = PARAMS["seed"], PARAMS["runtime"]["threads"]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
BANK = ["age", "job", "default", "balance", "housing", "loan", "contact", "day", "month", "doy",
        "campaign", "pdays", "previous", "poutcome"]  # fmt: skip
SEGMENTS = ["age", "job", "balance", "housing", "loan", "previous", "poutcome"]
CREDIT = ["util", "in_use", "age", "l30", "l60", "l90", "late", "serious", "late_a_line", "code",
          "debt_ratio", "debt", "debt_a_line", "income", "a_head", "lines", "estate",
          "dependents"]  # fmt: skip
RISING = {"util": 1, "in_use": 1, "age": -1, "l30": 1, "l60": 1, "l90": 1, "late": 1,
          "serious": 1, "late_a_line": 1}  # fmt: skip


def main() -> None:
    bank, credit = read_bank(), read_credit()
    figures = {
        "term_deposit_propensity": probability_model(bank, BANK, "term_deposit_propensity", {}),
        "deposit_segments": segment_model(bank),
        "serious_delinquency": probability_model(credit, CREDIT, "serious_delinquency", RISING),
    }
    print(json.dumps(figures))


def read(portfolio: str, separator: str) -> pd.DataFrame:
    location = PARAMS["portfolios"][portfolio]["source"]["location"].removeprefix("package:")
    package, _, inside = location.partition("/")
    file = next(f for f in metadata.files(package) or [] if f.as_posix() == inside)
    return pd.read_csv(str(file.locate()), sep=separator)


def read_bank() -> pd.DataFrame:
    frame = read("bank_marketing", ";")
    month = frame["month"].map({name: i + 1 for i, name in enumerate(MONTHS)})
    year = 2008 + (month.diff() < 0).cumsum()
    dates = pd.to_datetime({"year": year, "month": month, "day": frame["day"]})
    # In a year of 365 days.
    frame["doy"] = pd.to_datetime({"year": 2009, "month": month, "day": 1}).dt.dayofyear - 1
    frame["doy"] += frame["day"]
    frame["y"] = (frame["y"] == "yes").astype(int)
    frame["pdays"] = frame["pdays"].where(frame["pdays"] >= 0)
    late = dates >= PARAMS["out_of_time_from"]["bank_marketing"]
    frame["sample"] = split(frame["y"].to_numpy(), late.to_numpy())
    return frame


def read_credit() -> pd.DataFrame:
    frame = read("give_me_credit", ",")
    frame.columns = ["id", "y", "util", "age", "l30", "debt_ratio", "income", "lines", "l90",
                     "estate", "l60", "dependents"]  # fmt: skip
    frame = frame[frame["age"] >= 18].reset_index(drop=True)
    frame["code"] = frame["l90"].where(frame["l90"] >= 96, 0).astype(int).astype(str)
    for name in ("l30", "l60", "l90"):
        frame[name] = frame[name].where(frame[name] < 96)
    frame["late"] = frame["l30"] + frame["l60"] + frame["l90"]
    frame["serious"] = frame["l60"] + frame["l90"]
    frame["late_a_line"] = frame["late"] / frame["lines"].where(frame["lines"] > 0)
    frame["in_use"] = frame["util"] * frame["lines"]
    frame["debt"] = frame["debt_ratio"] * frame["income"]
    frame["debt_a_line"] = frame["debt"] / frame["lines"].where(frame["lines"] > 0)
    frame["a_head"] = frame["income"] / (1 + frame["dependents"])
    frame["sample"] = split(frame["y"].to_numpy(), np.zeros(len(frame), dtype=bool))
    return frame


def split(y, late):
    names = np.full(len(y), "out_of_time", dtype=object)
    generator = np.random.default_rng(SEED)
    shares = [PARAMS["samples"]["development"], PARAMS["samples"]["validation"]]
    for value in (0, 1):
        rows = generator.permutation(np.flatnonzero((y == value) & ~late))
        first, second = np.rint(np.cumsum(shares) * len(rows)).astype(int)
        names[rows[:first]], names[rows[first:second]] = "development", "validation"
        names[rows[second:]] = "test"
    return names


def encode(frame, features):
    columns, types = [], []
    for name in features:
        if frame[name].dtype == object:
            columns.append(frame[name].astype("category").cat.codes.to_numpy(np.float32))
            types.append("c")
        else:
            columns.append(frame[name].to_numpy(np.float32))
            types.append("q")
    return np.stack(columns, axis=1), types


def boost(values, types, y, sample, training, monotone, classes=2):
    rows = {name: sample == name for name in ("development", "validation")}
    options = {"feature_types": types, "enable_categorical": True}
    fitted_on = xgboost.QuantileDMatrix(
        values[rows["development"]], y[rows["development"]], **options
    )
    stopped_on = xgboost.QuantileDMatrix(
        values[rows["validation"]], y[rows["validation"]], ref=fitted_on, **options
    )
    objective = (
        {"objective": "binary:logistic", "eval_metric": "logloss"}
        if classes == 2
        else {"objective": "multi:softprob", "eval_metric": "mlogloss", "num_class": classes}
    )
    parameters = objective | {
        "tree_method": "hist", "max_depth": training["max_depth"],
        "learning_rate": training["learning_rate"],
        "min_child_weight": training["min_child_weight"], "subsample": training["subsample"],
        "colsample_bytree": training["column_sample"], "reg_lambda": training["l2"],
        "reg_alpha": training.get("l1", 0), "gamma": training.get("gamma", 0),
        "monotone_constraints": tuple(monotone), "seed": SEED, "nthread": THREADS,
    }  # fmt: skip
    booster = xgboost.train(
        parameters, fitted_on, training["rounds"],
        evals=[(fitted_on, "development"), (stopped_on, "validation")],
        early_stopping_rounds=training["early_stopping"], verbose_eval=False,
    )  # fmt: skip
    return booster[: booster.best_iteration + 1]


def contributions(booster, values, types, test):
    drawn = np.random.default_rng(SEED).permutation(int(test.sum()))
    chosen = values[test][np.sort(drawn[: PARAMS["explanation"]["customers"]])]
    matrix = xgboost.DMatrix(chosen, feature_types=types, enable_categorical=True)
    return booster.predict(matrix, pred_contribs=True)


def probability_model(frame, features, model, rising):
    settings = PARAMS["models"][model]
    sample, y = frame["sample"].to_numpy(), frame["y"].to_numpy()
    values, types = encode(frame, features)
    monotone = [rising.get(name, 0) for name in features]
    booster = boost(values, types, y, sample, settings["training"], monotone)
    margin = booster.inplace_predict(values, predict_type="margin").astype(float)
    checked = sample == "validation"
    platt = LogisticRegression(C=1e9, tol=1e-8).fit(margin[checked, None], y[checked])
    probability = platt.predict_proba(margin[:, None])[:, 1]
    share = settings["favourable_share"]
    risk = bool(rising)
    threshold = np.quantile(probability[checked], share if risk else 1 - share)
    favourable = probability < threshold if risk else probability >= threshold
    deserving = y == 0 if risk else y == 1
    test = sample == "test"
    moved = contributions(booster, values, types, test)
    figures = {"test/auc": roc_auc_score(y[test], probability[test])}
    figures |= rivals(values, types, y, sample, settings["training"], monotone)
    figures |= calibrations(margin[checked], y[checked])
    for name in ("test", "out_of_time"):
        rows = sample == name
        if rows.any():
            figures |= fairness(frame[rows], name, favourable[rows], deserving[rows])
    return figures | {"mean contribution": float(np.abs(moved).mean())}


def rivals(values, types, y, sample, training, monotone):
    """Fit on parts of development, without constraints, and as a scorecard; AUC on test."""
    test, scores = sample == "test", {}
    for fraction in PARAMS["rivals"]["learning_fractions"]:
        generator, part = np.random.default_rng(SEED), sample.copy()
        for value in (0, 1):
            rows = generator.permutation(np.flatnonzero((y == value) & (sample == "development")))
            part[rows[round(fraction * len(rows)) :]] = "left out"
        booster = boost(values, types, y, part, training, monotone)
        scores[f"fraction_{fraction:g}"] = booster.inplace_predict(values[test])
    if any(monotone):
        booster = boost(values, types, y, sample, training, [0] * len(monotone))
        scores["unconstrained"] = booster.inplace_predict(values[test])
    evidence = np.stack([weights(values[:, i], y, sample) for i in range(len(types))], axis=1)
    development = sample == "development"
    scorecard = LogisticRegression(C=1e9).fit(evidence[development], y[development])
    scores["baseline"] = scorecard.decision_function(evidence[test])
    return {f"test/auc/{name}": roc_auc_score(y[test], found) for name, found in scores.items()}


def weights(column, y, sample):
    """Weight of evidence of each value's bin in a small tree; missing is a bin."""
    known, development = ~np.isnan(column), sample == "development"
    tree = DecisionTreeClassifier(
        max_leaf_nodes=PARAMS["rivals"]["baseline_bins"],
        min_samples_leaf=PARAMS["rivals"]["baseline_minimum_bin"], random_state=0,
    ).fit(column[known & development, None], y[known & development])  # fmt: skip
    leaf = np.full(len(column), -1)
    leaf[known] = tree.apply(column[known, None])
    rate = pd.Series(y[development]).groupby(leaf[development]).mean().clip(1e-3, 1 - 1e-3)
    return np.log(rate / (1 - rate)).reindex(leaf).fillna(0).to_numpy()


def calibrations(margin, y):
    folds = StratifiedKFold(PARAMS["rivals"]["calibration_folds"], shuffle=True, random_state=SEED)
    bent = np.stack([-np.logaddexp(0, -margin), np.logaddexp(0, margin)], axis=1)
    losses = {"none": log_loss(y, 1 / (1 + np.exp(-margin)))}
    for name, design in (("platt", margin[:, None]), ("beta", bent)):
        line = LogisticRegression(C=1e9, tol=1e-8, max_iter=1000)
        found = cross_val_predict(line, design, y, cv=folds, method="predict_proba")
        losses[name] = log_loss(y, found[:, 1])
    stepped = cross_val_predict(IsotonicRegression(out_of_bounds="clip"), margin, y, cv=folds)
    losses["isotonic"] = log_loss(y, np.clip(stepped, 1e-15, 1 - 1e-15))
    return {f"validation/log_loss/{name}": loss for name, loss in losses.items()}


def segment_model(frame):
    settings = PARAMS["models"]["deposit_segments"]
    wanted = settings["segmentation"]
    sample, y = frame["sample"].to_numpy(), frame["y"].to_numpy()
    development = sample == "development"
    design = cluster_space(frame, development)
    stability = {}
    for segments in wanted["candidates"]:
        generator = np.random.default_rng([SEED, segments])
        draws = []
        for _ in range(wanted["resample_pairs"]):
            pair = []
            for _ in range(2):
                drawn = design[development][
                    generator.integers(0, development.sum(), development.sum())
                ]
                seed = int(generator.integers(2**31))
                pair.append(
                    cluster(drawn, segments, wanted["starts"], seed).predict(design[development])
                )
            draws.append(adjusted_rand_score(*pair))
        stability[segments] = np.mean(draws)
    stable = [k for k, value in stability.items() if value >= wanted["minimum_stability"]]
    chosen = max(stable) if stable else max(stability, key=stability.get)
    labels = cluster(design[development], chosen, wanted["starts"], SEED).predict(design)
    values, types = encode(frame, SEGMENTS)
    booster = boost(
        values, types, labels, sample, settings["training"], [0] * len(SEGMENTS), chosen
    )
    assigned = booster.inplace_predict(values, predict_type="margin").argmax(axis=1)
    test = sample == "test"
    moved = contributions(booster, values, types, test)
    rates = np.array([y[development & (labels == k)].mean() for k in range(chosen)])
    favourable = (rates > y[development].mean())[assigned]
    figures = {"test/agreement": float((assigned == labels)[test].mean())}
    for name in ("test", "out_of_time"):
        rows = sample == name
        figures |= fairness(frame[rows], name, favourable[rows], y[rows] == 1)
    return figures | {"mean contribution": float(np.abs(moved).mean())}


def cluster_space(frame, development):
    axes = []
    for name in SEGMENTS:
        if frame[name].dtype == object:
            indicators = pd.get_dummies(frame[name]).to_numpy(float)
            shares = indicators[development].mean(axis=0)
            axes += list(((indicators - shares) / np.sqrt((shares * (1 - shares)).sum())).T)
        else:
            logs = np.sign(frame[name]) * np.log1p(np.abs(frame[name]))
            axes.append((logs - logs[development].mean()) / logs[development].std(ddof=0))
    return np.stack(axes, axis=1)


def cluster(design, segments, starts, seed):
    with threadpool_limits(1):
        return KMeans(segments, n_init=starts, random_state=seed).fit(design)


def fairness(frame, sample, favourable, deserving):
    starts = PARAMS["fairness"]["age_band_starts"]
    names = [f"under {starts[0]}", *(f"{a} to {b - 1}" for a, b in pairwise(starts)),
             f"{starts[-1]} and over"]  # fmt: skip
    ages = pd.cut(frame["age"], [-np.inf, *starts, np.inf], right=False, labels=names)
    groups = {"age_band": ages.astype(str)}
    groups |= {name: frame[name] for name in ("marital", "education") if name in frame}
    return {
        f"{sample}/{attribute}": by_group(group.to_numpy(), favourable, deserving)
        for attribute, group in groups.items()
    }


def by_group(group, favourable, deserving):
    metrics = {"selection_rate": selection_rate, "true_positive_rate": true_positive_rate,
               "false_positive_rate": false_positive_rate}  # fmt: skip
    frame = MetricFrame(
        metrics=metrics, y_true=deserving.astype(int), y_pred=favourable.astype(int),
        sensitive_features=group,
    ).by_group  # fmt: skip
    generator = np.random.default_rng(SEED)
    table = pd.crosstab(group, [deserving, favourable]).to_numpy()
    drawn = generator.multinomial(table.sum(), table.ravel() / table.sum(),
                                  PARAMS["assessment"]["resamples"])  # fmt: skip
    drawn = drawn.reshape(-1, *table.shape)
    chosen = drawn[..., 1::2].sum(axis=2) / np.maximum(drawn.sum(axis=2), 1)
    low, high = np.quantile(chosen, [0.025, 0.975], axis=0)
    return {
        str(name): [float(frame.loc[name, "selection_rate"]), float(low[i]), float(high[i])]
        for i, name in enumerate(frame.index)
    }


if __name__ == "__main__":
    main()
