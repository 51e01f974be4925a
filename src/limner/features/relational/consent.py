"""Consent by purpose as it stood before a snapshot."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.domain import Purpose
from limner.features.relational.known import known_rows
from limner.features.relational.sources import HOLDING_DAYS

# What holds for a customer who never decided: another lawful basis (a contract, a legal
# duty) or none. One answer a purpose.
Defaults = Mapping[Purpose, bool]

# How tables write the answer. What stands in neither is not read as either.
_YES = ("true", "yes", "y", "1", "1.0", "given", "是")
_NO = ("false", "no", "n", "0", "0.0", "withdrawn", "否")
_ANSWERS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


class Consents(NamedTuple):
    """Who allows a purpose, shape (n_rows,), and the rows that say neither yes nor no."""

    allowed: npt.NDArray[np.bool_]
    unclear: list[int]


def consents_of(cells: Sequence[str | None], default: bool) -> Consents:
    """Read a table's answers by their spelling; a blank is the default.

    >>> consents_of(["yes", "FALSE", None, "perhaps"], default=False)
    Consents(allowed=array([ True, False, False, False]), unclear=[3])
    """
    read = {cell: _ANSWERS.get(cell.strip().casefold()) for cell in set(cells) if cell}
    answers = [default if not cell else read[cell] for cell in cells]
    unclear = [row for row, answer in enumerate(answers) if answer is None]
    return Consents(np.array([bool(answer) for answer in answers], dtype=bool), unclear)


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
