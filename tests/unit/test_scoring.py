"""From facts to score and reasons: the same whoever asks, and whoever is asked about as well."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.domain import band_of
from limner.errors import RecordInvalid
from limner.features import find_catalogue
from limner.modelling import gradient_boosting
from limner.modelling.fitted import Manifest
from limner.outcomes.point_scale import PointScale
from limner.scoring import (
    AmountScore,
    ChoiceScore,
    ProbabilityScore,
    SegmentScore,
    contributions_to_score,
    matrix_of,
    path,
    score_frame,
    score_records,
    score_table,
)
from small_models import AMOUNT, CHOICE, MODELS, PROPENSITY, RISK, SEGMENTS, fitted, samples_of


def probability(score: object) -> float:
    assert isinstance(score, ProbabilityScore)
    return score.probability


def test_a_probability_has_its_band_and_the_decision_that_follows() -> None:
    for model, above in ((PROPENSITY, True), (RISK, False)):
        one = fitted(model)
        part = one.manifest.probability
        assert part is not None
        for score in score_frame(one, samples_of(model).test):
            assert isinstance(score, ProbabilityScore)
            assert score.band == band_of(score.probability, part.bands)
            over = score.probability >= part.threshold
            assert score.favourable == (over if above else not over)


def test_a_model_of_credit_says_the_same_in_points_and_no_other_does() -> None:
    one = fitted(RISK)
    part = one.manifest.probability
    assert part is not None
    assert part.scale is not None
    scores = score_frame(one, samples_of(RISK).test)
    for score in scores:
        assert isinstance(score, ProbabilityScore)
        assert score.points == round(float(part.scale.points(score.probability)))
    assert len({score.points for score in scores}) > 10
    assert score_frame(fitted(PROPENSITY), samples_of(PROPENSITY).test)[0].points is None


def test_points_are_those_of_the_version_whatever_the_settings_say_later() -> None:
    one = fitted(RISK)
    part = one.manifest.probability
    assert part is not None
    scale = PointScale(500, 1, 40)
    other = part.model_copy(update={"scale": scale})
    later = replace(one, manifest=one.manifest.model_copy(update={"probability": other}))
    before, after = (score_table(m, samples_of(RISK).test) for m in (one, later))
    assert before["probability"].equals(after["probability"])
    assert (after["points"] == scale.whole_points(before["probability"])).all()
    assert not before["points"].equals(after["points"])


def test_a_version_from_before_there_were_points_gives_none() -> None:
    one = fitted(RISK)
    part = one.manifest.probability
    assert part is not None
    before = one.manifest.model_copy(
        update={"probability": part.model_copy(update={"scale": None})}
    )
    text = before.model_dump_json()
    assert '"scale"' not in text
    old = replace(one, manifest=Manifest.model_validate_json(text))
    assert list(score_table(old, samples_of(RISK).test)) == ["probability", "band", "favourable"]


def test_a_segment_is_offered_as_its_profile_says_and_surer_than_a_guess() -> None:
    one = fitted(SEGMENTS)
    part = one.manifest.segmentation
    assert part is not None
    for score in score_frame(one, samples_of(SEGMENTS).test):
        assert isinstance(score, SegmentScore)
        assert score.segment in part.segments
        assert score.favourable == score.segment.offered
        assert 1 / len(part.segments) <= score.confidence <= 1


def in_parts_of(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SCORED_AT_A_TIME", "EXPLAINED_AT_A_TIME"):
        monkeypatch.setattr(path, name, rows)


def test_what_moves_nothing_is_no_reason_in_a_table_either() -> None:
    one = fitted(RISK)
    manifest = one.manifest.model_copy(update={"reasons": len(one.manifest.features)})
    every = replace(one, manifest=manifest)
    test = samples_of(RISK).test
    told = score_table(every, test, reasons=True)["reasons"].tolist()
    scores = score_frame(every, test, reasons=True)
    assert told == ["; ".join(reason.text.en for reason in score.reasons) for score in scores]
    assert min(len(score.reasons) for score in scores) < len(manifest.features)


@pytest.mark.parametrize("model", MODELS)
def test_reasons_are_the_strongest_contributions_in_both_languages(model: str) -> None:
    one, portfolio = fitted(model), find_catalogue(fitted(model).manifest.portfolio)
    test = samples_of(model).test.head(40)
    values = matrix_of(one, {n: test[n].to_numpy() for n in one.manifest.columns}, "test")
    moved = np.abs(contributions_to_score(one, values)[:, :-1])
    for score, strength in zip(score_frame(one, test, reasons=True), moved, strict=True):
        strengths = [abs(reason.contribution) for reason in score.reasons]
        strongest = np.sort(strength[strength > 0])[::-1][: one.manifest.reasons]
        assert strengths == strongest.tolist()
        assert len({reason.feature for reason in score.reasons}) == len(strengths)
        for reason in score.reasons:
            assert reason.text == portfolio.find(reason.feature).reason
            assert reason.text.en
            assert reason.text.zh


def test_scores_have_no_reasons_unless_asked() -> None:
    assert all(score.reasons == () for score in score_frame(fitted(RISK), samples_of(RISK).test))


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
@hypothesis_settings(deadline=None, max_examples=15)
def test_a_score_never_depends_on_the_others_in_the_batch_or_their_order(
    model: str, data: st.DataObject
) -> None:
    one, test = fitted(model), samples_of(model).test
    records = record_list(test.head(60), list(one.manifest.columns))
    alone = [score_records(one, [record], reasons=True)[0] for record in records[:10]]
    batch = data.draw(st.lists(st.integers(0, 59), max_size=20))
    asked = [*range(10), *batch]
    order = data.draw(st.permutations(range(len(asked))))
    together = score_records(one, [records[asked[place]] for place in order], reasons=True)
    for place, score in zip(order, together, strict=True):
        if place < 10:
            assert score == alone[place]


@pytest.mark.parametrize("model", MODELS)
def test_a_table_and_its_records_get_the_same_scores_in_the_same_order(model: str) -> None:
    one, test = fitted(model), samples_of(model).test.head(50)
    shuffled = test.sample(frac=1, random_state=1)
    by_record = score_records(one, record_list(shuffled, list(one.manifest.columns)), reasons=True)
    assert score_frame(one, shuffled, reasons=True) == by_record


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (RISK, ["probability", "band", "points", "favourable"]),
        (PROPENSITY, ["probability", "band", "favourable"]),
        (SEGMENTS, ["segment", "name", "confidence", "favourable"]),
        (AMOUNT, ["expected_minor", "low_minor", "high_minor", "tier", "favourable"]),
        (
            CHOICE,
            [
                "recommended",
                "probability",
                "probability_card",
                "probability_insurance",
                "probability_investment",
                "probability_savings",
                "probability_term_deposit",
                "favourable",
            ],
        ),
    ],
)
@pytest.mark.parametrize("rows", [0, 1, 7])
def test_a_scored_table_has_its_columns_and_as_many_rows(
    model: str, columns: list[str], rows: int
) -> None:
    test = samples_of(model).test.head(rows)
    found = score_table(fitted(model), test)
    assert list(found.columns) == columns
    assert len(found) == rows
    explained = score_table(fitted(model), test, reasons=True)
    assert list(explained.columns) == [*columns, "reasons"]


def test_columns_that_the_model_does_not_use_never_change_a_score() -> None:
    one, test = fitted(PROPENSITY), samples_of(PROPENSITY).test.head(20)
    other = test.assign(call_seconds=9999, marital_status="unheard of", subscribed=1, new=np.nan)
    assert score_frame(one, other[other.columns[::-1]]) == score_frame(one, test)


def test_a_missing_optional_fact_is_missing_however_it_is_left_out() -> None:
    one = fitted(RISK)
    test = samples_of(RISK).test
    record = record_list(test[test["monthly_income"].notna()].head(1), list(one.manifest.columns))[
        0
    ]
    less = {k: v for k, v in record.items() if k != "monthly_income"}
    null = record | {"monthly_income": None}
    blank = pd.DataFrame([record | {"monthly_income": np.nan}])
    scores = score_records(one, [less, null]) + score_frame(one, blank)
    assert len({probability(score) for score in scores}) == 1


def record_list(frame: pd.DataFrame, names: list[str]) -> list[dict[str, object]]:
    """Write customers as a client would: plain values, null where missing."""
    plain = frame[names].astype(object).where(frame[names].notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


@pytest.mark.parametrize("model", MODELS)
def test_a_scored_table_says_what_the_scores_of_its_rows_say(model: str) -> None:
    one, test = fitted(model), samples_of(model).test
    told = score_table(one, test, reasons=True)
    for row, score in zip(
        told.to_dict("records"), score_frame(one, test, reasons=True), strict=True
    ):
        assert row["favourable"] == score.favourable
        assert row["reasons"] == "; ".join(reason.text.en for reason in score.reasons)
        if isinstance(score, SegmentScore):
            assert (row["segment"], row["name"]) == (score.segment.number, score.segment.name.en)
            assert row["confidence"] == score.confidence
        elif isinstance(score, AmountScore):
            told_of = ("expected_minor", "low_minor", "high_minor", "tier")
            assert tuple(row[name] for name in told_of) == score[:4]
        elif isinstance(score, ChoiceScore):
            assert_says(row, score)
        else:
            assert (row["probability"], row["band"]) == (score.probability, score.band)
            assert row.get("points") == score.points


def assert_says(row: Mapping[Any, Any], score: ChoiceScore) -> None:
    """Hold a row of a table to a score of several products."""
    assert row["recommended"] == (score.recommended.kind if score.recommended else None)
    told = {f"probability_{chance.product.kind}": chance.probability for chance in score.products}
    for name, probability in {**told, "probability": score.probability}.items():
        assert np.isnan(row[name]) if probability is None else row[name] == probability


@pytest.mark.parametrize("threads", [1, 4])
def test_a_table_is_scored_alike_in_parts_of_any_size_by_any_threads(
    monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    one, test = fitted(PROPENSITY), samples_of(PROPENSITY).test
    whole = score_table(one, test, reasons=True)
    in_parts_of(7, monkeypatch)
    monkeypatch.setattr(one.trees, "threads", threads)
    pd.testing.assert_frame_equal(score_table(one, test, reasons=True), whole)


def test_a_number_beyond_single_precision_is_refused_alone_and_in_a_table() -> None:
    one, test = fitted(AMOUNT), samples_of(AMOUNT).test.head(3)
    name = next(c.name for c in one.manifest.facts if c.is_number and c.high is None)
    record = record_list(test, list(one.manifest.columns))[0]
    for value in (1e39, -1e39):
        with pytest.raises(RecordInvalid, match=r"must be at most 3.4e[+]38 in size"):
            score_records(one, [record | {name: value}], reasons=True)
        with pytest.raises(RecordInvalid, match=r"must be at most 3.4e[+]38 in size"):
            score_table(one, test.assign(**{name: value}))
    assert score_records(one, [record | {name: 3e38}], reasons=True)


def test_threads_that_explain_at_once_explain_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    one, test = fitted(PROPENSITY), samples_of(PROPENSITY).test
    monkeypatch.setattr(gradient_boosting, "_BATCH", 0)
    in_parts_of(20, monkeypatch)
    alone = score_table(one, test, reasons=True)
    monkeypatch.setattr(one.trees, "threads", 4)
    for _ in range(3):
        pd.testing.assert_frame_equal(score_table(one, test, reasons=True), alone)
