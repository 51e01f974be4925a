"""The chosen imputer against a slow and obvious twin, and against distributions that are known."""

import base64
import hashlib
import json
import math
import struct
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xgboost
from pydantic import TypeAdapter

from imputation_rows import COLUMNS, GAPS, TRAINING, holed_rows, settings_of
from limner.modelling.imputation import Imputation, fit_imputation

SEED = 11
LEVELS = [(place + 0.5) / 199 for place in range(199)]


def fitted_on(rows: pd.DataFrame, **training: Any) -> dict[str, Any]:
    """Fit by boosting; the artefact as JSON is all that the twin may read."""
    wanted = settings_of("boosting", fill="draw", training=TRAINING | training)
    fitted = fit_imputation(rows, COLUMNS, wanted, SEED, customers="customer_id")
    found: dict[str, Any] = json.loads(TypeAdapter(Imputation).dump_json(fitted))
    return found


def code(column: dict[str, Any], value: Any) -> float:
    """Encode one value as its column says."""
    if pd.isna(value):
        return math.nan
    return float(column["categories"].index(value) if column["categories"] else value)


def chance_of(values: list[float], name: str, draw: int) -> float:
    """Where in its distribution a row's draw lies: a hash of the row under the draw's name."""
    key = hashlib.blake2b(f"{SEED}/{name}/{draw}".encode(), digest_size=16).digest()
    packed = struct.pack(f"{len(values)}d", *values)
    number = int.from_bytes(hashlib.blake2b(packed, digest_size=8, key=key).digest(), "little")
    return (number >> 11) / 2**53


def ask(text: str, values: list[float]) -> Any:
    booster = xgboost.Booster()
    booster.load_model(bytearray(base64.b64decode(text)))
    return booster.inplace_predict(np.array([values], dtype=np.float32))[0]


def interpolate(chance: float, values: list[float]) -> float:
    if chance <= LEVELS[0]:
        return values[0]
    for place in range(198):
        if chance <= LEVELS[place + 1]:
            share = (chance - LEVELS[place]) / (LEVELS[place + 1] - LEVELS[place])
            return values[place] + share * (values[place + 1] - values[place])
    return values[198]


def fill_slowly(artefact: dict[str, Any], row: dict[str, Any], draw: int) -> dict[str, Any]:
    """Fill one record, column by column."""
    names = [column["name"] for column in artefact["inputs"]]
    recorded = [code(column, row[column["name"]]) for column in artefact["inputs"]]
    values, filled = list(recorded), dict(row)
    for found in artefact["filled"]:
        name, categories = found["column"]["name"], found["column"]["categories"]
        place = names.index(name)
        if not math.isnan(recorded[place]):
            continue
        rest = values[:place] + values[place + 1 :]
        chance = chance_of(recorded, name, draw)
        if categories:
            total, chosen = 0.0, 0
            for number, probability in enumerate(ask(found["part"]["trees"], rest)[:-1]):
                total += float(probability)
                if total <= chance:
                    chosen = number + 1
            values[place], filled[name] = float(chosen), categories[chosen]
            continue
        scale = found["scale"]
        error = interpolate(chance, found["errors"])
        standard = ask(found["part"]["trees"], rest) + error * math.exp(
            ask(found["part"]["spread"], rest)
        )
        own = standard * scale["spread"] + scale["centre"]
        own = math.sinh(own) if scale["logarithm"] else own
        own = min(max(own, scale["lowest"]), scale["highest"])
        filled[name] = values[place] = float(round(own)) if scale["whole"] else own
    return filled


def test_fills_as_the_slow_twin_does() -> None:
    rows = holed_rows(300, share=0.3)
    artefact = fitted_on(rows)
    fitted = TypeAdapter(Imputation).validate_python(artefact)
    for draw, found in enumerate(fitted.draws(rows, 2)):
        records = rows.astype(object).to_dict("records")
        twin = pd.DataFrame([fill_slowly(artefact, record, draw) for record in records])
        assert rows[list(GAPS)].isna().sum().min() > 30
        assert (found["housing"] == twin["housing"]).all()
        for column in ("income", "dependents"):
            # Rounding to whole numbers may fall either side.
            assert (found[column] - twin[column].astype(float)).abs().max() <= 1


