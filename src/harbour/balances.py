"""What is put aside, charged and paid out at month ends: the part that needs balances."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Flags, Ints, whole
from harbour.block import Block
from harbour.calendar import Calendar
from harbour.chains import Paths
from harbour.holdings import Holdings
from harbour.ledger import OWN, Entries, concatenated, entries
from harbour.people import People

OVERDRAFT_A_MONTH = 0.012
SAVINGS_A_QUARTER = 0.004
_OPENING_OF_INCOME = 0.7
_SAVINGS_OF_INCOME = 4.0
_KEPT_OF_INCOME = 0.6
_BY_RESILIENCE = np.array([0.3, 1.0, 2.2])
_LAST_DAY_EVENING, _LAST_DAY_NIGHT = 18 * 3600, 23 * 3600


@dataclass(frozen=True)
class Balances:
    """What the accounts hold at month ends, and held before the first; in minor units."""

    current: Ints
    savings: Ints
    opening_current: Ints
    opening_savings: Ints


@dataclass(frozen=True)
class _Moves:
    """Money moved each month, shape (customers, months): aside below 0 comes back."""

    aside: Ints
    charge: Ints
    interest: Ints
    paid_out: Ints
    saved_out: Ints


def put_aside(
    block: Block, people: People, paths: Paths, holdings: Holdings, active: Flags, net: Ints
) -> tuple[Entries, Balances]:
    """Move surpluses aside and back month by month; charge overdrafts; pay leavers out.

    Args:
        active: who banks in which month, shape (customers, months).
        net: what all other movements add to the current account, same shape.
    """
    size, months = net.shape
    opening, saver = _opening(block, people, holdings), holdings.holds("savings", months)
    current, saved = opening
    target = whole(people.income * _KEPT_OF_INCOME * _BY_RESILIENCE[people.resilience])
    moves = _Moves(*(np.zeros(net.shape, dtype=np.int64) for _ in range(5)))
    held = np.zeros((2, size, months), dtype=np.int64)
    for month in range(months):
        saves, now = saver[:, month], active[:, month]
        current = current + net[:, month]
        aside = np.where(now, _aside(current, target, saved), 0)
        charge = np.where(now & (current < 0), whole(-current * OVERDRAFT_A_MONTH), 0)
        interest = np.where(saves & now & (month % 3 == 2), whole(saved * SAVINGS_A_QUARTER), 0)
        current = current - aside - charge
        saved = saved + np.where(saves, aside, 0) + interest
        gone = ~np.isnat(holdings.closed_on) & (paths.left == month)
        moves.paid_out[:, month], moves.saved_out[:, month] = gone * current, gone * saved
        current, saved = np.where(gone, 0, current), np.where(gone, 0, saved)
        moves.aside[:, month], moves.charge[:, month] = aside, charge
        moves.interest[:, month] = interest
        held[:, :, month] = current, saved
    return _booked(block.calendar, saver, holdings, moves), Balances(held[0], held[1], *opening)


def _opening(block: Block, people: People, holdings: Holdings) -> tuple[Ints, Ints]:
    """What those hold who were customers before: the resilient have more put aside."""
    draw, size = block.draw("opening balances"), len(people)
    old = (people.joined < 0) & people.has_account
    means = old * people.income * _BY_RESILIENCE[people.resilience]
    current = whole(means * _OPENING_OF_INCOME * np.exp(0.5 * draw.standard_normal(size)))
    saver = holdings.holds("savings", 1)[:, 0]
    return current, whole(saver * means * _SAVINGS_OF_INCOME * draw.random(size))


def _aside(current: Ints, target: Ints, saved: Ints) -> Ints:
    """What exceeds twice the target is moved aside, down to it; below zero some comes back."""
    surplus = (current - target) // 1_000 * 1_000
    back = np.clip(target // 2 - current, 0, saved)
    return np.where(current < 0, -back, np.where(surplus > target, surplus, 0))


def _booked(calendar: Calendar, saver: Flags, holdings: Holdings, moves: _Moves) -> Entries:
    owner, month = np.nonzero(moves.aside)
    evening = calendar.second(month, calendar.length(month), _LAST_DAY_EVENING)
    aside, saves = moves.aside[owner, month], saver[owner, month]
    saving = np.flatnonzero(saves)
    charged, charged_in = np.nonzero(moves.charge)
    earned, earned_in = np.nonzero(moves.interest)
    night = calendar.second(charged_in, calendar.length(charged_in), _LAST_DAY_NIGHT)
    close = calendar.second(earned_in, calendar.length(earned_in), _LAST_DAY_NIGHT)
    charge, interest = moves.charge[charged, charged_in], moves.interest[earned, earned_in]
    return concatenated([
        entries(owner, evening, -aside, "transfer", "savings", OWN + 3),
        entries(owner[saving], evening[saving] + 1, aside[saving], "transfer", "savings",
                OWN + 4, slot=1),
        entries(charged, night, -charge, "system", "interest"),
        entries(earned, close, interest, "system", "interest", slot=1),
        *(_closing(holdings, moves, slot) for slot in (0, 1)),
    ])  # fmt: skip


def _closing(holdings: Holdings, moves: _Moves, slot: int) -> Entries:
    """Pay the balance out to another bank on the day of closing."""
    owner, month = np.nonzero(moves.saved_out if slot else moves.paid_out)
    amount = (moves.saved_out if slot else moves.paid_out)[owner, month]
    at = holdings.closed_on[owner].astype(np.int64) * 86_400 + 12 * 3600
    return entries(owner, at, -amount, "transfer", "other", OWN + 5, slot=slot)
