"""The mapping on the real files: facts counted by other means, and rows worked out by hand."""

import csv
import os
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from limner.portfolios.berka import LOAN_STATUS, PORTFOLIO
from made_berka import breaches, map_all, opened
from project import ROOT

FOLDER = Path(os.environ.get("LIMNER_SHARED_DATA", ROOT.parent / "shared" / "data")) / "berka"
WHOLE = (FOLDER / "trans.asc").is_file()

pytestmark = pytest.mark.skipif(
    not (FOLDER / "account.asc").is_file(),
    reason="no files of Berka: set LIMNER_SHARED_DATA to a folder that has berka/account.asc",
)
of_parts = pytest.mark.skipif(WHOLE, reason="these figures are of the parts of trans.asc")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return map_all(FOLDER)


def raw(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def raw_transactions() -> list[dict[str, str]]:
    rows = [row for part in sorted(FOLDER.glob("trans*")) for row in raw(part.name)]
    return list({row["trans_id"]: row for row in rows}.values())


def hellers(text: str) -> int:
    crowns, _, rest = text.removeprefix("-").partition(".")
    return (-1 if text.startswith("-") else 1) * int(crowns + rest.ljust(2, "0"))


def test_the_real_files_keep_every_promise_of_the_contracts(
    tables: dict[str, pd.DataFrame],
) -> None:
    assert breaches(tables) == set()


@of_parts
def test_every_row_of_the_files_arrives_once(tables: dict[str, pd.DataFrame]) -> None:
    assert {name: len(frame) for name, frame in tables.items()} == {
        "customers": 5_369,
        "regions": 77,
        "products": 5,
        "accounts": 4_500,
        "account_holders": 5_369,
        "loans": 524,
        "instalments": sum(int(loan["duration"]) for loan in raw("loan.asc")),
        "cards": 892,
        "transactions": 49_102 + 15_486,
        "repayments": 123,
    }


def test_no_heller_is_lost_or_turned(tables: dict[str, pd.DataFrame]) -> None:
    rows, frame = raw_transactions(), tables["transactions"]
    assert len(rows) == len(frame)
    for name, column in (("amount", "amount_minor"), ("balance", "balance_minor")):
        expected = {row["trans_id"]: hellers(row[name]) for row in rows}
        found = dict(zip(frame.transaction_id, frame[column].astype(int), strict=True))
        assert found == expected
    incoming = {row["trans_id"] for row in rows if row["type"] in ("PRIJEM", "credit")}
    assert set(frame.transaction_id[frame.direction == "credit"]) == incoming


@of_parts
def test_what_transactions_are_for_is_counted_as_the_files_say(
    tables: dict[str, pd.DataFrame],
) -> None:
    assert tables["transactions"].category.value_counts().to_dict() == {
        "cash": 9_759 + 651 + 41 + 13_436 + 12 + 2_815 + 12 + 4_959 + 417,
        "interest": 9_463 + 2_587,
        "fees": 5_445 + 1_605,
        "housing": 3_603 + 116 + 1_073 + 37,
        "other": 2_002 + 1_636 + 337 + 690 + 916,
        "pension": 1_770,
        "insurance": 644 + 340,
        "loan": 123,
        "penalty": 64 + 35,
    }


def test_women_are_those_whose_month_is_above_50(tables: dict[str, pd.DataFrame]) -> None:
    customers = tables["customers"].set_index("customer_id")
    women = sum(client["birth_number"][2:4] > "50" for client in raw("client.asc"))
    assert Counter(customers.sex) == {"female": women, "male": 5_369 - women}
    # 706213, 450204 and 406009 in client.asc; account 1 is of 950324, account 2 of 930226.
    names = ["sex", "birth_date", "onboarded_on", "region_id"]
    assert customers.loc["core:1", names].tolist() == ["female", "1970-12-13", "1995-03-24", "18"]
    assert customers.loc["core:2", names].tolist() == ["male", "1945-02-04", "1993-02-26", "1"]
    assert customers.loc["core:3", names].tolist() == ["female", "1940-10-09", "1993-02-26", "1"]


def test_each_account_opens_with_what_is_paid_in(tables: dict[str, pd.DataFrame]) -> None:
    """From 576's first row (171812;576;930101;PRIJEM;VKLAD;900.00;900.00), and for them all."""
    transactions = tables["transactions"].set_index("transaction_id")
    names = ["account_id", "booked_at", "amount_minor", "balance_minor"]
    assert transactions.loc["171812", names].tolist() == [
        "576", "1993-01-01 00:00:00", "90000", "90000",
    ]  # fmt: skip
    opened_on = tables["accounts"].set_index("account_id").opened_on
    first = transactions.sort_values("booked_at", kind="stable").groupby("account_id").booked_at
    assert (first.first().str[:10] == opened_on[first.first().index]).all()


def test_every_plan_adds_up_to_its_loan(tables: dict[str, pd.DataFrame]) -> None:
    loans = tables["loans"].set_index("loan_id")
    plan = tables["instalments"]
    due = plan.amount_minor.astype(int).groupby(plan.loan_id).agg(["sum", "count"])
    assert (due["sum"] == loans.principal_minor.astype(int)[due.index]).all()
    assert (due["count"] == loans.term_months.astype(int)[due.index]).all()
    assert set(plan.due_on.str[-2:]) == {"12"}
    assert (plan.due_on > plan.loan_id.map(loans.granted_on)).all()


def test_every_repayment_pays_its_instalment_in_full_and_not_early(
    tables: dict[str, pd.DataFrame],
) -> None:
    plan = tables["instalments"].set_index("instalment_id")
    paid = tables["repayments"].set_index("instalment_id")
    due = plan.loc[paid.index]
    assert (paid.amount_minor.astype(int) >= due.amount_minor.astype(int)).all()
    assert (paid.paid_on >= due.due_on).all()


@of_parts
def test_only_the_account_that_missed_instalments_pays_late(
    tables: dict[str, pd.DataFrame],
) -> None:
    paid = tables["repayments"].merge(tables["instalments"], on="instalment_id")
    late = paid[paid.paid_on > paid.due_on]
    # Loan 5314 of 5 July 1993 was first paid on 12 March 1994: 8 instalments were missed.
    assert late[["instalment_id", "due_on", "paid_on"]].to_numpy().tolist() == [
        ["5314-1", "1993-07-12", "1994-03-12"],
    ]  # fmt: skip


def test_loans_that_went_bad_are_those_of_status_b_and_d() -> None:
    with opened(FOLDER) as connection:
        outcome = connection.execute(PORTFOLIO.mapping(LOAN_STATUS.table)).df()
    status = {loan["loan_id"]: loan["status"] for loan in raw("loan.asc")}
    assert dict(zip(outcome.loan_id, outcome.status, strict=True)) == status
    bad = {loan for loan, letter in status.items() if letter in "BD"}
    assert set(outcome.loan_id[outcome.bad == 1]) == bad
    assert set(outcome.loan_id[outcome.bad == 0]) == set(status) - bad
    if not WHOLE:
        assert (len(bad), len(status)) == (72, 524)
