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


def search(found: int) -> WeakSpotSearch:
    spot = WeakSpot(
        conditions=("age: below 30",), customers=500, events=60, expected=40.2, log_loss=0.4,
        promised=0.3, auc=None, test="calibration", p_value=1e-6, adjusted=1e-3,
    )  # fmt: skip
    return WeakSpotSearch(
        sample="test", slices=5, tests=10, skipped=0, level=0.05, found=found, spots=(spot,)
    )


def test_a_weak_spot_beyond_chance_is_found_and_one_within_is_not() -> None:
    assert findings(weak_spots=(search(0),)) == {}
    (finding,) = findings(weak_spots=(search(2),)).values()
    assert finding.severity == "medium"
    assert "age: below 30 (500 customers, 60 events where 40 are expected" in finding.statement


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
