"""Tiny trusted tables by hand, and what becomes of each of their customers at a snapshot."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from limner.contract import Contract, Sensitivity
from limner.domain import Purpose
from limner.engine import connect
from limner.outcomes.dated import DatedOutcome
from limner.portfolios.berka import PORTFOLIO as BERKA
from limner.portfolios.canonical import canonical_table
from limner.settings import Samples
from limner.snapshots.cohort import (
    Consent,
    exclusion_reasons,
    make_cohort,
    open_consents,
    open_tables,
)
from limner.snapshots.windows import SnapshotSamples, Windows

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]

SHARES = Samples(development=0.6, validation=0.2, test=0.2)
NO_LATE_SAMPLE = SnapshotSamples(shares=SHARES, out_of_time_from=None, purge_overlap=False, seed=7)
FAR = dt.date(2099, 1, 1)

_TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "category": pa.string(),
    "text": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
_PLAIN: Row = {
    "customers": {"onboarded_on": dt.date(2010, 1, 1)},
    "loans": {"granted_on": dt.date(2019, 1, 1), "term_months": 240, "kind": "consumer"},
    "transactions": {"channel": "card", "direction": "debit"},
    "accounts": {"opened_on": dt.date(2015, 1, 1), "product_id": "current"},
}


def write_bank(folder: Path, tables: Tables) -> Path:
    """Write rows as trusted tables, each a folder of one part; what a row omits is plain."""
    for name, rows in tables.items():
        columns = [
            c
            for c in _contract(name).columns
            if c.key or c.sensitivity is not Sensitivity.IDENTIFIER
        ]
        schema = pa.schema([(c.name, _TYPES[c.kind]) for c in columns])
        whole = [dict.fromkeys(schema.names) | _PLAIN.get(name, {}) | row for row in rows]
        (folder / name).mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(whole, schema), folder / name / "all.parquet")
    return folder


def _contract(table: str) -> Contract:
    own = {contract.table: contract for contract in BERKA.outcome_tables}
    return own.get(table) or canonical_table(table)


def withdraw(
    folder: Path, customers: Collection[str], day: dt.date = dt.date(2010, 1, 1)
) -> Consent:
    """Let customers withdraw their consent to profiling; return who is asked, and when."""
    rows = [
        {"consent_id": f"of {customer}", "customer_id": customer, "purpose": "profiling",
         "decision": "withdrawn", "recorded_at": dt.datetime.combine(day, dt.time(12))}
        for customer in sorted(customers)
    ]  # fmt: skip
    if rows:
        write_bank(folder, {"consents": rows})
    return Consent(Purpose.PROFILING, dict.fromkeys(Purpose, True), FAR)


def fates(
    folder: Path, outcome: DatedOutcome, snapshot: dt.date, last_day: dt.date = FAR,
    observation_months: int = 12, withdrawn: Collection[str] = (),
) -> dict[str, int | str]:  # fmt: skip
    """Tell each customer's outcome, or the reason for which they are excluded."""
    return {
        customer: happened if reason is None else exclusion_reasons(outcome)[reason]
        for customer, reason, happened in cohort_rows(
            folder, outcome, snapshot, last_day, observation_months, withdrawn
        )
    }


def outcomes(folder: Path, outcome: DatedOutcome, snapshot: dt.date) -> dict[str, int]:
    """Tell each customer's outcome, whether they are excluded or not."""
    return {c: happened for c, _, happened in cohort_rows(folder, outcome, snapshot)}


def cohort_rows(
    folder: Path, outcome: DatedOutcome, snapshot: dt.date, last_day: dt.date = FAR,
    observation_months: int = 12, withdrawn: Collection[str] = (),
) -> list[tuple[str, int | None, int]]:  # fmt: skip
    windows = Windows(
        first_snapshot=snapshot, last_snapshot=snapshot, observation_months=observation_months
    )
    consent = withdraw(folder, withdrawn)
    with connect() as connection:
        # Own tables lie with the others here; views of two schemas keep them apart.
        present = open_tables(connection, folder, outcome, folder)
        open_consents(connection, present)
        make_cohort(
            connection, outcome, snapshot, windows, NO_LATE_SAMPLE, consent, last_day, present
        )
        return connection.execute(
            "SELECT customer_id, reason, outcome FROM cohort ORDER BY customer_id"
        ).fetchall()
