"""A customer as the slow and obvious twin looks at one: rows known before the snapshot."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from feature_bank import BankRows, Row

EVER = 36_525


class Customer:
    """One customer of a bank, as the bank knew it on the day before the snapshot."""

    def __init__(self, bank: BankRows, customer: str, snapshot: dt.date) -> None:
        self.bank, self.customer, self.snapshot = bank, customer, snapshot

    def rows(self, table: str, at: str, days: int) -> list[Row]:
        """The customer's rows dated within so many days before the snapshot, with their age."""
        found = []
        for row in self.bank[table]:
            if row["customer_id"] != self.customer:
                continue
            day = row[at].date() if isinstance(row[at], dt.datetime) else row[at]
            age = (self.snapshot - day).days
            if 1 <= age <= days:
                found.append({**row, "age": age, "at": row[at]})
        return found

    def transactions(self, days: int, direction: str = "", *categories: str) -> list[Row]:
        return [
            t for t in self.rows("transactions", "booked_at", days)
            if direction in ("", t["direction"]) and (not categories or t["category"] in categories)
        ]  # fmt: skip

    def holdings(self, table: str, start: str, end: str) -> list[Row]:
        """All holdings ever begun; ``ended`` days ago, None where still held."""
        held = []
        for row in self.rows(table, start, EVER):
            over = row[end] is not None and row[end] < self.snapshot
            held.append({**row, "ended": (self.snapshot - row[end]).days if over else None})
        return held

    def accounts(self) -> list[Row]:
        kinds = {p["product_id"]: p["kind"] for p in self.bank["products"]}
        found = self.holdings("accounts", "opened_on", "closed_on")
        return [{**a, "kind": kinds[a["product_id"]]} for a in found]

    def open_accounts(self, *kinds: str) -> list[Row]:
        return [
            a for a in self.accounts() if a["ended"] is None and (not kinds or a["kind"] in kinds)
        ]

    def cards(self) -> list[Row]:
        return self.holdings("cards", "issued_on", "closed_on")

    def orders(self) -> list[Row]:
        return self.holdings("standing_orders", "started_on", "ended_on")

    def running_loans(self) -> list[Row]:
        return [
            {**loan, "term_days": loan["term_months"] * 30.4375}
            for loan in self.rows("loans", "granted_on", 11_000)
            if loan["age"] < loan["term_months"] * 30.4375
        ]

    def instalments(self, days: int) -> list[Row]:
        """Instalments that fell due, with what is unpaid of them and how late they are."""
        found = []
        for due in self.rows("instalments", "due_on", days):
            # Payments on it may carry no other date than their own.
            payments = [
                p for p in self.bank["repayments"]
                if p["instalment_id"] == due["instalment_id"] and p["paid_on"] < self.snapshot
            ]  # fmt: skip
            paid = sum(p["amount_minor"] for p in payments)
            settled = paid >= due["amount_minor"]
            until = max(p["paid_on"] for p in payments) if settled else self.snapshot
            late = max((until - due["due_on"]).days, 0)
            found.append({**due, "unpaid": max(due["amount_minor"] - paid, 0), "late": late})
        return found

    def fact(self, column: str) -> Any:
        """The latest known value; of two learned at once the lower."""
        best = None
        for row in self.rows("customer_facts", "recorded_at", 3_652):
            if row[column] is None:
                continue
            later = best is None or row["at"] > best["at"]
            if later or (row["at"] == best["at"] and row[column] < best[column]):
                best = row
        return best[column] if best else None

    def latest_by(self, unit: str, table: str, at: str, column: str, days: int) -> list[Any]:
        """Each unit's latest known value; of several at one moment the lowest."""
        values: dict[str, tuple[Any, Any]] = {}
        for row in self.rows(table, at, days):
            if row[column] is None:
                continue
            found = values.get(row[unit])
            if found is None or row["at"] > found[0]:
                values[row[unit]] = (row["at"], row[column])
            elif row["at"] == found[0]:
                values[row[unit]] = (row["at"], min(found[1], row[column]))
        return [value for _, value in values.values()]

    def latest_balances(self) -> list[int]:
        return self.latest_by("account_id", "transactions", "booked_at", "balance_minor", 365)

    def statements(self, days: int) -> list[Row]:
        return self.rows("card_statements", "statement_on", days)

    def events(self, days: int, *kinds: str) -> list[Row]:
        found = self.rows("digital_events", "occurred_at", days)
        return [e for e in found if not kinds or e["kind"] in kinds]

    def contacts(self, days: int, topic: str = "") -> list[Row]:
        found = self.rows("interactions", "occurred_at", days)
        return [i for i in found if topic in ("", i["topic"])]

    def offers(self, days: int) -> list[Row]:
        found = self.rows("campaign_contacts", "contacted_at", days)
        return [o for o in found if o["arm"] == "treated"]

    def responses(self, response: str) -> list[Row]:
        found = self.rows("campaign_responses", "responded_at", 730)
        return [r for r in found if r["response"] == response]

    def records(self) -> list[Row]:
        return self.rows("customers", "onboarded_on", EVER)

    def record(self, column: str) -> Any:
        return least(r[column] for r in self.records())

    def region(self, column: str) -> Any:
        homes = {r["region_id"] for r in self.records()}
        return least(r[column] for r in self.bank["regions"] if r["region_id"] in homes)


def least(values: Iterable[Any]) -> Any:
    return min((v for v in values if v is not None), default=None)


def most(values: Iterable[Any]) -> Any:
    return max((v for v in values if v is not None), default=None)
