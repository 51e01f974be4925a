"""The review page and the findings of a model of amounts."""

from dataclasses import replace

import pytest

from limner.assessment.amount_evidence import AmountEvidence, DecileEvidence, TierEvidence
from limner.assessment.amount_figures import COMPARED
from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.evidence import Estimate, ModelEvidence, ReliabilityBin, metrics_of
from limner.governance.gates import judge
from limner.governance.review_page import ReviewMaterial, render_review_page
from limner.modelling.amount_part import AmountPart, FittedTier
from review_material import PIXEL, estimate, row_of, section, settings_of, text_of

FIGURES = {
    "mae": 9000.0, "rmse": 41000.0, "r2": 0.95, "rank_correlation": 0.93, "captured_10": 0.69,
    "bias": 100.0, "mean_expected": 86000.0, "mean_realised": 85900.0, "coverage": 0.8,
    "lowest_tier_coverage": 0.79, "mean_width": 30000.0,
}  # fmt: skip


def around(value: float, width: float) -> Estimate:
    return Estimate(value=value, low=value - width, high=value + width)


def tier(sample: str, name: str, coverage: float) -> TierEvidence:
    return TierEvidence(
        sample=sample, tier=name, offered=name == "premium", customers=400, expected=5000,
        realised=around(5100, 200), coverage=estimate(coverage), width=9000,
    )  # fmt: skip


def comparison(sample: str, second: str, difference: Estimate) -> PairedComparison:
    return PairedComparison(
        sample=sample, first="model", second=second, customers=800,
        first_figures={key: FIGURES[key] for key in COMPARED},
        second_figures={key: 2 * FIGURES[key] for key in COMPARED},
        differences=dict.fromkeys(COMPARED, difference),
    )  # fmt: skip


def amounts(coverage: float = 0.8, difference: float = -500.0) -> AmountEvidence:
    samples = ("test", "out_of_time")
    return AmountEvidence(
        coverage=0.8, offered_from_minor=43000, penalty=0.01,
        tiers=tuple(
            tier(s, name, c) for s in samples for name, c in (("basic", coverage), ("premium", 0.8))
        ),
        deciles=tuple(
            DecileEvidence(sample=s, customers=80, expected=5000, low=1000, high=9000,
                           realised=5100, realised_low=900, realised_high=9100, coverage=0.81)
            for s in samples
        ),
        comparisons=tuple(
            comparison(s, second, around(difference, 100))
            for s in samples
            for second in ("mean", "before", "linear")
        ),
    )  # fmt: skip


def evidence_with(found: ModelEvidence, amount: AmountEvidence) -> ModelEvidence:
    bins = (ReliabilityBin(customers=800, predicted=86000, observed=around(85900, 900)),)
    samples = {
        name: sample.model_copy(
            update={
                "values": FIGURES, "reliability": bins,
                "figures": {
                    k: around(v, 200 if k == "bias" else 0.01 * abs(v)) for k, v in FIGURES.items()
                }
                if sample.figures else {},
            }
        )
        for name, sample in found.samples.items()
    }  # fmt: skip
    return found.model_copy(update={"samples": samples, "amount": amount})


@pytest.fixture
def page_material(material: ReviewMaterial) -> ReviewMaterial:
    (material.plots / "intervals.png").write_bytes(PIXEL)
    evidence = evidence_with(material.evidence, amounts())
    settings = settings_of(
        calibration=None, favourable_share=None, bands=None,
        amount={"objective": "squared_error", "coverage": 0.8, "offered_from": "premium",
                "linear_penalties": [0.1],
                "tiers": [{"name": "basic", "up_to": 0.8}, {"name": "premium", "up_to": 1.0}]},
        gates={"minimum": {"test/r2": 0.9, "test/lowest_tier_coverage": 0.75}, "maximum": {}},
    )  # fmt: skip
    part = AmountPart(
        centre=84000, scale=220000, slope=1.02, intercept=-1700, coverage=0.8,
        tiers=(
            FittedTier(name="basic", from_minor=None, offered=False, correction_minor=300),
            FittedTier(name="premium", from_minor=43000, offered=True, correction_minor=-6000),
        ),
    )  # fmt: skip
    limits = settings.model("late_payment").gates
    return replace(
        material, evidence=evidence, settings=settings,
        manifest=material.manifest.model_copy(update={"probability": None, "amount": part}),
        gates=judge(evidence, metrics_of(evidence), limits, drift_found=False),
        rates={"deposit_spread": 0.012, "monthly_cost_minor": 280},
    )  # fmt: skip


