"""What a draft keeps out of its model: why, told where, and taken back how."""

import ast
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drafted import Drafted, draft, not_compared, write
from limner.domain import Bilingual, ScreenedColumn
from limner.errors import ColumnMissing, OptionsContradict
from limner.models import find_spec
from limner.models.spec import ModelSpec
from limner.onboarding.drafting import Source, model_features, write_drafts
from limner.onboarding.rehearsal import Rehearsal
from limner.onboarding.summary import summarise
from project import params, settings

ROWS = 4000
SOURCE = Source("a.csv", 1, "0" * 64)


def mortgages(missing_given: Sequence[float] = (0.07, 0.62), seed: int = 5) -> dict[str, list[str]]:
    """Make applications of which many of the refused, and few of the others, lack a ratio.

    Args:
        missing_given: share without debt to income, among approved and refused.
    """
    draw = np.random.default_rng(seed)
    refused = draw.random(ROWS) < 0.25
    ratio = draw.normal(36 + 7 * refused, 9, ROWS).clip(5, 75)
    missing = draw.random(ROWS) < np.where(refused, missing_given[1], missing_given[0])
    income = draw.lognormal(11 - 0.2 * refused, 0.5, ROWS)
    return {
        "debt_to_income": ["" if m else f"{v:.1f}" for m, v in zip(missing, ratio, strict=True)],
        "income": [f"{v:.0f}" for v in income],
        "loan_term": [str(v) for v in draw.choice([120, 180, 240, 360], ROWS)],
        "refused": [str(int(v)) for v in refused],
    }


def of_mortgages(folder: Path, table: dict[str, list[str]], **options: Any) -> Drafted:
    return draft(write(folder / "a.csv", table), target="refused", **options)


def definition(found: Drafted) -> ModelSpec:
    """Read features and judged columns out of the drafted definition, as Python reads them."""
    (text,) = (
        text
        for path, text in write_drafts(found.plan, SOURCE, not_compared()).files.items()
        if path.parent.name == "models"
    )
    call = next(n for n in ast.walk(ast.parse(text)) if _is_spec(n))
    assert isinstance(call, ast.Call)
    known = {"Bilingual": Bilingual, "ScreenedColumn": ScreenedColumn}
    drafted = {
        keyword.arg: eval(ast.unparse(keyword.value), known)
        for keyword in call.keywords
        if keyword.arg in ("feature_names", "screened")
    }
    return replace(find_spec("serious_delinquency"), **drafted)


