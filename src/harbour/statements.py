"""Monthly statements of credit cards."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Days, Ints, happens, whole
from harbour.block import Block
from harbour.chains import Paths
from harbour.holdings import Holdings
from harbour.people import People

_USED = np.array([0.22, 0.40, 0.65, 0.85])
_PAST_DUE = np.array([0.008, 0.03, 0.12, 0.38])
_DAY = 20


@dataclass(frozen=True)
class Statements:
    """One row a statement; amounts in minor units."""

    owner: Ints
    month: Ints
    on: Days
    balance: Ints
    limit: Ints
    past_due: Ints


def card_statements(block: Block, people: People, paths: Paths, holdings: Holdings) -> Statements:
    """Draw what is owed: the more stress, the more of the limit, and the more often too late."""
    draw, months = block.draw("statements"), block.settings.months
    held = holdings.holds("card", months)
    # From the month after the card was issued.
    held[:, 1:] &= held[:, :-1]
    held[:, 0] &= people.joined < 0
    owner, month = np.nonzero(held & paths.active(people, months))
    stress, limit = paths.stress[owner, month], holdings.limit[owner]
    used = np.clip(_USED[stress] * np.exp(0.5 * draw.standard_normal(len(owner))), 0, 1)
    balance = whole(used * limit)
    late = happens(draw, _PAST_DUE[stress])
    return Statements(
        owner=owner,
        month=month,
        on=block.calendar.day(month, _DAY),
        balance=balance,
        limit=limit,
        past_due=np.where(late, whole(balance * (0.03 + 0.1 * draw.random(len(owner)))), 0),
    )
