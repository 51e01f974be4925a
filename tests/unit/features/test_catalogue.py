"""What a feature may be used for follows from the columns it is computed from."""

import pytest

from limner.contract import Column, Contract, Sensitivity, Timing
from limner.domain import Bilingual
from limner.errors import UnknownName
from limner.features import find_catalogue
from limner.features.catalogue import Catalogue, Feature
from limner.portfolios import portfolio_names

TEXT = Bilingual("text", "文字")


def feature(*of: str) -> Feature:
    return Feature("_".join(of), of, "A feature", TEXT, TEXT, "sum" if len(of) > 1 else "value")


CATALOGUE = Catalogue(
    Contract(
        "tiny", "Nobody", "A test",
        (
            Column("key", "integer", "Number", sensitivity=Sensitivity.IDENTIFIER),
            Column("age", "integer", "Years", sensitivity=Sensitivity.PROTECTED),
            Column("late", "integer", "Times late", codes=((96, "a code"),)),
            Column("seconds", "integer", "Length", timing=Timing.AFTER_OUTCOME),
            Column("opened", "integer", "Opened", timing=Timing.IS_OUTCOME),
            Column("job", "category", "A job"),
        ),
    ),
    tuple(feature(name) for name in ("key", "age", "late", "seconds", "opened", "job")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (("age",), None),
        (("late", "age"), None),
        (("seconds",), "the contract marks seconds as after the outcome"),
        (("late", "seconds"), "the contract marks seconds as after the outcome"),
        (("late", "opened"), "the contract marks opened as the outcome"),
        (("late", "key"), "the contract marks key as an identifier"),
    ],
)
def test_says_why_no_model_may_ever_use_a_feature(of: tuple[str, ...], why: str | None) -> None:
    assert CATALOGUE.why_never(feature(*of)) == why


def test_names_the_protected_columns_inside_a_feature() -> None:
    assert CATALOGUE.protected_inputs(feature("late", "age")) == ("age",)
    assert CATALOGUE.protected_inputs(feature("late")) == ()


def test_a_category_and_a_code_are_categories_and_a_sum_is_none() -> None:
    code = Feature("code", ("late",), "The code", TEXT, TEXT, "code")
    found = [CATALOGUE.is_category(f) for f in (feature("job"), code, feature("late", "age"))]
    assert found == [True, True, False]


def test_refuses_a_feature_that_no_catalogue_has() -> None:
    with pytest.raises(UnknownName, match="no feature is named 'wealth'; known: key, age"):
        CATALOGUE.find("wealth")


def test_finds_the_catalogue_of_every_portfolio_and_of_no_other() -> None:
    for name in portfolio_names():
        assert find_catalogue(name).contract.table == name
    with pytest.raises(UnknownName, match="is named 'catalogue'; known: bank_marketing"):
        find_catalogue("catalogue")
