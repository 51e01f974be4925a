"""Movements in the order of booking, each with the balance after it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from harbour import formats
from harbour.arrays import Array, Ints
from harbour.balances import Balances
from harbour.block import Block
from harbour.ledger import Entries, selected
from harbour.numbers import account_no, client_no

_NUMBERS_A_MONTH = 64
_SIDES = pa.array(["D", "C"])


def in_order(made: Entries) -> Entries:
    """Sort by account, then moment; movements of one moment keep the order they came in."""
    account = made.owner.astype(np.int64) * 2 + made.slot
    first = made.at.min() if len(made) else 0
    return selected(made, np.argsort((account << 33) | (made.at - first), kind="stable"))


def running_balance(ordered: Entries, opening: Ints) -> Ints:
    """Sum the amounts of each account up to each movement.

    Args:
        ordered: as :func:`in_order` gives them.
        opening: balance before the first movement; shape (customers, 2).
    """
    account = ordered.owner.astype(np.int64) * 2 + ordered.slot
    total = np.cumsum(ordered.amount)
    starts = np.flatnonzero(np.diff(account, prepend=-1))
    before = total[starts] - ordered.amount[starts]
    counts = np.diff(np.append(starts, len(account)))
    return np.asarray(total + np.repeat(opening.ravel()[account[starts]] - before, counts))


def transactions_of(block: Block, made: Entries, balances: Balances) -> Iterator[tuple[str, Any]]:
    """Give the extract of each month in turn, with its label."""
    ordered = in_order(made)
    opening = np.stack([balances.opening_current, balances.opening_savings], axis=1)
    balance = running_balance(ordered, opening)
    month = block.calendar.month_of(ordered.at).astype(np.uint8)
    by_month = np.argsort(month, kind="stable")
    ends = np.searchsorted(month[by_month], np.arange(block.settings.months + 1))
    first_number = block.first * block.settings.months * _NUMBERS_A_MONTH + 10_000_000_000
    for i in range(block.settings.months):
        rows = by_month[ends[i] : ends[i + 1]]
        numbers = first_number + np.arange(ends[i], ends[i + 1])
        yield (
            block.calendar.label(i),
            _extract(block, selected(ordered, rows), balance[rows], numbers),
        )


def _extract(block: Block, booked: Entries, balance: Array, numbers: Ints) -> Any:
    number = block.first + booked.owner.astype(np.int64)
    side = (booked.amount > 0).astype(np.int8)
    return formats.table(
        txn_no=numbers,
        account_no=account_no(number, booked.slot),
        client_no=client_no(number),
        booked=formats.moments(booked.at),
        dc=pa.DictionaryArray.from_arrays(pa.array(side), _SIDES),
        amount=formats.money(np.abs(booked.amount)),
        channel=booked.channel,
        purpose=booked.category,
        counterparty=pa.array(booked.counterparty, mask=booked.counterparty == 0),
        balance=formats.money(balance),
    )
