"""The exact chance of each fate, worked back from the end of its window.

All windows open after the month whose end is looked at: ``table[t]`` holds chances over
months ``t + 1`` to ``t + window``, given the state at the end of month ``t``. That is a
snapshot on the first day of month ``t + 1``.
"""

import numpy as np

from harbour.arrays import Floats
from harbour.chains import (
    ARREARS,
    DEFAULT,
    ENGAGEMENT,
    LEAVES,
    STRESS,
    arrears_steps,
    engagement_steps,
    stress_steps,
)
from harbour.people import GROUPS

DEFAULT_WINDOW = 12
CHURN_WINDOW = 6
UPTAKE_WINDOW = 3


def default_chances(months: int, drift: int) -> Floats:
    """Chance that the oldest unpaid instalment falls 90 days behind within 12 months.

    Returns:
        shape (months, groups, stress, arrears, 13): the last axis counts the instalments
        still to fall due, 12 standing for 12 or more.
    """
    window = DEFAULT_WINDOW
    stress = stress_steps(months + window, drift)
    arrears = arrears_steps()
    table = np.zeros((months, GROUPS, len(STRESS), len(ARREARS), window + 1))
    at_end = np.zeros(table.shape[1:])
    at_end[:, :, DEFAULT] = 1
    # One instalment fewer is left after each month; the first axis tells whether one was due.
    fewer = np.maximum(np.arange(window + 1) - 1, 0)
    due = np.minimum(np.arange(window + 1), 1)
    for month in range(months):
        chance = at_end
        for ahead in range(window, 0, -1):
            after = np.einsum("rsab,gsbr->gsar", arrears[due], chance[..., fewer])
            chance = np.einsum("gst,gtar->gsar", stress[month + ahead], after)
        table[month] = chance
    return table


def churn_chances(months: int, drift: int) -> Floats:
    """Chance to leave within 6 months; shape (months, groups, stress, engagement)."""
    return _chances(months, drift, CHURN_WINDOW, np.zeros((1, GROUPS, len(STRESS), 3)), LEAVES)


def uptake_chances(months: int, drift: int, hazard: Floats) -> Floats:
    """Chance to take up a product within 3 months, by its chance a month.

    Args:
        hazard: of a customer who stays, shape (months + 3, groups, stress, engagement).

    Returns:
        shape (months, groups, stress, engagement).
    """
    return _chances(months, drift, UPTAKE_WINDOW, hazard, np.zeros(len(ENGAGEMENT)))


def _chances(months: int, drift: int, window: int, hazard: Floats, leaving: Floats) -> Floats:
    """Chance that a customer takes up something, or leaves where leaving is what counts."""
    stress, engagement = stress_steps(months + window, drift), engagement_steps()
    table = np.zeros((months, GROUPS, len(STRESS), len(ENGAGEMENT)))
    for month in range(months):
        chance = np.zeros(table.shape[1:])
        for ahead in range(window, 0, -1):
            taken = hazard[min(month + ahead, len(hazard) - 1)]
            stays = (1 - LEAVES) * (taken + (1 - taken) * chance)
            after = np.einsum("gsef,gsf->gse", engagement, leaving + stays)
            chance = np.einsum("gst,gte->gse", stress[month + ahead], after)
        table[month] = chance
    return table