def errors_slowly(artefact: dict[str, Any], rows: pd.DataFrame, training: dict[str, Any]) -> Any:
    """Learn income fold by fold, looking at every number of rounds; errors in units of spread."""
    rows = rows[rows["sample"] == "development"]
    inputs = artefact["inputs"]
    place = [column["name"] for column in inputs].index("income")
    scale = next(f["scale"] for f in artefact["filled"] if f["column"]["name"] == "income")
    records = []
    key = hashlib.blake2b(b"order", digest_size=16).digest()
    for record in rows.astype(object).to_dict("records"):
        values = [code(column, record[column["name"]]) for column in inputs]
        digest = hashlib.blake2b(struct.pack(f"{len(values)}d", *values), digest_size=8, key=key)
        named = hashlib.blake2b(record["customer_id"].encode(), digest_size=8, key=b"customer")
        records.append((int.from_bytes(digest.digest(), "little"), values,
                        int.from_bytes(named.digest(), "little")))  # fmt: skip
    records = [record for record in sorted(records) if not math.isnan(record[1][place])]
    customers = sorted({customer for _, _, customer in records})
    folds = np.array([customers.index(customer) % 3 for _, _, customer in records])
    values = np.array([record[1] for record in records])
    income = np.arcsinh(values[:, place]) if scale["logarithm"] else values[:, place]
    income = (income - scale["centre"]) / scale["spread"]
    others = np.delete(values, place, axis=1).astype(np.float32)
    kinds = ["c" if column["categories"] else "q" for column in inputs]
    del kinds[place]

    def held_out(target: Any) -> Any:
        found = np.empty(len(target))
        for fold in range(3):
            out = folds == fold
            table = xgboost.QuantileDMatrix(
                others[~out], target[~out], feature_types=kinds, enable_categorical=True
            )
            booster = xgboost.train(
                {"max_depth": 3, "learning_rate": 0.3, "min_child_weight": 1.0, "nthread": 1,
                 "subsample": 0.8, "colsample_bytree": 1.0, "tree_method": "hist", "seed": SEED},
                table, training["rounds"],
            )  # fmt: skip
            said = [booster.inplace_predict(others[out], iteration_range=(0, rounds + 1))
                    for rounds in range(training["rounds"])]  # fmt: skip
            off = [float(np.mean((one - target[out]) ** 2)) for one in said]
            found[out] = said[off.index(min(off))]
        return found

    errors = income - held_out(income)
    return errors / np.exp(held_out(np.log(np.abs(errors) + 1e-3)))


def test_errors_are_those_of_customers_held_out() -> None:
    rows = holed_rows(400)
    training = {"rounds": 25, "early_stopping": 25}
    artefact = fitted_on(rows, **training)
    slow = errors_slowly(artefact, rows, training)
    errors = next(f["errors"] for f in artefact["filled"] if f["column"]["name"] == "income")
    assert errors == pytest.approx(np.quantile(slow, LEVELS), abs=1e-5)


def test_draws_have_the_distribution_that_made_the_data() -> None:
    # The spread depends on x: twice as far off on the right half.
    draw = np.random.default_rng(4)
    x = draw.uniform(-1, 1, 6000)
    spread = np.where(x > 0, 0.6, 0.3)
    rows = pd.DataFrame({"x": x, "y": 2 * x + spread * draw.standard_normal(6000)})
    rows["sample"] = np.repeat(["development", "test"], 3000)
    known = rows["y"].copy()
    rows.loc[rows["sample"] == "test", "y"] = np.nan
    training = TRAINING | {"learning_rate": 0.1, "rounds": 200, "min_child_weight": 20.0}
    wanted = settings_of("boosting", ("y",), training=training)
    fitted = fit_imputation(rows, ["x", "y"], wanted, seed=1)
    test = rows["sample"] == "test"
    draws = np.stack([found["y"][test] for found in fitted.draws(rows, 60)])
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    inside = (low <= known[test]) & (known[test] <= high)
    for side in (x[3000:] < -0.1, x[3000:] > 0.1):
        assert inside[side].mean() == pytest.approx(0.9, abs=0.04)
    off = draws - 2 * x[3000:]
    assert off[:, x[3000:] < -0.1].std() == pytest.approx(0.3, abs=0.05)
    assert off[:, x[3000:] > 0.1].std() == pytest.approx(0.6, abs=0.08)
    centre = fitted.apply(rows)["y"][test] - 2 * x[3000:]
    assert float(np.sqrt((centre**2).mean())) < 0.15


def test_drawn_categories_come_as_often_as_they_should() -> None:
    draw = np.random.default_rng(8)
    x = draw.random(9000)
    rows = pd.DataFrame({"x": x, "colour": np.where(draw.random(9000) < x**2, "red", "blue")})
    rows["colour"] = rows["colour"].astype(object)
    rows.loc[4500:, "colour"] = None
    training = TRAINING | {"learning_rate": 0.1, "rounds": 200, "min_child_weight": 20.0}
    wanted = settings_of("boosting", ("colour",), fill="draw", training=training)
    found = fit_imputation(rows, ["x", "colour"], wanted, seed=1).apply(rows)
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (rows.index >= 4500) & (rows["x"] >= low) & (rows["x"] < low + 0.25)
        share = float((found["colour"][inside] == "red").mean())
        assert share == pytest.approx(float((rows["x"][inside] ** 2).mean()), abs=0.06)
