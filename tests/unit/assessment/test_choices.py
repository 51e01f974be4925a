"""Products assessed among those who lack them, and the recommendation beside popularity."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from limner.appraisal import Reviewed, gather_evidence
from limner.assessment.choices import hit, hit_by_chance
from limner.assessment.evidence import ModelEvidence, metrics_of
from limner.features import find_catalogue
from limner.modelling.rivals import fit_rivals
from limner.samples import SAMPLE_COLUMN
from limner.scoring import ChoiceScore, score_frame
from limner.settings import Settings
from small_models import CHOICE, fitted, quick_settings, samples_of

KINDS = ("card", "insurance", "investment", "savings", "term_deposit")


def few_resamples() -> Settings:
    settings = quick_settings()
    assessment = settings.assessment.model_copy(update={"resamples": 20})
    explanation = settings.explanation.model_copy(update={"customers": 100})
    return settings.model_copy(update={"assessment": assessment, "explanation": explanation})


@pytest.fixture(scope="module")
def evidence() -> ModelEvidence:
    samples, settings = samples_of(CHOICE), few_resamples()
    rivals = fit_rivals(fitted(CHOICE), samples.development, samples.validation, settings, str)
    names = ("development", "validation", "test")
    together = pd.concat([f.assign(**{SAMPLE_COLUMN: n}) for f, n in
                          zip(samples, names, strict=True)])  # fmt: skip
    contract = find_catalogue("harbour").contract
    # Sex, age and the like are no features of this model, and not in these rows.
    known = tuple(c for c in contract.columns if c.name in together)
    contract = type(contract)(contract.table, contract.owner, contract.source, known)
    found, _ = gather_evidence(
        Reviewed(fitted(CHOICE), "ab" * 32, together, contract, rivals), settings
    )
    return found


def told() -> list[ChoiceScore]:
    scores = score_frame(fitted(CHOICE), samples_of(CHOICE).test)
    return [score for score in scores if isinstance(score, ChoiceScore)]


def test_of_each_product_everybody_is_asked_or_holds_it(evidence: ModelEvidence) -> None:
    assert evidence.choice is not None
    test = samples_of(CHOICE).test
    anything = sum(score.recommended is not None for score in told())
    assert evidence.samples["test"].customers == anything <= len(test)
    for place, kind in enumerate(KINDS):
        (found,) = (p for p in evidence.choice.products if (p.sample, p.kind) == ("test", kind))
        lacking = np.array([score.products[place].probability is not None for score in told()])
        assert found.found.customers == lacking.sum()
        assert found.found.customers + found.held == anything
        assert found.found.events == test[f"product_taken_{kind}"].to_numpy()[lacking].sum()
        assert found.beside_baseline is not None
        assert found.beside_baseline.customers == lacking.sum()


def test_hits_are_those_that_one_counts_by_hand(evidence: ModelEvidence) -> None:
    assert evidence.choice is not None
    samples = samples_of(CHOICE)
    part = fitted(CHOICE).manifest.choice
    assert part is not None
    rates = {
        p.kind: samples.development.loc[~(samples.development[p.held_by] > 0), p.column].mean()
        for p in part.products
    }
    hits, popular, first_three = [], [], []
    for (_, row), score in zip(samples.test.iterrows(), told(), strict=True):
        lacked = {c.product.kind: c.probability for c in score.products if c.probability}
        taken = {kind for kind in lacked if row[f"product_taken_{kind}"]}
        if taken:
            order = sorted(lacked, key=lambda kind: -lacked[kind])
            hits.append(order[0] in taken)
            first_three.append(bool(taken & set(order[:3])))
            popular.append(max(lacked, key=lambda kind: rates[kind]) in taken)
    (found,) = evidence.choice.recommendations
    assert found.takers == len(hits)
    assert found.figures["hit_1"].value == pytest.approx(np.mean(hits))
    assert found.figures["hit_3"].value == pytest.approx(np.mean(first_three))
    assert found.figures["popular_1"].value == pytest.approx(np.mean(popular))
    gain = np.mean(hits) - np.mean(popular)
    assert found.gains["hit_1_over_popular"].value == pytest.approx(gain)


def test_the_worst_product_is_the_worst_of_them(evidence: ModelEvidence) -> None:
    metrics = metrics_of(evidence)
    assert metrics["test/worst_auc"] == min(metrics[f"test/{kind}/auc"] for kind in KINDS)
    assert metrics["test/worst_ece"] == max(metrics[f"test/{kind}/ece"] for kind in KINDS)
    assert metrics["test/card/auc_low"] < metrics["test/card/auc"] < metrics["test/card/auc_high"]
    assert "development/card/auc_low" not in metrics
    assert "test/card/over_baseline/auc" in metrics


@given(lacking=arrays(np.bool_, 5), taken=arrays(np.bool_, 5), drawn=st.integers(1, 5))
def test_a_hit_by_chance_is_the_share_of_all_draws_that_hit(
    lacking: npt.NDArray[np.bool_], taken: npt.NDArray[np.bool_], drawn: int
) -> None:
    lacking[0] = True
    bought = (lacking & taken).astype(np.int64)
    places = np.flatnonzero(lacking)
    draws = list(combinations(places, min(drawn, len(places))))
    slow = np.mean([any(bought[place] for place in draw) for draw in draws])
    assert hit_by_chance(lacking[None], bought[None], drawn)[0] == pytest.approx(slow)


@given(worth=arrays(np.float64, (6, 4), elements=st.floats(0, 1)), first=st.integers(1, 3))
def test_more_recommendations_never_hit_less(worth: npt.NDArray[np.float64], first: int) -> None:
    taken = (worth > 0.7).astype(np.int64)
    assert (hit(worth, taken, first) <= hit(worth, taken, first + 1)).all()
