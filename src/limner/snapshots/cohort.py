"""Everybody the bank knew at one snapshot: who is kept, who is excluded and why."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from limner.domain import Purpose
from limner.engine import Connection, count, identifier, read_parquet
from limner.errors import OutcomeUnavailable
from limner.features.relational.consent import Defaults, allows, consent_at, default_at
from limner.features.relational.known import raw_name
from limner.outcomes.dated import DatedOutcome, customers_sql, months_after
from limner.outcomes.dated_definitions import OPEN_LOANS, WITHIN_TERM
from limner.portfolios.canonical import EVENT_TABLES, TABLES, canonical_table
from limner.portfolios.canonical.as_known import known_condition, sql_day
from limner.snapshots.windows import SnapshotSamples, Windows

WITHDRAWN = "consent withdrawn"
SHORT_HISTORY = "history too short"
LEFT = "left the bank"
# A window that is cut short has shown some of its bad outcomes and proved no good one. Such
# a cohort is left out whole, its bad customers too: kept alone they would be all bad.
IMMATURE = "immature: performance window not wholly observed"
OVERLAP = "performance window reaches into the out-of-time period"
APART = "out of time, but in another sample before"

_MEND = "map the table from the bank's extracts, or choose another outcome"


def open_tables(
    connection: Connection, folder: Path, outcome: DatedOutcome, own: Path | None = None
) -> tuple[str, ...]:
    """Make the trusted tables that a bank has views of the schema ``trusted``.

    Its own outcome tables become views of the schema ``own``: those that the outcome needs.

    Raises:
        OutcomeUnavailable: the bank lacks a table that the outcome needs.
    """
    parts = {table.table: sorted((folder / table.table).glob("*.parquet")) for table in TABLES}
    present = tuple(name for name, files in parts.items() if files)
    missing = [name for name in outcome.needs if name not in present]
    if missing:
        raise OutcomeUnavailable(outcome.name, missing, _MEND)
    _open_own(connection, own, outcome)
    connection.execute("CREATE SCHEMA trusted")
    for name in present:
        connection.execute(f"CREATE VIEW trusted.{name} AS FROM {read_parquet(parts[name])}")
    return present


def _open_own(connection: Connection, folder: Path | None, outcome: DatedOutcome) -> None:
    if not outcome.needs_own:
        return
    parts = {
        name: sorted((folder / name).glob("*.parquet")) if folder else []
        for name in outcome.needs_own
    }
    missing = [name for name, files in parts.items() if not files]
    if missing:
        raise OutcomeUnavailable(outcome.name, missing, _MEND)
    connection.execute("CREATE SCHEMA own")
    for name, found in parts.items():
        connection.execute(f"CREATE VIEW own.{name} AS FROM {read_parquet(found)}")


@dataclass(frozen=True)
class Consent:
    """Whose data a model may learn from: those who consent to its purpose.

    Attributes:
        defaults: the answer for customers who never decided, by purpose.
        as_of: day before which decisions count. A withdrawal counts at earlier snapshots
            too: what was lawful then is not a reason to go on learning from it.
    """

    purpose: Purpose
    defaults: Defaults
    as_of: dt.date


def open_consents(connection: Connection, present: tuple[str, ...]) -> None:
    """Give the decisions on consent the name by which the features' SQL knows them."""
    if "consents" in present:
        connection.execute(f"CREATE VIEW {raw_name('consents')} AS FROM trusted.consents")


def withheld_sql(consent: Consent, snapshot: dt.date, present: tuple[str, ...]) -> str:
    """Compile who did not consent at a snapshot, or does not any more."""
    default = default_at(consent.purpose, consent.defaults)
    if "consents" not in present:
        return f"SELECT customer_id FROM trusted.customers WHERE NOT {default}"
    days = sorted({snapshot, consent.as_of})
    answers = "\nUNION ALL ".join(
        f"SELECT customer_id, coalesce({allows(consent.purpose)}, {default}) AS allowed"
        " FROM (SELECT DISTINCT customer_id FROM trusted.customers)"
        f" LEFT JOIN ({consent_at(day, consent.defaults)}) USING (customer_id)"
        for day in days
    )
    return f"SELECT customer_id FROM ({answers}) WHERE NOT allowed"


def find_last_day(
    connection: Connection, outcome: DatedOutcome, present: tuple[str, ...],
    extract_day: dt.date | None,
) -> dt.date:  # fmt: skip
    """Find the last day on which the outcome was observed; it is taken to be whole.

    Args:
        extract_day: a table that is fresh on this day is observed up to the day before it.

    Raises:
        OutcomeUnavailable: there is no row to tell it by.
    """
    if outcome.observed_to is not None:
        return outcome.observed_to
    asked = outcome.observed_by or tuple(name for name in EVENT_TABLES if name in present)
    latest = {name: _observed_to(connection, name, extract_day) for name in asked}
    days = [day for day in latest.values() if day is not None]
    empty = [name for name, day in latest.items() if day is None]
    if not days or (outcome.observed_by and empty):
        raise OutcomeUnavailable(outcome.name, empty or EVENT_TABLES, "state last_day, the last"
                                 " day that the tables hold, in params.yaml")  # fmt: skip
    return min(days) if outcome.observed_by else max(days)


