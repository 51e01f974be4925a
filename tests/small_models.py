"""Every kind of model, fitted in a moment on made-up customers; fitted once a session."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from limner.domain import SampleName
from limner.modelling.fitted import FittedModel
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.samples import SAMPLE_COLUMN, draw_samples, sample_rows
from limner.settings import Settings
from project import settings_with
from synthetic import bank_marketing_rows, give_me_credit_rows
from synthetic_amounts import margin_rows
from synthetic_bank import next_product_rows

RISK = "serious_delinquency"
PROPENSITY = "term_deposit_propensity"
SEGMENTS = "deposit_segments"
CHOICE = "next_product"
AMOUNT = "lifetime_value"
MODELS = (RISK, PROPENSITY, SEGMENTS, CHOICE, AMOUNT)

_ROWS = {
    RISK: give_me_credit_rows, PROPENSITY: bank_marketing_rows, SEGMENTS: bank_marketing_rows,
    CHOICE: next_product_rows, AMOUNT: margin_rows,
}  # fmt: skip
# All of it, so that what is tuned on real customers leaves a model of a thousand as it is.
SMALL_TRAINING = {
    "rounds": 25, "early_stopping": 5, "max_depth": 3, "learning_rate": 0.05,
    "min_child_weight": 5.0, "subsample": 0.8, "column_sample": 0.8, "l2": 1.0, "l1": 0.0,
    "gamma": 0.0,
}  # fmt: skip


class Split(NamedTuple):
    """The random samples of one model's customers."""

    development: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame


def quick_settings(calibration: str = "platt") -> Settings:
    """Load the committed settings, with training cut down to a moment."""
    return settings_with(
        {
            "runtime.threads": 1,
            "models.deposit_segments.segmentation.candidates": [3, 4],
            "models.deposit_segments.segmentation.resample_pairs": 1,
            "models.deposit_segments.segmentation.starts": 1,
            f"models.{CHOICE}.choice.least_events": 20,
            f"models.{RISK}.calibration": calibration,
            **{
                f"models.{m}.training.{key}": v for m in MODELS for key, v in SMALL_TRAINING.items()
            },
        }
    )


@cache
def samples_of(model: str) -> Split:
    """Draw one model's samples from made-up customers. Copy before changing them."""
    spec = find_spec(model)
    rows = _ROWS[model](1500, 11)
    outcome = rows[spec.outcome.column].to_numpy()
    if spec.family == "amount":
        outcome = (outcome > np.median(outcome)).astype(np.int64)
    names = draw_samples(outcome, None, quick_settings().samples, None, 3)
    parts = rows.assign(**{SAMPLE_COLUMN: names})
    return Split(
        *(
            sample_rows(parts, sample)
            for sample in (SampleName.DEVELOPMENT, SampleName.VALIDATION, SampleName.TEST)
        )
    )


def everybody_of(model: str) -> pd.DataFrame:
    """Put one model's samples into one table, as the stages hand them on."""
    names = (SampleName.DEVELOPMENT, SampleName.VALIDATION, SampleName.TEST)
    return pd.concat(
        [
            frame.assign(**{SAMPLE_COLUMN: name.value})
            for name, frame in zip(names, samples_of(model), strict=True)
        ],
        ignore_index=True,
    )


def fit_anew(model: str, calibration: str = "platt") -> FittedModel:
    """Fit one model."""
    samples = samples_of(model)
    fitted, _ = fit_model(
        find_spec(model), samples.development, samples.validation, quick_settings(calibration),
        lambda _: None,
    )  # fmt: skip
    return fitted


@cache
def fitted(model: str, calibration: str = "platt") -> FittedModel:
    """Fit one model, once. It never changes: share it."""
    return fit_anew(model, calibration)
