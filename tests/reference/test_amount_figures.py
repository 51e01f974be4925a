"""Figures of amounts against slow, obvious versions, and against weights as repeated rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from limner.assessment.amount_figures import COMPARED, AmountFigures, Intervals, compare_amounts
from limner.assessment.amounts import AmountSample, assess_amount_sample, assess_tiers
from project import settings_with

SETTINGS = settings_with({"assessment.resamples": 60}).assessment
amounts_of = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=5, max_size=40
).filter(lambda rows: len({a for a, _ in rows}) > 1 and len({b for _, b in rows}) > 1)


def sample_of(rows: int, seed: int = 1) -> AmountSample:
    draw = np.random.default_rng(seed)
    expected = draw.exponential(1000, rows).round()
    amounts = (expected + draw.normal(0, 300, rows)).round()
    interval = np.stack([expected - 300, expected + 300], axis=1)
    tier = (expected > 1500).astype(np.int64)
    return AmountSample(expected, amounts, interval, tier, np.arange(rows) // 2)


@settings(deadline=None, max_examples=60)
@given(rows=amounts_of)
def test_figures_are_what_their_definitions_say(rows: list[tuple[int, int]]) -> None:
    expected, amounts = np.array(rows, dtype=float).T
    found = AmountFigures(expected, amounts, None)(np.ones(len(rows)))
    error = expected - amounts
    assert found["mae"] == pytest.approx(np.mean(np.abs(error)))
    assert found["rmse"] == pytest.approx(np.sqrt(np.mean(error**2)))
    assert found["r2"] == pytest.approx(1 - np.mean(error**2) / np.var(amounts), abs=1e-9)
    assert found["bias"] == pytest.approx(np.mean(expected) - np.mean(amounts), abs=1e-9)
    spearman = spearmanr(expected, amounts).statistic
    assert found["rank_correlation"] == pytest.approx(spearman, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(rows=amounts_of, seed=st.integers(0, 99))
def test_a_row_drawn_twice_counts_as_two_rows(rows: list[tuple[int, int]], seed: int) -> None:
    expected, amounts = np.array(rows, dtype=float).T
    drawn = np.random.default_rng(seed).integers(0, 3, len(rows))
    if len({*amounts[drawn > 0]}) < 2 or len({*expected[drawn > 0]}) < 2:
        return
    tier = (expected > 0).astype(np.int64)
    ends = np.stack([expected - 10, expected + 10], axis=1)
    weighted = AmountFigures(expected, amounts, Intervals(ends, tier))(drawn.astype(float))
    again = [np.repeat(part, drawn, axis=0) for part in (expected, amounts, ends, tier)]
    repeated = AmountFigures(again[0], again[1], Intervals(again[2], again[3]))
    whole = repeated(np.ones(drawn.sum()))
    for name, value in whole.items():
        assert weighted[name] == pytest.approx(value, abs=1e-9), name


def test_the_highest_tenth_captures_its_share_of_all_money() -> None:
    expected, amounts = np.arange(100.0), np.r_[np.ones(90), np.full(10, 9.0)]
    figures = AmountFigures(expected, amounts, None)(np.ones(100))
    assert figures["captured_10"] == pytest.approx(90 / 180)
    nothing = AmountFigures(np.zeros(100), amounts, None)(np.ones(100))
    assert nothing["captured_10"] == pytest.approx(0.1)
    assert nothing["rank_correlation"] == 0


def test_coverage_counts_both_ends_and_finds_the_weakest_tier() -> None:
    ends = np.tile([[0.0, 10.0]], (4, 1))
    tier = np.array([0, 0, 1, 1])
    figures = AmountFigures(
        np.full(4, 5.0), np.array([0.0, 10.0, 5.0, 11.0]), Intervals(ends, tier)
    )(np.ones(4))  # fmt: skip
    assert (figures["coverage"], figures["lowest_tier_coverage"]) == (0.75, 0.5)
    assert figures["mean_width"] == 10


def test_a_judged_sample_has_intervals_around_its_figures_and_tiers() -> None:
    sample = sample_of(400)
    judged = assess_amount_sample(sample, 1500, SETTINGS, 3, judged=True)
    built = assess_amount_sample(sample, 1500, SETTINGS, 3, judged=False)
    assert built.figures == {}
    assert judged.values == built.values
    assert judged.clusters == 200
    assert judged.events == int((sample.amounts >= 1500).sum())
    for name, found in judged.figures.items():
        assert found.low <= found.value <= found.high, name
    assert sum(b.customers for b in judged.reliability) == 400
    tiers = assess_tiers("test", sample, [("low", False), ("high", True), ("top", True)],
                         SETTINGS, 3)  # fmt: skip
    assert [tier.customers for tier in tiers[:2]] == [int((sample.tier == t).sum()) for t in (0, 1)]
    assert tiers[2].realised is tiers[2].coverage is None
    inside = np.abs(sample.amounts - sample.expected) <= 300
    assert tiers[1].coverage
    assert tiers[1].coverage.value == pytest.approx(inside[sample.tier == 1].mean())


def test_a_model_beside_itself_differs_by_nothing() -> None:
    sample = sample_of(300)
    (found,) = compare_amounts(
        "test", ("model", sample.expected), {"same": sample.expected}, sample.amounts, SETTINGS, 3,
        sample.clusters,
    )  # fmt: skip
    assert set(found.differences) == set(COMPARED)
    for difference in found.differences.values():
        assert (difference.value, difference.low, difference.high) == (0, 0, 0)
