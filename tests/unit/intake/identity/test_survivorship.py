"""One row a customer: the master system first, then the latest, gaps filled from others."""

import pandas as pd
from pandas.testing import assert_frame_equal

from limner.intake.identity.survivorship import surviving_customers
from people import records_of, two_systems


def merged(records: pd.DataFrame, **customer: str) -> pd.DataFrame:
    ids = records["customer_id"]
    return pd.DataFrame({"record_id": ids, "customer_id": [customer.get(i[-1], i) for i in ids]})


RECORDS = records_of(
    {"customer_id": "crm:3", "onboarded_on": pd.Timestamp("2022-01-01"), "full_name": "New Crm",
     "email": "new@crm.example", "address": "Crm street 1", "postcode": "30000"},
    {"customer_id": "core:2", "onboarded_on": pd.Timestamp("2019-01-01"), "full_name": "Later Core",
     "phone": " ", "national_id": "2"},
    {"customer_id": "core:1", "onboarded_on": pd.Timestamp("2015-01-01"), "full_name": "Old Core",
     "phone": "111", "postcode": "10000"},
    {"customer_id": "crm:4", "onboarded_on": pd.Timestamp("2012-01-01"), "phone": "444",
     "sex": "female", "region_id": "R4"},
    {"customer_id": "crm:9", "full_name": "Someone Else"},
)  # fmt: skip
ONE = dict.fromkeys("1234", "core:1")


def test_master_first_then_latest_and_gaps_filled() -> None:
    row = surviving_customers(RECORDS, merged(RECORDS, **ONE), "core").iloc[0]
    assert row["customer_id"] == "core:1"
    assert row["system"] == "core"
    assert row["full_name"] == "Later Core"
    assert (row["phone"], row["email"], row["sex"]) == ("111", "new@crm.example", "female")
    assert row["onboarded_on"] == pd.Timestamp("2012-01-01")


def test_an_address_is_never_patched_from_two_records() -> None:
    row = surviving_customers(RECORDS, merged(RECORDS, **ONE), "core").iloc[0]
    assert (row["address"], row["postcode"], row["region_id"]) == (None, "10000", None)


def test_one_row_a_customer_in_the_order_of_their_records() -> None:
    survivors = surviving_customers(RECORDS, merged(RECORDS, **ONE), "core")
    assert survivors["customer_id"].tolist() == ["core:1", "crm:9"]
    assert list(survivors.columns) == list(RECORDS.columns)


def test_the_order_of_records_changes_nothing() -> None:
    made = two_systems(300, seed=3)
    customer = made.records["customer_id"].groupby(made.person.to_numpy()).transform("min")
    links = pd.DataFrame({"record_id": made.records["customer_id"], "customer_id": customer})
    shuffled = made.records.sample(frac=1, random_state=2)
    assert_frame_equal(
        surviving_customers(made.records, links, "core"),
        surviving_customers(shuffled, links, "core"),
    )
    assert len(surviving_customers(shuffled, links, "core")) == made.person.nunique()