def test_the_page_speaks_of_money_and_never_of_probabilities(
    page_material: ReviewMaterial,
) -> None:
    page = render_review_page(page_material)
    assert "9,000 (8,910 to 9,090)" in text_of(row_of(page, "Mean absolute error"))
    assert "0.790" in text_of(row_of(page, "The same, in the tier where it is lowest"))
    for number in (2, 3, 4, 5, 8, 9, 12):
        told = section(page, number)
        assert "probabilit" not in told.lower(), number
        assert "log-odds" not in told, number
    assert "spread on current accounts, a year" in section(page, 3)
    assert "86,000" in section(page, 4)
    assert "80.0%" in section(page, 8)
    assert "premium offered" in section(page, 8)
    assert "ridge regression" in section(page, 9)
    assert "−6,000" in section(page, 12)


def test_the_page_says_which_tiers_get_the_favourable_decision(
    page_material: ReviewMaterial,
) -> None:
    told = section(render_review_page(page_material), 3)
    assert "Given to the tiers premium, from an expected amount of 43,000" in told


def test_a_sound_model_has_no_findings_on_its_amounts(page_material: ReviewMaterial) -> None:
    assert not identities(page_material.evidence, amounts()) & {
        "coverage/test", "simpler/test/before", "bias/test"
    }  # fmt: skip


def test_a_tier_whose_intervals_hold_less_often_than_promised_is_named(
    page_material: ReviewMaterial,
) -> None:
    found = identities(page_material.evidence, amounts(coverage=0.7))
    assert {"coverage/test", "coverage/out_of_time"} <= found
    # Within the interval of the figure it may be chance.
    assert "coverage/test" not in identities(page_material.evidence, amounts(coverage=0.795))


def test_a_simpler_model_that_is_not_beaten_is_named(page_material: ReviewMaterial) -> None:
    found = identities(page_material.evidence, amounts(difference=-50.0))
    assert {"simpler/test/before", "simpler/out_of_time/linear"} <= found


def test_amounts_expected_too_high_as_a_whole_are_a_finding(page_material: ReviewMaterial) -> None:
    evidence = page_material.evidence
    test = evidence.samples["test"]
    biased = test.model_copy(update={"figures": test.figures | {"bias": around(900, 100)}})
    samples = {**evidence.samples, "test": biased}
    found = identities(evidence.model_copy(update={"samples": samples}), amounts())
    assert "bias/test" in found


def test_bins_in_which_less_was_earned_than_expected_are_a_finding(
    page_material: ReviewMaterial,
) -> None:
    assert "amount_bins/test" not in identities(page_material.evidence, amounts())
    evidence = page_material.evidence
    test = evidence.samples["test"]
    off = ReliabilityBin(customers=800, predicted=88000, observed=around(85900, 900))
    changed = test.model_copy(update={"reliability": (*test.reliability, off)})
    samples = {**evidence.samples, "test": changed}
    found = identities(evidence.model_copy(update={"samples": samples}), amounts())
    assert "amount_bins/test" in found
    assert "amount_bins/out_of_time" not in found


def test_gates_can_be_held_against_coverage_by_tier_and_what_is_gained() -> None:
    from review_material import evidence_of

    evidence = evidence_of("development", "validation", "test", "out_of_time")
    metrics = metrics_of(evidence_with(evidence, amounts()))
    assert metrics["test/coverage/basic"] == 0.8
    assert metrics["out_of_time/over_before/mae"] == -500
    assert metrics["test/over_linear/rmse_high"] == -400


def identities(evidence: ModelEvidence, amount: AmountEvidence) -> set[str]:
    changed = evidence.model_copy(update={"amount": amount})
    limits = settings_of().model("late_payment").gates
    report = judge(changed, metrics_of(changed), limits, drift_found=False)
    return {finding.id for finding in report.findings}
