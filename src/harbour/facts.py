"""What core banking records of customers' circumstances: biased in part, and in part not at all.

A row is recorded when the customer joins, at a review each year, and mostly when an employee
loses the work. Values go missing by three mechanisms:

* *MCAR*, education: at random.
* *MAR*, residence: more often for the young and the self-employed, both of which are seen.
* *MNAR*, income: more often for the lowest and the highest incomes, which are then not seen.
"""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Flags, Floats, Ints, happens, whole
from harbour.block import Block
from harbour.chains import Paths
from harbour.people import People
from harbour.personas import EMPLOYMENT

UNEMPLOYED = EMPLOYMENT.index("unemployed")
_JOB_LOSS_RECORDED = 0.7
_RAISE = 0.03


@dataclass(frozen=True)
class Facts:
    """One row a record of circumstances.

    Attributes:
        at: seconds since 1970.
        true_income, income: minor units, true that day and as recorded.
        no_education, no_residence, no_income: whether the value was left out.
    """

    owner: Ints
    at: Ints
    employment: Ints
    true_income: Ints
    income: Ints
    no_education: Flags
    no_residence: Flags
    no_income: Flags


def under_recorded(block: Block, people: People) -> Flags:
    """Women a part of whose income is not recorded: the bias that was put in."""
    return happens(block.draw("income bias"), np.full(len(people), 0.5)) & people.female


def record_facts(block: Block, people: People, paths: Paths, income: Floats) -> Facts:
    """List what is recorded.

    Args:
        income: true monthly income in minor units; shape (customers, months).
    """
    draw = block.draw("facts")
    owner, at, employment, true = (np.concatenate(part) for part in zip(
        _joining(block, draw, people), _reviews(block, draw, people, paths, income),
        _job_losses(block, draw, people, paths, income), strict=True))  # fmt: skip
    bias = np.where(under_recorded(block, people), 1 - block.settings.bias_income, 1.0)
    told = true * bias[owner] * np.exp(0.04 * draw.standard_normal(len(owner)))
    share = block.settings.missing_share
    edges = np.quantile(people.income, [0.10, 0.80])
    extreme = (true < edges[0]) | (true > edges[1])
    age = (block.calendar.start - people.birth[owner]).astype(np.int64) / 365.25
    open_ended = (age < 30) | (people.employment[owner] == 1)
    return Facts(
        owner=owner,
        at=at,
        employment=employment,
        true_income=whole(true),
        income=whole(told / 1_000) * 1_000,
        no_education=happens(draw, np.full(len(owner), share)),
        no_residence=happens(draw, np.minimum(share * np.where(open_ended, 2.0, 0.5), 1)),
        no_income=happens(draw, np.minimum(share * np.where(extreme, 2.4, 0.4), 1)),
    )


_Part = tuple[Ints, Ints, Ints, Floats]


def _joining(block: Block, draw: np.random.Generator, people: People) -> _Part:
    owner = np.arange(len(people))
    days = (people.joined_on - block.calendar.start).astype(np.int64)
    at = people.joined_on.astype(np.int64) * 86_400 + draw.integers(9 * 3600, 16 * 3600, len(owner))
    return owner, at, people.employment, people.income * (1 + _RAISE) ** (days / 365.25)


def _reviews(
    block: Block, draw: np.random.Generator, people: People, paths: Paths, income: Floats
) -> _Part:
    calendar = block.calendar
    month = np.arange(calendar.months)
    due = (month % 12 == people.number[:, None] % 12) & paths.active(people, calendar.months)
    owner, when = np.nonzero(due)
    at = calendar.second(
        when, 1 + people.number[owner] % 20, draw.integers(32_400, 57_600, len(owner))
    )
    return owner, at, _work(people, paths, owner, when), income[owner, when]


def _job_losses(
    block: Block, draw: np.random.Generator, people: People, paths: Paths, income: Floats
) -> _Part:
    calendar = block.calendar
    months = calendar.months
    out = (paths.stress[:, :months] == 3) & paths.active(people, months)
    out &= (people.employment == 0)[:, None]
    told = out.any(axis=1) & happens(draw, np.full(len(people), _JOB_LOSS_RECORDED))
    owner = np.flatnonzero(told)
    when = out[owner].argmax(axis=1)
    at = calendar.second(
        when, 22 + people.number[owner] % 6, draw.integers(32_400, 57_600, len(owner))
    )
    return owner, at, np.full(len(owner), UNEMPLOYED), income[owner, when]


def _work(people: People, paths: Paths, owner: Ints, month: Ints) -> Ints:
    jobless = (paths.stress[owner, month] == 3) & (people.employment[owner] == 0)
    return np.where(jobless, UNEMPLOYED, people.employment[owner])
