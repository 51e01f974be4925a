"""Who the customers truly are."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Array, Days, Flags, Floats, Ints, chosen, happens
from harbour.block import Block
from harbour.personas import EMPLOYMENT, PERSONAS, by_persona
from harbour.reference import region_pay, region_shares

RESILIENCE = ("thin", "ordinary", "ample")
GROUPS = len(PERSONAS) * len(RESILIENCE) * 2
_JOINS_IN_WINDOW = 0.12
_HAS_NO_ACCOUNT = 0.015


@dataclass(frozen=True)
class People:
    """Arrays of one value a customer of a block; names of choices are numbers into tuples.

    Attributes:
        number: the customer's number in the whole bank.
        resilience: how well the customer takes a shock; seen only in what is put aside.
        income: true monthly net income in the first month, in minor units.
        joined: month of joining, below 0 for those before the first; ``joined_on`` is the day.
        has_account: a few never open one, or only a record was made.
        spender, digital, persuadable: personal tempers that no table states.
    """

    number: Ints
    persona: Ints
    resilience: Ints
    female: Flags
    birth: Days
    region: Ints
    education: Ints
    marital: Ints
    dependents: Ints
    residence: Ints
    income: Floats
    joined: Ints
    joined_on: Days
    has_account: Flags
    spender: Floats
    digital: Floats
    persuadable: Floats

    @property
    def group(self) -> Ints:
        """Number of the group, (persona, resilience, sex), within which chances are equal."""
        return (self.persona * len(RESILIENCE) + self.resilience) * 2 + self.female

    @property
    def employment(self) -> Ints:
        """Number of the employment in good times."""
        return np.array([EMPLOYMENT.index(p.employment) for p in PERSONAS])[self.persona]

    def __len__(self) -> int:
        return len(self.number)


def of_group(by_persona: Array) -> Array:
    """Spread values by persona, shape (6, …), over the groups, shape (36, …)."""
    return np.repeat(by_persona, GROUPS // len(PERSONAS), axis=0)


def by_resilience(values: tuple[float, float, float]) -> Floats:
    """Spread values by resilience over the groups."""
    return np.tile(np.repeat(values, 2), len(PERSONAS))


def make_people(block: Block) -> People:
    """Draw a block's customers."""
    draw, n = block.draw("people"), block.size
    persona = chosen(draw, np.tile(by_persona("share"), (n, 1)))
    resilience = chosen(draw, np.tile([0.3, 0.45, 0.25], (n, 1)))
    region = chosen(draw, np.tile(region_shares(), (n, 1)))
    age = _ages(draw, persona)
    birth = block.calendar.start - np.asarray(age * 365.25, dtype=np.int64)
    joined, joined_on = _joining(block, draw, age)
    return People(
        number=block.first + np.arange(n),
        persona=persona,
        resilience=resilience,
        female=happens(draw, np.full(n, 0.51)),
        birth=birth,
        region=region,
        education=chosen(draw, by_persona("education")[persona]),
        marital=chosen(draw, by_persona("marital")[persona]),
        dependents=np.minimum(draw.poisson(by_persona("children")[persona]), 8),
        residence=chosen(draw, by_persona("residence")[persona]),
        income=_incomes(draw, persona, region),
        joined=joined,
        joined_on=joined_on,
        has_account=~happens(draw, np.full(n, _HAS_NO_ACCOUNT)),
        spender=np.exp(0.22 * draw.standard_normal(n)),
        digital=np.exp(0.45 * draw.standard_normal(n)),
        persuadable=draw.standard_normal(n),
    )


def _ages(draw: np.random.Generator, persona: Ints) -> Floats:
    mean, spread, low, high = by_persona("age")[persona].T
    return np.asarray(np.clip(mean + spread * draw.standard_normal(len(persona)), low, high))


def _incomes(draw: np.random.Generator, persona: Ints, region: Ints) -> Floats:
    median, spread = by_persona("income")[persona].T
    noise = np.exp(spread * draw.standard_normal(len(persona)))
    return np.asarray(100 * median * noise * np.sqrt(region_pay()[region]))


def _joining(block: Block, draw: np.random.Generator, age: Floats) -> tuple[Ints, Days]:
    """Most joined over the years since they were 18; some within the months extracted."""
    n, calendar = block.size, block.calendar
    new = happens(draw, np.full(n, _JOINS_IN_WINDOW))
    month = draw.integers(0, calendar.months, n)
    years = np.minimum(age - 17.5, 22) * draw.beta(1.2, 1.6, n)
    before = calendar.start - 1 - np.asarray(years * 365, dtype=np.int64)
    joined_on = np.where(new, calendar.day(month, draw.integers(1, 28, n)), before)
    return np.where(new, month, -1), joined_on
