"""Findings on what a model is worth: said where the evidence asks, and nowhere else."""

import pytest

from limner.assessment.comparison_evidence import PairedComparison, ValueEvidence
from limner.assessment.soundness_evidence import (
    CalibratedGroup,
    GroupCalibration,
    WeakSpot,
    WeakSpotSearch,
)
from limner.domain import Bilingual
from limner.governance.finding import Finding
from limner.governance.review_words import finding_in_chinese
from limner.governance.worth_findings import worth_findings
from limner.settings import SeverityLimits
from made_evidence import Interval, estimate, evidence, sample

GOOD: dict[str, Interval] = {"auc": (0.80, 0.78, 0.82), "ece": (0.010, 0.008, 0.014)}


def findings(**found: object) -> dict[str, Finding]:
    known = evidence({"test": sample(**GOOD)}).model_copy(update=found)
    return {finding.id: finding for finding in worth_findings(known)}


def beside(second: str, auc: Interval, loss: Interval) -> PairedComparison:
    return PairedComparison(
        sample="test", first="model", second=second, customers=1000,
        first_figures={}, second_figures={},
        differences={"auc": estimate(auc), "log_loss": estimate(loss), "brier": estimate(loss)},
    )  # fmt: skip


BETTER, WORSE, EVEN = (0.01, 0.005, 0.02), (-0.01, -0.02, -0.005), (0.001, -0.001, 0.003)


@pytest.mark.parametrize(
    ("auc", "loss", "named"),
    [
        (BETTER, WORSE, []),
        (EVEN, WORSE, ["AUC"]),
        (BETTER, EVEN, ["log loss"]),
        (WORSE, BETTER, ["AUC", "log loss"]),
        # At the edge of the interval is not beyond it.
        ((0.01, 0.0, 0.02), WORSE, ["AUC"]),
    ],
)
def test_a_baseline_that_is_not_beaten_by_more_than_the_interval_is_found(
    auc: Interval, loss: Interval, named: list[str]
) -> None:
    known = findings(comparisons=(beside("baseline", auc, loss),))
    assert list(known) == (["baseline/test"] if named else [])
    for name in ("AUC", "log loss"):
        assert all((f"{name} differs" in f.statement) == (name in named) for f in known.values())


def test_a_twin_that_is_better_without_constraints_is_no_finding() -> None:
    assert findings(comparisons=(beside("unconstrained", WORSE, BETTER),)) == {}


@pytest.mark.parametrize(
    ("auc", "named"),
    # Better, alike, at the edge of the interval, worse.
    [(BETTER, False), (EVEN, False), ((-0.01, -0.02, 0.0), False), (WORSE, True)],
)
def test_defaults_that_rank_better_than_the_model_are_found(auc: Interval, named: bool) -> None:
    known = findings(comparisons=(beside("plain_defaults", auc, EVEN),))
    assert list(known) == (["plain_defaults/test"] if named else [])
    for finding in known.values():
        assert "AUC differs by -0.0100 (-0.0200 to -0.0050)" in finding.statement
        assert "XGBoost" in (finding_in_chinese(finding.id) or "")


def search(found: int) -> WeakSpotSearch:
    spot = WeakSpot(
        conditions=(Bilingual("age: below 30", "年龄：低于 30"),), customers=500, events=60,
        expected=40.2, log_loss=0.4, promised=0.3, auc=None, test="calibration", p_value=1e-6,
        adjusted=1e-3,
    )  # fmt: skip
    return WeakSpotSearch(
        sample="test", slices=5, tests=10, skipped=0, level=0.05, found=found, spots=(spot,)
    )


def test_a_weak_spot_beyond_chance_is_found_and_one_within_is_not() -> None:
    assert findings(weak_spots=(search(0),)) == {}
    (finding,) = findings(weak_spots=(search(2),)).values()
    assert finding.severity == "medium"
    assert "age: below 30 (500 customers, 60 events where 40 are expected" in finding.statement


LIMITS = SeverityLimits(medium=1.25, high=2.0)


def graded(**found: object) -> dict[str, str]:
    known = evidence({"test": sample(**GOOD)}).model_copy(update=found)
    return {finding.id: finding.severity for finding in worth_findings(known, LIMITS)}


