"""One path to a score: over HTTP it is the batch's, bit for bit."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pandas as pd
import pytest

from limner.scoring import AmountScore, ChoiceScore, Score, SegmentScore, score_frame
from limner.services.champions import Champion

from .conftest import MODELS, customers_of


def as_client_sends(frame: pd.DataFrame, champion: Champion) -> list[dict[str, Any]]:
    facts = frame[list(champion.fitted.manifest.columns)]
    records: list[dict[str, Any]] = (
        facts.astype(object).where(facts.notna(), None).to_dict("records")
    )
    return records


def as_answered(score: Score) -> dict[str, Any]:
    """Write a batch's score in the words of the API."""
    reasons = [
        {
            "feature": reason.feature,
            "contribution": reason.contribution,
            "direction": "raises" if reason.contribution > 0 else "lowers",
            "text": {"en": reason.text.en, "zh": reason.text.zh},
        }
        for reason in score.reasons
    ]
    shared = {"favourable": score.favourable, "reasons": reasons}
    if isinstance(score, SegmentScore):
        name = {"en": score.segment.name.en, "zh": score.segment.name.zh}
        named = {"segment": score.segment.number, "name": name, "confidence": score.confidence}
        return named | shared
    if isinstance(score, AmountScore):
        return score._asdict() | shared
    if isinstance(score, ChoiceScore):
        products = [
            {
                "product": chance.product.kind,
                "name": {"en": chance.product.words.en, "zh": chance.product.words.zh},
                "held": chance.probability is None,
                "probability": chance.probability,
            }
            for chance in score.products
        ]
        kind = score.recommended.kind if score.recommended else None
        named = {"recommended": kind, "probability": score.probability, "products": products}
        return named | shared
    points = {} if score.points is None else {"points": score.points}
    return {"probability": score.probability, "band": score.band} | points | shared


def post(http: httpx.Client, model: str, records: Sequence[Any], reasons: bool) -> dict[str, Any]:
    content = {"records": records, "reasons": reasons}
    answer = http.post(f"/v1/models/{model}/scores", json=content)
    assert answer.status_code == 200, answer.text
    answered: dict[str, Any] = answer.json()
    return answered


@pytest.mark.parametrize("reasons", [True, False])
@pytest.mark.parametrize("model", MODELS)
def test_a_list_over_http_is_the_batch_bit_for_bit(
    model: str,
    reasons: bool,
    http: httpx.Client,
    champions: Mapping[str, Champion],
    customers: Mapping[str, pd.DataFrame],
) -> None:
    champion = champions[model]
    frame = customers_of(champion, customers)

    answered = post(http, model, as_client_sends(frame, champion), reasons)

    expected = [as_answered(score) for score in score_frame(champion.fitted, frame, reasons)]
    assert answered["scores"] == expected
    assert len({json.dumps(score) for score in expected}) > 20
    # Nothing is explained where nothing is recommended.
    told = [score for score in expected if score.get("recommended", "") is not None]
    assert all(bool(score["reasons"]) == reasons for score in told)


@pytest.mark.parametrize("model", MODELS)
def test_one_record_scores_the_same_alone_as_in_a_list(
    model: str,
    http: httpx.Client,
    champions: Mapping[str, Champion],
    customers: Mapping[str, pd.DataFrame],
) -> None:
    champion = champions[model]
    frame = customers_of(champion, customers).head(25)

    alone = [
        post(http, model, [record], reasons=True)["scores"][0]
        for record in as_client_sends(frame, champion)
    ]

    assert alone == [as_answered(s) for s in score_frame(champion.fitted, frame, reasons=True)]


@pytest.mark.parametrize("model", MODELS)
def test_an_answer_names_the_version_and_what_is_favourable(
    model: str, http: httpx.Client, champions: Mapping[str, Champion]
) -> None:
    champion = champions[model]
    favourable = champion.fitted.manifest.outcome.favourable

    answered = post(http, model, [dict(champion.fitted.manifest.example)], reasons=False)

    assert (answered["model"], answered["version"]) == (model, 1)
    assert answered["digest"] == champion.digest
    assert answered["favourable_outcome"] == {"en": favourable.en, "zh": favourable.zh}
