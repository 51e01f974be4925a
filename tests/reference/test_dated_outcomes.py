"""Default, attrition and their exclusions against a plain-Python twin, on random banks."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings

from dated_bank import Row, cohort_rows, write_bank
from drawn_banks import SNAPSHOT, Bank, banks
from limner.outcomes import find_dated_outcome
from limner.snapshots.cohort import exclusion_reasons

DAY = dt.timedelta(days=1)
ONBOARDED_BY = dt.date(2022, 1, 31)
YEAR_END, HALF_YEAR_END = dt.date(2024, 1, 31), dt.date(2023, 7, 31)
SILENT_FROM, SILENT_TO = dt.date(2023, 6, 30), dt.date(2023, 9, 30)
QUIET_FROM = dt.date(2022, 10, 31)


class Customer:
    """One customer's rows, asked one day at a time."""

    def __init__(self, bank: Bank, customer: str) -> None:
        def mine(table: str) -> list[Row]:
            return [row for row in bank[table] if row["customer_id"] == customer]

        self.onboarded_on: dt.date = mine("customers")[0]["onboarded_on"]
        self.accounts, self.transactions = mine("accounts"), mine("transactions")
        self.loans, self.instalments = mine("loans"), mine("instalments")
        self.repayments = bank["repayments"]

    def owes(self, instalment: Row, day: dt.date) -> bool:
        """Whether an instalment due before the day is not paid in full when it begins."""
        paid = 0
        for payment in self.repayments:
            if payment["instalment_id"] == instalment["instalment_id"] and payment["paid_on"] < day:
                paid += payment["amount_minor"]
        return instalment["due_on"] < day and paid < instalment["amount_minor"]

    def days_past_due(self, day: dt.date) -> list[int]:
        return [(day - i["due_on"]).days for i in self.instalments if self.owes(i, day)]

    def defaults(self) -> int:
        day = SNAPSHOT
        while day < YEAR_END:
            if 90 in self.days_past_due(day):
                return 1
            day += DAY
        return 0

    def in_default(self) -> bool:
        return any(late > 90 for late in self.days_past_due(SNAPSHOT))

    def has_open_loan(self) -> bool:
        for loan in self.loans:
            month = loan["granted_on"].month - 1 + loan["term_months"]
            year, month = loan["granted_on"].year + month // 12, month % 12 + 1
            day = loan["granted_on"].day
            while day > 28 and not exists(year, month, day):
                day -= 1
            owed = [i for i in self.instalments if i["loan_id"] == loan["loan_id"]]
            runs = dt.date(year, month, day) >= SNAPSHOT
            late = any(self.owes(i, SNAPSHOT) for i in owed)
            if loan["granted_on"] < SNAPSHOT and (runs or late):
                return True
        return False

    def open_accounts(self, day: dt.date) -> list[str]:
        return [
            a["product_id"]
            for a in self.accounts
            if a["opened_on"] < day and (a["closed_on"] is None or a["closed_on"] >= day)
        ]

    def uses_the_bank(self, first: dt.date, end: dt.date) -> bool:
        for row in self.transactions:
            own = row["channel"] in ("atm", "branch") or (
                row["direction"] == "debit" and row["channel"] in ("card", "online", "transfer")
            )
            if own and first <= row["booked_at"].date() < end:
                return True
        return False

    def attrits(self) -> int:
        stays = "current" in self.open_accounts(HALF_YEAR_END)
        return 0 if stays and self.uses_the_bank(SILENT_FROM, SILENT_TO) else 1

    def has_left(self) -> bool:
        held = [a for a in self.accounts if a["opened_on"] < SNAPSHOT]
        held += [loan for loan in self.loans if loan["granted_on"] < SNAPSHOT]
        return bool(held) and not self.open_accounts(SNAPSHOT) and not self.has_open_loan()

    def outcome(self, name: str) -> int:
        return self.defaults() if name == "default_90_days" else self.attrits()

    def position(self, name: str, reasons: tuple[str, ...]) -> int | None:
        reason = self.reason(name)
        return None if reason is None else reasons.index(reason)

    def reason(self, name: str) -> str | None:
        if self.onboarded_on > ONBOARDED_BY:
            return "history too short"
        if self.has_left():
            return "left the bank"
        if name == "attrition":
            return self.reason_not_to_ask_about_attrition()
        if self.in_default():
            return "in default already"
        return None if self.has_open_loan() else "no open loan"

    def reason_not_to_ask_about_attrition(self) -> str | None:
        if "current" not in self.open_accounts(SNAPSHOT):
            return "no current account open"
        return None if self.uses_the_bank(QUIET_FROM, SNAPSHOT) else "dormant already"


def exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def known(bank: Bank) -> dict[str, Customer]:
    """Everybody onboarded before the snapshot."""
    everybody = {row["customer_id"]: row["onboarded_on"] for row in bank["customers"]}
    return {c: Customer(bank, c) for c, day in everybody.items() if day < SNAPSHOT}


@settings(deadline=None, max_examples=50)
@given(bank=banks())
def test_fates_agree_with_the_slow_twin_and_outcomes_for_excluded_customers_too(bank: Bank) -> None:
    slow = known(bank)
    with TemporaryDirectory() as folder:
        write_bank(Path(folder), bank)
        for name in ("default_90_days", "attrition"):
            found = cohort_rows(Path(folder), find_dated_outcome(name), SNAPSHOT)
            reasons = exclusion_reasons(find_dated_outcome(name))
            assert found == [(c, of.position(name, reasons), of.outcome(name))
                             for c, of in slow.items()]  # fmt: skip
