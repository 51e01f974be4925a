"""What the page says of a model that asks about several products."""

import re

from limner.assessment.evidence import Estimate
from limner.governance.review_page import render_review_page
from review_choice_material import choice
from review_material import section

EVEN = Estimate(value=0.0, low=-0.05, high=0.05)


def test_a_product_stands_with_whom_it_asks_whom_it_does_not_and_its_figures(material):
    seen = section(render_review_page(choice(material)), 8)
    assert re.search(
        r"credit card 信用卡 8,474 5,075 847 \(10\.0%\) 0\.660 \(0\.650 to 0\.670\)", seen
    )
    assert re.search(r"credit card 信用卡 0\.0123 \(0\.0023 to 0\.0223\)", seen)
    assert "loan 贷款 (0 customers of development took one, fewer than 100" in seen
    assert "income 收入 (0.321)" in seen


def test_the_rule_of_what_is_recommended_and_offered_is_stated_once(material):
    page = render_review_page(choice(material))
    assert "0.0514 of probability times value" in section(page, 12)
    assert re.search(r"platt 1\.003, 0\.112 2\.5 326 cards > 0", section(page, 12))
    assert "probability times its value is at or above 0.0514" in section(page, 3)
    assert "184 rows of the test sample, 184 rows of the out of time sample" in section(page, 3)


def test_gates_on_a_product_are_named_by_figure_and_product(material):
    seen = section(render_review_page(choice(material)), 1)
    assert "AUC (card), test sample" in seen
    assert "Lowest AUC of a product, test sample" in seen
    assert "Highest calibration error of a product, test sample" in seen
    assert seen.count("✓ passed") == 3


def test_the_recommendation_stands_beside_popularity_chance_and_a_scorecard(material):
    seen = section(render_review_page(choice(material)), 9)
    assert "1,079 of 8,739 rows took a product" in seen
    assert "The model beats the most popular product by more than the interval" in seen
    assert re.search(r"first product is taken \S+ 40\.0% .*? 42\.0% .*? 44\.0% .*? \+0\.070", seen)
    assert re.search(r"credit card 信用卡 0\.6600 0\.5900 \+0\.0700", seen)
    assert "not beyond the interval" not in seen


def test_what_is_not_better_than_popularity_or_a_scorecard_is_said_so_twice(material):
    page = render_review_page(choice(material, gain=EVEN))
    assert "does not beat the most popular product by more than the interval" in section(page, 9)
    assert section(page, 9).count("not beyond the interval") == 2
    first = section(page, 1)
    for identity in ("recommended/test", "recommended/out_of_time", "baseline/test"):
        assert identity in first


def test_a_product_that_is_ranked_by_chance_is_a_grave_finding(material):
    ranked, by_chance = choice(material), choice(material, auc=0.505)
    assert "product_ranking/test" not in {f.id for f in ranked.gates.findings}
    found = {f.id: f for f in by_chance.gates.findings}["product_ranking/test"]
    assert found.severity == "high"
    assert "credit card (AUC 0.505, 0.495 to 0.515)" in found.statement
    assert "部分产品的区分能力未超出随机水平" in section(render_review_page(by_chance), 1)
