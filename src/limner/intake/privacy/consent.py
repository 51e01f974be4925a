"""How many customers allow or withdrew each purpose on a day."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from limner.domain import Purpose
from limner.errors import ColumnMissing, UnknownName

_COLUMNS = ("customer_id", "purpose", "decision", "recorded_at")
_DECISIONS = ("given", "withdrawn")


@dataclass(frozen=True)
class ConsentCount:
    """Customers by what they last decided on one purpose; the rest never decided."""

    purpose: Purpose
    given: int
    withdrawn: int


def latest_consents(consents: pd.DataFrame, before: dt.date) -> pd.DataFrame:
    """Return the decision that holds for each customer and purpose on a day.

    Of decisions recorded at one moment (two systems' records of one customer) a
    withdrawal holds.

    Args:
        consents: the canonical ``consents``, one row a decision.
        before: decisions on or after this day are not known yet.

    Returns:
        ``customer_id``, ``purpose``, ``decision``, in order of customer and purpose.

    Raises:
        ColumnMissing: the table lacks a column.
        UnknownName: a purpose or decision that the contract does not know.
    """
    missing = [name for name in _COLUMNS if name not in consents.columns]
    if missing:
        raise ColumnMissing("consents", missing, list(consents.columns))
    _refuse_unknown("purpose", consents["purpose"], tuple(purpose.value for purpose in Purpose))
    _refuse_unknown("decision", consents["decision"], _DECISIONS)
    moments = pd.to_datetime(consents["recorded_at"])
    known = consents.assign(recorded_at=moments)[moments < pd.Timestamp(before)]
    # 'withdrawn' sorts after 'given'.
    ordered = known.sort_values(["customer_id", "purpose", "recorded_at", "decision"])
    last = ordered.drop_duplicates(["customer_id", "purpose"], keep="last")
    return last[["customer_id", "purpose", "decision"]].reset_index(drop=True)


def consent_counts(consents: pd.DataFrame, before: dt.date) -> tuple[ConsentCount, ...]:
    """Count customers by purpose and what they last decided before a day.

    Raises:
        ColumnMissing: the table lacks a column.
        UnknownName: a purpose or decision that the contract does not know.
    """
    last = latest_consents(consents, before)
    counts = last.value_counts(["purpose", "decision"])
    return tuple(
        ConsentCount(purpose, *(int(counts.get((purpose.value, d), 0)) for d in _DECISIONS))
        for purpose in Purpose
    )


def _refuse_unknown(kind: str, values: pd.Series, known: tuple[str, ...]) -> None:
    unknown = sorted({str(value) for value in values.unique()} - set(known))
    if unknown:
        raise UnknownName(kind, unknown[0], known)
