"""Samples by days: fit on a week, wait until its outcomes are known, judge the week after.

The protocol is that of the Fraud Detection Handbook (Le Borgne, Siblini, Lebichot and Bontempi
2022, chapter 5, "Validation strategies"; its function ``get_train_test_set``), the same in this:

- a round is ``train_days`` to fit on, ``delay_days`` of which no outcome is known yet, and
  ``test_days`` to judge; rounds follow each other by ``test_days``;
- a customer is *known to be compromised* on a judged day if one of their transactions turned out
  fraudulent, from the first fitted day up to ``delay_days`` + 1 days before the judged day;
  their transactions of that day are not judged.

It differs in this:

- a part of the customers of the fitted days stops the boosting and calibrates
  (``validation_share``), where theirs fits a stated number of rounds on all of them;
- their rounds are counted back from the last one, ours forward from ``first_test_day``;
- both are reported here: figures of all judged transactions, and of those that are left.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.errors import RoundWithoutRows
from limner.settings import DelayedSamples

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DatedRows:
    """Rows whose outcome becomes known late, in table order, all of shape (n_rows,).

    Attributes:
        days: of the rows, datetime64[D].
        outcome: 0 or 1.
        customers: who each row is of.
        days_since_known: from the customer's latest outcome that was known, NaN for none.
    """

    days: npt.NDArray[np.datetime64]
    outcome: Rows
    customers: npt.NDArray[np.object_]
    days_since_known: npt.NDArray[np.float64]

    @classmethod
    def of(cls, frame: pd.DataFrame, columns: "DelayedColumns") -> "DatedRows":
        """Take the columns out of a table."""
        return cls(
            pd.to_datetime(frame[columns.day]).to_numpy().astype("datetime64[D]"),
            frame[columns.outcome].to_numpy().astype(np.int64),
            frame[columns.customer].to_numpy(dtype=object),
            frame[columns.days_since_known].to_numpy(dtype=np.float64),
        )


class DelayedColumns(NamedTuple):
    """Names of the columns that :class:`DatedRows` are of."""

    day: str
    outcome: str
    customer: str
    days_since_known: str


@dataclass(frozen=True)
class Round:
    """Days of one round; the ends are the first days that are no longer in it."""

    fitted_from: dt.date
    fitted_end: dt.date
    judged_from: dt.date
    judged_end: dt.date


@dataclass(frozen=True)
class RoundRows:
    """Row numbers of a round, in table order.

    ``fitted`` and ``stopped`` are of different customers; ``known`` flags the judged rows
    of customers who are known to be compromised.
    """

    fitted: Rows
    stopped: Rows
    judged: Rows
    known: Flags


def round_judging(first_judged: dt.date, protocol: DelayedSamples) -> Round:
    """Return the round that judges ``test_days`` from a day on."""
    fitted_end = first_judged - dt.timedelta(days=protocol.delay_days)
    return Round(
        fitted_end - dt.timedelta(days=protocol.train_days),
        fitted_end,
        first_judged,
        first_judged + dt.timedelta(days=protocol.test_days),
    )


def rounds(protocol: DelayedSamples) -> tuple[Round, ...]:
    """Return every round, in order of time."""
    return tuple(round_judging(day, protocol) for day in protocol.test_starts)


def served_round(out_of_time_from: dt.date, protocol: DelayedSamples) -> Round:
    """Return the round whose model is served: its judged days end where those out of time begin."""
    return round_judging(out_of_time_from - dt.timedelta(days=protocol.test_days), protocol)


def rows_of(name: str, rows: DatedRows, days: Round, share: float, seed: int) -> RoundRows:
    """Find the rows of one round.

    Args:
        name: of the portfolio, for an error.
        share: of the fitted days' customers who stop and calibrate, with and without an event.

    Raises:
        RoundWithoutRows: there is nothing to fit on or nothing to judge.
    """
    fitting = _within(name, rows, days.fitted_from, days.fitted_end)
    judged, known = judged_rows(name, rows, days.judged_from, days.judged_end, days.fitted_from)
    stops = _drawn_customers(rows.customers[fitting], rows.outcome[fitting], share, seed)
    return RoundRows(fitting[~stops], fitting[stops], judged, known)


def judged_rows(
    name: str, rows: DatedRows, first: dt.date, end: dt.date, fitted_from: dt.date
) -> tuple[Rows, Flags]:
    """Find the rows of judged days, and flag those of customers known to be compromised.

    Args:
        fitted_from: first fitted day of the model that judges; what was known of a customer
            from before counts no more.

    Raises:
        RoundWithoutRows: there is nothing to judge.
    """
    judged = _within(name, rows, first, end)
    since_fitted = (rows.days[judged] - np.datetime64(fitted_from, "D")).astype(np.float64)
    # NaN compares as false: nothing is known.
    return judged, rows.days_since_known[judged] <= since_fitted


def _within(name: str, rows: DatedRows, first: dt.date, end: dt.date) -> Rows:
    found = np.flatnonzero(
        (rows.days >= np.datetime64(first, "D")) & (rows.days < np.datetime64(end, "D"))
    )
    if len(found) == 0:
        held = (str(rows.days.min()), str(rows.days.max())) if len(rows.days) else None
        raise RoundWithoutRows(name, first, end - dt.timedelta(days=1), held)
    return found.astype(np.int64)


def _drawn_customers(
    customers: npt.NDArray[np.object_], outcome: Rows, share: float, seed: int
) -> Flags:
    """Draw a share of customers, the same of those with an event, and flag their rows."""
    who, named = pd.factorize(customers)
    events = np.zeros(len(named), dtype=np.int64)
    np.maximum.at(events, who, outcome)
    generator = np.random.default_rng(seed)
    drawn = np.zeros(len(named), dtype=bool)
    for value in (0, 1):
        stratum = generator.permutation(np.flatnonzero(events == value))
        drawn[stratum[: round(share * len(stratum))]] = True
    flags: Flags = drawn[who]
    return flags
