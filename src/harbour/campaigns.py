"""Three campaigns, each with a random control group, and the true uplift of every offer.

Without an offer a customer takes the product within three months with the chance that
:mod:`harbour.probabilities` gives. The offer moves this chance by the
customer's *uplift*: up for the persuadable, down for those whom a call reminds to go.
Who would have taken it anyway is drawn first, so that both fates of a customer are known.
"""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Days, Flags, Floats, Ints, happens, logistic
from harbour.block import Block
from harbour.chains import NEVER, Paths
from harbour.people import People
from harbour.personas import PRODUCTS
from harbour.probabilities import UPTAKE_WINDOW
from harbour.uptake import Uptake

OFFERS = ("card", "term_deposit", "insurance")
CHANNELS = ("app", "email", "mail", "phone")
NO_ANSWER, TAKEN, DECLINED, COMPLAINED = 0, 1, 2, 3
# Log-odds of being persuaded, by offer and persona: students want the card, pensioners
# the deposit, families the insurance.
_PERSUADED = np.array([
    [-2.1, -2.5, -3.2, -3.2, -4.2, -4.8],
    [-5.0, -4.0, -3.2, -3.6, -2.4, -2.0],
    [-4.4, -3.2, -1.9, -3.0, -3.4, -3.8],
])  # fmt: skip
# Those who dislike offers come less often than they would by themselves; by engagement,
# everyone a little.
_DISLIKES_OFFERS, _PUT_OFF = -0.6, 0.9
_ANNOYED = np.array([0.008, 0.018, 0.040])
_TREATED = 0.5


@dataclass(frozen=True)
class Contacts:
    """One row a customer in a campaign.

    Attributes:
        campaign: 0, 1 or 2; ``month`` is its month.
        channel: of the offer, -1 in the control group, who hear nothing.
        chance: of taking the product within three months without the offer.
        uplift: what the offer adds to it; can be below 0.
        answer: what was seen: nothing, taken, declined or complained.
    """

    owner: Ints
    campaign: Ints
    month: Ints
    treated: Flags
    channel: Ints
    chance: Floats
    uplift: Floats
    answer: Ints
    contacted_at: Ints
    answered_on: Days


def campaign_months(months: int) -> tuple[int, ...]:
    """Months of the three campaigns, spread so that answers fall within the extracts."""
    last = max(1, months - UPTAKE_WINDOW)
    return tuple(min(max(1, months * quarter // 4), last) for quarter in (1, 2, 3))


def campaign(
    block: Block, people: People, paths: Paths, uptake: Uptake, chances: Floats, known: Flags
) -> tuple[Contacts, Ints]:
    """Run the campaigns.

    Args:
        chances: of uptake, shape (products, months, groups, stress, engagement).
        known: whom the CRM knows: only they can be in a campaign.

    Returns:
        the contacts, and the months of uptake with the campaigns' effect.
    """
    taken = uptake.month.copy()
    parts = []
    for i, month in enumerate(campaign_months(block.settings.months)):
        draw, row = block.draw(f"campaign {i}"), PRODUCTS.index(OFFERS[i])
        fit = known & paths.active(people, month)[:, month - 1] & (taken[row] >= month)
        chosen_ones = happens(draw, np.full(len(people), block.settings.campaign_share))
        owner = np.flatnonzero(fit & chosen_ones)
        state = (people.group[owner], paths.stress[owner, month - 1])
        engaged = paths.engagement[owner, month - 1]
        chance = chances[row, month - 1][*state, engaged]
        uplift = _uplift(people, owner, i, engaged, chance)
        treated = happens(draw, np.full(len(owner), _TREATED))
        own = taken[row, owner] < month + UPTAKE_WINDOW
        takes = np.where(treated, with_offer(draw, own, chance, uplift), own)
        taken[row, owner] = np.where(takes, np.where(own, taken[row, owner], month),
                                     np.where(own, NEVER, taken[row, owner]))  # fmt: skip
        parts.append((owner, i, month, treated, chance, uplift, takes, draw))
    return _concatenate([_answered(block, *part) for part in parts]), taken


def _uplift(people: People, owner: Ints, offer: int, engaged: Ints, chance: Floats) -> Floats:
    """The offer's true effect on the chance of each customer."""
    temper = people.persuadable[owner]
    persuaded = logistic(_PERSUADED[offer, people.persona[owner]] + 0.8 * temper)
    annoyed = _ANNOYED[engaged] + _PUT_OFF * chance * (temper < _DISLIKES_OFFERS)
    return np.asarray(np.clip(persuaded - annoyed, -0.9 * chance, 0.95 - chance))


def with_offer(draw: np.random.Generator, own: Flags, chance: Floats, uplift: Floats) -> Flags:
    """Draw who takes the product when it is offered.

    Args:
        own: who would take it without the offer, which happens with ``chance``.
        uplift: what the offer adds to the chance; from -chance to 1 - chance.
    """
    persuaded = happens(draw, np.maximum(uplift, 0) / (1 - chance))
    lost = happens(draw, np.maximum(-uplift, 0) / np.maximum(chance, 1e-12))
    return np.where(own, ~lost, persuaded)


def _answered(
    block: Block, owner: Ints, i: int, month: int, treated: Flags, chance: Floats,
    uplift: Floats, takes: Flags, draw: np.random.Generator,
) -> Contacts:  # fmt: skip
    size = len(owner)
    refuses = happens(draw, np.full(size, 0.25)) & treated
    complains = happens(draw, np.where(uplift < 0, 0.12, 0.005)) & treated
    answer = np.select([takes, complains, refuses], [TAKEN, COMPLAINED, DECLINED], NO_ANSWER)
    second = draw.integers(9 * 3600, 17 * 3600, size)
    return Contacts(
        owner=owner,
        campaign=np.full(size, i),
        month=np.full(size, month),
        treated=treated,
        channel=np.where(treated, draw.integers(0, len(CHANNELS), size), -1),
        chance=chance,
        uplift=uplift,
        answer=answer,
        contacted_at=block.calendar.second(np.full(size, month), 1, second),
        answered_on=block.calendar.day(np.full(size, month), draw.integers(2, 20, size)),
    )


def _concatenate(parts: list[Contacts]) -> Contacts:
    names = list(Contacts.__dataclass_fields__)
    return Contacts(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))
