"""Identifiers, protected attributes, leaks, codes and duplicates: planted, and found."""

from pathlib import Path

import numpy as np
import pytest

from drafted import ROWS, Drafted, customers, draft, write
from limner.contract import Sensitivity
from limner.modelling.single_feature import single_feature_auc
from limner.onboarding.leaks import Encoded, find_duplicates, measure_leak
from project import settings

TABLE = customers()
DRAW = np.random.default_rng(11)
EVENT = np.array(TABLE["target"]) == "1"


def drafted(folder: Path, **columns: list[str]) -> Drafted:
    return draft(write(folder / "a.csv", TABLE | columns, "|"))


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("customer_id", "C-{:05d}"), ("CustomerID", "{}"), ("surname", "Name{}"),
        ("Phone", "{}5550100"), ("x", "person{}@example.invalid"), ("x", "11010119900101{:04d}"),
        ("x", "138{:08d}"), ("x", "078-05-{:04d}"), ("x", "{}"), ("ref", "Z{:06x}Q"),
        ("身份证号", "{:05d}X"), ("手机号", "1{}"), ("姓名", "张{}"), ("IBAN", "DE89{:018d}"),
    ],
)  # fmt: skip
def test_an_identifier_is_found_and_never_taken_in(tmp_path: Path, header: str, cell: str) -> None:
    values = [cell.format(1000 + i) for i in range(ROWS)]
    found = drafted(tmp_path, **{header: values})
    assert found.left_out() == {header: "identifier"}
    assert not set(values) & set(found.intake.trusted.astype(str).to_numpy().ravel())


@pytest.mark.parametrize(
    "header", ["amount2", "balance", "number_of_loans", "average", "package", "mens", "sextant"]
)
def test_an_amount_is_never_taken_for_an_identifier_or_a_protected_attribute(
    tmp_path: Path, header: str
) -> None:
    values = [str(v) for v in DRAW.integers(0, 100_000, ROWS)]
    assert drafted(tmp_path, **{header: values}).use(header) == "feature"


def test_a_shop_of_few_is_a_category_whatever_its_header_says(tmp_path: Path) -> None:
    values = [f"S{i % 9}" for i in range(ROWS)]
    found = drafted(tmp_path, shop_id=values)
    assert found.use("shop_id") == "feature"


@pytest.mark.parametrize(
    "header",
    ["sex", "Gender", "marital status", "RACE", "religion", "Nationality", "is_disabled", "性别",
     "婚姻状况", "民族", "宗教", "zip_code", "邮编"],
)  # fmt: skip
def test_a_protected_attribute_is_for_assessment_and_no_feature(
    tmp_path: Path, header: str
) -> None:
    found = drafted(tmp_path, **{header: [str(1 + i % 2) for i in range(ROWS)]})
    (column,) = [c for c in found.plan.used_as("protected") if c.name != "age"]
    assert column.profile and column.profile.label == header
    assert column.column.sensitivity is Sensitivity.PROTECTED
    assert column.column.allowed == ("1", "2")


@pytest.mark.parametrize("header", ["age", "AGE", "Age_in_years", "customerAge", "年龄"])
def test_an_age_is_named_as_the_assessment_bands_it(tmp_path: Path, header: str) -> None:
    table = {header: TABLE["age"]} | {k: v for k, v in TABLE.items() if k != "age"}
    found = draft(write(tmp_path / "a.csv", table))
    assert found.use("age") == "protected"
    assert (found.column("age").column.low, found.column("age").column.high) == (18, 110)


def test_a_protected_attribute_in_too_many_groups_is_not_taken_in(tmp_path: Path) -> None:
    found = drafted(tmp_path, postcode=[f"{10_000 + 7 * (i % 90)}" for i in range(ROWS)])
    assert found.left_out() == {"postcode": "protected"}


def test_a_birth_date_is_not_taken_in(tmp_path: Path) -> None:
    found = drafted(tmp_path, birth_date=[f"19{50 + i % 40}-0{1 + i % 9}-11" for i in range(ROWS)])
    assert found.left_out() == {"birth_date": "protected"}


