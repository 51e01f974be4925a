"""The page says what leaving protected attributes out costs, and nothing where nothing is known."""

from dataclasses import replace

from limner.assessment.comparison_evidence import PairedComparison, ProtectedCost
from limner.governance.review_page import ReviewMaterial, render_review_page
from review_material import estimate, text_of


def test_the_cost_stands_with_its_attributes_and_interval(material: ReviewMaterial) -> None:
    comparison = PairedComparison(
        sample="test", first="model", second="with_protected", customers=8923,
        first_figures={"auc": 0.86}, second_figures={"auc": 0.8632},
        differences={"auc": estimate(-0.0032, 0.001)},
    )  # fmt: skip
    cost = ProtectedCost(attributes=("sex", "marital_status"), comparison=comparison)
    evidence = material.evidence.model_copy(update={"protected_cost": (cost,)})
    seen = text_of(render_review_page(replace(material, evidence=evidence)))
    assert "What leaving protected attributes out costs 不使用受保护属性的代价" in seen
    assert "8,923 0.8600 0.8632 −0.0032 (−0.0042 to −0.0022)" in seen
    assert (
        "sex ◆ protected 受保护 , marital_status" in seen or "sex ◆ protected 受保护, mar" in seen
    )


def test_without_a_reference_the_page_says_nothing_of_a_cost(material: ReviewMaterial) -> None:
    assert "protected attributes out costs" not in text_of(render_review_page(material))
