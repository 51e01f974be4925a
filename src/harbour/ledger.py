"""Movements on accounts, before they are in order and have balances."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from harbour.arrays import Array, Ints
from harbour.reference import CATEGORY, CHANNEL

# Key spaces of counterparties; 0 means none. They recur: the same employer every month.
EMPLOYERS, LANDLORDS, UTILITIES, MERCHANTS, INSURERS, PEOPLE_PAID, OWN = (
    k * 100_000_000 for k in range(1, 8)
)


@dataclass(frozen=True)
class Entries:
    """One row a movement.

    Attributes:
        owner: place of the customer in the block.
        slot: 0 for the current account, 1 for savings.
        at: seconds since 1970.
        amount: minor units, above 0 for money that comes in.
        channel, category: codes of core banking.
        counterparty: key of the other side, 0 where there is none.
    """

    owner: Array
    slot: Array
    at: Ints
    amount: Ints
    channel: Array
    category: Array
    counterparty: Ints

    def __len__(self) -> int:
        return len(self.owner)


def entries(
    owner: Ints, at: Ints, amount: Ints, channel: str | Array, category: str | Array,
    counterparty: Ints | int = 0, slot: int = 0,
) -> Entries:  # fmt: skip
    """Put movements together in narrow types; amounts of 0 are left out."""
    size = len(owner)
    channel_code = CHANNEL[channel] if isinstance(channel, str) else channel
    category_code = CATEGORY[category] if isinstance(category, str) else category
    made = Entries(
        owner.astype(np.int32),
        np.full(size, slot, dtype=np.int8),
        at,
        amount,
        np.broadcast_to(np.asarray(channel_code, dtype=np.int8), size),
        np.broadcast_to(np.asarray(category_code, dtype=np.int16), size),
        np.broadcast_to(np.asarray(counterparty, dtype=np.int64), size),
    )
    return selected(made, np.flatnonzero(amount != 0)) if (amount == 0).any() else made


def selected(made: Entries, rows: Ints) -> Entries:
    """Take rows, in the order given."""
    return Entries(*(getattr(made, name)[rows] for name in Entries.__dataclass_fields__))


def concatenated(parts: Iterable[Entries]) -> Entries:
    """Put all parts into one."""
    listed = list(parts)
    names = Entries.__dataclass_fields__
    return Entries(*(np.concatenate([getattr(p, name) for p in listed]) for name in names))


def monthly_sums(made: Entries, month: Ints, shape: tuple[int, int]) -> Ints:
    """Sum the amounts on current accounts by customer and month, exactly.

    Floating sums are exact here: amounts are whole and far below 2**53.
    """
    current = made.slot == 0
    cells = made.owner[current].astype(np.int64) * shape[1] + month[current]
    sums = np.bincount(cells, made.amount[current], shape[0] * shape[1])
    return np.rint(sums).astype(np.int64).reshape(shape)
