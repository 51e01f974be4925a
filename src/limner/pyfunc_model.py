"""What MLflow runs when a registered model is loaded as a Python function (models from code)."""

from pathlib import Path

import pandas as pd

from limner.modelling.fitted import FittedModel, read_model
from limner.registry.mlflow_registry import declare_pyfunc
from limner.scoring import score_table


def load(folder: Path) -> FittedModel:
    """Read the fitted model; one thread, because MLflow's server runs several processes."""
    return read_model(folder, threads=1)


def predict(fitted: FittedModel, facts: pd.DataFrame) -> pd.DataFrame:
    """Score a table of facts through the one path to a score."""
    return score_table(fitted, facts)


declare_pyfunc(load, predict)
