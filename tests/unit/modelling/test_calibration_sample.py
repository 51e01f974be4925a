"""What calibrates: nobody's score is of trees that saw them, and rivals are held to the same."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from limner.errors import SettingsInvalid, TooFewEvents
from limner.features.encoding import Matrix
from limner.modelling.calibration_sample import BuiltRows, Division
from limner.modelling.gradient_boosting import LabelledMatrix
from limner.modelling.rivals import fit_rivals
from limner.models import find_spec
from limner.models.fitting import fit_model
from project import settings_with
from small_models import RISK, quick_settings, samples_of

DIVISION = Division(folds=4, stopping_share=0.2, least_events=2, seed=3)


def samples() -> tuple[list[LabelledMatrix], list[npt.NDArray[np.int64]]]:
    """Two samples of customers with three rows each; a row's value is its customer."""
    outcome = (np.arange(240) % 5 == 0).astype(np.int64)
    customers = [np.repeat(np.arange(60), 3), np.repeat(np.arange(20), 3)]
    named = [customers[0], customers[1] + 60]
    parts = np.split(outcome, [180])
    matrices = [
        LabelledMatrix(who[:, None].astype(np.float32), part)
        for who, part in zip(named, parts, strict=True)
    ]
    return matrices, customers


def built() -> BuiltRows:
    matrices, customers = samples()
    return BuiltRows.of("m", "bad", matrices, customers, DIVISION)


def test_nobody_is_scored_by_what_was_fitted_or_stopped_on_them() -> None:
    rows = built()
    seen: list[set[float]] = []

    def fit(fitted: LabelledMatrix, stopped: LabelledMatrix) -> Callable[[Matrix], npt.ArrayLike]:
        known = set(fitted.values[:, 0]) | set(stopped.values[:, 0])
        seen.append(known)

        def score(values: Matrix) -> npt.ArrayLike:
            assert not known & set(values[:, 0])
            return values[:, 0]

        return score

    margins = rows.out_of_fold(fit)
    assert margins.tolist() == rows.rows.values[:, 0].tolist()
    assert len(seen) == 4
    assert set.union(*seen) == set(range(80))


def test_a_model_of_less_data_is_fitted_on_no_more_of_it() -> None:
    rows = built()
    allowed = rows.customers < 30

    def fit(fitted: LabelledMatrix, _: LabelledMatrix) -> Callable[[Matrix], npt.ArrayLike]:
        assert set(fitted.values[:, 0]) <= set(range(30))
        return lambda values: values[:, 0]

    assert len(rows.out_of_fold(fit, allowed)) == len(allowed)


def test_too_few_events_for_the_folds_are_refused() -> None:
    matrices, customers = samples()
    none = [LabelledMatrix(m.values, np.zeros_like(m.outcome)) for m in matrices]
    with pytest.raises(TooFewEvents, match="bad"):
        BuiltRows.of("m", "bad", none, customers, DIVISION)


def test_calibrated_on_folds_the_trees_stay_and_the_calibration_and_the_rivals_change() -> None:
    parts = samples_of(RISK)
    usual = quick_settings()
    model = usual.model(RISK).model_copy(update={"calibrated_on": "folds"})
    checks = usual.training_checks.model_copy(update={"least_events": 2})
    on_folds = usual.model_copy(
        update={"models": {**usual.models, RISK: model}, "training_checks": checks}
    )
    found = []
    for settings in (usual, on_folds, on_folds):
        fitted, _ = fit_model(
            find_spec(RISK), parts.development, parts.validation, settings, lambda _: None
        )
        rivals = fit_rivals(fitted, parts.development, parts.validation, settings, lambda _: None)
        found.append((fitted, rivals))
    (validated, simple), (folded, beside), (again, beside_again) = found
    assert folded.trees.to_bytes() == validated.trees.to_bytes()
    assert folded.manifest == again.manifest
    assert beside.record == beside_again.record
    first, second = validated.manifest.probability, folded.manifest.probability
    assert first and second
    assert (first.calibrated_on, second.calibrated_on) == ("validation", "folds")
    assert first.calibration != second.calibration
    assert "calibrated_on" not in validated.manifest.model_dump_json()
    for before, after in zip(simple.record.trees, beside.record.trees, strict=True):
        assert before.rounds == after.rounds
        assert before.calibration != after.calibration
    assert simple.record.baseline and beside.record.baseline
    assert simple.record.baseline.scorecard == beside.record.baseline.scorecard
    assert simple.record.baseline.calibration != beside.record.baseline.calibration
    assert simple.record.calibrations != beside.record.calibrations


def test_a_segmentation_is_not_calibrated_on_folds() -> None:
    with pytest.raises(SettingsInvalid, match="segmentation is not calibrated on folds"):
        settings_with({"models.deposit_segments.calibrated_on": "folds"})
