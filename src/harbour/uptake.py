"""Which products customers hold, and take up of their own accord."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Floats, Ints, happens, logistic
from harbour.block import Block
from harbour.chains import NEVER, Paths
from harbour.people import GROUPS, People, by_resilience, of_group
from harbour.personas import PRODUCTS, by_persona
from harbour.probabilities import UPTAKE_WINDOW

LOAN = PRODUCTS.index("loan")
CARD = PRODUCTS.index("card")
MORTGAGE = PRODUCTS.index("mortgage")
BEFORE = -1
# Wish for each product by stress: saving falls, borrowing rises.
_BY_STRESS = np.array([
    [1.0, 0.7, 0.4, 0.2], [1.0, 0.5, 0.2, 0.1], [1.0, 0.6, 0.2, 0.1], [1.0, 0.8, 0.5, 0.3],
    [1.0, 1.3, 1.4, 1.0], [1.0, 1.8, 2.6, 2.4], [1.0, 1.0, 1.0, 1.0],
])  # fmt: skip
_BY_ENGAGEMENT = np.array([1.0, 0.55, 0.2])
_SAVERS_BY_RESILIENCE = (0.6, 1.0, 1.5)
# After the drift the new card draws more people.
DRIFT_CARD = 1.7


def acceptance(bias: float) -> Floats:
    """Chance that an application for a loan is accepted; shape (groups, stress).

    Risk lowers it as it should; so does being a woman, by ``bias`` in log-odds, as it
    should not.
    """
    female = np.arange(GROUPS) % 2
    ease = by_resilience((-0.4, 0.2, 0.8)) - bias * female
    return logistic(1.9 + ease[:, None] - np.array([0.0, 0.5, 1.3, 2.4]))


def applications(months: int) -> Floats:
    """Chance a month to apply for a loan; shape (months, groups, stress, engagement)."""
    return _wishes(months, NEVER)[:, LOAN]


def hazards(months: int, drift: int, bias: float) -> Floats:
    """Chance a month to take up each product, for those who stay and lack it.

    Returns:
        shape (months, products, groups, stress, engagement).
    """
    wishes = _wishes(months, drift)
    wishes[:, LOAN] *= acceptance(bias)[:, :, None]
    return wishes


def _wishes(months: int, drift: int) -> Floats:
    wants = of_group(by_persona("wants")).T  # products, groups
    savers = np.isin(PRODUCTS, ("savings", "term_deposit", "investment"))[:, None]
    wants = wants * np.where(savers, by_resilience(_SAVERS_BY_RESILIENCE), 1.0)
    once = wants[:, :, None, None] * _BY_STRESS[:, None, :, None] * _BY_ENGAGEMENT
    wishes = np.tile(once, (months, 1, 1, 1, 1))
    wishes[drift:, CARD] *= DRIFT_CARD
    return wishes


@dataclass(frozen=True)
class Uptake:
    """When each product was taken up, without any campaign.

    Attributes:
        month: of each product, ``BEFORE`` the first, ``NEVER`` where not within 3 months of
            the last; shape (products, customers).
        applied: month of each application for a loan, ``applicant`` its customer, ``accepted``
            its fate; shape (applications,).
    """

    month: Ints
    applied: Ints
    applicant: Ints
    accepted: Ints


def take_up(block: Block, people: People, paths: Paths) -> Uptake:
    """Draw what is held when the extracts begin, and what is taken up later."""
    draw, settings = block.draw("uptake"), block.settings
    months = settings.months + UPTAKE_WINDOW
    hazard = hazards(months, settings.drift_month, settings.bias_acceptance)
    applies = applications(months)
    accepts = acceptance(settings.bias_acceptance)
    held = _held_before(draw, people)
    active = paths.active(people, months)
    asked: list[tuple[Ints, Ints, Ints]] = []
    for month in range(months):
        state = (people.group, paths.stress[:, month], paths.engagement[:, month])
        chance = hazard[month][:, *state]
        chance[LOAN] = applies[month][*state]
        wants = happens(draw, chance) & active[:, month] & (held == NEVER)
        who = np.flatnonzero(wants[LOAN])
        granted = happens(draw, accepts[state[0][who], state[1][who]])
        wants[LOAN, who] = granted
        asked.append((np.full(len(who), month), who, granted.astype(np.int64)))
        held[wants] = month
    applied, applicant, accepted = (np.concatenate(part) for part in zip(*asked, strict=True))
    return Uptake(held, applied, applicant, accepted)


def _held_before(draw: np.random.Generator, people: People) -> Ints:
    share = by_persona("holds")[people.persona].T
    held = happens(draw, share) & (people.joined < 0) & people.has_account
    held[MORTGAGE] &= people.residence == 2
    return np.where(held, BEFORE, NEVER)
