"""Every family of models is disturbed, and told by a figure of its own."""

import numpy as np
import pytest

from limner.appraisal import Reviewed, gather_evidence
from limner.assessment.soundness_evidence import Perturbation
from limner.features import find_catalogue
from small_models import AMOUNT, CHOICE, RISK, SEGMENTS, everybody_of, fitted, quick_settings

FIGURES = {RISK: "auc", AMOUNT: "r2", CHOICE: "hit_1", SEGMENTS: "agreement"}


def disturbed(model: str, noise: float) -> dict[str, Perturbation]:
    settings = quick_settings()
    assessment = settings.assessment.model_copy(
        update={"noise_shares": (noise,), "missing_shares": (noise,), "resamples": 20}
    )
    settings = settings.model_copy(update={"assessment": assessment})
    one = fitted(model)
    contract = find_catalogue(one.manifest.portfolio).contract
    evidence, _ = gather_evidence(Reviewed(one, "d", everybody_of(model), contract), settings)
    return {found.kind: found for found in evidence.robustness}


@pytest.mark.parametrize("model", FIGURES)
def test_disturbed_a_model_is_told_by_its_familys_figure(model: str) -> None:
    for found in disturbed(model, 0.3).values():
        assert found.figure == FIGURES[model]
        assert (found.reassigned is None) == (model == RISK)
        assert (found.rank_correlation is None) == (model == SEGMENTS)
        assert found.mean_change > 0
        assert np.isfinite(found.change.value)


@pytest.mark.parametrize("model", FIGURES)
def test_next_to_nothing_disturbs_no_model(model: str) -> None:
    for found in disturbed(model, 1e-9).values():
        assert found.change.value == pytest.approx(0, abs=1e-3)
        assert found.flipped == pytest.approx(0, abs=0.01)
        assert not found.reassigned
