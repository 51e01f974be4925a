"""Categories become checked codes; a category without a code is never scored."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.contract import Column
from limner.domain import Bilingual
from limner.errors import UnknownCategory
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature, encode, fit_features

TEXT = Bilingual("text", "文字")
COLUMNS = {
    "job": Column("job", "category", "A job"),
    "age": Column("age", "integer", "Years"),
    "late": Column("late", "integer", "Times late", codes=((96, "a code"),)),
}
JOB = Feature("job", ("job",), "A job", TEXT, TEXT)
AGE = Feature("age", ("age",), "Years", TEXT, TEXT)
LATE_CODE = Feature("late_code", ("late",), "The code", TEXT, TEXT, "code")


def fitted(development: dict[str, list[object]], *features: Feature) -> tuple[FittedFeature, ...]:
    return fit_features(features, {"age": -1}, COLUMNS, development)


def test_categories_get_their_codes_in_alphabetical_order() -> None:
    (job,) = fitted({"job": ["student", None, "admin.", "retired", "student"]}, JOB)
    assert job.categories == ("admin.", "retired", "student")
    matrix = encode([job], COLUMNS, {"job": ["student", "admin.", None]}, "here")
    np.testing.assert_array_equal(matrix, [[2], [0], [np.nan]])


@settings(deadline=None)
@given(st.permutations(["student", "admin.", "retired", "maid"]))
def test_codes_never_depend_on_the_order_of_customers(jobs: list[object]) -> None:
    (job,) = fitted({"job": jobs}, JOB)
    assert job.categories == ("admin.", "maid", "retired", "student")


def test_numbers_have_no_categories_and_keep_their_direction() -> None:
    age, job = fitted({"age": [30, 31], "job": ["student", "maid"]}, AGE, JOB)
    assert (age.categories, age.monotone) == (None, -1)
    assert job.monotone == 0


def test_the_matrix_is_what_trees_read() -> None:
    features = fitted({"age": [30], "job": ["student"], "late": [96]}, AGE, JOB, LATE_CODE)
    facts = {"age": [30, None], "job": ["student", None], "late": [96, 96]}
    matrix = encode(features, COLUMNS, facts, "here")
    assert matrix.dtype == np.float32
    assert matrix.flags["F_CONTIGUOUS"]
    np.testing.assert_array_equal(matrix, [[30, 0, 0], [np.nan, np.nan, 0]])


def test_refuses_a_category_never_seen_and_names_column_value_and_known_ones() -> None:
    features = fitted({"job": ["student", "maid"]}, JOB)
    with pytest.raises(UnknownCategory) as refusal:
        encode(features, COLUMNS, {"job": ["student", "astronaut"]}, "model m, test sample")
    assert str(refusal.value) == (
        "model m, test sample: job = 'astronaut' was never seen in training;"
        " known values: maid, student"
    )


def test_refuses_a_code_never_seen_and_names_the_column_it_stands_in() -> None:
    features = fitted({"late": [1, 2]}, LATE_CODE)
    with pytest.raises(UnknownCategory) as refusal:
        encode(features, COLUMNS, {"late": [96]}, "records")
    assert (refusal.value.column, refusal.value.value) == ("late", "96")


def test_never_takes_a_category_for_another_by_case_or_spaces() -> None:
    features = fitted({"job": ["student"]}, JOB)
    for value in ("Student", " student", ""):
        with pytest.raises(UnknownCategory):
            encode(features, COLUMNS, {"job": [value]}, "records")