def test_free_text_is_not_taken_in(tmp_path: Path) -> None:
    words = ["called", "about", "card", "loan", "asks", "later", "angry", "again"]
    notes = [" ".join(DRAW.choice(words, 8)) + f" {i}" for i in range(ROWS)]
    assert drafted(tmp_path, note=notes).left_out() == {"note": "free text"}


def test_a_text_of_too_many_values_is_not_taken_in(tmp_path: Path) -> None:
    values = [f"v{i % 280}" for i in range(ROWS)]
    assert drafted(tmp_path, token=values).left_out() == {"token": "many values"}


def test_a_number_that_alone_ranks_the_outcome_is_kept_out_of_the_model(tmp_path: Path) -> None:
    leak = [f"{v:.3f}" for v in EVENT * 2.0 + DRAW.normal(0, 0.8, ROWS)]
    found = drafted(tmp_path, seconds=leak)
    assert found.use("seconds") == "leak"
    assert "by its value: alone it ranks the outcome with AUC 0.9" in found.reasons("seconds")


def test_a_category_and_a_gap_that_know_the_outcome_are_kept_out(tmp_path: Path) -> None:
    state = ["closed" if e else ("open", "new")[i % 2] for i, e in enumerate(EVENT)]
    gap = ["" if e else f"{i % 50}" for i, e in enumerate(EVENT)]
    found = drafted(tmp_path, state=state, gap=gap)
    assert found.use("state") == found.use("gap") == "leak"


def test_a_rare_value_that_settles_the_outcome_is_kept_out(tmp_path: Path) -> None:
    table = customers(6000)
    events = [i for i, v in enumerate(table["target"]) if v == "1"]
    bought = ["0.00"] * 6000
    for i in events[:120]:
        bought[i] = f"{1 + i % 90}.50"
    found = draft(write(tmp_path / "a.csv", table | {"bought": bought}))
    assert found.use("bought") == "leak"
    assert "in 120 rows its value settles" in found.reasons("bought")


def test_what_is_no_leak_stays_a_feature(tmp_path: Path) -> None:
    found = drafted(tmp_path, noise=[f"{v:.4f}" for v in DRAW.normal(size=ROWS)])
    assert [found.use(n) for n in ("amount", "count", "colour", "noise")] == ["feature"] * 4


def test_groups_of_one_row_prove_nothing() -> None:
    """In-fold rates of singletons would rank perfectly; out-of-fold ones rank not at all."""
    outcome = (DRAW.random(2000) < 0.3).astype(float)
    assert abs(single_feature_auc(np.arange(2000), outcome) - 0.5) < 0.02
    alone = Encoded(np.arange(2000), None, np.zeros(2000, dtype=bool))
    assert not measure_leak(alone, outcome, settings().onboarding).suspected


def test_the_auc_of_a_group_is_that_of_its_definition() -> None:
    groups = DRAW.integers(0, 2, 4000)
    outcome = (DRAW.random(4000) < np.where(groups == 1, 0.6, 0.2)).astype(float)
    scored = [(groups[outcome == 1] == g).mean() for g in (0, 1)]
    others = [(groups[outcome == 0] == g).mean() for g in (0, 1)]
    by_pairs = scored[1] * others[0] + (scored[0] * others[0] + scored[1] * others[1]) / 2
    assert single_feature_auc(groups, outcome) == pytest.approx(by_pairs, abs=0.02)


@pytest.mark.parametrize(("code", "use"), [("999", True), ("-1", True), ("-999", True)])
def test_a_code_among_numbers_is_told_from_quantities(tmp_path: Path, code: str, use: bool) -> None:
    values = [code if i % 3 == 0 else str(i % 28) for i in range(ROWS)]
    found = drafted(tmp_path, days=values)
    assert [c for c, _ in found.column("days").column.codes] == [int(code)]
    assert found.column("days").column.high == 100
    assert f"{code} in 33.3% of rows and apart from the rest (0 to 27)" in found.reasons("days")


