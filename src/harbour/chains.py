"""The hidden states that customers move through, month by month.

Two Markov chains share financial *stress*, which rises and falls one level at a time:

* *arrears*: under stress an instalment is missed; what is owed is caught up with, or the
  next is missed too. Three in a row are a default, for the oldest is then never paid and
  90 days past due in the month after.
* *engagement*: a customer cools off, then leaves; the more so under stress.

Chances depend on the customer's group alone (and stress on the calendar month, through the
drift), so that the true probability of any fate can be worked out exactly:
:mod:`harbour.probabilities` does.
"""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Flags, Floats, Ints, chosen
from harbour.block import Block
from harbour.calendar import HORIZON
from harbour.people import GROUPS, People, by_resilience, of_group
from harbour.personas import by_persona

STRESS = ("calm", "tight", "strained", "distressed")
ENGAGEMENT = ("engaged", "cooling", "detached")
# Months by which the oldest unpaid instalment is behind; the last is for good.
ARREARS = ("none", "one month", "two months", "three months", "default")
DEFAULT = ARREARS.index("default")
NEVER = 10_000

# By stress: an instalment due is missed; what is owed is caught up with after one or two months.
MISSES = np.array([0.003, 0.014, 0.075, 0.26])
CATCHES_UP = np.array([[0.92, 0.75, 0.50, 0.22], [0.75, 0.55, 0.30, 0.12]])
# A month after the drift, stress rises this many times as often.
DRIFT_STRAIN = 1.5
_EASES = (0.13, 0.20, 0.30)
_STRAIN_BY_RESILIENCE = (1.9, 1.0, 0.45)
# By stress: engagement falls one level. By engagement: it rises one, and the customer leaves.
_COOLS = np.array([0.026, 0.032, 0.050, 0.070])
_WARMS = np.array([0.0, 0.12, 0.05])
LEAVES = np.array([0.003, 0.012, 0.12])
# By engagement: share of pay and purchases that stays with this bank. Who cools off tries another.
KEPT_HERE = np.array([1.0, 0.55, 0.2])
_FIRST_ENGAGEMENT = np.array([0.80, 0.165, 0.035])


def stress_steps(months: int, drift: int) -> Floats:
    """Chances of stress from one month's end to the next's.

    Returns:
        shape (months, groups, stress before, stress after); month ``t`` leads to the end of
        month ``t``.
    """
    rises = of_group(by_persona("strain")) * by_resilience(_STRAIN_BY_RESILIENCE)
    eases = by_resilience(_EASES)
    steps = np.zeros((months, GROUPS, len(STRESS), len(STRESS)))
    factor = np.where(np.arange(months) >= drift, DRIFT_STRAIN, 1.0)[:, None]
    for level in range(len(STRESS)):
        if level < len(STRESS) - 1:
            steps[:, :, level, level + 1] = factor * rises
        if level > 0:
            steps[:, :, level, level - 1] = eases
        steps[:, :, level, level] = 1 - steps[:, :, level].sum(axis=-1)
    return steps


def engagement_steps() -> Floats:
    """Chances of engagement, given the stress at the month's end.

    Returns:
        shape (groups, stress after, engagement before, engagement after), leavers left out:
        the chance to leave, ``LEAVES``, depends on where the step leads.
    """
    cools = of_group(by_persona("cooling"))[:, None] * _COOLS
    steps = np.zeros((GROUPS, len(STRESS), len(ENGAGEMENT), len(ENGAGEMENT)))
    for level in range(len(ENGAGEMENT)):
        if level < len(ENGAGEMENT) - 1:
            steps[:, :, level, level + 1] = cools
        if level > 0:
            steps[:, :, level, level - 1] = _WARMS[level]
        steps[:, :, level, level] = 1 - steps[:, :, level].sum(axis=-1)
    return steps


def arrears_steps() -> Floats:
    """Chances of arrears, given the stress at the month's end.

    Returns:
        shape (instalment due 0 or 1, stress after, arrears before, arrears after).
    """
    steps = np.zeros((2, len(STRESS), len(ARREARS), len(ARREARS)))
    steps[0, :, 0, 0] = 1
    steps[1, :, 0, 0], steps[1, :, 0, 1] = 1 - MISSES, MISSES
    for behind in (1, 2):
        steps[:, :, behind, 0] = CATCHES_UP[behind - 1]
        steps[:, :, behind, behind + 1] = 1 - CATCHES_UP[behind - 1]
    steps[:, :, 3, DEFAULT] = 1
    steps[:, :, DEFAULT, DEFAULT] = 1
    return steps


@dataclass(frozen=True)
class Paths:
    """What became of each customer, at the end of every month and a year beyond.

    Attributes:
        stress, engagement: numbers of the states, shape (customers, months + HORIZON).
        left: month in which the customer left, ``NEVER`` where not.
        closes: whether a leaver closes the accounts; the others let them lie.
    """

    stress: Ints
    engagement: Ints
    left: Ints
    closes: Flags

    def active(self, people: People, months: int) -> Flags:
        """Who banks with an account in which month: from the one after joining until leaving."""
        month = np.arange(months)
        since = (month > people.joined[:, None]) & people.has_account[:, None]
        return since & (month < self.left[:, None])


def walk(block: Block, people: People) -> Paths:
    """Draw the paths of stress and engagement."""
    draw, n = block.draw("paths"), block.size
    months = block.settings.months + HORIZON
    stress_step = stress_steps(months, block.settings.drift_month)
    engagement_step = engagement_steps()
    group = people.group
    stress = chosen(draw, resting_stress()[group])
    engaged = chosen(draw, np.tile(_FIRST_ENGAGEMENT, (n, 1)))
    left = np.full(n, NEVER)
    paths = np.zeros((2, n, months), dtype=np.int64)
    for month in range(months):
        stress = chosen(draw, stress_step[month, group, stress])
        moved = chosen(draw, engagement_step[group, stress, engaged])
        engaged = np.where(month > people.joined, moved, 0)
        leaves = draw.random(n) < LEAVES[engaged]
        left = np.where(leaves & (month > people.joined) & (left == NEVER), month, left)
        paths[:, :, month] = stress, engaged
    closes = draw.random(n) < 0.6
    return Paths(paths[0], paths[1], left, closes)


def resting_stress() -> Floats:
    """Long-run shares of the stress levels before the drift, shape (groups, stress)."""
    step = np.linalg.matrix_power(stress_steps(1, 1)[0], 512)
    return np.asarray(step[:, 0])


def fall_behind(draw: np.random.Generator, stress: Ints, first_due: Ints, last_due: Ints) -> Ints:
    """Draw the arrears of borrowers.

    Args:
        stress: shape (borrowers, months).
        first_due, last_due: months of the first and last instalment.

    Returns:
        numbers of the arrears at each month's end, shape (borrowers, months).
    """
    steps = arrears_steps()
    behind = np.zeros(len(stress), dtype=np.int64)
    path = np.zeros_like(stress)
    for month in range(stress.shape[1]):
        due = ((first_due <= month) & (month <= last_due)).astype(np.int64)
        behind = chosen(draw, steps[due, stress[:, month], behind])
        path[:, month] = behind
    return path
