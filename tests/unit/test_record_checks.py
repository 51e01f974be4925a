"""A record that cannot be scored is refused with every field at fault, and why."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.errors import ColumnTwice, FactsMissing, RecordInvalid
from limner.scoring import (
    admitted_columns,
    check_records,
    must_be_given,
    score_records,
    score_table,
)
from limner.scoring.records import records_of_table
from small_models import PROPENSITY, RISK, fitted

BORROWER = dict(fitted(RISK).manifest.example)
CUSTOMER = dict(fitted(PROPENSITY).manifest.example)


def faults(model: str, *records: Mapping[str, Any]) -> dict[str, str]:
    """Name every fault by its pointer."""
    try:
        check_records(fitted(model).manifest, records)
    except RecordInvalid as refusal:
        return {fault.pointer: fault.detail for fault in refusal.faults}
    return {}


def test_the_examples_can_be_scored() -> None:
    assert faults(RISK, BORROWER) == faults(PROPENSITY, CUSTOMER) == {}


def test_refuses_every_fault_of_every_record_at_once() -> None:
    broken = BORROWER | {"age": 17, "debt_ratio": "much", "wealth": 1}
    less = {k: v for k, v in BORROWER.items() if k != "open_credit_lines"}
    found = faults(RISK, BORROWER, broken, less)
    assert list(found) == ["/1/wealth", "/1/age", "/1/debt_ratio", "/2/open_credit_lines"]
    assert found["/1/wealth"].startswith("unknown field; known: ")
    assert "monthly_income" in found["/1/wealth"]
    assert found["/1/age"] == "must be from 18 to 110"
    assert found["/1/debt_ratio"] == "must be a number"
    assert found["/2/open_credit_lines"] == "must be given"


@pytest.mark.parametrize(
    ("field", "value", "detail"),
    [
        ("age", None, None),
        ("age", True, "must be an integer"),
        ("age", "30", "must be an integer"),
        ("age", 30.5, "must be an integer"),
        ("age", [30], "must be an integer"),
        ("age", 30.0, None),
        ("age", np.int64(30), None),
        ("age", 111, "must be from 18 to 110"),
        ("age", float("nan"), "must be a finite number"),
        ("age", 10**400, "must be a finite number"),
        ("debt_ratio", float("inf"), "must be a finite number"),
        ("debt_ratio", float("-inf"), "must be a finite number"),
        ("debt_ratio", np.float32("nan"), "must be a finite number"),
        ("debt_ratio", False, "must be a number"),
        ("debt_ratio", {"value": 1}, "must be a number"),
        ("debt_ratio", 1, None),
        ("debt_ratio", -0.001, "must be from 0 to 1,000,000"),
        ("late_90_days", 50, None),
        ("late_90_days", 51, "must be from 0 to 50"),
        ("late_90_days", 96, None),
        ("late_90_days", 97, "must be from 0 to 50"),
        ("late_90_days", None, "must be given"),
        ("monthly_income", None, None),
        ("monthly_income", 0, None),
    ],
)
def test_holds_a_number_to_its_contract(field: str, value: object, detail: str | None) -> None:
    expected = {} if detail is None else {f"/0/{field}": detail}
    assert faults(RISK, BORROWER | {field: value}) == expected


@pytest.mark.parametrize("value", ["astronaut", "Student", "", 3, True, ["student"], {}])
def test_holds_a_category_to_the_known_values(value: object) -> None:
    found = faults(PROPENSITY, CUSTOMER | {"job": value})
    assert found["/0/job"].startswith("must be one of: admin., blue-collar,")
    assert faults(PROPENSITY, CUSTOMER | {"job": None}) == {"/0/job": "must be given"}


def test_refuses_a_fact_that_is_in_the_contract_but_not_in_the_model() -> None:
    found = faults(PROPENSITY, CUSTOMER | {"call_seconds": 60, "subscribed": 1, "customer_id": 5})
    assert set(found) == {"/0/call_seconds", "/0/subscribed", "/0/customer_id"}


def test_a_protected_attribute_never_has_to_be_given() -> None:
    for model, example in ((RISK, BORROWER), (PROPENSITY, CUSTOMER)):
        assert not must_be_given(fitted(model).manifest.columns["age"])
        less = {name: value for name, value in example.items() if name != "age"}
        assert faults(model, less, example | {"age": None}) == {}
        assert len(score_records(fitted(model), [less])) == 1


def test_what_the_contract_allows_but_training_lacked_is_refused_and_never_scored() -> None:
    manifest = fitted(PROPENSITY).manifest
    narrowed = manifest.model_copy(
        update={
            "features": tuple(
                type(f)(f.feature, ("maid", "student"), f.monotone)
                if f.feature.name == "job"
                else f
                for f in manifest.features
            )
        }
    )
    assert admitted_columns(narrowed)["job"].allowed == ("student",)
    with pytest.raises(RecordInvalid, match=r"must be one of: student$"):
        check_records(narrowed, [CUSTOMER | {"job": "retired"}])


def test_a_refused_batch_is_refused_whole() -> None:
    with pytest.raises(RecordInvalid, match="/1/age: must be an integer"):
        score_records(fitted(RISK), [BORROWER, BORROWER | {"age": "old"}])


ODD_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-200, 2_000_000), st.floats(allow_nan=True),
    st.sampled_from(["married", "unknown", "30", "", 96, 98, 0.5]),
)  # fmt: skip


@given(data=st.data())
@hypothesis_settings(deadline=None, max_examples=150)
def test_a_table_is_refused_for_what_its_rows_as_records_are_refused(data: st.DataObject) -> None:
    model, example = data.draw(st.sampled_from([(RISK, BORROWER), (PROPENSITY, CUSTOMER)]))
    field = data.draw(st.sampled_from(sorted(example)))
    values = data.draw(st.lists(st.one_of(ODD_VALUES, st.just(example[field])), min_size=1))
    one = fitted(model)
    table = pd.DataFrame([example | {field: value} for value in values])
    expected = faults(model, *records_of_table(one.manifest, table))
    try:
        scores = score_table(one, table)
    except RecordInvalid as refusal:
        assert {fault.pointer: fault.detail for fault in refusal.faults} == expected
    else:
        assert not expected
        assert len(scores) == len(values)


def test_a_table_without_a_column_that_must_be_given_is_refused() -> None:
    table = pd.DataFrame([BORROWER]).drop(columns="open_credit_lines")
    with pytest.raises(FactsMissing, match="must be given: open_credit_lines;"):
        score_table(fitted(RISK), table)


def test_a_table_without_any_fact_is_never_scored() -> None:
    one = fitted(RISK)
    optional = [replace(column, required=False) for column in one.manifest.facts]
    bold = replace(one, manifest=one.manifest.model_copy(update={"facts": tuple(optional)}))
    with pytest.raises(FactsMissing, match="revolving_utilisation"):
        score_table(bold, pd.DataFrame({"a": [1, 2], "b": [3, 4]}))


def test_a_table_with_a_fact_twice_is_refused() -> None:
    table = pd.DataFrame([BORROWER])
    with pytest.raises(ColumnTwice, match="monthly_income"):
        score_table(fitted(RISK), pd.concat([table, table[["monthly_income"]]], axis=1))
