"""What the bank earns with each customer."""

import numpy as np

from harbour.arrays import Ints, whole
from harbour.balances import OVERDRAFT_A_MONTH
from harbour.cashflow import FEE
from harbour.chains import DEFAULT
from harbour.reference import CATEGORY
from harbour.world import World

# Spreads a year on what is deposited, saved and lent; share of card payments; cost a month.
_DEPOSITS, _SAVINGS, _LENDING = 0.012, 0.008, 0.025
_INTERCHANGE = 0.004
_COST = 280


def monthly_margin(world: World) -> Ints:
    """Income less cost in minor units, shape (customers, months); losses are not in it."""
    balances, months = world.balances, world.block.settings.months
    deposits = np.maximum(balances.current, 0) * _DEPOSITS / 12
    overdraft = np.maximum(-balances.current, 0) * OVERDRAFT_A_MONTH * 0.8
    savings = balances.savings * _SAVINGS / 12
    fees = FEE / 3 - _COST
    lending = _lent(world, months) * _LENDING / 12
    return whole(deposits + overdraft + savings + lending + _cards(world, months) + fees)


def _lent(world: World, months: int) -> Ints:
    """Principal still out, paid down evenly, of loans not in default."""
    loans = world.loans
    passed = np.arange(months) - loans.granted[:, None]
    part = np.where(passed >= 0, np.clip(1 - passed / loans.term[:, None], 0, 1), 0)
    good = world.arrears.state[loans.owner, :months] != DEFAULT
    out = np.zeros((len(world.people), months))
    np.add.at(out, loans.owner, part * good * loans.principal[:, None])
    return whole(out)


def _cards(world: World, months: int) -> Ints:
    shops = [CATEGORY[c] for c in ("groceries", "restaurants", "shopping", "transport", "leisure")]
    made = world.entries
    bought = np.isin(made.category, shops)
    cells = made.owner[bought].astype(np.int64) * months
    cells += world.block.calendar.month_of(made.at[bought])
    spent = np.bincount(cells, -made.amount[bought] * _INTERCHANGE, len(world.people) * months)
    return whole(spent.reshape(-1, months))
