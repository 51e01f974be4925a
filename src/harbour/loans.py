"""Loans, their payment plans, and how they are served."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Days, Flags, Floats, Ints, happens, whole
from harbour.block import Block
from harbour.calendar import HORIZON
from harbour.chains import DEFAULT, NEVER, Paths, fall_behind
from harbour.people import People
from harbour.uptake import BEFORE, LOAN, MORTGAGE

CAR, CONSUMER, HOME = 0, 1, 2
_TERMS = np.array([24, 36, 48, 60, 72])
_HOME_TERMS = np.array([180, 240, 300, 360])
# The fewest days that leave 90 days past due within the third month after.
_DUE_DAYS = np.array([5, 10, 15, 20, 25])


@dataclass(frozen=True)
class Loans:
    """One row a loan; ``granted`` is a month, below 0 before the first."""

    owner: Ints
    kind: Ints
    granted: Ints
    granted_on: Days
    term: Ints
    principal: Ints
    rate: Floats
    instalment: Ints
    due_day: Ints

    def due(self, months: int) -> Flags:
        """Whether an instalment falls due in each month; shape (loans, months)."""
        passed = np.arange(months) - self.granted[:, None]
        return (passed >= 1) & (passed <= self.term[:, None])


@dataclass(frozen=True)
class Arrears:
    """How borrowers serve what they owe, all their loans alike.

    Attributes:
        state: at the end of each month and a year beyond; shape (customers, months + HORIZON).
        left: instalments still to fall due after each month; shape (customers, months).
        borrows: who has a loan that is not paid off; same shape.
    """

    state: Ints
    left: Ints
    borrows: Flags

    @property
    def default_month(self) -> Ints:
        """Month of default, ``NEVER`` where none; shape (customers,)."""
        bad = self.state == DEFAULT
        return np.where(bad.any(axis=1), bad.argmax(axis=1), NEVER)


def lend(block: Block, people: People, taken: Ints) -> Loans:
    """Work out the terms of every loan.

    Args:
        taken: month of uptake by product, shape (products, customers).
    """
    draw = block.draw("loans")
    months = block.settings.months
    personal = np.flatnonzero(taken[LOAN] < months)
    home = np.flatnonzero(taken[MORTGAGE] == BEFORE)
    owner = np.concatenate([personal, home])
    size = len(owner)
    car = happens(draw, np.full(size, 0.4))
    kind = np.where(np.arange(size) >= len(personal), HOME, np.where(car, CAR, CONSUMER))
    term = np.where(kind == HOME, draw.choice(_HOME_TERMS, size), draw.choice(_TERMS, size))
    month = np.where(kind == HOME, BEFORE, taken[LOAN, owner])
    known = (block.calendar.start - people.joined_on[owner]).astype(np.int64) // 31
    passed = np.minimum(draw.integers(1, np.minimum(term - 1, 120)), np.maximum(known, 1))
    granted = np.where(month == BEFORE, -passed, month)
    granted_on = block.calendar.day(granted, draw.integers(2, 28, size))
    multiple = np.array([9.0, 5.0, 62.0])[kind] * np.exp(0.4 * draw.standard_normal(size))
    principal = whole(np.maximum(people.income[owner] * multiple / 10_000, 10)) * 10_000
    rate = np.array([0.049, 0.079, 0.031])[kind] + np.round(0.02 * draw.random(size), 4)
    return Loans(
        owner=owner,
        kind=kind,
        granted=granted,
        granted_on=np.maximum(granted_on, people.joined_on[owner]),
        term=term,
        principal=principal,
        rate=rate,
        instalment=_annuity(principal, rate, term),
        due_day=draw.choice(_DUE_DAYS, size),
    )


def _annuity(principal: Ints, rate: Floats, term: Ints) -> Ints:
    monthly = rate / 12
    return whole(principal * monthly / (1 - (1 + monthly) ** -term))


def serve(block: Block, paths: Paths, loans: Loans) -> Arrears:
    """Draw each customer's arrears."""
    months, size = block.settings.months, len(paths.left)
    first, last = np.full(size, NEVER), np.full(size, -NEVER)
    np.minimum.at(first, loans.owner, loans.granted + 1)
    np.maximum.at(last, loans.owner, loans.granted + loans.term)
    state = fall_behind(block.draw("arrears"), paths.stress, first, last)
    month = np.arange(months)
    left = np.clip(last[:, None] - month, 0, HORIZON)
    left = np.where(month >= first[:, None] - 1, left, 0)
    return Arrears(state, left, (left > 0) | (state[:, :months] > 0))


@dataclass(frozen=True)
class Plan:
    """One row an instalment that fell due; ``paid`` is the month of payment, NEVER if unpaid."""

    loan: Ints
    month: Ints
    due_on: Days
    paid: Ints


@dataclass(frozen=True)
class Repayments:
    """One row a payment on an instalment; ``part`` counts the payments on it from 0."""

    instalment: Ints
    part: Ints
    paid_on: Days
    amount: Ints


def plan_of(block: Block, loans: Loans, arrears: Arrears) -> Plan:
    """List the instalments within the extracts."""
    loan, month = np.nonzero(loans.due(block.settings.months))
    paid = _next_clear(arrears.state)[loans.owner[loan], month]
    return Plan(loan, month, block.calendar.day(month, loans.due_day[loan]), paid)


def _next_clear(state: Ints) -> Ints:
    """Give the first month, from each on, at whose end nothing is owed; NEVER where none."""
    clear = np.full(state.shape, NEVER)
    following = np.full(len(state), NEVER)
    for month in range(state.shape[1] - 1, -1, -1):
        following = np.where(state[:, month] == 0, month, following)
        clear[:, month] = following
    return clear


def repay(block: Block, loans: Loans, plan: Plan) -> Repayments:
    """List payments within the extracts: on the due day or up to three days late.

    Some pay an instalment in two parts; what is caught up with is paid in one.
    """
    draw = block.draw("repayments")
    rows = np.flatnonzero(plan.paid < block.settings.months)
    loan, month = plan.loan[rows], plan.paid[rows]
    late = draw.choice(4, len(rows), p=[0.7, 0.15, 0.1, 0.05])
    paid_on = block.calendar.day(month, loans.due_day[loan] + late)
    amount = loans.instalment[loan]
    halves = happens(draw, np.where(month == plan.month[rows], 0.03, 0.0)) & (late == 0)
    first = np.where(halves, amount * 6 // 10, amount)
    second = np.flatnonzero(halves)
    return Repayments(
        instalment=np.concatenate([rows, rows[second]]),
        part=np.repeat([0, 1], [len(rows), len(second)]),
        paid_on=np.concatenate([paid_on, paid_on[second] + 3]),
        amount=np.concatenate([first, (amount - first)[second]]),
    )
