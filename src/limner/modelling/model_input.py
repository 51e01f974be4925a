"""From facts to a fitted model's input: the one way, for training's rivals and for every score."""

from typing import Any

import numpy as np
import pandas as pd

from limner.features.encoding import Matrix, encode
from limner.features.values import Facts
from limner.modelling.fitted import Manifest


def model_input(manifest: Manifest, facts: Facts, where: str) -> Matrix:
    """Fill missing facts where the model was fitted so, and encode them for the trees.

    Args:
        facts: values of every column of the manifest, each of length n_customers.
        where: named in an error, such as ``model x, test sample``.

    Returns:
        shape (n_customers, n_features), NaN where missing.

    Raises:
        UnknownCategory: a category has no code.
    """
    return encode(manifest.features, manifest.columns, _filled(manifest, facts), where)


def _filled(manifest: Manifest, facts: Facts) -> Facts:
    if manifest.imputation is None:
        return facts
    # Lists of a request hold None for what is missing; a column of numbers must be one.
    typed: dict[str, Any] = {
        name: pd.Series(
            np.asarray(facts[name], dtype=object), dtype="float64" if column.is_number else "object"
        )
        for name, column in manifest.columns.items()
    }
    filled = manifest.imputation.apply(pd.DataFrame(typed))
    return {name: filled[name].to_numpy() for name in manifest.columns}
