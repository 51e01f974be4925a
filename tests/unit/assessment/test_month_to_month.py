"""Segments of the same customers at one snapshot and at the next."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from limner.assessment.bootstrap import estimate, resampled_weights
from limner.assessment.month_to_month import adjusted_rand, month_to_month
from project import settings

SETTINGS = settings().assessment.model_copy(update={"resamples": 50})
MONTHS = ("2024-01-01", "2024-02-01", "2024-03-01")
clusters = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60)


@given(both=clusters)
def test_agrees_with_scikit_learn(both: list[tuple[int, int]]) -> None:
    table = np.zeros((4, 4))
    for pair in both:
        table[pair] += 1
    first, second = zip(*both, strict=True)
    assert float(adjusted_rand(table)) == pytest.approx(adjusted_rand_score(first, second))


def seen(customers: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give everybody one of three segments, for all months."""
    segment = np.tile(np.random.default_rng(seed).integers(0, 3, customers), len(MONTHS))
    return segment, np.tile(np.arange(customers), len(MONTHS)), np.repeat(MONTHS, customers)


def test_customers_who_stay_where_they_are_agree_wholly() -> None:
    found = month_to_month("test", *seen(200), SETTINGS, 1)
    assert found
    assert (found.snapshots, found.customers) == (3, 200)
    for shown in (found.next_snapshot, found.first_to_last, found.stayed):
        assert shown
        assert shown.value == shown.low == shown.high == 1.0


def test_a_move_counts_from_the_snapshot_before_and_for_the_last_against_the_first() -> None:
    segment, customers, months = seen(200)
    moved = segment.copy()
    # Half of the customers are dealt out anew before the second month, and stay there.
    moved[200:300] = moved[400:500] = np.random.default_rng(9).integers(0, 3, 100)
    found = month_to_month("test", moved, customers, months, SETTINGS, 1)
    assert found
    assert found.first_to_last
    first = adjusted_rand_score(segment[:200], moved[200:400])
    assert found.next_snapshot.value == pytest.approx((first + 1) / 2)
    assert found.first_to_last.value == pytest.approx(first)
    assert found.stayed.value == pytest.approx((np.mean(segment[:200] == moved[200:400]) + 1) / 2)
    assert found.next_snapshot.low < found.next_snapshot.value < found.next_snapshot.high


def test_the_interval_is_of_customers_drawn_again_with_all_their_months() -> None:
    segment, customers, months = seen(60)
    # One customer in three moves at every month.
    moved = np.where(customers % 3 == 0, (segment + (months == MONTHS[1])) % 3, segment)
    found = month_to_month("test", moved, customers, months, SETTINGS, 1)
    assert found
    by_month = moved.reshape(3, 60)
    draws = []
    for drawn in resampled_weights(60, 50, 1):
        who = np.repeat(np.arange(60), drawn.astype(int))
        same = [by_month[i, who] == by_month[i + 1, who] for i in (0, 1)]
        draws.append(np.mean(same))
    assert found.stayed == estimate(2 / 3, draws, SETTINGS.confidence)


def test_the_order_of_rows_is_of_no_account() -> None:
    segment, customers, months = seen(200)
    segment[250:300] = 0
    order = np.random.default_rng(2).permutation(len(segment))
    found = month_to_month("test", segment, customers, months, SETTINGS, 1)
    again = month_to_month(
        "test", segment[order], customers[order], months[order], SETTINGS, 1
    )  # fmt: skip
    assert found == again


def test_says_nothing_where_nobody_is_seen_twice() -> None:
    segment, customers, months = seen(200)
    assert month_to_month("test", segment, None, months, SETTINGS, 1) is None
    # At the first month and at the third, never at two in a row.
    apart = np.where(months == MONTHS[1], customers + 200, customers)
    assert month_to_month("test", segment, apart, months, SETTINGS, 1) is None
