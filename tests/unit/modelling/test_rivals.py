"""What a model is held against: fitted on the same samples, kept as files, read back the same."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from limner.errors import ArtifactMissing
from limner.modelling.checked_folder import ArtifactAltered
from limner.modelling.fitted import read_model, write_model
from limner.modelling.rivals import (
    BASELINE,
    DEFAULTS,
    UNCONSTRAINED,
    Rivals,
    fit_rivals,
    part_rows,
    read_rivals,
    write_rivals,
)
from limner.modelling.training import facts_of
from limner.scoring import matrix_of
from small_models import PROPENSITY, RISK, SEGMENTS, fitted, quick_settings, samples_of


@cache
def rivals(model: str) -> Rivals:
    samples = samples_of(model)
    return fit_rivals(
        fitted(model), samples.development, samples.validation, quick_settings(), lambda _: None
    )


def test_a_model_with_directions_has_an_unconstrained_twin_and_another_has_none() -> None:
    of_all = {"fraction_0.25", "fraction_0.5", DEFAULTS}
    assert set(rivals(RISK).trees) == of_all | {UNCONSTRAINED}
    assert set(rivals(PROPENSITY).trees) == of_all


def test_the_twin_differs_in_nothing_but_the_directions() -> None:
    record = next(t for t in rivals(RISK).record.trees if t.name == UNCONSTRAINED)
    assert record.rows == len(samples_of(RISK).development)
    values = matrix_of(
        fitted(RISK), facts_of(samples_of(RISK).test, fitted(RISK).manifest.columns), "test"
    )
    age = [f.feature.name for f in fitted(RISK).manifest.features].index("age")
    young, old = values.copy(), values.copy()
    young[:, age], old[:, age] = 20, 90
    bound = fitted(RISK).trees
    free = rivals(RISK).trees[UNCONSTRAINED]
    assert (bound.margins(old) <= bound.margins(young)).all()
    assert not (free.margins(old) <= free.margins(young)).all() or not np.array_equal(
        free.margins(values), bound.margins(values)
    )


def test_the_defaults_are_those_of_xgboost_on_the_same_features_and_development() -> None:
    """Scikit-learn's interface, with nothing set but the seed, gives the same margins."""
    import xgboost

    manifest, samples = fitted(RISK).manifest, samples_of(RISK)
    development, test = (
        matrix_of(fitted(RISK), facts_of(frame, manifest.columns), "sample")
        for frame in (samples.development, samples.test)
    )
    types = ["q" if f.categories is None else "c" for f in manifest.features]
    plain = xgboost.XGBClassifier(
        random_state=quick_settings().seed, feature_types=types, enable_categorical=True
    ).fit(development, samples.development[manifest.outcome.column])
    trees = rivals(RISK).trees[DEFAULTS]
    assert trees.rounds == 100
    np.testing.assert_allclose(
        trees.margins(test), plain.predict(test, output_margin=True), atol=1e-5
    )
    age = [f.feature.name for f in manifest.features].index("age")
    young, old = test.copy(), test.copy()
    young[:, age], old[:, age] = 20, 90
    # No direction is imposed: the model's risk only falls with age.
    assert not (trees.margins(old) <= trees.margins(young)).all()


def test_segments_have_no_rivals() -> None:
    assert rivals(SEGMENTS).trees == {}
    assert rivals(SEGMENTS).record.baseline is None


def test_parts_of_development_lie_within_each_other_and_keep_the_rate() -> None:
    outcome = np.repeat([0, 1], [900, 100])
    small, large = (part_rows(outcome, fraction, seed=3) for fraction in (0.1, 0.4))
    assert (len(small), int(outcome[small].sum())) == (100, 10)
    assert set(small) < set(large)
    assert part_rows(outcome, 1.0, seed=3).tolist() == list(range(1000))


def test_a_part_holds_a_customer_with_all_of_their_rows_or_not_at_all() -> None:
    customers = np.repeat(np.arange(250), 4)
    outcome = (np.arange(1000) % 40 == 0).astype(np.int64)
    small, large = (part_rows(outcome, fraction, 3, customers) for fraction in (0.2, 0.6))
    for part, kept in ((small, 50), (large, 150)):
        found, rows = np.unique(customers[part], return_counts=True)
        assert (len(found), set(rows)) == (kept, {4})
    assert set(small) < set(large)


def test_rivals_score_the_same_after_they_were_written_and_read(tmp_path: Path) -> None:
    features = fitted(RISK).manifest.features
    values = matrix_of(
        fitted(RISK), facts_of(samples_of(RISK).test, fitted(RISK).manifest.columns), "test"
    )
    write_rivals(rivals(RISK), tmp_path)
    read = read_rivals(tmp_path, features, threads=1)
    assert read.record == rivals(RISK).record
    for name in (BASELINE, UNCONSTRAINED, DEFAULTS, "fraction_0.5"):
        before = rivals(RISK).probability(name, features, values)
        np.testing.assert_array_equal(read.probability(name, features, values), before)
        assert ((before >= 0) & (before <= 1)).all()


def test_equal_rivals_give_equal_bytes(tmp_path: Path) -> None:
    samples = samples_of(RISK)
    again = fit_rivals(
        fitted(RISK), samples.development, samples.validation, quick_settings(), lambda _: None
    )
    for name, made in (("first", rivals(RISK)), ("again", again)):
        (tmp_path / name).mkdir()
        write_rivals(made, tmp_path / name)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()


def test_never_reads_rivals_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing):
        read_rivals(tmp_path / "none", fitted(RISK).manifest.features, threads=1)


def test_refuses_rivals_with_an_altered_byte(tmp_path: Path) -> None:
    write_rivals(rivals(RISK), tmp_path)
    for file in sorted(tmp_path.iterdir()):
        content = file.read_bytes()
        file.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        with pytest.raises(ArtifactAltered):
            read_rivals(tmp_path, fitted(RISK).manifest.features, threads=1)
        file.write_bytes(content)


def test_thresholds_of_highest_value_come_from_validation_for_model_and_baseline() -> None:
    value = rivals(RISK).record.value
    assert value
    assert 0 < value.threshold < 1
    assert 0 < value.baseline_threshold < 1
    assert value.matrix == quick_settings().model(RISK).value


def test_auto_calibrates_by_the_method_of_the_lowest_loss_and_says_so() -> None:
    samples, model = samples_of(RISK), fitted(RISK, "auto")
    record = fit_rivals(
        model, samples.development, samples.validation, quick_settings("auto"), lambda _: None
    ).record
    assert record.calibrations
    assert model.manifest.probability
    assert record.declared_calibration == "auto"
    assert model.manifest.probability.calibration.method == record.calibrations.best


def test_a_model_with_a_beta_calibration_is_written_and_read_the_same(tmp_path: Path) -> None:
    model = fitted(RISK, "beta")
    write_model(model, tmp_path)
    assert read_model(tmp_path, threads=1).manifest == model.manifest
    assert model.manifest.probability
    assert model.manifest.probability.calibration.method == "beta"
    assert "upper_slope" in (tmp_path / "manifest.json").read_text("utf-8")
