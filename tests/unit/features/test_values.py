"""From facts to feature values: formulas, codes and what is missing."""

import numpy as np
import pytest

from limner.contract import Column
from limner.domain import Bilingual
from limner.features.catalogue import Feature, Formula
from limner.features.values import Facts, feature_values

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CODES = ((96, "a code"), (98, "a code"))
COLUMNS = {
    column.name: column
    for column in (
        Column("late", "integer", "Times late", low=0, high=50, codes=CODES),
        Column("missed", "integer", "Times missed", low=0, high=50, codes=CODES),
        Column("ratio", "number", "A ratio"),
        Column("income", "number", "An income"),
        Column("job", "category", "A job"),
        Column("day", "integer", "A day of the month"),
        Column("month", "category", "A month", allowed=MONTHS),
    )
}
TEXT = Bilingual("text", "文字")


def values(formula: Formula, *of: str, **facts: list[object]) -> list[object]:
    feature = Feature("f", of, "A feature", TEXT, TEXT, formula)
    found = feature_values(feature, COLUMNS, facts)
    return [None if isinstance(v, float) and np.isnan(v) else v for v in found.tolist()]


def test_a_value_is_the_column_itself_and_a_code_is_missing() -> None:
    assert values("value", "late", late=[0, 3, 96, 98, 97, None]) == [0, 3, None, None, 97, None]
    assert values("value", "ratio", ratio=[0.5, float("nan"), 96]) == [0.5, None, 96]


def test_a_code_feature_names_the_code_and_none_for_everything_else() -> None:
    assert values("code", "late", late=[0, 96, 98, 97, None]) == [
        "none",
        "96",
        "98",
        "none",
        "none",
    ]


@pytest.mark.parametrize(
    ("late", "missed", "total"),
    [(2, 3, 5), (0, 0, 0), (None, 3, None), (2, None, None), (96, 3, None), (2, 98, None)],
)
def test_a_sum_is_missing_if_any_part_is_missing_or_a_code(
    late: object, missed: object, total: object
) -> None:
    assert values("sum", "late", "missed", late=[late], missed=[missed]) == [total]


@pytest.mark.parametrize(
    ("late", "missed", "income", "ratio"),
    [(2, 4, 3, 2), (0, 0, 5, 0), (2, 4, 0, None), (None, 4, 3, None), (2, 98, 3, None),
     (2, 4, None, None)],
)  # fmt: skip
def test_a_ratio_is_missing_if_any_part_is_or_if_it_divides_by_nothing(
    late: object, missed: object, income: object, ratio: object
) -> None:
    of = ("late", "missed", "income")
    assert values("ratio", *of, late=[late], missed=[missed], income=[income]) == [ratio]


def test_a_product_ratio_is_the_product_over_the_last() -> None:
    of = ("ratio", "income", "late")
    found = values("product_ratio", *of, ratio=[0.5, 0.5, None], income=[8, 8, 8], late=[2, 0, 2])
    assert found == [2.0, None, None]


def test_an_amount_a_head_counts_one_more_than_the_others() -> None:
    found = values("a_head", "income", "late", income=[900, 900, None, 900], late=[0, 2, 1, None])
    assert found == [900.0, 300.0, None, None]


def test_a_day_of_the_year_is_that_of_a_year_of_365_days() -> None:
    days, months = [1, 28, 1, 31, None, 5], ["jan", "feb", "mar", "dec", "may", None]
    found = values("day_of_year", "day", "month", day=days, month=months)
    assert found == [1.0, 59.0, 60.0, 365.0, None, None]


def test_a_product_is_missing_if_any_part_is() -> None:
    found = values("product", "ratio", "income", ratio=[0.5, None, 0.0], income=[100, 7, None])
    assert found == [50.0, None, None]


def test_a_category_is_its_text_and_never_the_text_of_nothing() -> None:
    assert values("value", "job", job=["student", None, float("nan"), ""]) == [
        "student", None, None, ""]  # fmt: skip


def test_lists_and_arrays_give_the_same_values() -> None:
    feature = Feature("f", ("late", "missed"), "Both", TEXT, TEXT, "sum")
    listed: Facts = {"late": [1, None, 96], "missed": [2, 2, 2]}
    arrays: Facts = {name: np.array(column, dtype=float) for name, column in listed.items()}
    np.testing.assert_array_equal(
        feature_values(feature, COLUMNS, listed), feature_values(feature, COLUMNS, arrays)
    )


def test_never_changes_the_facts() -> None:
    jobs = np.array(["student", float("nan")], dtype=object)
    values("value", "job", job=jobs)  # type: ignore[arg-type]
    assert isinstance(jobs[1], float)
