"""Harbour's true chances: the definitions worked by hand, and once more without arrays."""

from functools import cache

import numpy as np
import pytest

from harbour.chains import (
    ARREARS,
    CATCHES_UP,
    DRIFT_STRAIN,
    LEAVES,
    MISSES,
    arrears_steps,
    engagement_steps,
    fall_behind,
    stress_steps,
)
from harbour.probabilities import (
    churn_chances,
    default_chances,
    uptake_chances,
)

MONTHS, DRIFT, GROUP = 3, 2, 7
DEFAULTS = default_chances(MONTHS, DRIFT)
STRESS = stress_steps(MONTHS + 12, DRIFT)


@pytest.mark.parametrize(
    ("arrears", "instalments_left", "chance"),
    [
        # Nothing owed and nothing to come.
        ("none", 0, 0.0),
        # The third month in a row is missed: the oldest is never paid.
        ("three months", 0, 1.0),
        ("three months", 12, 1.0),
        ("default", 0, 1.0),
    ],
)
def test_fates_that_are_certain(arrears: str, instalments_left: int, chance: float) -> None:
    table = DEFAULTS[:, :, :, ARREARS.index(arrears), instalments_left]
    assert table == pytest.approx(np.full(table.shape, chance))


def test_two_months_behind_default_unless_they_catch_up_next_month() -> None:
    # With nothing more to fall due there is one way out: paying up in the coming month.
    for stress in range(4):
        goes_on = sum(STRESS[1, GROUP, stress, to] * (1 - CATCHES_UP[1, to]) for to in range(4))
        assert DEFAULTS[0, GROUP, stress, 2, 0] == pytest.approx(goes_on)


def test_a_last_instalment_defaults_when_missed_and_not_caught_up_with_twice() -> None:
    ways = 0.0
    for first in range(4):
        for second in range(4):
            for third in range(4):
                ways += (
                    STRESS[1, GROUP, 0, first] * MISSES[first]
                    * STRESS[2, GROUP, first, second] * (1 - CATCHES_UP[0, second])
                    * STRESS[3, GROUP, second, third] * (1 - CATCHES_UP[1, third])
                )  # fmt: skip
    assert DEFAULTS[0, GROUP, 0, 0, 1] == pytest.approx(ways)


@cache
def slow_default(month: int, ahead: int, stress: int, behind: int, left: int) -> float:
    """Walk every path, one at a time."""
    if behind == 4:
        return 1.0
    if ahead == 0:
        return 0.0
    due = int(left > 0)
    return sum(
        STRESS[month + 1, GROUP, stress, s] * arrears_steps()[due, s, behind, b]
        * slow_default(month + 1, ahead - 1, s, b, max(left - 1, 0))
        for s in range(4) for b in range(5)
    )  # fmt: skip


@pytest.mark.parametrize("left", [0, 1, 5, 12])
def test_default_chances_agree_with_every_path_walked(left: int) -> None:
    for month in range(MONTHS):
        slow = [[slow_default(month, 12, s, b, left) for b in range(5)] for s in range(4)]
        assert DEFAULTS[month, GROUP, :, :, left] == pytest.approx(np.array(slow), abs=1e-12)


@cache
def slow_uptake(
    month: int, ahead: int, stress: int, engaged: int, hazard: float, leaving: bool
) -> float:
    """Chance of uptake, or where ``leaving`` of leaving, path by path."""
    if ahead == 0:
        return 0.0
    chance = 0.0
    for s in range(4):
        for e in range(3):
            way = STRESS[month + 1, GROUP, stress, s] * engagement_steps()[GROUP, s, engaged, e]
            later = slow_uptake(month + 1, ahead - 1, s, e, hazard, leaving)
            stays = (1 - LEAVES[e]) * (hazard + (1 - hazard) * later)
            chance += way * (LEAVES[e] * leaving + stays)
    return chance


def test_churn_and_uptake_chances_agree_with_every_path_walked() -> None:
    churn = churn_chances(MONTHS, DRIFT)
    hazard = np.full((MONTHS + 3, *churn.shape[1:]), 0.03)
    uptake = uptake_chances(MONTHS, DRIFT, hazard)
    for month in range(MONTHS):
        for s in range(4):
            for e in range(3):
                left = slow_uptake(month, 6, s, e, 0.0, True)
                taken = slow_uptake(month, 3, s, e, 0.03, False)
                assert churn[month, GROUP, s, e] == pytest.approx(left, abs=1e-12)
                assert uptake[month, GROUP, s, e] == pytest.approx(taken, abs=1e-12)


def test_chances_of_a_month_sum_to_one() -> None:
    for steps in (STRESS, engagement_steps(), arrears_steps()):
        assert steps.min() >= 0
        assert steps.sum(axis=-1) == pytest.approx(np.ones(steps.shape[:-1]))


def test_from_the_drift_on_stress_rises_more_often() -> None:
    rises = STRESS[:, :, 0, 1]
    assert rises[DRIFT:] == pytest.approx(DRIFT_STRAIN * np.tile(rises[0], (len(rises) - DRIFT, 1)))
    assert (rises[:DRIFT] == rises[0]).all()


def test_arrears_begin_with_the_first_instalment_and_default_is_for_good() -> None:
    stress = np.full((4_000, 20), 3)
    path = fall_behind(np.random.default_rng(0), stress, np.full(4_000, 5), np.full(4_000, 9))
    assert (path[:, :5] == 0).all()
    steps = np.diff(path, axis=1)
    # A month at a time, or back to nothing.
    assert ((steps <= 1) & ((steps >= 0) | (path[:, 1:] == 0))).all()
    defaulted = path == 4
    assert (defaulted[:, 1:] >= defaulted[:, :-1]).all()
    # After the last instalment nobody falls behind anew.
    assert not ((path[:, 10:] == 1) & (path[:, 9:-1] == 0)).any()
