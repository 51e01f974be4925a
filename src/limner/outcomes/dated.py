"""Dated outcomes: what happened to a customer after a snapshot, stated as readable SQL.

An outcome's performance window is ``[snapshot, snapshot + months)``: the snapshot's own day
is in it, the day ``months`` later is not. A month later is the same day of that month, or
that month's last day where it is shorter. A definition never states how late a fact may be
known: the compiler gives it each table as it was known on a day, with later rows gone and
later closing days unknown, so that no fact from after the window can reach an outcome and,
where the definition says so, none from the snapshot on can reach an exclusion.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

from pydantic.dataclasses import dataclass

from limner.contract import Contract
from limner.domain import Bilingual
from limner.outcomes.definitions import Outcome
from limner.portfolios.canonical import canonical_table
from limner.portfolios.canonical.as_known import known_condition, known_value, sql_day

Known = Literal["snapshot", "window_end"]


@dataclass(frozen=True)
class NamedDay:
    """A day that a definition's SQL names, ``months`` after (or before, negative) another."""

    name: str
    anchor: Known
    months: int


@dataclass(frozen=True)
class Exclusion:
    """Customers whom the outcome does not ask about, and why.

    ``customers`` is SQL that yields ``customer_id``; it sees the tables as known strictly
    before ``known_by``.
    """

    reason: str
    customers: str
    known_by: Known = "snapshot"


@dataclass(frozen=True)
class DatedOutcome:
    """An event within a performance window, 1 for customers to whom it happened.

    ``happened`` is SQL that yields the ``customer_id`` of these; it sees the tables as
    known strictly before the window's end. SQL names days as ``:snapshot``,
    ``:window_end`` and the ``days`` stated. The first exclusion that applies counts.
    ``observed_by`` lists the tables whose latest row tells how far the outcome has been
    observed (the earliest of them counts); with none, the bank's latest event of any kind
    does. ``favourable`` and ``favourable_side`` are as for an undated outcome. ``parts`` are
    events of the same window that are told apart: each is a column of its own in a sample.

    An outcome may rest on a bank's own outcome tables (``needs_own``, in the schema ``own``),
    which hold what was known on the day ``observed_to`` and are read whole. Where it is of
    applications, ``facts`` is SQL that yields ``customer_id`` and ``fact_names``, one row a
    customer: what was asked for, known before it was decided and in no table before.
    """

    name: str
    meaning: str
    performance_months: int
    favourable: Bilingual
    favourable_side: Literal["above", "below"]
    needs: tuple[str, ...]
    happened: str
    exclusions: tuple[Exclusion, ...] = ()
    days: tuple[NamedDay, ...] = ()
    observed_by: tuple[str, ...] = ()
    parts: tuple["DatedOutcome", ...] = ()
    needs_own: tuple[str, ...] = ()
    observed_to: dt.date | None = None
    fact_names: tuple[str, ...] = ()
    facts: str = ""

    @property
    def column(self) -> str:
        """Name of the outcome's column."""
        return self.name

    @property
    def deserved(self) -> int:
        """Outcome of customers for whom the favourable decision turns out right."""
        return self.undated.deserved

    @property
    def undated(self) -> Outcome:
        """The outcome as a column of a sample, where each row already has its window."""
        return Outcome(self.name, self.column, self.meaning, self.favourable, self.favourable_side)

    def window_end(self, snapshot: dt.date) -> dt.date:
        """First day after the performance window."""
        return months_after(snapshot, self.performance_months)

    def happened_sql(self, snapshot: dt.date) -> str:
        """Compile the customers to whom the outcome happened after one snapshot."""
        days = self._days(snapshot)
        return customers_sql(self.happened, self.needs, days["window_end"], days)

    def value_sql(self, snapshot: dt.date) -> str:
        """Compile the outcome of each customer of a table ``everybody``, as a column: 0 or 1."""
        return (
            "CAST(customer_id IN"
            f" (SELECT customer_id FROM ({self.happened_sql(snapshot)})) AS BIGINT)"
        )

    def exclusion_sql(self, exclusion: Exclusion, snapshot: dt.date) -> str:
        """Compile the customers of one exclusion at one snapshot."""
        days = self._days(snapshot)
        return customers_sql(exclusion.customers, self.needs, days[exclusion.known_by], days)

    def facts_sql(self, snapshot: dt.date) -> str | None:
        """Compile what was asked for after one snapshot, or None where nothing is."""
        if not self.facts:
            return None
        days = self._days(snapshot)
        return customers_sql(self.facts, self.needs, days["window_end"], days)

    def _days(self, snapshot: dt.date) -> dict[str, dt.date]:
        anchors = {"snapshot": snapshot, "window_end": self.window_end(snapshot)}
        named = {day.name: months_after(anchors[day.anchor], day.months) for day in self.days}
        return anchors | named


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the day ``months`` later, or earlier if negative, kept within its month.

    >>> months_after(dt.date(2024, 1, 31), 1), months_after(dt.date(2024, 3, 15), -3)
    (datetime.date(2024, 2, 29), datetime.date(2023, 12, 15))
    """
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return dt.date(day.year + years, month + 1, min(day.day, last))


def customers_sql(
    body: str, tables: tuple[str, ...], known_before: dt.date,
    days: Mapping[str, dt.date | float],
) -> str:  # fmt: skip
    """Compile a definition's SQL over trusted tables as they were known on a day.

    Args:
        body: a ``SELECT`` over ``tables`` that names days as ``:name``.
        tables: canonical tables, to be read from the schema ``trusted``.
        known_before: rows known on this day or later do not exist.
        days: what each named day, or rate, is.

    Raises:
        KeyError: the SQL names a day or a rate that is not in ``days``.
    """
    seen = ",\n     ".join(
        f"{name} AS ({as_known_sql(canonical_table(name), known_before)})" for name in tables
    )
    dated = re.sub(r":([a-z_]+)", lambda found: _sql_value(days[found[1]]), body.strip())
    return f"WITH {seen}\n{dated}"


def as_known_sql(contract: Contract, known_before: dt.date) -> str:
    """Compile one trusted table as it was known strictly before a day."""
    end = contract.ends_at
    # Not by name: a trusted table lacks the identifiers of its contract.
    columns = f"* REPLACE ({known_value(contract, end, known_before)})" if end else "*"
    known = known_condition(contract, known_before)
    return f"SELECT {columns} FROM trusted.{contract.table} WHERE {known}"


def _sql_value(value: dt.date | float) -> str:
    return sql_day(value) if isinstance(value, dt.date) else repr(value)