def test_several_codes_of_one_column_become_a_feature_of_their_own(tmp_path: Path) -> None:
    from limner.onboarding.drafting import model_features

    values = [{1: "96", 2: "98"}.get(i % 9, str(i % 7)) for i in range(ROWS)]
    found = drafted(tmp_path, late=values)
    assert "late_code" in model_features(found.plan)


def test_99_years_of_age_and_99_pieces_are_no_codes(tmp_path: Path) -> None:
    values = [str(i % 120) for i in range(ROWS)]
    assert drafted(tmp_path, pieces=values).column("pieces").column.codes == ()


def test_the_later_of_two_columns_that_say_the_same_is_no_feature(tmp_path: Path) -> None:
    euros = [f"{float(v) * 1.1:.2f}" for v in TABLE["amount"]]
    rot = [c.upper() for c in TABLE["colour"]]
    found = drafted(tmp_path, euros=euros, paint=rot)
    assert found.use("euros") == found.use("paint") == "duplicate"
    assert found.use("amount") == found.use("colour") == "feature"
    assert "with amount" in found.reasons("euros")


def test_columns_that_are_merely_alike_are_no_duplicates() -> None:
    first = DRAW.normal(size=3000)
    second = first + DRAW.normal(0, 0.3, 3000)
    groups = np.zeros(3000, dtype=np.int64)
    known = np.zeros(3000, dtype=bool)
    encoded = {"a": Encoded(groups, first, known), "b": Encoded(groups, second, known)}
    assert find_duplicates(encoded, settings().onboarding) == {}


def test_rare_categories_never_leave_the_development_sample_without_one(tmp_path: Path) -> None:
    colours = list(TABLE["colour"])
    colours[:25] = [f"shade {i}" for i in range(25)]
    found = drafted(tmp_path, colour=colours)
    assert found.column("colour").column.allowed == ("blue", "grün", "other", "red")
    assert (found.intake.trusted["colour"] == "other").sum() == 25
    colours[3:25] = ["red"] * 22
    few = drafted(tmp_path, colour=colours)
    assert few.column("colour").column.allowed == ("blue", "grün", "red")
    assert few.intake.trusted["colour"].isna().sum() == 3


def test_a_category_that_only_the_latest_rows_have_is_no_category(tmp_path: Path) -> None:
    days = [f"2024-{1 + i * 12 // ROWS:02d}-15" for i in range(ROWS)]
    colours = ["new" if i > 0.9 * ROWS else c for i, c in enumerate(TABLE["colour"])]
    table = TABLE | {"colour": colours, "day": days}
    found = draft(write(tmp_path / "a.csv", table), time_column="day")
    assert "new" not in found.column("colour").column.allowed
    assert len(found.intake.quarantine) == 0


def test_a_stated_id_is_the_key_and_its_repeats_are_said(tmp_path: Path) -> None:
    numbers = [str(i) for i in range(ROWS)]
    file = write(tmp_path / "a.csv", TABLE | {"no": numbers})
    found = draft(file, id_column="no")
    assert [str(v) for v in found.intake.trusted["customer_id"]] == numbers
    assert found.column("customer_id").column.unique
    repeated = draft(write(tmp_path / "b.csv", TABLE | {"no": [f"K{i // 2}" for i in range(ROWS)]}),
                     id_column="no")  # fmt: skip
    assert not repeated.column("customer_id").column.unique
    assert "300 rows repeat an id" in repeated.reasons("customer_id")


def test_facts_are_of_every_row_and_the_sample_is_said(tmp_path: Path) -> None:
    amounts = [*["5"] * (ROWS - 1), "70000"]
    file = write(tmp_path / "a.csv", TABLE | {"amount": amounts})
    found = draft(
        file,
        limits=settings().onboarding.model_copy(update={"sample_rows": 100, "sample_cells": 100}),
    )
    assert found.plan.sampled_rows < ROWS
    assert found.column("amount").column.high == 200_000
    assert len(found.intake.quarantine) == 0
