"""Every bank, whoever adds it: settings, package, mappings, words."""

import pytest

from limner.artifacts import BankPaths
from limner.intake.identity.decisions import read_decisions
from limner.portfolios import bank_names, find_bank
from limner.portfolios.canonical import EVENT_TABLES, REQUIRED
from project import ROOT, settings

SETTINGS = settings()
every_bank = pytest.mark.parametrize("bank", sorted({*SETTINGS.banks, *bank_names()}))


@every_bank
def test_a_bank_has_settings_a_package_and_the_tables_that_it_must_have(bank: str) -> None:
    assert bank in SETTINGS.banks, f"add a block banks.{bank} to params.yaml"
    assert bank in bank_names(), f"add src/limner/portfolios/{bank}/__init__.py"
    found = find_bank(bank)
    assert found.name == bank
    assert set(REQUIRED) <= found.mappings.keys()
    assert found.mappings.keys() & set(EVENT_TABLES), "a bank needs one table of events"
    assert found.title.en
    assert found.title.zh
    assert SETTINGS.bank(bank).snapshots.dates


@every_bank
def test_a_bank_has_a_file_of_decisions_that_its_intake_can_depend_on(bank: str) -> None:
    file = ROOT / BankPaths.of(bank).decisions
    assert file.is_file(), f"add data/{bank}/identity-decisions.csv, its header at least, to git"
    read_decisions(file)


@every_bank
def test_a_mapping_says_what_it_does(bank: str) -> None:
    for table, sql in find_bank(bank).mappings.items():
        assert sql.lstrip().startswith("--"), f"{bank}/{table}.sql begins with no comment"


def test_a_bank_and_a_feature_mart_have_no_name_in_common() -> None:
    assert not SETTINGS.banks.keys() & SETTINGS.portfolios.keys()