@pytest.mark.parametrize(
    ("events", "expected", "severity"),
    [
        (80, 40.0, "high"),  # twice as many leave as predicted
        (20, 40.0, "high"),  # half as many
        (0, 40.0, "high"),
        (79, 40.0, "medium"),
        (50, 40.0, "medium"),
        (49, 40.0, "low"),
        (40, 40.0, "low"),
        # Of 500 customers hardly any stays away: 30 where 60 are expected.
        (470, 440.0, "high"),
        (450, 440.0, "low"),
    ],
)
def test_the_severity_of_a_weak_spot_and_of_a_group_follows_size(
    events: int, expected: float, severity: str
) -> None:
    told = search(1)
    spot = told.spots[0].model_copy(
        update={"events": events, "expected": expected, "log_loss": 0.3}
    )
    assert graded(weak_spots=(told.model_copy(update={"spots": (spot,)}),)) == {
        "weak_spots/test": severity
    }
    beside = groups(("north", (events / expected, 0.0, 0.9), True))
    group = beside.groups[0].model_copy(update={"events": events, "expected": expected})
    assert graded(group_calibration=(beside.model_copy(update={"groups": (group,)}),)) == {
        "group_calibration/test": severity
    }


def test_the_furthest_weak_spot_counts_though_another_is_clearer() -> None:
    told = search(2)
    clear = told.spots[0].model_copy(update={"events": 44, "log_loss": 0.3})
    far = clear.model_copy(update={"events": 90, "conditions": (Bilingual("job: none", "无业"),)})
    by_chance = clear.model_copy(update={"events": 400, "adjusted": 0.2})
    spots = told.model_copy(update={"spots": (clear, far, by_chance)})
    assert graded(weak_spots=(spots,)) == {"weak_spots/test": "high"}
    (finding,) = findings(weak_spots=(spots,)).values()
    assert "the clearest: age: below 30 (500 customers, 44 events" in finding.statement
    assert "the furthest off: job: none (500 customers, 90 events" in finding.statement
    assert "400" not in finding.statement
    near = told.model_copy(update={"spots": (clear, by_chance)})
    assert graded(weak_spots=(near,)) == {"weak_spots/test": "low"}


def test_overconfidence_is_as_grave_as_its_log_loss_is_above_the_promised() -> None:
    told = search(1)
    spot = told.spots[0].model_copy(update={"events": 40, "log_loss": 0.6, "promised": 0.3})
    assert graded(weak_spots=(told.model_copy(update={"spots": (spot,)}),)) == {
        "weak_spots/test": "high"
    }


def groups(*stated: tuple[str, Interval, bool]) -> GroupCalibration:
    return GroupCalibration(
        sample="test", attribute="region",
        groups=tuple(
            CalibratedGroup(group=name, customers=500, events=50, expected=50.0,
                            observed_to_expected=estimate(ratio), sufficient=sufficient)
            for name, ratio, sufficient in stated
        ),
    )  # fmt: skip


def test_a_group_whose_probabilities_do_not_hold_is_named_if_it_can_be_judged() -> None:
    known = findings(
        group_calibration=(
            groups(("north", (1.3, 1.1, 1.5), True), ("south", (1.0, 0.9, 1.1), True),
                   ("east", (3.0, 2.0, 4.0), False)),
        )
    )  # fmt: skip
    statement = known["group_calibration/test"].statement
    assert "1 of 2 groups (0.1 would be by chance): region north (1.30, 1.10 to 1.50)" in statement
    assert "south" not in statement
    assert "east" not in statement


def value(everyone: Interval, nobody: Interval) -> ValueEvidence:
    return ValueEvidence(
        sample="test", currency="EUR", acting=Bilingual("call", "致电"), customers=1000,
        threshold=0.1, break_even=0.1, served_threshold=0.2, acted=0.3, served_acted=0.2,
        values={}, curve=(),
        gains={"everyone": estimate(everyone), "nobody": estimate(nobody)},
    )  # fmt: skip


def test_decisions_worth_no_more_than_none_are_found() -> None:
    assert findings(value=(value((1, 0.5, 1.5), (2, 1, 3)),)) == {}
    (finding,) = findings(value=(value((0.1, -0.1, 0.3), (2, 1, 3)),)).values()
    assert "than acting on everyone (0.10 EUR a customer, -0.10 to 0.30)" in finding.statement
    assert "nobody" not in finding.statement


@pytest.mark.parametrize("kind", ["baseline", "weak_spots", "group_calibration", "value"])
def test_every_finding_is_told_in_chinese_too(kind: str) -> None:
    assert "测试样本" in (finding_in_chinese(f"{kind}/test") or "")
