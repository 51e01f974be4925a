"""What the drafting kept out of a model stands on its review page, in both languages."""

from dataclasses import replace

from limner.domain import Bilingual, ScreenedColumn
from limner.governance.review_page import ReviewMaterial, render_review_page
from limner.modelling.fitted import Manifest
from review_material import row_of, text_of

LEAK = ScreenedColumn(
    "days_to_letter", "leak",
    Bilingual("by its value: alone it ranks the outcome with AUC 0.97", "取值所致：AUC 为 0.97"),
    ("days_to_letter",),
)  # fmt: skip
STRONG = ScreenedColumn(
    "debt_to_income", "strong", Bilingual("strong, and kept in the model", "预测力强，保留在模型中")
)


def page_with(material: ReviewMaterial, *screened: ScreenedColumn) -> str:
    manifest = material.manifest.model_copy(update={"screened": screened})
    return render_review_page(replace(material, manifest=manifest))


def test_a_column_kept_out_is_listed_with_its_reason(material: ReviewMaterial) -> None:
    page = page_with(material, LEAK, STRONG)
    seen = text_of(page)
    assert "Columns kept out of the model 未纳入模型的字段" in seen
    row = text_of(row_of(page, "days_to_letter"))
    assert "suspected of knowing the outcome 疑似已含结果信息" in row
    assert "alone it ranks the outcome with AUC 0.97 取值所致：AUC 为 0.97" in row
    assert "strong alone 单独预测力强" in text_of(row_of(page, "debt_to_income"))


def test_a_column_taken_back_is_listed_with_the_persons_reason(material: ReviewMaterial) -> None:
    back = replace(LEAK, taken_back="the letter is sent before the decision")
    page = page_with(material, back)
    assert "Columns kept out of the model" not in text_of(page)
    assert "the letter is sent before the decision" in text_of(row_of(page, "days_to_letter"))


def test_a_model_of_which_nothing_was_judged_keeps_its_page_and_its_bytes(
    material: ReviewMaterial,
) -> None:
    assert "kept out of the model" not in text_of(render_review_page(material))
    assert "screened" not in material.manifest.model_dump_json()


def test_the_manifest_is_the_same_after_it_is_read(material: ReviewMaterial) -> None:
    manifest = material.manifest.model_copy(update={"screened": (LEAK, STRONG)})
    assert Manifest.model_validate_json(manifest.model_dump_json()) == manifest
