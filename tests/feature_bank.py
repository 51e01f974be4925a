"""Small random banks in the canonical tables, with facts crowded around a snapshot's edges."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from limner.contract import Column, Contract, Sensitivity
from limner.domain import Purpose
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.compiler import compile_snapshot
from limner.features.relational.on_duckdb import run_on_duckdb
from limner.features.relational.options import FeatureOptions
from limner.features.relational.parts import parts_to_read
from limner.portfolios.canonical import TABLES, canonical_table
from limner.portfolios.canonical.dealings import TABLES as DEALINGS

Row = dict[str, Any]
BankRows = dict[str, list[Row]]

SNAPSHOT = dt.date(2024, 6, 30)
MONTHLY = {table.table for table in DEALINGS} | {"instalments"}
ENDS = {"accounts": "closed_on", "cards": "closed_on", "standing_orders": "ended_on"}
_EDGES = (0, 1, 30, 60, 90, 180, 365, 730)
_ARROW = {
    "integer": pa.int64(), "number": pa.float64(), "category": pa.string(), "text": pa.string(),
    "date": pa.date32(), "timestamp": pa.timestamp("us"),
}  # fmt: skip


def make_bank(draw: Random, customers: int = 12, snapshot: dt.date = SNAPSHOT) -> BankRows:
    """Draw a bank in which every table has rows before, on and after the snapshot date."""
    return _Maker(draw, customers, snapshot).bank()


def trusted_columns(table: Contract) -> list[Column]:
    """Columns that survive intake, in contract order."""
    return [c for c in table.columns if c.key or c.sensitivity is not Sensitivity.IDENTIFIER]


def write_bank(bank: BankRows, trusted: Path) -> Path:
    """Write the tables as intake does: parts by month, or one for all."""
    for name, rows in bank.items():
        table = canonical_table(name)
        by_part: dict[str, list[Row]] = {} if name in MONTHLY else {"all": []}
        for row in rows:
            at = row[table.known_at] if name in MONTHLY else None
            by_part.setdefault(f"{at:%Y-%m}" if at else "all", []).append(row)
        for part, chosen in by_part.items():
            write_part(name, chosen, trusted / name / f"{part}.parquet")
    return trusted


def write_part(name: str, rows: list[Row], file: Path) -> None:
    """Write rows of one table as one Parquet file."""
    columns = trusted_columns(canonical_table(name))
    schema = pa.schema([(c.name, _ARROW[c.kind]) for c in columns])
    data = {c.name: [row.get(c.name) for row in rows] for c in columns}
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(data, schema=schema), file)


def without_future(bank: BankRows, snapshot: dt.date) -> BankRows:
    """Delete all that became known on the snapshot date or later, ends of holdings too."""
    return {name: list(_past_rows(name, rows, snapshot)) for name, rows in bank.items()}


def _past_rows(name: str, rows: list[Row], snapshot: dt.date) -> Iterator[Row]:
    known_at, end = canonical_table(name).known_at, ENDS.get(name)
    for row in rows:
        if known_at is not None and _day(row[known_at]) >= snapshot:
            continue
        if end and row[end] is not None and row[end] >= snapshot:
            yield {**row, end: None}
        else:
            yield row


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


class _Maker:
    def __init__(self, draw: Random, customers: int, snapshot: dt.date) -> None:
        self.draw, self.snapshot = draw, snapshot
        self.customers = [f"c{number:03d}" for number in range(customers)]
        self.made = 0

    def bank(self) -> BankRows:
        bank: BankRows = {table.table: [] for table in TABLES}
        bank["regions"] = [self._region(number) for number in range(3)]
        bank["products"] = [
            {"product_id": f"p{kind}", "kind": kind, "name": kind}
            for kind in canonical_table("products").column("kind").allowed
        ]
        for customer in self.customers:
            self._person(bank, customer)
            # Some customers have nothing but a record.
            if self.draw.random() < 0.9:
                self._holdings(bank, customer)
                self._dealings(bank, customer)
        return bank

    def _person(self, bank: BankRows, customer: str) -> None:
        # Now and then intake merged two records of one customer.
        for _ in range(1 if self.draw.random() < 0.8 else 2):
            bank["customers"].append({
                "customer_id": customer, "system": "core", "onboarded_on": self._date(3_000),
                "birth_date": self._maybe(dt.date(1940, 1, 1)
                                          + dt.timedelta(self.draw.randrange(22_000))),
                "sex": self._maybe(self._code("customers", "sex")),
                "region_id": self._maybe(f"r{self.draw.randrange(4)}"),
            })  # fmt: skip
        for _ in range(self.draw.randrange(4)):
            bank["customer_facts"].append({
                "customer_id": customer, "recorded_at": self._time(1_000),
                "marital_status": self._maybe(self._code("customer_facts", "marital_status")),
                "education": self._maybe(self._code("customer_facts", "education")),
                "employment": self._maybe(self._code("customer_facts", "employment")),
                "income_minor": self._maybe(self.draw.randrange(500_000)),
                "dependents": self._maybe(self.draw.randrange(5)),
                "residence": self._maybe(self._code("customer_facts", "residence")),
            })  # fmt: skip
        for _ in range(self.draw.randrange(4)):
            bank["consents"].append({
                "customer_id": customer, "purpose": self._code("consents", "purpose"),
                "decision": self._code("consents", "decision"), "recorded_at": self._time(400),
            })  # fmt: skip

    def _holdings(self, bank: BankRows, customer: str) -> None:
        for _ in range(self.draw.randrange(1, 4)):
            opened = self._date(2_000)
            account = self._id("a")
            bank["accounts"].append({
                "account_id": account, "customer_id": customer,
                "product_id": f"p{self._code('products', 'kind')}", "opened_on": opened,
                "closed_on": self._end(opened),
                "overdraft_limit_minor": self._maybe(self.draw.randrange(0, 300_000, 1000)),
            })  # fmt: skip
            bank["account_holders"].append({
                "account_id": account, "customer_id": self.draw.choice(self.customers),
                "role": self._code("account_holders", "role"), "since": self._date(1_000),
            })  # fmt: skip
            started = self._date(800)
            bank["standing_orders"].append({
                "order_id": self._id("o"), "account_id": account, "customer_id": customer,
                "purpose": self._code("standing_orders", "purpose"),
                "amount_minor": self.draw.randrange(50_000), "started_on": started,
                "ended_on": self._end(started),
            })  # fmt: skip
            for _ in range(self.draw.choice((0, 5, 25))):
                bank["transactions"].append(self._transaction(customer, account))
        for _ in range(self.draw.randrange(3)):
            self._loan(bank, customer)
            self._card(bank, customer)

    def _loan(self, bank: BankRows, customer: str) -> None:
        loan = self._id("l")
        bank["loans"].append({
            "loan_id": loan, "customer_id": customer, "account_id": None,
            "kind": self._code("loans", "kind"), "granted_on": self._date(900),
            "principal_minor": self.draw.randrange(1, 5_000_000),
            "term_months": self.draw.choice((1, 6, 24, 120)),
            "annual_rate": self._maybe(self.draw.random() / 4),
        })  # fmt: skip
        for _ in range(self.draw.randrange(8)):
            due = self._date(800)
            instalment, amount = self._id("i"), self.draw.randrange(1, 40_000)
            bank["instalments"].append({
                "instalment_id": instalment, "loan_id": loan, "customer_id": customer,
                "due_on": due, "amount_minor": amount,
            })  # fmt: skip
            for _ in range(self.draw.randrange(3)):
                bank["repayments"].append({
                    "repayment_id": self._id("y"), "instalment_id": instalment,
                    "customer_id": customer,
                    "paid_on": due + dt.timedelta(self.draw.choice((-40, -1, 0, 1, 20, 45, 200))),
                    "amount_minor": self.draw.choice((amount, 1 + amount // 2)),
                })  # fmt: skip

    def _card(self, bank: BankRows, customer: str) -> None:
        card, issued = self._id("k"), self._date(1_500)
        bank["cards"].append({
            "card_id": card, "customer_id": customer, "account_id": None,
            "kind": self._code("cards", "kind"), "tier": self._maybe(self._code("cards", "tier")),
            "issued_on": issued, "closed_on": self._end(issued),
            "limit_minor": self._maybe(self.draw.randrange(0, 900_000, 1000)),
        })  # fmt: skip
        for day in {self._date(400) for _ in range(self.draw.randrange(8))}:
            owed = self.draw.randrange(500_000)
            bank["card_statements"].append({
                "card_id": card, "customer_id": customer, "statement_on": day,
                "balance_minor": owed, "limit_minor": self.draw.choice((0, 500_000, 900_000)),
                "past_due_minor": self.draw.choice((0, 0, owed // 3)),
            })  # fmt: skip

    def _dealings(self, bank: BankRows, customer: str) -> None:
        for _ in range(self.draw.randrange(12)):
            bank["digital_events"].append({
                "event_id": self._id("e"), "customer_id": customer, "occurred_at": self._time(400),
                "kind": self._code("digital_events", "kind"),
                "device": self._code("digital_events", "device"),
                "seconds": self._maybe(self.draw.randrange(900)),
            })  # fmt: skip
        for _ in range(self.draw.randrange(6)):
            bank["interactions"].append({
                "interaction_id": self._id("n"), "customer_id": customer,
                "occurred_at": self._time(800), "channel": self._code("interactions", "channel"),
                "topic": self._maybe(self._code("interactions", "topic")),
                "resolved": self._maybe(self._code("interactions", "resolved")),
            })  # fmt: skip
        for _ in range(self.draw.randrange(5)):
            contact = self._id("m")
            bank["campaign_contacts"].append({
                "contact_id": contact, "campaign_id": "m", "customer_id": customer,
                "contacted_at": self._time(800), "arm": self._code("campaign_contacts", "arm"),
                "offer": self._code("campaign_contacts", "offer"),
                "channel": self._maybe(self._code("campaign_contacts", "channel")),
            })  # fmt: skip
            if self.draw.random() < 0.5:
                bank["campaign_responses"].append({
                    "contact_id": contact, "customer_id": customer,
                    "responded_at": self._time(800),
                    "response": self._code("campaign_responses", "response"),
                })  # fmt: skip

    def _transaction(self, customer: str, account: str) -> Row:
        return {
            "transaction_id": self._id("t"), "account_id": account, "customer_id": customer,
            "booked_at": self._time(400),
            "direction": self._code("transactions", "direction"),
            "amount_minor": self.draw.choice((0, self.draw.randrange(1_000_000))),
            "channel": self._code("transactions", "channel"),
            "category": self._code("transactions", "category"),
            "counterparty": self._maybe(f"x{self.draw.randrange(6)}"),
            "balance_minor": self._maybe(self.draw.randrange(-200_000, 2_000_000)),
        }  # fmt: skip

    def _region(self, number: int) -> Row:
        return {
            "region_id": f"r{number}", "name": f"Region {number}",
            "inhabitants": self._maybe(self.draw.randrange(1_000, 900_000)),
            "urban_share": self._maybe(self.draw.random()),
            "average_salary_minor": self._maybe(self.draw.randrange(900_000)),
            "unemployment_rate": self._maybe(self.draw.random()),
            "crimes_per_1000": self._maybe(self.draw.random() * 90),
        }  # fmt: skip

    def _id(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made:05d}"

    def _code(self, table: str, column: str) -> str:
        return self.draw.choice(canonical_table(table).column(column).allowed)

    def _maybe(self, value: Any) -> Any:
        return value if self.draw.random() < 0.85 else None

    def _date(self, back: int) -> dt.date:
        if self.draw.random() < 0.3:
            return self.snapshot - dt.timedelta(self.draw.choice(_EDGES) + self.draw.choice((0, 1)))
        return self.snapshot + dt.timedelta(self.draw.randrange(-back, 60))

    def _time(self, back: int) -> dt.datetime:
        midnight = dt.datetime.combine(self._date(back), dt.time())
        # Exactly midnight, a second before it, or any second of the day.
        return midnight + dt.timedelta(
            seconds=self.draw.choice((0, -1, self.draw.randrange(86_400)))
        )

    def _end(self, start: dt.date) -> dt.date | None:
        if self.draw.random() < 0.5:
            return None
        return max(start, self._date(400))


# Every column that survives intake, whether a small random bank happens to know it or not.
ALL_TABLES = {t.table: frozenset(c.name for c in trusted_columns(t)) for t in TABLES}
EVERYONE = dict.fromkeys(Purpose, True)


def features_of(
    bank: BankRows, folder: Path, snapshot: dt.date = SNAPSHOT, runner: Any = run_on_duckdb
) -> list[Row]:
    """Compute the whole catalogue on a bank; rows in order of customers."""
    trusted = write_bank(bank, folder / "trusted")
    compiled = compile_snapshot(FEATURES, ALL_TABLES, snapshot, EVERYONE)
    parts = parts_to_read(trusted, compiled.look_back, snapshot)
    runner(compiled, parts, folder / "found.parquet", FeatureOptions())
    return pq.read_table(folder / "found.parquet").to_pylist()
