"""What customers buy: how often, for how much, when and where."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Array, Floats, Ints, happens, lognormal, whole
from harbour.block import Block
from harbour.calendar import Calendar
from harbour.chains import KEPT_HERE, Paths
from harbour.ledger import MERCHANTS, Entries, concatenated, entries
from harbour.people import People
from harbour.personas import by_persona
from harbour.reference import CATEGORY, CHANNEL

_DAY = 86_400


@dataclass(frozen=True)
class Habit:
    """One kind of spending.

    Attributes:
        rate: purchases a month by persona, before tempers, stress and season.
        amount: median in minor units, before it is scaled to what the month allows.
        spread: of the logarithm of the amount.
        stress: factor on the rate by level of stress.
        peak: month of the year with the most, 0 January, and by how much more.
        drift: factor on the rate from the drift on.
        hour: middle of the time of day, and its spread, in hours.
        remote: share not paid with the card in a shop, by which channel, and after the drift.
        merchants: how many there are.
    """

    category: str
    rate: tuple[float, ...]
    amount: float
    spread: float
    stress: tuple[float, ...] = (1.0, 0.95, 0.85, 0.7)
    peak: tuple[int, float] = (11, 0.0)
    drift: float = 1.0
    hour: tuple[float, float] = (14.5, 3.2)
    remote: tuple[str, float, float] = ("online", 0.0, 0.0)
    merchants: int = 2_000


HABITS = (
    Habit("groceries", (1.3, 1.5, 2.3, 1.7, 1.8, 1.9), 6_100, 0.6, (1.0, 1.0, 1.0, 0.95),
          drift=1.12, remote=("online", 0.04, 0.09), merchants=1_500),
    Habit("restaurants", (0.8, 1.1, 0.7, 0.9, 1.2, 0.4), 3_900, 0.55, (1.0, 0.85, 0.6, 0.3),
          peak=(6, 0.2), hour=(19.0, 2.2), merchants=4_000),
    Habit("shopping", (0.5, 0.8, 0.8, 0.7, 1.0, 0.4), 8_100, 0.85, (1.0, 0.85, 0.6, 0.35),
          peak=(11, 0.6), remote=("online", 0.40, 0.58), merchants=6_000),
    Habit("transport", (0.7, 0.8, 0.6, 0.8, 0.6, 0.3), 3_400, 0.7, hour=(9.5, 3.5), merchants=400),
    Habit("leisure", (0.5, 0.5, 0.4, 0.3, 0.5, 0.2), 4_300, 0.7, (1.0, 0.8, 0.5, 0.3),
          peak=(7, 0.3), hour=(20.0, 2.5), remote=("online", 0.35, 0.50), merchants=1_800),
    Habit("health", (0.08, 0.10, 0.18, 0.12, 0.22, 0.42), 5_000, 0.8, peak=(1, 0.25),
          hour=(11.0, 2.5), merchants=900),
    Habit("travel", (0.05, 0.10, 0.09, 0.12, 0.28, 0.08), 39_600, 0.8, (1.0, 0.6, 0.3, 0.1),
          peak=(6, 0.9), drift=0.75, remote=("online", 0.8, 0.85), merchants=700),
    Habit("gambling", (0.04, 0.05, 0.03, 0.05, 0.01, 0.02), 5_400, 0.8, (1.0, 1.8, 4.5, 8.0),
          hour=(24.5, 2.5), remote=("online", 0.9, 0.95), merchants=60),
    Habit("other", (0.3, 0.3, 0.35, 0.6, 0.5, 0.25), 7_200, 1.0,
          remote=("transfer", 0.75, 0.75), merchants=9_000),
    Habit("cash", (0.5, 0.35, 0.5, 0.55, 0.4, 1.0), 14_400, 0.6, (1.0, 1.05, 1.2, 1.3),
          drift=0.70, hour=(12.5, 3.0), remote=("branch", 0.12, 0.06), merchants=0),
)  # fmt: skip


def spend(block: Block, people: People, paths: Paths, active: Array, budget: Floats) -> Entries:
    """Draw all purchases, their sum near each month's budget.

    Args:
        active: who banks in which month, shape (customers, months).
        budget: what is to spend, minor units, same shape.
    """
    draw, calendar = block.draw("spending"), block.calendar
    parts = [_bought(draw, calendar, people, paths, active, habit) for habit in HABITS]
    made = concatenated(parts)
    month = calendar.month_of(made.at)
    cells = made.owner.astype(np.int64) * calendar.months + month
    raw = np.bincount(cells, made.amount, budget.size)
    factor = np.clip(budget.ravel() / np.maximum(raw, 1), 0.25, 3.0)
    amount = -np.maximum(whole(made.amount * factor[cells]), 50)
    cash = made.category == CATEGORY["cash"]
    amount[cash] = -np.maximum(np.rint(-amount[cash] / 1_000), 1).astype(np.int64) * 1_000
    return Entries(made.owner, made.slot, made.at, amount, made.channel, made.category,
                   made.counterparty)  # fmt: skip


def _bought(
    draw: np.random.Generator, calendar: Calendar, people: People, paths: Paths, active: Array,
    habit: Habit,
) -> Entries:  # fmt: skip
    counts = draw.poisson(_rates(calendar, people, paths, active, habit))
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    owner, month = cells // calendar.months, cells % calendar.months
    size = len(owner)
    amount = whole(habit.amount * lognormal(draw, habit.spread, size))
    return entries(
        owner,
        _moments(draw, calendar, month, habit),
        np.maximum(amount, 1),
        _channels(draw, calendar, month, habit),
        habit.category,
        _merchants(draw, people.number[owner], habit),
    )


def _rates(calendar: Calendar, people: People, paths: Paths, active: Array, habit: Habit) -> Floats:
    month = np.arange(calendar.months)
    peak, more = habit.peak
    season = 1 + more * (0.5 + 0.5 * np.cos((calendar.season(month) - peak) * np.pi / 6)) ** 3
    drift = np.where(month >= calendar.drift, habit.drift, 1.0)
    own = (
        np.array(habit.rate)[people.persona] * people.spender * by_persona("spends")[people.persona]
    )
    stressed = np.array(habit.stress)[paths.stress[:, : calendar.months]]
    kept = KEPT_HERE[paths.engagement[:, : calendar.months]]
    return np.asarray(own[:, None] * season * drift * stressed * kept * active)


def _moments(draw: np.random.Generator, calendar: Calendar, month: Ints, habit: Habit) -> Ints:
    """More is bought early in the month, after the salary; at the habit's time of day."""
    size = len(month)
    day = (draw.random(size, dtype=np.float32) ** 1.12 * calendar.length(month)).astype(np.int64)
    day = np.minimum(day, calendar.length(month) - 1)
    middle, spread = habit.hour
    hour = (middle + spread * draw.standard_normal(size, dtype=np.float32)) % 24
    second = np.minimum((hour * 3600).astype(np.int64), _DAY - 1)
    return calendar.second(month, day + 1, second)


def _channels(draw: np.random.Generator, calendar: Calendar, month: Ints, habit: Habit) -> Array:
    name, before, after = habit.remote
    usual = CHANNEL["atm" if habit.category == "cash" else "card"]
    if before == after == 0:
        return np.full(len(month), usual, dtype=np.int8)
    share = np.where(month >= calendar.drift, after, before)
    return np.where(happens(draw, share), CHANNEL[name], usual).astype(np.int8)


def _merchants(draw: np.random.Generator, number: Ints, habit: Habit) -> Ints:
    """Two purchases in three are at one of three own favourites, the rest where many go."""
    if not habit.merchants:
        return np.zeros(len(number), dtype=np.int64)
    favourite = (number * 48_271 + 7_919 * draw.integers(0, 3, len(number))) % habit.merchants
    popular = (habit.merchants * draw.random(len(number)) ** 3).astype(np.int64)
    own = happens(draw, np.full(len(number), 0.65))
    return MERCHANTS + CATEGORY[habit.category] * 10_000 + np.where(own, favourite, popular)
