"""Products taken and campaigns answered after a snapshot, as worked tables."""

import datetime as dt
from pathlib import Path

import pytest

from dated_bank import NO_LATE_SAMPLE, Row, fates, outcomes, write_bank
from limner.features.relational.catalogue import find_feature
from limner.outcomes import find_dated_outcome
from limner.outcomes.dated_definitions import PRODUCTS_TAKEN
from limner.outcomes.products import PRODUCTS
from limner.portfolios.canonical.holdings import PRODUCT_KINDS
from limner.snapshots import Windows, draw_snapshots

SNAPSHOT = dt.date(2023, 1, 31)
# Three months on there is no 31st: the window ends before April's last day.
FIRST_OUTSIDE = dt.date(2023, 4, 30)
DAY = dt.timedelta(days=1)
CUSTOMER = {"customers": [{"customer_id": "a"}]}
EDGES = [(SNAPSHOT - DAY, 0), (SNAPSHOT, 1), (FIRST_OUTSIDE - DAY, 1), (FIRST_OUTSIDE, 0)]


def taken(kind: str, day: dt.date) -> dict[str, list[Row]]:
    """One customer who takes a product of a kind on a day."""
    if kind == "card":
        return {"cards": [{"customer_id": "a", "kind": "credit", "issued_on": day}]}
    if kind in ("loan", "mortgage"):
        of = {"loan": "car"}.get(kind, kind)
        return {"loans": [{"customer_id": "a", "kind": of, "granted_on": day}]}
    return {
        "products": [{"product_id": "p", "kind": kind}],
        "accounts": [{"customer_id": "a", "product_id": "p", "opened_on": day}],
    }


def test_every_kind_of_product_can_be_taken() -> None:
    assert [outcome.name for outcome in PRODUCTS_TAKEN] == [
        f"product_taken_{kind}" for kind in PRODUCT_KINDS
    ]


@pytest.mark.parametrize("kind", PRODUCT_KINDS)
@pytest.mark.parametrize(("day", "found"), EDGES)
def test_a_product_is_taken_within_three_months(
    tmp_path: Path, kind: str, day: dt.date, found: int
) -> None:
    write_bank(tmp_path, CUSTOMER | taken(kind, day))
    assert fates(tmp_path, find_dated_outcome(f"product_taken_{kind}"), SNAPSHOT) == {"a": found}


@pytest.mark.parametrize("kind", PRODUCT_KINDS)
def test_taking_one_kind_of_product_is_never_taking_another(tmp_path: Path, kind: str) -> None:
    everything: dict[str, list[Row]] = {"products": [], "accounts": [], "cards": [], "loans": []}
    everything["cards"] = [{"customer_id": "a", "kind": "debit", "issued_on": SNAPSHOT}]
    for other in PRODUCT_KINDS:
        if other != kind:
            for table, rows in taken(other, SNAPSHOT).items():
                named = [{**row, "product_id": other} for row in rows] if len(rows) else []
                everything[table] += named if table in ("products", "accounts") else rows
    write_bank(tmp_path, CUSTOMER | everything)
    assert outcomes(tmp_path, find_dated_outcome(f"product_taken_{kind}"), SNAPSHOT) == {"a": 0}


@pytest.mark.parametrize("kind", PRODUCT_KINDS)
@pytest.mark.parametrize(("day", "found"), EDGES)
def test_a_sample_tells_each_product_apart_and_whether_any_was_taken(
    tmp_path: Path, kind: str, day: dt.date, found: int
) -> None:
    write_bank(tmp_path, CUSTOMER | {"cards": [], "loans": [], "products": [], "accounts": []})
    write_bank(tmp_path, taken(kind, day))
    windows = Windows(first_snapshot=SNAPSHOT, last_snapshot=SNAPSHOT, observation_months=12,
                      last_day=FIRST_OUTSIDE)  # fmt: skip
    outcome = find_dated_outcome("next_product")
    drawn = draw_snapshots(tmp_path, outcome, windows, NO_LATE_SAMPLE).frame
    assert drawn["next_product"].tolist() == [found]
    assert {other: drawn[f"product_taken_{other}"].item() for other in PRODUCT_KINDS} == {
        other: found if other == kind else 0 for other in PRODUCT_KINDS
    }


def test_every_product_that_a_model_may_ask_about_is_an_outcome_and_tells_who_holds_it() -> None:
    assert [product.kind for product in PRODUCTS] == list(PRODUCT_KINDS)
    assert tuple(product.taken for product in PRODUCTS) == PRODUCTS_TAKEN
    held_by = [product.held_by for product in PRODUCTS if product.held_by]
    assert len(set(held_by)) == len(held_by)
    for name in held_by:
        feature = find_feature(name)
        # None held is a nought, never unknown: else nobody would be asked.
        assert feature.when_empty.value == 0


def contact(day: dt.date, arm: str = "treated", contact_id: str = "c") -> Row:
    return {
        "customer_id": "a",
        "contact_id": contact_id,
        "contacted_at": dt.datetime.combine(day, dt.time()),
        "arm": arm,
    }


def answer(day: dt.date, response: str = "taken", contact_id: str = "c") -> Row:
    return {
        "customer_id": "a",
        "contact_id": contact_id,
        "responded_at": dt.datetime.combine(day, dt.time()),
        "response": response,
    }


@pytest.mark.parametrize(
    ("contacts", "answers", "found"),
    [
        ([contact(SNAPSHOT)], [answer(SNAPSHOT)], 1),
        ([contact(SNAPSHOT)], [answer(FIRST_OUTSIDE - DAY)], 1),
        ([contact(SNAPSHOT)], [answer(FIRST_OUTSIDE)], 0),
        ([contact(SNAPSHOT)], [answer(SNAPSHOT + DAY, "declined")], 0),
        ([contact(SNAPSHOT)], [], 0),
        # Recorded before the window: no fact of it.
        ([contact(SNAPSHOT)], [answer(SNAPSHOT - DAY)], 0),
        # Contacts of the first month only, which ends before 28 February.
        ([contact(SNAPSHOT - DAY)], [answer(SNAPSHOT)], "not contacted"),
        ([contact(dt.date(2023, 2, 27))], [answer(dt.date(2023, 3, 1))], 1),
        ([contact(dt.date(2023, 2, 28))], [answer(dt.date(2023, 3, 1))], "not contacted"),
        ([], [], "not contacted"),
        ([contact(SNAPSHOT, "control")], [answer(SNAPSHOT)],
         "held out as a campaign's control group"),
        # Offered one product and held out from another; only the offer's answer counts.
        ([contact(SNAPSHOT), contact(SNAPSHOT, "control", "other")], [answer(SNAPSHOT)], 1),
        ([contact(SNAPSHOT), contact(SNAPSHOT, "control", "other")],
         [answer(SNAPSHOT, contact_id="other")], 0),
    ],
)  # fmt: skip
def test_a_campaigns_offer_is_taken_by_customers_contacted_in_the_first_month(
    tmp_path: Path, contacts: list[Row], answers: list[Row], found: int | str
) -> None:
    rows = {"campaign_contacts": contacts, "campaign_responses": answers}
    write_bank(tmp_path, CUSTOMER | rows)
    assert fates(tmp_path, find_dated_outcome("campaign_response"), SNAPSHOT) == {"a": found}
