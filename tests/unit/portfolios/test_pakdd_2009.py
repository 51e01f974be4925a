"""The twelve shifted rows of PAKDD 2009, its rare codes, and what is never carried over."""

from pathlib import Path

import pytest

from limner.contract import Sensitivity
from limner.portfolios import find_portfolio
from tiny import Intake, take_in_rows

PORTFOLIO = find_portfolio("pakdd_2009")
APPLICANT = {
    "ID_SHOP": "22", "SEX": "F", "MARITAL_STATUS": "S", "AGE": "33", "FLAG_RESIDENCIAL_PHONE": "Y",
    "AREA_CODE_RESIDENCIAL_PHONE": "31", "PAYMENT_DAY": "12", "SHOP_RANK": "0",
    "RESIDENCE_TYPE": "P", "MONTHS_IN_RESIDENCE": "24", "FLAG_MOTHERS_NAME": "Y",
    "FLAG_FATHERS_NAME": "N", "FLAG_RESIDENCE_TOWN_eq_WORKING_TOWN": "Y",
    "FLAG_RESIDENCE_STATE_eq_WORKING_STATE": "Y", "MONTHS_IN_THE_JOB": "36",
    "PROFESSION_CODE": "950", "MATE_INCOME": "0",
    "FLAG_RESIDENCIAL_ADDRESS_eq_POSTAL_ADDRESS": "Y", "PERSONAL_NET_INCOME": "400",
    "QUANT_ADDITIONAL_CARDS_IN_THE_APPLICATION": "0", "TARGET_LABEL_BAD=1": "1",
}  # fmt: skip


def applicants(folder: Path, *changes: dict[str, str]) -> Intake:
    rows = [tuple((APPLICANT | change).values()) for change in changes]
    return take_in_rows(folder, PORTFOLIO, rows)


def test_a_row_shifted_by_a_column_is_quarantined_for_its_outcome(tmp_path: Path) -> None:
    shifted = {"PERSONAL_NET_INCOME": "N", "TARGET_LABEL_BAD=1": "N"}
    taken = applicants(tmp_path, {}, shifted, {"TARGET_LABEL_BAD=1": "0"})
    assert taken.trusted["customer_id"].tolist() == [1, 3]
    assert taken.trusted["defaulted"].tolist() == [1, 0]
    assert "defaulted: must be an integer" in taken.quarantine["broken_rules"][0]


@pytest.mark.parametrize(
    ("column", "name", "kept", "rare"),
    [
        ("PROFESSION_CODE", "profession", "999", "7"),
        ("ID_SHOP", "shop", "25", "77"),
        ("AREA_CODE_RESIDENCIAL_PHONE", "phone_area", "50", "999"),
    ],
)
def test_rare_codes_are_one_group_and_what_is_no_code_is_quarantined(
    tmp_path: Path, column: str, name: str, kept: str, rare: str
) -> None:
    taken = applicants(tmp_path, {column: kept}, {column: rare}, {column: "N"}, {column: ""})
    assert taken.trusted[name].tolist() == [kept, "other"]
    assert taken.quarantine[name].tolist() == ["N", None]


def test_every_code_that_the_contract_knows_is_kept_as_it_is(tmp_path: Path) -> None:
    for column, name in (
        ("PROFESSION_CODE", "profession"),
        ("ID_SHOP", "shop"),
        ("AREA_CODE_RESIDENCIAL_PHONE", "phone_area"),
    ):
        codes = [c for c in PORTFOLIO.contract.column(name).allowed if c != "other"]
        folder = tmp_path / name
        folder.mkdir()
        taken = applicants(folder, *({column: code} for code in codes))
        assert taken.trusted[name].tolist() == codes


def test_flags_are_yes_and_no_and_nothing_else(tmp_path: Path) -> None:
    for flag in (name for name in APPLICANT if name.startswith("FLAG_")):
        folder = tmp_path / flag
        folder.mkdir()
        taken = applicants(folder, {flag: "Y"}, {flag: "N"}, {flag: "0"})
        assert (taken.report.rows_trusted, taken.report.rows_quarantined) == (2, 1)


def test_an_applicant_whose_sex_is_not_stated_is_kept(tmp_path: Path) -> None:
    taken = applicants(tmp_path, {"SEX": ""}, {"SEX": "M"}, {"SEX": "X"})
    assert taken.trusted["sex"].tolist() == [None, "male"]
    assert taken.report.rows_quarantined == 1


def test_no_column_that_could_hold_a_name_is_carried_over() -> None:
    # In the shifted rows the mobile telephone's flag is a reference person's name.
    assert "MOBILE" not in PORTFOLIO.mapping[PORTFOLIO.mapping.index("\nSELECT") :]
    assert PORTFOLIO.contract.protected() == ("sex", "marital_status", "age")
    identifiers = [
        c.name for c in PORTFOLIO.contract.columns if c.sensitivity is Sensitivity.IDENTIFIER
    ]
    assert identifiers == ["customer_id"]
