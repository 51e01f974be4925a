"""Two versions' segments of the same customers."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from limner.assessment.segment_comparison import SegmentComparison, compare_segments
from limner.domain import Bilingual
from limner.settings import load_settings

ASSESSMENT = load_settings().assessment.model_copy(update={"resamples": 20})
NAMES = [Bilingual(f"segment {number}", f"第{number}群") for number in range(4)]
Segments = npt.NDArray[np.int64]

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=60)


def compare(
    first: Segments, second: Segments, clusters: Segments | None = None
) -> SegmentComparison:
    return compare_segments(
        "test", ("new", first, NAMES), ("old", second, NAMES[:3]), ASSESSMENT, 1, clusters
    )


@given(rows)
@settings(deadline=None, max_examples=50)
def test_the_index_is_scikit_learns_and_every_row_is_counted_once(
    drawn: list[tuple[int, int]],
) -> None:
    first, second = np.array(drawn, dtype=np.int64).T
    found = compare(first, second)
    assert found.adjusted_rand.value == pytest.approx(adjusted_rand_score(second, first))
    counted = np.zeros((3, 4), dtype=np.int64)
    np.add.at(counted, (second, first), 1)
    assert np.array(found.meet).tolist() == counted.tolist()
    stay = sum(line[place] for line, place in zip(found.meet, found.matched, strict=True)
               if place is not None)  # fmt: skip
    assert found.moved.value == pytest.approx(1 - stay / found.rows)
    assert found.moved.low <= found.moved.value <= found.moved.high


@given(rows, st.permutations(range(4)))
@settings(deadline=None, max_examples=50)
def test_other_numbers_for_the_same_segments_move_nobody(
    drawn: list[tuple[int, int]], numbers: list[int]
) -> None:
    second = np.array([pair[1] for pair in drawn], dtype=np.int64)
    found = compare(np.array(numbers, dtype=np.int64)[second], second)
    assert (found.adjusted_rand.value, found.moved.value) == (1, 0)
    for place in np.unique(second).tolist():
        assert found.matched[place] == numbers[place]


def test_a_new_segment_moves_those_who_left_an_old_one_for_it() -> None:
    second = np.repeat([0, 1, 2], [50, 30, 20])
    first = np.where(np.arange(100) < 15, 3, second)
    found = compare(first, second)
    assert found.moved.value == pytest.approx(0.15)
    assert found.matched == (0, 1, 2)
    assert found.meet == ((35, 0, 0, 15), (0, 30, 0, 0), (0, 0, 20, 0))


def test_a_customers_rows_are_drawn_together() -> None:
    second = np.repeat([0, 1], 40)
    first = np.where(np.arange(80) < 8, 1, second)
    alone, together = compare(first, second), compare(first, second, np.arange(80) // 8)
    assert together.moved.value == alone.moved.value == pytest.approx(0.1)
    assert together.moved.high - together.moved.low > alone.moved.high - alone.moved.low
