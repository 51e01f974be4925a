"""Drawing a table's cells again is drawing its customers again."""

import numpy as np
import pytest

from limner.assessment.bootstrap import (
    bootstrap,
    estimate,
    resample_cells,
    resample_counts,
    resampled_weights,
)

CUSTOMERS, EVENTS, RESAMPLES = 400, 60, 3000
OUTCOME = np.repeat([1, 0], [EVENTS, CUSTOMERS - EVENTS])


def slow_rates(seed: int) -> list[float]:
    """Draw whole customers with replacement, one resample at a time."""
    draw = np.random.default_rng(seed)
    return [float(draw.choice(OUTCOME, CUSTOMERS).mean()) for _ in range(RESAMPLES)]


def test_rates_from_cells_scatter_as_rates_from_customers() -> None:
    cells = np.array([EVENTS, CUSTOMERS - EVENTS])
    fast = resample_counts(cells, RESAMPLES, seed=1)[:, 0] / CUSTOMERS
    slow = slow_rates(seed=2)
    theory = np.sqrt(0.15 * 0.85 / CUSTOMERS)
    assert fast.mean() == pytest.approx(np.mean(slow), abs=4 * theory / np.sqrt(RESAMPLES))
    assert fast.std() == pytest.approx(np.std(slow), rel=0.06)
    assert fast.std() == pytest.approx(theory, rel=0.06)


def test_every_resample_holds_as_many_customers_as_the_sample() -> None:
    cells = np.array([[3, 0], [5, 12]])
    drawn = resample_counts(cells, 50, seed=1)
    assert drawn.shape == (50, 2, 2)
    assert (drawn.sum(axis=(1, 2)) == 20).all()
    assert (drawn[:, 0, 1] == 0).all()


def test_intervals_of_customers_agree_with_a_slow_bootstrap() -> None:
    found = bootstrap(
        lambda weights: {"rate": float(weights @ OUTCOME / weights.sum())},
        CUSTOMERS, RESAMPLES, confidence=0.9, seed=3,
    )["rate"]  # fmt: skip
    low, high = np.quantile(slow_rates(seed=4), [0.05, 0.95])
    assert found.value == EVENTS / CUSTOMERS
    assert (found.low, found.high) == (
        pytest.approx(low, abs=0.004),
        pytest.approx(high, abs=0.004),
    )


def test_resamples_without_a_figure_are_left_out_of_the_interval() -> None:
    found = estimate(0.5, [0.4, np.nan, 0.6, np.nan, np.inf], confidence=0.9)
    assert (found.low, found.high) == (pytest.approx(0.41), pytest.approx(0.59))


def test_equal_seeds_give_equal_intervals() -> None:
    cells = np.array([10, 20])
    first, again, other = (resample_counts(cells, 5, seed).tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_clusters_of_one_row_are_the_plain_bootstrap() -> None:
    own = np.arange(CUSTOMERS)
    for plain, clustered in zip(
        resampled_weights(CUSTOMERS, 5, 7), resampled_weights(CUSTOMERS, 5, 7, own), strict=True
    ):
        assert plain.tolist() == clustered.tolist()


def test_rows_of_one_customer_are_drawn_together() -> None:
    clusters = np.array([0, 1, 0, 2, 1])
    for weights in resampled_weights(5, 30, 7, clusters):
        assert weights[0] == weights[2]
        assert weights[1] == weights[4]
        assert weights[[0, 1, 3]].sum() == 3


def test_tables_of_whole_clusters_are_wider_than_tables_of_rows() -> None:
    # Every customer four times: four times the rows, and no more evidence.
    cell = np.repeat(OUTCOME, 4)
    alone = resample_cells(cell, (2,), 400, seed=1)[:, 1] / len(cell)
    together = resample_cells(cell, (2,), 400, 1, np.repeat(np.arange(CUSTOMERS), 4))[:, 1]
    together = together / together.mean() * EVENTS / CUSTOMERS
    assert together.std() == pytest.approx(2 * alone.std(), rel=0.15)


def test_a_difference_may_pass_nought_though_no_resample_does() -> None:
    draws = np.linspace(0.001, 0.011, 101)
    share, difference = estimate(0.001, draws, 0.95), estimate(0.001, draws, 0.95, is_share=False)
    assert share.low == 0
    assert difference.low < 0