def _is_spec(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "ModelSpec"


def summary_of(found: Drafted) -> str:
    rehearsal = Rehearsal(found.intake.report, found.intake.trusted, whole=True)
    drafts = write_drafts(found.plan, SOURCE, not_compared())
    return " ".join(summarise(found.plan, drafts, rehearsal, not_compared(), 0.01, True).split())


def test_a_strong_column_whose_missing_cells_tell_most_stays_in_the_model(tmp_path: Path) -> None:
    found = of_mortgages(tmp_path, mortgages())
    column = found.column("debt_to_income")
    missing = sum(not value for value in mortgages()["debt_to_income"])
    assert 0.19 < missing / ROWS < 0.23
    assert "debt_to_income" in model_features(found.plan)
    assert column.finding
    assert "strong, and kept in the model: alone it ranks the outcome with AUC 0.8" in (
        column.finding.en
    )
    assert f"{missing:,} rows lack it" in column.finding.en
    (entry,) = definition(found).screened
    assert (entry.column, entry.judged, entry.is_kept_out) == ("debt_to_income", "strong", False)
    assert "行缺失" in entry.reason.zh
    assert "Strong, and kept in the model (--drop COLUMN keeps one out) (1)" in summary_of(found)


def test_missing_cells_that_settle_the_outcome_are_kept_out_and_named_as_the_reason(
    tmp_path: Path,
) -> None:
    found = of_mortgages(tmp_path, mortgages(missing_given=(0.0, 0.3)))
    assert found.use("debt_to_income") == "leak"
    assert found.reasons("debt_to_income").startswith("by its missing cells: all ")
    (entry,) = definition(found).screened
    assert entry.is_kept_out
    assert entry.reason.zh.startswith("缺失所致")


def test_missing_cells_that_know_nearly_every_outcome_are_kept_out(tmp_path: Path) -> None:
    found = of_mortgages(tmp_path, mortgages(missing_given=(0.01, 0.9)))
    assert found.use("debt_to_income") == "leak"
    assert "by its missing cells: alone it ranks" in found.reasons("debt_to_income")


def test_a_limit_of_policy_at_the_end_of_a_range_is_strong_and_no_leak(tmp_path: Path) -> None:
    """Nobody above a limit is approved: that is known before the outcome."""
    table = mortgages(missing_given=(0.0, 0.0))
    ratio = np.array([float(v) for v in table["debt_to_income"]])
    refused = [str(int(r > 53 or v == "1")) for r, v in zip(ratio, table["refused"], strict=True)]
    found = of_mortgages(tmp_path, table | {"refused": refused})
    assert found.use("debt_to_income") == "feature"
    assert "strong, and kept" in found.reasons("debt_to_income")


@pytest.fixture
def with_a_leak() -> dict[str, list[str]]:
    table = mortgages(missing_given=(0.0, 0.0))
    draw = np.random.default_rng(2)
    days = 20 + 25 * np.array([v == "1" for v in table["refused"]]) + draw.normal(0, 6, ROWS)
    return table | {"days_to_letter": [f"{v:.1f}" for v in days]}


def test_a_column_kept_by_an_option_is_in_the_model_and_the_reason_stays(
    tmp_path: Path, with_a_leak: dict[str, list[str]]
) -> None:
    assert of_mortgages(tmp_path, with_a_leak).use("days_to_letter") == "leak"
    found = of_mortgages(tmp_path, with_a_leak, keep=("days_to_letter",))
    assert "days_to_letter" in model_features(found.plan)
    (entry,) = definition(found).screened
    assert "by its value" in entry.reason.en
    assert "--keep" in entry.taken_back


def test_one_edit_takes_a_column_back(tmp_path: Path, with_a_leak: dict[str, list[str]]) -> None:
    found = of_mortgages(tmp_path, with_a_leak)
    drafts = write_drafts(found.plan, SOURCE, not_compared())
    (features,) = (t for p, t in drafts.files.items() if p.parent.name == "features")
    # The catalogue and the contract have it already, so only the model's definition changes.
    assert '"days_to_letter"' in features
    assert "AFTER_OUTCOME" not in "".join(drafts.files.values())
    spec = definition(found)
    assert "days_to_letter" not in spec.used_features
    (entry,) = spec.screened
    edited = replace(entry, taken_back="the letter is sent before the decision")
    taken_back = replace(spec, screened=(edited,))
    assert "days_to_letter" in taken_back.used_features


def test_a_dropped_column_stays_in_the_portfolio_and_out_of_the_model(tmp_path: Path) -> None:
    found = of_mortgages(tmp_path, mortgages(), drop=("debt_to_income", "Loan_Term"))
    assert found.use("debt_to_income") == found.use("loan_term") == "dropped"
    assert model_features(found.plan) == ["income"]
    assert {c.column: c.judged for c in definition(found).screened} == {
        "debt_to_income": "dropped", "loan_term": "dropped",
    }  # fmt: skip


def test_an_option_protects_what_no_header_tells(tmp_path: Path) -> None:
    table = mortgages() | {"x7": [str(1 + i % 2) for i in range(ROWS)]}
    assert of_mortgages(tmp_path, table).use("x7") == "feature"
    found = of_mortgages(tmp_path, table, protected=("x7",))
    assert found.use("x7") == "protected"
    assert found.column("x7").column.allowed == ("1", "2")


def test_a_protected_attribute_kept_in_asks_for_its_reason(tmp_path: Path) -> None:
    table = mortgages() | {"sex": ["m" if i % 2 else "f" for i in range(ROWS)]}
    found = of_mortgages(tmp_path, table, keep=("sex",))
    drafts = write_drafts(found.plan, SOURCE, not_compared())
    assert "protected_features:\n    sex: State why" in drafts.model_block
    assert "sex" in model_features(found.plan)


@pytest.mark.parametrize(
    "options",
    [{"keep": ("income",), "drop": ("income",)}, {"protected": ("refused",)}],
    ids=["two options", "the target"],
)
def test_refuses_options_that_contradict(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(OptionsContradict, match="is named by --"):
        of_mortgages(tmp_path, mortgages(), **options)


def test_refuses_an_option_of_a_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing, match="incme"):
        of_mortgages(tmp_path, mortgages(), keep=("incme",))


def test_what_may_be_drafted_is_never_more_than_what_may_be_fitted() -> None:
    limits = params()
    assert (
        settings().onboarding.missing_leak_auc <= (limits["training_checks"]["single_feature_auc"])
    )
