"""Records of the same person in several systems, and what names people anywhere."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbour.identifiers import mistyped, national_ids
from harbour.records import VARIATIONS

TRUE_RECORDS = "length(customer_id) < 20"


def test_every_record_belongs_to_one_person(bank: Any) -> None:
    identity = bank.known("identity")
    records = bank.rows(f"SELECT customer_id FROM customers WHERE {TRUE_RECORDS}")
    assert identity["record_id"].is_unique
    assert set(records["customer_id"]) == set(identity["record_id"])
    assert bank.known("persons")["customer_id"].isin(identity["record_id"]).all()


def test_people_are_known_to_both_systems_and_some_twice_to_one(bank: Any) -> None:
    systems = bank.known("identity").groupby(["person_id", "system"]).size().unstack(fill_value=0)
    both = (systems["core"] > 0) & (systems["crm"] > 0)
    assert both.sum() == pytest.approx(0.6 * 900, rel=0.1)
    assert (systems["core"] > 1).sum() >= 5
    assert (systems["crm"] > 1).sum() >= 3
    assert ((systems["core"] == 0) & (systems["crm"] > 0)).sum() == 36


def test_further_records_differ_in_every_way_stated(bank: Any) -> None:
    identity = bank.known("identity")
    first = identity["record_id"].isin(bank.known("persons")["customer_id"])
    assert set(identity.loc[first, "variations"]) == {""}
    seen = identity.loc[~first, "variations"].str.split(",").explode()
    assert set(VARIATIONS) <= set(seen)
    assert 0.2 < (identity.loc[~first, "variations"] == "").mean() < 0.7


def test_records_that_do_not_differ_agree_and_changed_ones_do_not(bank: Any) -> None:
    records = bank.rows(f"SELECT * FROM customers WHERE {TRUE_RECORDS}").merge(
        bank.known("identity"), left_on="customer_id", right_on="record_id"
    )
    first = records[records["variations"].eq("") & records["customer_id"].str.startswith("core:1")]
    pairs = records[records["system_x"] == "crm"].merge(first, on="person_id", suffixes=("", "_1"))
    same = pairs[pairs["variations"] == ""]
    assert len(same) > 100
    for column in ("full_name", "email", "address", "postcode", "birth_date", "sex", "region_id"):
        assert (same[column].astype(str) == same[f"{column}_1"].astype(str)).all(), column
    moved = pairs[pairs["variations"].str.contains("moved")]
    assert (moved["address"] != moved["address_1"]).mean() > 0.95
    swapped = pairs[pairs["variations"].str.contains("swapped")]
    assert (swapped["birth_date"].astype(str) != swapped["birth_date_1"].astype(str)).all()
    known_ids = pairs.dropna(subset=["national_id"])
    assert 0.3 < len(known_ids) / len(pairs) < 0.6
    assert (known_ids["national_id"] == known_ids["national_id_1"]).all()


def test_every_text_that_names_somebody_is_planted(bank: Any) -> None:
    planted = set(bank.known("planted")["value"])
    records = bank.rows(f"SELECT * FROM customers WHERE {TRUE_RECORDS}")
    for column in ("full_name", "national_id", "phone", "email"):
        assert set(records[column].dropna()) <= planted, column


def test_notes_name_people_and_what_they_name_is_planted(bank: Any) -> None:
    planted = set(bank.known("planted")["value"])
    notes = bank.rows("SELECT note FROM interactions")["note"]
    ids = notes.str.extract(r"(HB\d{9}-\d\d)")[0].dropna()
    phones = notes.str.extract(r"(\+99 \d{9})")[0].dropna()
    names = notes.str.extract(r"Spoke with ([^.]+)\.")[0].dropna()
    for found in (ids, phones, names):
        assert len(found) >= 10
        assert set(found) <= planted
    assert 0.04 < (len(ids) + len(phones) + len(names)) / len(notes) < 0.12


@given(st.integers(0, 10**8), st.integers(1, 10**8))
def test_national_ids_check_and_never_meet(number: int, step: int) -> None:
    first, second = national_ids(np.array([number, number + step]))
    digits = int(first[2:11] + first[12:])
    assert digits % 97 == 1
    assert first != second


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=20))
def test_a_typing_error_swaps_two_letters_and_keeps_the_first(names: list[str]) -> None:
    right = np.array(names)
    wrong = mistyped(np.random.default_rng(1), right, np.full(len(names), True))
    for before, after in zip(right, wrong, strict=True):
        assert sorted(before) == sorted(after)
        assert before[0] == after[0]
        assert sum(a != b for a, b in zip(before, after, strict=True)) in (0, 2)
    assert (mistyped(np.random.default_rng(1), right, np.full(len(names), False)) == right).all()


def test_campaigns_reach_contacts_of_the_crm_only(bank: Any) -> None:
    rows = bank.rows(
        "SELECT c.*, k.onboarded_on FROM campaign_contacts c JOIN customers k USING (customer_id)"
        " WHERE length(contact_id) < 16 AND length(c.customer_id) < 20"
    )
    assert rows["customer_id"].str.startswith("crm:").all()
    control = rows["arm"] == "control"
    assert rows.loc[control, "channel"].isna().all()
    assert rows.loc[~control, "channel"].notna().all()
    since = pd.to_datetime(rows["onboarded_on"])
    assert (since <= pd.to_datetime(rows["contacted_at"])).all()
