"""Spelling, order and punctuation are no difference; another person is."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.intake.identity.normalisation import normalise
from limner.intake.text_folding import fold
from people import records_of


def field(name: str, column: str, value: object) -> object:
    return normalise(records_of({"customer_id": "core:1", column: value}))[name][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ján Novák", "NOVAK, Jan"),
        ("Dr. Anna-Marie O'Brien", "anna marie o’brien"),
        ("王小明", "王 小明"),
        ("Łukasz Straße", "lukasz strasse"),
        ("Ｊａｎ Novák", "Jan  Nova\u0301k"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert field("name_key", "full_name", one) == field("name_key", "full_name", other)


def test_a_chinese_name_is_parted_after_its_family_name() -> None:
    forms = normalise(records_of(
        {"customer_id": "core:1", "full_name": "王小明"},
        {"customer_id": "core:2", "full_name": "歐陽小明"},
        {"customer_id": "core:3", "full_name": "歐陽"},
    ))  # fmt: skip
    assert forms["family"].tolist() == ["王", "歐陽", "歐"]
    assert forms["given"].tolist() == ["小明", "小明", "陽"]


@pytest.mark.parametrize("phone", ["+420 777 123 456", "00420-777/123456", "777123456"])
def test_a_telephone_is_its_subscriber_digits(phone: str) -> None:
    assert field("phone_digits", "phone", phone) == "777123456"


@pytest.mark.parametrize(
    ("name", "column", "nothing"),
    [
        ("phone_digits", "phone", "n/a"),
        ("phone_digits", "phone", "12"),
        ("phone_digits", "phone", "000000000"),
        ("mail", "email", "none"),
        ("name_key", "full_name", " -. "),
        ("name_key", "full_name", "Mr."),
        ("national", "national_id", "--"),
        ("born", "birth_date", "not a day"),
        ("street", "address", None),
    ],
)
def test_what_says_nothing_is_unknown(name: str, column: str, nothing: object) -> None:
    assert field(name, column, nothing) is None


def test_a_day_and_a_month_that_may_be_swapped_meet() -> None:
    days = [pd.Timestamp("1980-03-11"), pd.Timestamp("1980-11-03"), pd.Timestamp("1980-03-12")]
    forms = [field("born_any_order", "birth_date", day) for day in days]
    assert forms[0] == forms[1] == "19800311"
    assert forms[2] != forms[0]


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_can_be_a_name_and_an_address(name: str, address: str) -> None:
    made = records_of({"customer_id": "core:1", "full_name": name, "address": address})
    assert len(normalise(made)) == 1
