"""Imputers that are compared but not part of the product, with the product's three beside them."""

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.modelling.conditional import fit_standards
from limner.modelling.imputation import Imputation, fit_imputation
from limner.modelling.imputation_inputs import encode_inputs, fit_inputs, others_of
from limner.settings import ImputationSettings

Floats = npt.NDArray[np.float64]
_NEIGHBOURS = 10
_STEPS, _NOISES, _ROUNDS = 10, 3, 60


class Contestant(Protocol):
    """A fitted imputer of one column: numbers by centres and draws, categories by chances."""

    def centre(self, frame: pd.DataFrame) -> Floats: ...
    def draws(self, frame: pd.DataFrame, count: int) -> Floats | None: ...
    def probabilities(self, frame: pd.DataFrame) -> Floats: ...


class Product:
    """One of Limner's own methods."""

    def __init__(self, fitted: Imputation, column: str) -> None:
        self._fitted, self._column = fitted, column

    def centre(self, frame: pd.DataFrame) -> Floats:
        return self._fitted.apply(frame)[self._column].to_numpy(np.float64)

    def draws(self, frame: pd.DataFrame, count: int) -> Floats:
        found = self._fitted.draws(frame, count)
        return np.stack([one[self._column].to_numpy(np.float64) for one in found])

    def probabilities(self, frame: pd.DataFrame) -> Floats:
        return self._fitted.probabilities(frame, self._column)


class Nearest:
    """The ten development rows that are most alike (hot deck); it must keep those rows."""

    def __init__(self, rows: pd.DataFrame, columns: list[str], column: str) -> None:
        from sklearn.neighbors import NearestNeighbors

        self._inputs, self._place = fit_inputs(rows, columns), columns.index(column)
        values = encode_inputs(self._inputs, rows)
        known = ~np.isnan(values[:, self._place])
        self._values = values[known, self._place]
        rest, others = others_of(self._inputs, values[known], self._place)
        self._standards = fit_standards(rest, others)
        self._found = NearestNeighbors(n_neighbors=_NEIGHBOURS, algorithm="brute")
        self._found.fit(self._standards.design(rest, others).astype(np.float32))

    def _donated(self, frame: pd.DataFrame) -> Floats:
        rest, others = others_of(self._inputs, encode_inputs(self._inputs, frame), self._place)
        design = self._standards.design(rest, others).astype(np.float32)
        return self._values[self._found.kneighbors(design, return_distance=False)].T

    def centre(self, frame: pd.DataFrame) -> Floats:
        return np.median(self._donated(frame), axis=0)

    def draws(self, frame: pd.DataFrame, count: int) -> Floats:
        return self._donated(frame)

    def probabilities(self, frame: pd.DataFrame) -> Floats:
        classes = len(self._inputs[self._place].categories or ())
        donated = self._donated(frame)
        return np.stack([(donated == code).mean(axis=0) for code in range(classes)], axis=1)


class Flow:
    """Conditional flow matching with boosted trees, for one number.

    Source: Jolicoeur-Martineau et al. (2024), Generating and imputing tabular data via diffusion
    and flow-based gradient-boosted trees; here given all other columns.
    """

    def __init__(self, rows: pd.DataFrame, columns: list[str], column: str, seed: int) -> None:
        import xgboost

        self._inputs, self._place = fit_inputs(rows, columns), columns.index(column)
        values = encode_inputs(self._inputs, rows)
        known = ~np.isnan(values[:, self._place])
        rest, others = others_of(self._inputs, values[known], self._place)
        logs = np.log(values[known, self._place])
        self._mean, self._spread, self._seed = logs.mean(), logs.std(), seed
        others = np.repeat(others, _NOISES, axis=0)
        data = np.repeat((logs - self._mean) / self._spread, _NOISES)
        draw, self._models = np.random.default_rng(seed), []
        kinds = [*(column.kind for column in rest), "q"]
        for step in np.arange(_STEPS) / _STEPS:
            noise = draw.standard_normal(len(data))
            between = step * data + (1 - step) * noise
            matrix = np.column_stack([others, between]).astype(np.float32)
            table = xgboost.QuantileDMatrix(
                matrix, data - noise, feature_types=kinds, enable_categorical=True
            )
            options = {"max_depth": 5, "learning_rate": 0.1, "min_child_weight": 5,
                       "seed": seed, "nthread": 2}  # fmt: skip
            self._models.append(xgboost.train(options, table, _ROUNDS))

    def centre(self, frame: pd.DataFrame) -> Floats:
        return np.median(self.draws(frame, 50), axis=0)

    def draws(self, frame: pd.DataFrame, count: int) -> Floats:
        _, others = others_of(self._inputs, encode_inputs(self._inputs, frame), self._place)
        others = np.tile(others, (count, 1))
        at = np.random.default_rng(self._seed).standard_normal(len(others))
        for model in self._models:
            matrix = np.column_stack([others, at]).astype(np.float32)
            at = at + model.inplace_predict(matrix) / _STEPS
        return np.exp(at.reshape(count, -1) * self._spread + self._mean)

    def probabilities(self, frame: pd.DataFrame) -> Floats:
        raise NotImplementedError("numbers only")


def contestants(
    rows: pd.DataFrame, columns: list[str], gaps: tuple[str, ...], params: dict, seed: int,
    threads: int, names: tuple[str, ...],
) -> tuple[dict[str, dict[str, Contestant]], dict[str, float]]:  # fmt: skip
    """Fit contestants on development rows: by name and column, and each one's CPU seconds."""
    fitted: dict[str, dict[str, Contestant]] = {}
    seconds = {}
    for name in names:
        print(f"  fitting {name} …", flush=True)
        started = time.process_time()
        fitted[name] = _fit(name, rows, columns, gaps, params, seed, threads)
        seconds[name] = time.process_time() - started
    return fitted, seconds


def _fit(
    name: str, rows: pd.DataFrame, columns: list[str], gaps: tuple[str, ...], params: dict,
    seed: int, threads: int,
) -> dict[str, Contestant]:  # fmt: skip
    development = rows[rows["sample"] == "development"]
    own: dict[str, Callable[[str], Contestant]] = {
        "nearest": lambda column: Nearest(development, columns, column),
        "flow": lambda column: Flow(development, columns, column, seed),
    }
    if name == "forest_diffusion":
        from forest_diffusion import ForestDiffusion

        joint = ForestDiffusion(development, columns, gaps, seed, threads)
        return {column: joint.of(column) for column in gaps}
    if name == "flow":
        return {"declared_income": own[name]("declared_income")}
    if name in own:
        return {column: own[name](column) for column in gaps}
    settings = settings_of(name, gaps, params)
    fitted = fit_imputation(rows, columns, settings, seed, customers="customer_id", threads=threads)
    return {column: Product(fitted, column) for column in gaps}


def settings_of(
    method: str, gaps: tuple[str, ...], params: dict, **more: object
) -> ImputationSettings:
    """Settings of one of the product's methods."""
    trained = method in ("regression", "boosting")
    return ImputationSettings.model_validate(
        {"method": method, "columns": gaps, "tail_share": params["tail_share"],
         "training": params["training"] if trained else None, **more}
    )  # fmt: skip
