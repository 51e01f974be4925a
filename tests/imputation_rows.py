"""Rows with holes, made from a seed: a number, a category and a count that hang together."""

from typing import Any

import numpy as np
import pandas as pd

from limner.settings import ImputationSettings

COLUMNS = ("age", "spending", "job", "income", "housing", "dependents")
GAPS = ("income", "housing", "dependents")
TRAINING = {
    "folds": 3, "max_depth": 3, "learning_rate": 0.3, "rounds": 40, "early_stopping": 5,
    "min_child_weight": 1.0, "subsample": 0.8, "column_sample": 1.0,
}  # fmt: skip


def settings_of(method: str, columns: tuple[str, ...] = GAPS, **more: Any) -> ImputationSettings:
    trained = {"training": TRAINING} if method in ("regression", "boosting") else {}
    return ImputationSettings.model_validate(
        {"method": method, "columns": columns, "tail_share": 0.001, **trained, **more}
    )


def whole_rows(size: int, seed: int = 1) -> pd.DataFrame:
    """Rows without holes; ``sample`` parts them, ``customer_id`` names two rows each."""
    draw = np.random.default_rng(seed)
    age = draw.integers(18, 80, size).astype(float)
    job = draw.choice(["employed", "retired", "self-employed"], size)
    spending = np.exp(draw.normal(7.0, 0.6, size))
    noise = np.where(job == "self-employed", 0.5, 0.1) * draw.standard_normal(size)
    income = np.rint(1.3 * spending * np.exp(noise))
    owns = draw.random(size) < 1 / (1 + np.exp(-(age - 45) / 5))
    return pd.DataFrame({
        "customer_id": [f"c{number // 2}" for number in range(size)],
        "age": age, "spending": spending, "job": job, "income": income,
        "housing": np.where(owns, "owned", "rented"),
        "dependents": draw.poisson(np.where(age < 50, 1.5, 0.3)).astype(float),
        "outcome": (draw.random(size) < 0.2).astype(int),
        "sample": np.resize(["development", "development", "test", "validation"], size),
    })  # fmt: skip


def holed_rows(size: int, seed: int = 1, share: float = 0.15) -> pd.DataFrame:
    """The same rows with values left out at random, in the columns to fill and in others."""
    rows, draw = whole_rows(size, seed), np.random.default_rng(seed + 100)
    for column in (*GAPS, "spending", "job"):
        out = draw.random(size) < share
        rows[column] = rows[column].astype(object).where(~out, None)
        if column not in ("job", "housing"):
            rows[column] = rows[column].astype(float)
    return rows
