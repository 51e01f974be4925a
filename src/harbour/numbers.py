"""Keys of all records: worked out from a customer's number, so that no table needs another."""

import numpy as np

from harbour.arrays import Array, Ints
from harbour.personas import PRODUCTS

CURRENT, SAVINGS = 0, 1
# Slots of account numbers; loans and mortgages are kept in the loans system.
ACCOUNT_SLOT = {name: slot for slot, name in enumerate(PRODUCTS[:5], start=1)}
# Copies of a client, and rows that were broken on purpose, are numbered far from the rest.
TWICE = 500_000_000
BROKEN = 7_000_000_000_000_000


def client_no(number: Array) -> Ints:
    """Core banking's number of a customer."""
    return number + 1_000_001


def account_no(number: Array, slot: Array | int) -> Ints:
    """Core banking's number of an account: 0 the current account, 1 savings, and so on."""
    return np.asarray(number * 10 + slot + 400_000_000_000, dtype=np.int64)


def card_no(number: Array, credit: Array | int) -> Ints:
    """The cards system's token of a card."""
    return np.asarray(number * 10 + credit + 520_000_000_000, dtype=np.int64)


def loan_no(number: Array, mortgage: Array | int) -> Ints:
    """The loans system's number of a loan."""
    return np.asarray(number * 10 + mortgage + 60_000_000, dtype=np.int64)
