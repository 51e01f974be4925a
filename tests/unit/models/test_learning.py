"""The same model on parts of development: nested, whole customers, and held against the whole."""

from pathlib import Path

import pytest

from limner.appraisal import Reviewed, gather_evidence
from limner.features import find_catalogue
from limner.modelling.rivals import Rivals, RivalsRecord, fit_rivals, read_rivals, write_rivals
from limner.models import find_spec
from limner.models.learning import fit_on_parts
from small_models import (
    AMOUNT,
    CHOICE,
    RISK,
    SEGMENTS,
    everybody_of,
    fitted,
    quick_settings,
    samples_of,
)

LEARNT = {AMOUNT: {"mae", "rmse", "r2", "rank_correlation", "captured_10"},
          CHOICE: {"hit_1", "mean_auc"}}  # fmt: skip


def rivals_of(model: str) -> Rivals:
    samples, settings = samples_of(model), quick_settings()
    built = samples.development, samples.validation
    parts = fit_on_parts(find_spec(model), *built, settings, lambda _: None)
    return fit_rivals(fitted(model), *built, settings, lambda _: None).with_parts(parts)


@pytest.mark.parametrize("model", LEARNT)
def test_each_part_is_a_model_of_its_own_that_is_read_as_it_was_written(
    model: str, tmp_path: Path
) -> None:
    found = rivals_of(model)
    assert list(found.parts) == ["fraction_0.25", "fraction_0.5"]
    rows = [part.rows for part in found.record.parts]
    assert rows[0] < rows[1] < len(samples_of(model).development)
    write_rivals(found, tmp_path)
    again = read_rivals(tmp_path, fitted(model).manifest.features, 1)
    assert again.record == found.record
    for name, part in found.parts.items():
        assert again.parts[name].manifest == part.manifest
        assert again.parts[name].trees.to_bytes() == part.trees.to_bytes()


@pytest.mark.parametrize("model", LEARNT)
def test_the_curve_ends_where_the_whole_model_is(model: str) -> None:
    one = fitted(model)
    contract = find_catalogue(one.manifest.portfolio).contract
    reviewed = Reviewed(one, "d", everybody_of(model), contract, rivals_of(model))
    evidence, _ = gather_evidence(reviewed, quick_settings())
    assert [point.fraction for point in evidence.learning] == [0.25, 0.5]
    for point in evidence.learning:
        assert set(point.comparison.differences) == LEARNT[model]
        assert point.rounds > 0
    if model == AMOUNT:
        whole = evidence.samples["test"].values["r2"]
        assert evidence.learning[0].comparison.first_figures["r2"] == pytest.approx(whole)
    else:
        assert evidence.choice
        (told,) = evidence.choice.recommendations
        hits = evidence.learning[0].comparison.first_figures["hit_1"]
        assert hits == pytest.approx(told.figures["hit_1"].value)


@pytest.mark.parametrize("model", [RISK, SEGMENTS])
def test_a_probability_has_trees_enough_and_segments_have_no_curve(model: str) -> None:
    samples = samples_of(model)
    parts = fit_on_parts(
        find_spec(model), samples.development, samples.validation, quick_settings(), print
    )
    assert not parts
    assert Rivals(RivalsRecord(), {}).with_parts(parts).fractions == {}
