"""What is computed from facts that a model can hold may itself be too large to hold."""

import numpy as np
import pytest

from limner.contract import Column
from limner.domain import LARGEST_NUMBER, Bilingual
from limner.errors import NumberTooLarge
from limner.features.catalogue import Feature, Formula
from limner.features.values import feature_values

WORDS = Bilingual("A feature", "特征")
COLUMNS = {name: Column(name, "number", "A number") for name in ("a", "b")}


@pytest.mark.parametrize(
    ("formula", "facts"),
    [
        ("sum", {"a": [1.0, 3e38], "b": [2.0, 3e38]}),
        ("product", {"a": [1.0, 1e20], "b": [2.0, -1e20]}),
        ("ratio", {"a": [1.0, 1e30], "b": [2.0, 1e-30]}),
    ],
)
def test_a_computed_feature_beyond_single_precision_is_refused_with_its_rows(
    formula: Formula, facts: dict[str, list[float]]
) -> None:
    feature = Feature("both", ("a", "b"), "Both", WORDS, WORDS, formula, "units")
    with pytest.raises(NumberTooLarge, match=r"both \(1 rows\)"):
        feature_values(feature, COLUMNS, facts)
    small = {name: values[:1] for name, values in facts.items()}
    assert np.isfinite(feature_values(feature, COLUMNS, small)).all()


def test_the_largest_number_is_single_precisions() -> None:
    assert float(np.finfo(np.float32).max) == LARGEST_NUMBER
