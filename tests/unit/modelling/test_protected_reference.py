"""What leaving protected attributes out costs: a reference that has them, on the same samples."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from limner.features import find_catalogue
from limner.modelling.rivals import Rivals, fit_rivals, read_rivals, write_rivals
from limner.modelling.single_feature import single_feature_auc
from limner.modelling.training import facts_of
from limner.scoring import matrix_of
from small_models import PROPENSITY, RISK, SEGMENTS, fitted, quick_settings, samples_of

LEFT_OUT = ("marital_status", "education")


@cache
def rivals(model: str, planted: bool = False) -> Rivals:
    samples = samples_of(model)
    parts = (samples.development, samples.validation)
    if planted:
        parts = (plant(parts[0]), plant(parts[1]))
    return fit_rivals(fitted(model), *parts, quick_settings(), lambda _: None)


def plant(frame: pd.DataFrame) -> pd.DataFrame:
    """Let a protected attribute tell the outcome."""
    return frame.assign(marital_status=np.where(frame["subscribed"] == 1, "single", "married"))


def probability(found: Rivals, frame: pd.DataFrame) -> np.ndarray:
    assert found.reference
    model = fitted(PROPENSITY)
    return found.reference.probability(
        matrix_of(model, facts_of(frame, model.manifest.columns), "test"), frame
    )


def test_the_reference_has_every_recorded_attribute_that_the_model_leaves_out() -> None:
    found = rivals(PROPENSITY).reference
    assert found
    manifest = fitted(PROPENSITY).manifest
    protected = find_catalogue(manifest.portfolio).contract.protected()
    assert set(found.attributes) == set(protected) - set(manifest.columns)
    assert set(LEFT_OUT) <= set(found.attributes)


def test_a_model_that_leaves_nothing_out_and_one_without_probabilities_have_no_reference() -> None:
    assert rivals(SEGMENTS).reference is None
    used = set(fitted(RISK).manifest.columns)
    protected = find_catalogue(fitted(RISK).manifest.portfolio).contract.protected()
    assert (rivals(RISK).reference is None) == (set(protected) <= used)


def test_the_reference_learns_what_a_protected_attribute_tells() -> None:
    test = plant(samples_of(PROPENSITY).test)
    scores = probability(rivals(PROPENSITY, planted=True), test)
    events = test["subscribed"].to_numpy()
    assert scores[events == 1].min() > scores[events == 0].max()
    ordinary = probability(rivals(PROPENSITY), samples_of(PROPENSITY).test)
    assert single_feature_auc((ordinary * 20).astype(np.int64), events.astype(float)) < 0.95


def test_a_category_that_development_lacks_is_missing_to_the_reference() -> None:
    test = samples_of(PROPENSITY).test
    scores = probability(rivals(PROPENSITY), test.assign(marital_status="never seen"))
    unknown = probability(rivals(PROPENSITY), test.assign(marital_status=None))
    assert np.array_equal(scores, unknown)


def test_the_reference_is_written_and_read_the_same(tmp_path: Path) -> None:
    test = samples_of(PROPENSITY).test
    write_rivals(rivals(PROPENSITY), tmp_path)
    read = read_rivals(tmp_path, fitted(PROPENSITY).manifest.features, 1)
    assert np.array_equal(probability(read, test), probability(rivals(PROPENSITY), test))
