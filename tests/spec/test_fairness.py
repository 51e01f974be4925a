"""What a decision gives to each group, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from limner.assessment.evidence import AttributeEvidence, Estimate, GroupEvidence
from limner.assessment.fairness import (
    BELOW_LIMIT,
    INSUFFICIENT,
    NOT_STATED,
    WITHIN_LIMIT,
    assess_fairness,
)
from limner.domain import Bilingual
from project import settings_with

SETTINGS = settings_with({"fairness.minimum_group": 50, "fairness.minimum_outcomes": 10})

# Deserving and approved, deserving and refused, undeserving and approved, … and refused.
Counts = tuple[int, int, int, int]
# 80 of 200 approved: 0.4; 60 of 100 deserving: 0.6; 20 of 100 others: 0.2.
OLD: Counts = (60, 40, 20, 80)
# 20 of 100 approved: 0.2; 15 of 50 deserving: 0.3; 5 of 50 others: 0.1.
YOUNG: Counts = (15, 35, 5, 45)


def assess(groups: dict[str | None, Counts]) -> AttributeEvidence:
    names = [name for name, counts in groups.items() for _ in range(sum(counts))]
    cells = np.concatenate([np.repeat([3, 2, 1, 0], counts) for counts in groups.values()])
    found = assess_fairness(
        "test", cells % 2 == 1, cells >= 2, {"group": pd.Series(names, dtype=object)},
        (Bilingual("credit approved", "信贷获批"), "not: late"), SETTINGS.assessment,
        SETTINGS.fairness, seed=1,
    )  # fmt: skip
    return found.attributes[0]


def value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else round(estimate.value, 9)


def rates(group: GroupEvidence) -> tuple[float | None, float | None, float | None]:
    return (
        value(group.selection_rate),
        value(group.true_positive_rate),
        value(group.false_positive_rate),
    )


def test_two_groups_counted_by_hand() -> None:
    found = assess({"young": YOUNG, "old": OLD})
    old, young = found.groups
    assert (old.group, old.customers, old.deserving) == ("old", 200, 100)
    assert rates(old) == (0.4, 0.6, 0.2)
    assert (young.group, young.customers, young.deserving) == ("young", 100, 50)
    assert rates(young) == (0.2, 0.3, 0.1)
    assert value(found.selection_ratio) == 0.2 / 0.4
    assert value(found.equal_opportunity_difference) == 0.3
    assert found.verdict == BELOW_LIMIT


def test_every_rate_has_an_interval_around_it() -> None:
    found = assess({"young": YOUNG, "old": OLD})
    for estimate in (found.selection_ratio, found.groups[0].selection_rate):
        assert estimate is not None
        assert estimate.low < estimate.value < estimate.high


@pytest.mark.parametrize(
    ("approved", "verdict"), [(32, WITHIN_LIMIT), (31, BELOW_LIMIT), (40, WITHIN_LIMIT)]
)
def test_four_fifths_is_still_within_the_limit(approved: int, verdict: str) -> None:
    # Against 40 of 100: 32 are exactly four fifths of it.
    found = assess({"a": (30, 20, 10, 40), "b": (approved - 10, 60 - approved, 10, 40)})
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("few", "sufficient"),
    [
        ((25, 0, 0, 25), True),
        ((24, 0, 0, 25), False),
        ((10, 0, 60, 0), True),
        ((9, 0, 60, 0), False),
        ((0, 60, 0, 10), True),
        ((0, 60, 0, 9), False),
    ],
)
def test_a_group_too_small_or_with_too_few_of_an_outcome_is_never_compared(
    few: Counts, sufficient: bool
) -> None:
    found = assess({"young": YOUNG, "old": OLD, "few": few})
    assert found.groups[0].group == "few"
    assert found.groups[0].sufficient == sufficient
    # Approving all of them, or none of them, would move both figures.
    compared = (value(found.selection_ratio), value(found.equal_opportunity_difference))
    assert (compared == (0.5, 0.3)) == (not sufficient)


def test_one_group_with_evidence_is_compared_with_nobody() -> None:
    found = assess({"old": OLD, "few": (5, 5, 5, 5)})
    assert found.selection_ratio is None
    assert found.equal_opportunity_difference is None
    assert found.verdict == INSUFFICIENT
    assert rates(found.groups[1]) == (0.4, 0.6, 0.2)


def test_a_missing_value_is_a_group_with_a_name() -> None:
    found = assess({"old": OLD, None: YOUNG})
    assert [group.group for group in found.groups] == [NOT_STATED, "old"]
    assert value(found.selection_ratio) == 0.5


def test_rates_of_nobody_are_never_zero_but_absent() -> None:
    found = assess({"old": OLD, "nobody deserving": (0, 0, 30, 70)})
    nobody = found.groups[0]
    assert rates(nobody) == (0.3, None, 0.3)
    assert not nobody.sufficient


def test_a_decision_that_favours_nobody_favours_all_alike() -> None:
    found = assess({"a": (0, 50, 0, 50), "b": (0, 30, 0, 40)})
    assert value(found.selection_ratio) == 1
    assert found.verdict == WITHIN_LIMIT
