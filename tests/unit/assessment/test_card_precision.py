"""The most suspicious cards of a day: counted by hand, and against the slowest obvious way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.assessment.card_precision import card_precision

DAYS = [f"2018-07-0{day}" for day in (1, 2, 3)]


def precision(rows: list[tuple[str, str, int, float]], top: int) -> float:
    days, customers, outcome, scores = zip(*rows, strict=True)
    return card_precision(
        np.array(days, dtype="datetime64[D]"), np.array(customers, dtype=object),
        np.array(outcome), np.array(scores), top,
    )  # fmt: skip


def slow_precision(rows: list[tuple[str, str, int, float]], top: int) -> float:
    found: set[str] = set()
    shares = []
    for day in sorted({row[0] for row in rows}):
        today = [row for row in rows if row[0] == day and row[1] not in found]
        cards = {customer: max(s for _, c, _, s in today if c == customer)
                 for customer in dict.fromkeys(row[1] for row in today)}  # fmt: skip
        highest = sorted(cards, key=lambda customer: -cards[customer])[:top]
        caught = {c for c in highest if any(o for _, cc, o, _ in today if cc == c)}
        shares.append(len(caught) / top)
        found |= caught
    return sum(shares) / len(shares)


def test_a_card_counts_once_a_day_with_its_highest_score() -> None:
    # b's fraud has the lower score of its two, and the card is found by the higher.
    rows = [(DAYS[0], "a", 0, 0.5), (DAYS[0], "b", 0, 0.9), (DAYS[0], "b", 1, 0.1)]
    assert precision(rows, 1) == 1
    assert precision(rows, 2) == 0.5


def test_a_card_that_was_found_is_looked_into_no_more() -> None:
    rows = [(DAYS[0], "a", 1, 0.9), (DAYS[1], "a", 1, 0.9), (DAYS[1], "b", 1, 0.2)]
    assert precision(rows, 1) == 1
    missed = [(DAYS[0], "a", 0, 0.9), (DAYS[1], "a", 1, 0.9), (DAYS[1], "b", 1, 0.2)]
    assert precision(missed, 1) == 0.5


def test_a_day_with_fewer_cards_than_can_be_looked_into_is_no_better_for_it() -> None:
    assert precision([(DAYS[0], "a", 1, 0.9)], 100) == pytest.approx(0.01)


@hypothesis_settings(deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(DAYS), st.sampled_from("abcde"), st.integers(0, 1),
            st.sampled_from([0.1, 0.2, 0.3, 0.4]),
        ),
        min_size=1, max_size=30,
    ),
    top=st.integers(1, 4),
)  # fmt: skip
def test_is_what_the_slow_way_counts(rows: list[tuple[str, str, int, float]], top: int) -> None:
    assert precision(rows, top) == pytest.approx(slow_precision(rows, top))
