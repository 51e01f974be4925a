"""Several products at once: nobody is asked about, or offered, what they hold already."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from limner.domain import Bilingual
from limner.errors import LeakSuspected, NothingToChoose
from limner.modelling.calibration import Calibration
from limner.modelling.choice import NOT_ASKED, NOTHING, ChoicePart, ChoiceProduct, of_recommended
from limner.modelling.fitted import FittedModel
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.models.spec import ModelSpec
from limner.outcomes.products import PRODUCTS
from limner.scoring import ChoiceScore, score_frame, score_records
from limner.settings import Settings
from project import settings_with
from small_models import CHOICE, fitted, quick_settings, samples_of

WORDS = Bilingual("product", "产品")
KINDS = ("card", "insurance", "investment", "savings", "term_deposit")


def part_of(values: list[float], threshold: float = 0.1) -> ChoicePart:
    """A part whose products' margins are log-odds as they are."""
    products = tuple(
        ChoiceProduct(
            kind=f"p{place}", words=WORDS, column=f"taken_{place}", held_by=f"held_{place}",
            value=value, calibration=Calibration("none"), takers=100,
        )
        for place, value in enumerate(values)
    )  # fmt: skip
    return ChoicePart(products=products, threshold=threshold, left_out=())


def fit(
    spec: ModelSpec, development: pd.DataFrame, validation: pd.DataFrame,
    settings: Settings | None = None,
) -> FittedModel:  # fmt: skip
    return fit_model(spec, development, validation, settings or quick_settings(), str)[0]


def scores_of(one: FittedModel, frame: pd.DataFrame) -> list[ChoiceScore]:
    found = score_frame(one, frame)
    assert all(isinstance(score, ChoiceScore) for score in found)
    return [score for score in found if isinstance(score, ChoiceScore)]


margins = arrays(
    np.float32, (7, 3), elements=st.one_of(st.just(NOT_ASKED), st.floats(-5, 5, width=32))
)


@given(found=margins, values=st.lists(st.floats(0.1, 10), min_size=3, max_size=3))
def test_the_recommended_product_is_lacked_and_of_the_highest_probability_times_value(
    found: npt.NDArray[np.float32], values: list[float]
) -> None:
    part = part_of(values)
    chances = part.probabilities(found)
    recommended, offered = part.recommended(chances), part.offered(chances)
    for row, place, made in zip(found, recommended, offered, strict=True):
        worth = {i: v / (1 + np.exp(-float(m))) for i, (m, v) in
                 enumerate(zip(row, values, strict=True)) if m != NOT_ASKED}  # fmt: skip
        if not worth:
            assert place == NOTHING
            assert not made
        else:
            assert worth[int(place)] == pytest.approx(max(worth.values()))
            assert made == (worth[int(place)] >= part.threshold)
    assert np.isnan(chances).tolist() == (found == NOT_ASKED).tolist()


def test_a_value_can_put_a_rarer_product_first() -> None:
    found = np.array([[-2.0, -3.0]], dtype=np.float32)
    alike, dear = part_of([1, 1]), part_of([1, 5])
    assert alike.recommended(alike.probabilities(found)).tolist() == [0]
    assert dear.recommended(dear.probabilities(found)).tolist() == [1]
    # What is offered is judged by the same worth.
    assert not part_of([1, 1], 0.2).offered(alike.probabilities(found))[0]
    assert part_of([1, 5], 0.2).offered(dear.probabilities(found))[0]


def test_nothing_is_explained_where_nothing_is_recommended() -> None:
    by_product = np.arange(12.0).reshape(2, 2, 3)
    found = of_recommended(by_product, np.array([1, NOTHING]))
    assert found.tolist() == [[3.0, 4.0, 5.0], [0.0, 0.0, 0.0]]


def test_a_holder_is_never_asked_about_or_offered_what_they_hold() -> None:
    one, test = fitted(CHOICE), samples_of(CHOICE).test
    part = one.manifest.choice
    assert part is not None
    assert tuple(product.kind for product in part.products) == KINDS
    for (_, row), score in zip(test.iterrows(), scores_of(one, test), strict=True):
        held = {p.kind for p in part.products if row[p.held_by] > 0}
        assert {c.product.kind for c in score.products if c.probability is None} == held
        assert score.recommended is None or score.recommended.kind not in held
        lacked = [c.probability for c in score.products if c.probability is not None]
        # Every product has the value 1 here: expected value is the probability.
        assert score.probability == (max(lacked) if lacked else None)
        assert score.favourable == (bool(lacked) and max(lacked) >= part.threshold)


