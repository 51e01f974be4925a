"""The search for weak spots finds a planted fault, and does not mistake chance for one."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from limner.assessment.soundness_evidence import WeakSpotSearch
from limner.assessment.weak_spots import Banded, band_features, find_weak_spots, holm
from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature
from limner.settings import WeakSpotSettings

LIMITS = WeakSpotSettings(bins=4, minimum_customers=200, minimum_expected=20, level=0.05, shown=5)
Floats = npt.NDArray[np.float64]


def made(seed: int, rows: int = 6000) -> tuple[list[Banded], Floats, np.random.Generator]:
    draw = np.random.default_rng(seed)
    banded = [
        Banded(draw.integers(0, 3, rows), tuple(f"{name}: {i}" for i in range(3)))
        for name in ("age", "job", "income", "tenure")
    ]
    return banded, expit(draw.normal(-1.5, 1, rows)), draw


def search(banded: list[Banded], p: Floats, y: Floats, **more: object) -> WeakSpotSearch:
    return find_weak_spots("test", banded, p, y.astype(np.int64), LIMITS, **more)  # type: ignore[arg-type]


def test_a_model_without_a_fault_is_rarely_blamed() -> None:
    blamed = 0
    for seed in range(80):
        banded, p, draw = made(seed, rows=3000)
        blamed += search(banded, p, draw.random(len(p)) < p).found > 0
    assert blamed <= 10  # four are allowed on average


def test_a_planted_slice_of_two_features_is_named_first() -> None:
    banded, p, draw = made(1)
    inside = (banded[0].codes == 2) & (banded[2].codes == 1)
    truth = np.where(inside, expit(np.log(p / (1 - p)) + 1.2), p)
    found = search(banded, p, draw.random(len(p)) < truth)
    assert found.found >= 1
    assert set(found.spots[0].conditions) == {"age: 2", "income: 1"}
    assert found.spots[0].events > found.spots[0].expected
    assert found.spots[0].adjusted < 0.001


def test_overconfidence_shows_in_log_loss_where_the_number_of_events_is_right() -> None:
    banded, p, draw = made(2)
    inside = banded[1].codes == 0
    # In the slice everybody has the mean risk, whatever the model says.
    truth = np.where(inside, p[inside].mean(), p)
    found = search(banded, p, draw.random(len(p)) < truth)
    worst = found.spots[0]
    assert worst.conditions == ("job: 0",)
    assert worst.test == "log_loss"
    assert worst.log_loss > worst.promised


def test_a_group_that_is_hard_but_honestly_so_is_no_weak_spot() -> None:
    banded, p, draw = made(3)
    hard = np.where(banded[0].codes == 1, 0.5, p)
    found = search(banded, hard, draw.random(len(p)) < hard)
    assert found.found == 0


def test_small_slices_are_counted_and_never_tested() -> None:
    rows = 1000
    codes = np.r_[np.zeros(rows - 150, dtype=int), np.ones(150, dtype=int)]
    banded = [Banded(codes, ("job: many", "job: few"))]
    found = search(banded, np.full(rows, 0.5), np.r_[np.tile([0, 1], 425), np.ones(150)])
    assert (found.slices, found.skipped, found.tests) == (1, 1, 2)
    assert {spot.conditions for spot in found.spots} == {("job: many",)}


def test_repeated_rows_of_a_customer_are_no_more_evidence() -> None:
    banded, p, draw = made(4, rows=800)
    y = (draw.random(800) < np.clip(p + 0.05, 0, 1)).astype(float)
    times = np.repeat(np.arange(800), 8)
    many = [Banded(b.codes[times], b.names) for b in banded]
    once = search(banded, p, y)
    naive = search(many, p[times], y[times])
    honest = search(many, p[times], y[times], clusters=times)
    assert naive.found > 0
    assert honest.found <= once.found + 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_the_step_down_written_out(values: list[float]) -> None:
    adjusted, reached = holm(values), 0.0
    for step, i in enumerate(sorted(range(len(values)), key=lambda i: values[i])):
        reached = max(reached, values[i] * (len(values) - step))
        assert adjusted[i] == pytest.approx(min(reached, 1))
    assert (adjusted >= np.array(values) - 1e-12).all()


def feature(name: str) -> Feature:
    words = Bilingual(name, name)
    return Feature(name, (name,), name, words, words)


def test_numbers_are_cut_at_developments_quantiles_and_missing_stands_apart() -> None:
    development = np.arange(100, dtype=np.float32)[:, None]
    values = np.array([[-5], [25], [99], [1000], [np.nan]], dtype=np.float32)
    (banded,) = band_features([FittedFeature(feature("age"))], development, values, 4)
    assert [banded.names[code] for code in banded.codes] == [
        "age: below 24.75", "age: 24.75 to below 49.5", "age: 74.25 or more", "age: 74.25 or more",
        "age: missing",
    ]  # fmt: skip


def test_categories_are_slices_by_name() -> None:
    fitted = FittedFeature(feature("job"), ("clerk", "nurse"))
    values = np.array([[1], [0], [np.nan]], dtype=np.float32)
    (banded,) = band_features([fitted], values, values, 4)
    assert [banded.names[code] for code in banded.codes] == [
        "job: nurse", "job: clerk", "job: missing"]  # fmt: skip
