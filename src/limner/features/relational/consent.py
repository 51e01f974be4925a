"""Consent by purpose as it stood before a snapshot."""

import datetime as dt
from collections.abc import Mapping

from limner.domain import Purpose
from limner.features.relational.known import known_rows
from limner.features.relational.sources import HOLDING_DAYS

# What holds for a customer who never decided: another lawful basis (a contract, a legal
# duty) or none. One answer a purpose.
Defaults = Mapping[Purpose, bool]


def allows(purpose: Purpose) -> str:
    """Name the column that says whether a customer's data may be used for a purpose."""
    return f"allows_{purpose.value}"


def consent_at(snapshot: dt.date, defaults: Defaults) -> str:
    """Return SQL of each deciding customer's consent on the day before the snapshot.

    The latest decision recorded strictly before the snapshot holds; of two recorded at the
    same moment the withdrawal does. One row a customer who ever decided anything, with a
    boolean a purpose (:func:`allows`).
    """
    wanted = ("customer_id", "purpose", "decision", "recorded_at")
    known = known_rows("consents", wanted, HOLDING_DAYS, snapshot)
    columns = ", ".join(f"{_allowed(p, defaults[p])} AS {allows(p)}" for p in Purpose)
    return (
        f"WITH consents AS ({known})"
        f" SELECT customer_id, {columns} FROM consents GROUP BY customer_id"
    )


def default_at(purpose: Purpose, defaults: Defaults) -> str:
    """Return SQL of the answer for a customer who never decided."""
    return str(defaults[purpose]).upper()


def _allowed(purpose: Purpose, default: bool) -> str:
    given, withdrawn = (_latest(purpose, decision) for decision in ("given", "withdrawn"))
    return (
        f"CASE WHEN {given} IS NULL AND {withdrawn} IS NULL THEN {str(default).upper()}"
        f" WHEN {withdrawn} IS NULL THEN TRUE WHEN {given} IS NULL THEN FALSE"
        f" ELSE {given} > {withdrawn} END"
    )


def _latest(purpose: Purpose, decision: str) -> str:
    return (
        f"MAX(CASE WHEN purpose = '{purpose.value}' AND decision = '{decision}'"
        " THEN recorded_at END)"
    )