def test_whoever_holds_everything_is_recommended_and_told_nothing() -> None:
    one = fitted(CHOICE)
    part = one.manifest.choice
    assert part is not None
    everything = dict(one.manifest.example) | {p.held_by: 1.0 for p in part.products}
    (score,) = score_records(one, [everything], reasons=True)
    assert isinstance(score, ChoiceScore)
    assert (score.recommended, score.probability, score.favourable) == (None, None, False)
    assert score.reasons == ()


def test_an_offer_is_made_to_about_the_stated_share_of_validation() -> None:
    one, validation = fitted(CHOICE), samples_of(CHOICE).validation
    share = np.mean([score.favourable for score in scores_of(one, validation)])
    wanted = quick_settings().model(CHOICE).favourable_share
    assert share == pytest.approx(wanted, abs=0.02)


def test_probabilities_of_those_who_lack_a_product_keep_its_rate_on_validation() -> None:
    one, validation = fitted(CHOICE), samples_of(CHOICE).validation
    scores = scores_of(one, validation)
    for place, kind in enumerate(KINDS):
        told = [score.products[place].probability for score in scores]
        lacking = np.array([chance is not None for chance in told])
        taken = validation[f"product_taken_{kind}"].to_numpy()[lacking]
        # Where Platt's line is most likely, expected events are those observed.
        expected = np.mean([chance for chance in told if chance is not None])
        assert expected == pytest.approx(taken.mean(), abs=1e-4)


def test_products_that_cannot_be_asked_about_are_named_with_their_reason() -> None:
    part = fitted(CHOICE).manifest.choice
    assert part is not None
    reasons = {product.kind: product.reason.en for product in part.left_out}
    assert reasons == {
        "current": "no feature tells who holds one already",
        "loan": "who holds one already may not be known for the model's purpose: loans_running is"
        " none of its features",
        "mortgage": "0 customers of development took one, fewer than 20",
    }
    assert {*KINDS, *reasons} == {product.kind for product in PRODUCTS}


def test_refuses_a_model_without_a_product_to_ask_about() -> None:
    samples = samples_of(CHOICE)
    settings = settings_with({f"models.{CHOICE}.choice.least_events": 100_000})
    with pytest.raises(NothingToChoose, match=r"next_product\.choice\.least_events") as refusal:
        fit(find_spec(CHOICE), samples.development, samples.validation, settings)
    assert refusal.value.left_out == tuple(product.kind for product in PRODUCTS)


def test_takers_are_counted_once_however_many_rows_tell_of_them() -> None:
    samples = samples_of(CHOICE)
    # Everybody stands at two snapshots: as many customers, twice the rows.
    twice = pd.concat([samples.development] * 2, ignore_index=True)
    again, once = (
        fit(find_spec(CHOICE), rows, samples.validation).manifest.choice
        for rows in (twice, samples.development)
    )
    assert again is not None
    assert once is not None
    assert [p.takers for p in again.products] == [p.takers for p in once.products]


def test_what_holders_take_never_changes_the_model() -> None:
    samples, one = samples_of(CHOICE), fitted(CHOICE)
    changed = [_as_if_holders_took_one(frame) for frame in samples[:2]]
    assert not changed[0].equals(samples.development)
    other = fit(find_spec(CHOICE), *changed)
    assert other.trees.to_bytes() == one.trees.to_bytes()
    assert other.manifest == one.manifest


def _as_if_holders_took_one(frame: pd.DataFrame) -> pd.DataFrame:
    columns = {
        p.column: np.where(frame[p.held_by] > 0, 1, frame[p.column])
        for p in PRODUCTS
        if p.held_by in frame
    }
    return frame.assign(**columns)


def test_a_model_may_ask_about_a_single_product() -> None:
    samples = samples_of(CHOICE)
    spec = replace(find_spec(CHOICE), products=PRODUCTS[:1])
    one = fit(spec, samples.development, samples.validation)
    scores = scores_of(one, samples.test)
    assert {s.recommended.kind for s in scores if s.recommended} == {"card"}
    lacking = (samples.test["credit_cards_open"] == 0).tolist()
    assert [score.recommended is not None for score in scores] == lacking
    told = score_records(one, [dict(one.manifest.example)], reasons=True)
    assert told[0].reasons


def test_refuses_a_feature_that_knows_one_product_among_those_who_lack_it() -> None:
    samples = samples_of(CHOICE)
    known = samples.development.assign(
        cards_open=samples.development["product_taken_card"]
        * (samples.development["credit_cards_open"] == 0)
    )
    with pytest.raises(LeakSuspected, match="feature cards_open: alone it ranks the outcome"):
        fit(find_spec(CHOICE), known, samples.validation)
