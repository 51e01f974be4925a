"""What the page says of a model's worth: comparisons, weak spots, value, groups, points."""

import re
from dataclasses import replace

from limner.assessment.evidence import (
    Estimate,
    metrics_of,
)
from limner.governance.gates import judge
from limner.governance.review_page import render_review_page
from review_material import section
from review_worth_material import apart, compared, of_worth


def test_comparisons_stand_with_both_figures_the_difference_and_what_follows(material):
    seen = section(render_review_page(of_worth(material)), 9)
    assert re.search(r"AUC .*0\.8664 0\.8590 \+0\.0074 \(\+0\.005[56] to \+0\.009[23]\)", seen)
    assert "The model beats the baseline by more than the interval" in seen
    assert "The constraints cost AUC beyond the interval: 0.0019" in seen
    assert "more customers would probably help" in seen
    assert "30,000 customers" in seen


def test_a_model_that_does_not_beat_its_baseline_is_said_so_twice(material):
    plain = of_worth(material)
    even = compared("baseline", Estimate(value=0.001, low=-0.001, high=0.003), apart(-0.005))
    evidence = plain.evidence.model_copy(update={"comparisons": (even,)})
    gates = judge(evidence, metrics_of(evidence), plain.settings.model("late_payment").gates, False)
    page = render_review_page(replace(plain, evidence=evidence, gates=gates))
    assert "does not beat the baseline by more than the interval in ranking" in section(page, 9)
    assert "AUC differs by 0.0010 (-0.0010 to 0.0030)" in section(page, 1)


def test_without_comparisons_nothing_is_claimed_of_them(material):
    page = render_review_page(material)
    assert "compared with nothing" in section(page, 9)
    assert "Not searched" in section(page, 10)
    assert "No cost matrix is stated" in section(page, 11)
    assert "By score band" not in section(page, 4)


def test_weak_spots_name_the_slice_its_size_and_the_corrected_p_value(material):
    page = render_review_page(of_worth(material))
    seen = section(page, 10)
    assert "1 of 1,200 tests contradict the model beyond chance" in seen
    assert "income: below <3,400> and job: nurse 收入：低于 <3,400>，职业：护士" in seen
    for figure in ("1,598", "172 / 142", "0.272 / 0.221", "0.012", "144"):
        assert figure in seen
    assert "<3,400>" not in page


def test_value_says_where_it_is_not_beyond_doubt(material):
    seen = section(render_review_page(of_worth(material)), 11)
    assert "9.31%" in seen
    assert "9.09%" in seen
    everyone, nobody = seen.split("acting on everyone")[1].split("acting on nobody")
    assert re.search(r"\+0\.01 \(0\.00 to \+0\.03\) not beyond the interval", everyone)
    assert "not beyond" not in nobody


def test_calibration_of_a_group_too_small_is_marked_and_not_judged(material):
    seen = section(render_review_page(of_worth(material)), 4)
    assert re.search(r"A 6,344 45\.3 38 0\.84 \(0\.74 to 0\.94\) ≠ 1", seen)
    assert re.search(r"B insufficient evidence \S+ 12 0\.2 0", seen)
    assert re.search(r"platt: .*? 0\.18107 ◀ in use \S+ lowest", seen)


def test_the_gains_table_and_the_points_are_shown(material):
    page = render_review_page(of_worth(material))
    assert re.search(r"1 3,000 40\.0% .*? 56\.3% .*? 5\.63 ", section(page, 2))
    assert "Points = 487.12 + 28.85" in section(page, 12)
    assert "A above 550 B 550 or fewer" in section(page, 12)
