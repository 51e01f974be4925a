"""Protected attributes by header, abbreviation and value; kinds of things as numbers; states."""

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drafted import Drafted, draft, not_compared, write
from limner.contract import Sensitivity
from limner.onboarding.drafting import Source, model_features, write_drafts
from limner.onboarding.missing import find_codes, ordered_states
from limner.onboarding.rehearsal import Rehearsal
from limner.onboarding.summary import summarise

ROWS = 3000


def cards(seed: int = 8) -> dict[str, list[str]]:
    """Make a table as card issuers publish it: all whole numbers, payment states from -2 to 8."""
    draw = np.random.default_rng(seed)
    state = draw.choice(
        range(-2, 9), ROWS, p=[0.2, 0.2, 0.3, 0.1, 0.1, 0.02, 0.02, 0.02, 0.02, 0.01, 0.01]
    )
    odds = -2 + 0.6 * state
    event = draw.random(ROWS) < 1 / (1 + np.exp(-odds))
    return {
        "LIMIT_BAL": [str(v) for v in draw.integers(1, 80, ROWS) * 10_000],
        "SEX": [str(v) for v in draw.integers(1, 3, ROWS)],
        "EDUCATION": [str(v) for v in draw.integers(1, 5, ROWS)],
        "MARRIAGE": [str(v) for v in draw.integers(1, 4, ROWS)],
        "AGE": [str(v) for v in draw.integers(21, 75, ROWS)],
        "PAY_0": [str(v) for v in state],
        "PAY_2": [str(v) for v in np.where(state == 1, 2, state)],
        "default": [str(int(v)) for v in event],
    }


def of_cards(folder: Path, **columns: list[str]) -> Drafted:
    return draft(write(folder / "a.csv", cards() | columns), target="default")


def summary_of(found: Drafted) -> str:
    trials = not_compared()
    drafts = write_drafts(found.plan, Source("a.csv", 1, "0" * 64), trials)
    rehearsal = Rehearsal(found.intake.report, found.intake.trusted, whole=True)
    return " ".join(summarise(found.plan, drafts, rehearsal, trials, 0.01, True).split())


def test_a_card_table_has_its_attributes_protected_and_its_states_as_numbers(
    tmp_path: Path,
) -> None:
    found = of_cards(tmp_path)
    protected = {c.name: c.column for c in found.plan.used_as("protected")}
    assert set(protected) == {"sex", "education", "marriage", "age"}
    assert all(c.sensitivity is Sensitivity.PROTECTED for c in protected.values())
    assert protected["education"].allowed == ("1", "2", "3", "4")
    assert found.column("pay_0").column.codes == found.column("pay_2").column.codes == ()
    assert model_features(found.plan) == ["limit_bal", "pay_0", "pay_2"]
    assert len(found.intake.quarantine) == 0
    assert found.intake.trusted["pay_0"].min() == -2


@pytest.mark.parametrize(
    "header",
    ["EDUCATION", "edu", "EducLevel", "NAME_EDUCATION_TYPE", "Marriage", "maritalstatus",
     "NAME_FAMILY_STATUS", "civil_status", "country", "Country_of_Birth", "region of origin",
     "native_country", "ethnicGroup", "race", "relig", "citizenship", "foreign_worker",
     "gndr", "disab", "学历", "教育程度", "文化程度", "婚姻", "国家", "国籍", "户籍所在地",
     "宗教信仰", "Geschlecht", "Familienstand", "Alter", "Geburtsjahr", "Staatsangehörigkeit",
     "Nationalität"],
)  # fmt: skip
def test_a_header_that_tells_a_protected_attribute_is_read(tmp_path: Path, header: str) -> None:
    found = of_cards(tmp_path, **{header: [str(1 + i % 3) for i in range(ROWS)]})
    labels = {c.profile.label for c in found.plan.used_as("protected") if c.profile}
    assert header in labels


@pytest.mark.parametrize(
    "header",
    ["foreign_currency_balance", "original_amount", "interest", "region_income", "节省金额",
     "账户口径", "graduation_rate"],
)  # fmt: skip
def test_a_plain_header_is_neither_protected_nor_asked_of(tmp_path: Path, header: str) -> None:
    draw = np.random.default_rng(1)
    found = of_cards(tmp_path, **{header: [f"{v:.2f}" for v in draw.random(ROWS)]})
    (column,) = (c for c in found.plan.columns if c.profile and c.profile.label == header)
    assert (column.use, column.question) == ("feature", "")


@pytest.mark.parametrize(
    "values",
    [("m", "f"), ("Male", "Female"), ("男", "女"), ("married", "single"), ("已婚", "未婚"),
     ("本科", "硕士"), ("m", "w"), ("ledig", "verheiratet")],
)  # fmt: skip
def test_values_tell_a_protected_attribute_under_any_header(
    tmp_path: Path, values: tuple[str, str]
) -> None:
    found = of_cards(tmp_path, x3=[values[i % 2] for i in range(ROWS)])
    assert found.use("x3") == "protected"


@pytest.mark.parametrize("header", ["region", "dependents", "province_code", "城市", "language"])
def test_what_a_header_cannot_tell_is_asked_with_the_option_that_answers(
    tmp_path: Path, header: str
) -> None:
    columns: dict[str, Any] = {header: [str(1 + i % 6) for i in range(ROWS)]}
    asked = of_cards(tmp_path, **columns)
    named = shlex.quote(header)
    assert f"Yes: --protected {named}; no: --keep {named}" in summary_of(asked)
    file = write(tmp_path / "b.csv", cards() | columns)
    for option, use in (("protected", "protected"), ("keep", "feature")):
        found = draft(file, target="default", **{option: (header,)})
        (column,) = (c for c in found.plan.columns if c.profile and c.profile.label == header)
        assert (column.use, column.question) == (use, "")


@pytest.mark.parametrize("header", ["occupation", "branch_id", "product type", "渠道"])
def test_whole_numbers_of_a_nominal_meaning_are_categories(tmp_path: Path, header: str) -> None:
    found = of_cards(tmp_path, **{header: [str(1 + i % 7) for i in range(ROWS)]})
    (column,) = (c for c in found.plan.columns if c.profile and c.profile.label == header)
    assert column.column.allowed == tuple("1234567")
    assert "stand for kinds of things" in found.reasons(column.name)


@pytest.mark.parametrize("header", ["number_of_products", "late_payments", "job_months"])
def test_whole_numbers_that_count_stay_numbers(tmp_path: Path, header: str) -> None:
    found = of_cards(tmp_path, **{header: [str(1 + i % 7) for i in range(ROWS)]})
    assert found.column(header).column.kind == "integer"


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        ({-1: 90}, ()),
        ({-2: 90, -1: 90}, ()),
        ({-9: 90}, (-9,)),
        ({-9: 90, -1: 90}, (-9,)),
        ({-2: 90}, (-2,)),
        ({96: 90, 98: 90}, (96, 98)),
    ],
)
def test_a_neighbour_of_a_few_ordered_states_is_no_code(
    numbers: dict[int, int], codes: tuple[int, ...]
) -> None:
    states = ordered_states(numbers, 0, 8, 9 + len(numbers), 15)
    assert tuple(sorted(find_codes(numbers, 0, 8, 20, states))) == codes


def test_below_a_range_of_many_numbers_minus_one_is_a_code() -> None:
    assert ordered_states({-1: 90}, 0, 870, 600, 15) == frozenset()
    assert set(find_codes({-1: 90}, 0, 870, 20)) == {-1}
