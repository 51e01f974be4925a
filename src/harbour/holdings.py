"""Accounts, cards, standing orders and further holders."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Days, Flags, Floats, Ints, happens, whole
from harbour.block import Block
from harbour.chains import NEVER, Paths
from harbour.numbers import ACCOUNT_SLOT, CURRENT
from harbour.people import People
from harbour.personas import PRODUCTS
from harbour.uptake import BEFORE

NO_DAY = np.datetime64("NaT", "D")
CLASSIC, GOLD, JUNIOR = 1, 2, 3


@dataclass(frozen=True)
class Accounts:
    """One row an account; ``owner`` is the customer's place in the block."""

    owner: Ints
    slot: Ints
    product: Ints
    opened_on: Days
    closed_on: Days
    overdraft: Ints


@dataclass(frozen=True)
class Cards:
    """One row a card: debit cards come with the account, credit cards are taken up."""

    owner: Ints
    credit: Ints
    tier: Ints
    issued_on: Days
    closed_on: Days
    limit: Ints


@dataclass(frozen=True)
class Orders:
    """One row a standing order."""

    owner: Ints
    purpose: Ints
    amount: Ints
    started_on: Days
    ended_on: Days


@dataclass(frozen=True)
class Holdings:
    """What the customers of a block hold.

    Attributes:
        taken: month of uptake by product, campaigns included; shape (products, customers).
        taken_on: its day.
        closed_on: day on which a leaver closed everything, else no day.
        overdraft: agreed overdraft of the current account in minor units.
    """

    taken: Ints
    taken_on: Days
    closed_on: Days
    overdraft: Ints
    limit: Ints

    def holds(self, product: str, months: int) -> Flags:
        """Who holds a product at the end of which month; shape (customers, months)."""
        return np.asarray(self.taken[PRODUCTS.index(product)][:, None] <= np.arange(months))


def hold(block: Block, people: People, paths: Paths, taken: Ints, keeps: Flags) -> Holdings:
    """Date what was taken up, and what leavers close.

    Args:
        taken: month by product; shape (products, customers).
        keeps: who cannot close the account, because a loan is served from it.
    """
    draw, calendar = block.draw("holdings"), block.calendar
    in_window = (taken >= 0) & (taken < calendar.months)
    day = draw.integers(2, 28, taken.shape)
    waited = np.maximum((calendar.start - people.joined_on).astype(np.int64), 1)
    before = people.joined_on + np.asarray(waited * draw.random(taken.shape), dtype=np.int64)
    taken_on = np.where(in_window, calendar.day(np.where(in_window, taken, 0), day), before)
    closes = paths.closes & (paths.left < calendar.months) & people.has_account & ~keeps
    left_on = calendar.day(np.where(closes, paths.left, 0), draw.integers(2, 28, len(people)))
    # Nothing is closed before it is opened, where a campaign brought it in the last month.
    left_on = np.maximum(left_on, np.where(in_window, taken_on, calendar.start).max(axis=0))
    agreed = happens(draw, np.where(people.income > 150_000, 0.7, 0.25))
    return Holdings(
        taken=np.where(taken < calendar.months, taken, NEVER),
        taken_on=taken_on,
        closed_on=np.where(closes, left_on, NO_DAY),
        overdraft=np.where(agreed, whole(people.income / 50_000) * 50_000, 0),
        limit=np.maximum(whole(people.income * 1.8 / 50_000) * 50_000, 50_000),
    )


def accounts_of(people: People, holdings: Holdings, drift_on: np.datetime64) -> Accounts:
    """List current accounts and the products with an account of their own."""
    students = people.persona == 0
    has = np.flatnonzero(people.has_account)
    parts = [
        (has, np.full(len(has), CURRENT), students[has].astype(np.int64), people.joined_on[has])
    ]
    for name, slot in ACCOUNT_SLOT.items():
        row = PRODUCTS.index(name)
        who = np.flatnonzero(holdings.taken[row] < NEVER)
        opened = holdings.taken_on[row, who]
        # After the two current accounts; the seventh is the card sold since the drift.
        product = np.where((name == "card") & (opened >= drift_on), 7, slot + 1)
        parts.append((who, np.full(len(who), slot), product, opened))
    owner, slot_of, product, opened_on = (np.concatenate(part) for part in zip(*parts, strict=True))
    overdraft = np.where(slot_of == CURRENT, holdings.overdraft[owner], 0)
    return Accounts(owner, slot_of, product, opened_on, holdings.closed_on[owner], overdraft)


def cards_of(block: Block, people: People, holdings: Holdings) -> Cards:
    """List debit cards, and credit cards with their limits."""
    draw, card = block.draw("cards"), PRODUCTS.index("card")
    debit = np.flatnonzero(people.has_account)
    credit = np.flatnonzero(holdings.taken[card] < NEVER)
    owner = np.concatenate([debit, credit])
    is_credit = np.repeat([0, 1], [len(debit), len(credit)])
    issued = np.concatenate([people.joined_on[debit], holdings.taken_on[card, credit]])
    new = issued >= np.datetime64(block.settings.drift_from)
    gold = happens(draw, np.where(people.income[owner] > 400_000, 0.6, 0.06) + 0.3 * new)
    tier = np.where(gold & (is_credit == 1), GOLD, CLASSIC)
    tier = np.where((people.persona[owner] == 0) & (is_credit == 0), JUNIOR, tier)
    limit = holdings.limit[owner] * is_credit
    return Cards(owner, is_credit, tier, issued, holdings.closed_on[owner], limit)


def orders_of(block: Block, people: People, holdings: Holdings, rent: Floats) -> Orders:
    """List standing orders for rent, insurance and saving; they end with the account."""
    draw, has = block.draw("orders"), people.has_account
    since = np.maximum(people.joined_on, block.calendar.start - 1200)
    last_day = block.calendar.extract_day - 1
    parts = []
    saving = holdings.taken[PRODUCTS.index("savings")] == BEFORE
    insured = holdings.taken[PRODUCTS.index("insurance")] == BEFORE
    # Purposes in the order of the codes R, I, S.
    wishes = ((rent > 0, 0.7, rent), (insured, 0.8, 3_000 + 0.004 * people.income),
              (saving, 0.35, 0.05 * people.income))  # fmt: skip
    for purpose, (wants, share, amount) in enumerate(wishes):
        who = np.flatnonzero(wants & has & happens(draw, np.full(len(people), share)))
        parts.append((who, np.full(len(who), purpose), whole(amount[who])))
    owner, purpose_of, amount_of = (np.concatenate(part) for part in zip(*parts, strict=True))
    ended = holdings.closed_on[owner]
    started = np.minimum(since[owner] + draw.integers(1, 5, len(owner)), last_day)
    return Orders(owner, purpose_of, amount_of, np.fmin(started, ended), ended)


def joint_holders(block: Block, people: People) -> tuple[Ints, Ints, Ints, Days]:
    """Let some married people share a current account with the next customer.

    Returns:
        owner, second holder, whether joint (1) or authorised (0), and the day since when.
    """
    draw, n = block.draw("holders"), len(people)
    partner = (np.arange(n) + 1) % n
    both = people.has_account & people.has_account[partner]
    shares = happens(draw, np.where(people.marital == 1, 0.22, 0.02)) & both
    owner = np.flatnonzero(shares)
    joint = happens(draw, np.full(len(owner), 0.8)).astype(np.int64)
    since = np.maximum(people.joined_on[owner], people.joined_on[partner[owner]])
    return owner, partner[owner], joint, since