def _observed_to(connection: Connection, table: str, extract_day: dt.date | None) -> dt.date | None:
    latest, fresh_days = _latest_day(connection, table), canonical_table(table).fresh_days
    if latest is None or extract_day is None or fresh_days is None:
        return latest
    # Nothing happened since: payments, say, come on few days of a month.
    is_fresh = (extract_day - latest).days <= fresh_days
    return max(latest, extract_day - dt.timedelta(days=1)) if is_fresh else latest


def _latest_day(connection: Connection, table: str) -> dt.date | None:
    known_at = canonical_table(table).known_at
    found = connection.execute(f"SELECT CAST(max({known_at}) AS DATE) FROM trusted.{table}")
    day: dt.date | None = (found.fetchone() or (None,))[0]
    return day


def exclusion_reasons(outcome: DatedOutcome) -> tuple[str, ...]:
    """All reasons, in the order in which they count: the first that applies."""
    own = (exclusion.reason for exclusion in outcome.exclusions)
    return (WITHDRAWN, SHORT_HISTORY, LEFT, IMMATURE, *own, OVERLAP, APART)


def make_cohort(
    connection: Connection, outcome: DatedOutcome, snapshot: dt.date, windows: Windows,
    samples: SnapshotSamples, consent: Consent | None, last_day: dt.date,
    present: tuple[str, ...],
) -> None:  # fmt: skip
    """Make the table ``cohort``: every customer onboarded before the snapshot.

    Its columns: ``customer_id``, ``reason`` (position in :func:`exclusion_reasons`, or NULL
    where the customer is kept), ``outcome``, 0 or 1 or an amount, and one of each of the
    outcome's parts.
    """
    window_end = outcome.window_end(snapshot)
    onboarded_by = months_after(snapshot, -windows.observation_months)
    immature = window_end - dt.timedelta(days=1) > last_day
    conditions = (
        _among(withheld_sql(consent, snapshot, present)) if consent else "FALSE",
        f"onboarded_on > {sql_day(onboarded_by)}",
        _among(left_sql(snapshot, present)),
        _flag(immature),
        *(_among(outcome.exclusion_sql(e, snapshot)) for e in outcome.exclusions),
        _flag(samples.is_purged(snapshot, window_end)),
    )
    known = known_condition(canonical_table("customers"), snapshot)
    cases = "\n".join(f"WHEN {sql} THEN {position}" for position, sql in enumerate(conditions))
    valued = {"outcome": outcome, **{part.column: part for part in outcome.parts}}
    columns = ", ".join(
        f"{found.value_sql(snapshot)} AS {identifier(name)}" for name, found in valued.items()
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE cohort AS SELECT customer_id, CASE {cases} END AS reason,"
        f" {columns}"
        " FROM (SELECT customer_id, min(onboarded_on) AS onboarded_on FROM trusted.customers"
        f" WHERE {known} GROUP BY customer_id) AS everybody"
    )


def left_sql(snapshot: dt.date, present: tuple[str, ...]) -> str:
    """Compile who had left at a snapshot: held accounts, cards or loans, and none is open.

    A customer who never held any has not left.
    """
    served = {"loans", "instalments", "repayments"} <= set(present)
    open_loans = OPEN_LOANS if served else f"SELECT loan_id FROM loans WHERE {WITHIN_TERM}"
    is_open = {
        "accounts": "closed_on IS NULL",
        "cards": "closed_on IS NULL",
        "loans": f"loan_id IN (SELECT loan_id FROM ({open_loans}))",
    }
    holdings = "\nUNION ALL ".join(
        f"SELECT customer_id, {sql} AS is_open FROM {table}"
        for table, sql in is_open.items()
        if table in present
    )
    if not holdings:
        return "SELECT customer_id FROM trusted.customers WHERE FALSE"
    needed = (*is_open, "instalments", "repayments")
    return customers_sql(
        f"SELECT customer_id FROM ({holdings}) GROUP BY customer_id HAVING NOT bool_or(is_open)",
        tuple(name for name in needed if name in present),
        snapshot,
        {"snapshot": snapshot},
    )


def count_cohort(connection: Connection, reasons: tuple[str, ...]) -> dict[str, int]:
    """Count the cohort: ``population``, each reason, ``kept``; they add up."""
    found = dict(connection.execute("SELECT reason, count(*) FROM cohort GROUP BY ALL").fetchall())
    excluded = {reason: int(found.get(position, 0)) for position, reason in enumerate(reasons)}
    counts = {
        "population": count(connection, "cohort"),
        **excluded,
        "kept": int(found.get(None, 0)),
    }
    assert counts["population"] == counts["kept"] + sum(excluded.values())
    return counts


def kept_customers(
    connection: Connection, outcome: DatedOutcome, snapshot: dt.date
) -> pd.DataFrame:
    """Read the cohort's kept customers, by customer.

    Their columns: ``customer_id``, ``outcome``, its parts, and what they asked for, if the
    outcome is of it.
    """
    facts = outcome.facts_sql(snapshot)
    source = f"cohort LEFT JOIN ({facts}) USING (customer_id)" if facts else "cohort"
    found: pd.DataFrame = connection.execute(
        f"SELECT * EXCLUDE (reason) FROM {source} WHERE reason IS NULL ORDER BY customer_id"
    ).df()
    return found


def _among(customers: str) -> str:
    return f"customer_id IN (SELECT customer_id FROM ({customers}))"


def _flag(condition: bool) -> str:
    return "TRUE" if condition else "FALSE"
