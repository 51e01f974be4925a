"""A bank's own outcome tables: contract, pseudonyms and counts like all else, in a place apart."""

from pathlib import Path

import pandas as pd
import pytest

from limner.errors import ArtifactMissing
from limner.intake.identity.settings import IdentitySettings
from limner.intake.own_tables import OwnTables
from limner.intake.privacy.bank_keys import BankKeys
from limner.intake.privacy.keys import PSEUDONYM, VAULT, SecretKey
from limner.intake.privacy.pseudonyms import pseudonym
from limner.intake.privacy.rekeying import rekey
from limner.intake.trusting import trust
from limner.portfolios.berka import LOAN_STATUS, PORTFOLIO
from made_berka import with_rows
from made_berka import write_files as write_berka
from project import settings
from tiny_bank import Taken, take_in, take_in_rows
from tiny_bank import good_rows as tiny_rows

KEYS = BankKeys(SecretKey(bytes([1]) * 32, PSEUDONYM), SecretKey(bytes([2]) * 32, VAULT))
NEW = SecretKey(bytes([3]) * 32, PSEUDONYM)
DAY = pd.Timestamp("1999-01-01").date()
TABLE = LOAN_STATUS.table


def taken_in(folder: Path, *more_loans: str) -> Taken:
    files = write_berka(folder / "files", with_rows("loan.asc", *more_loans))
    return take_in(folder, PORTFOLIO, str(files), day=DAY)


def trusted(taken: Taken, folder: Path, own: OwnTables) -> None:
    linkage = IdentitySettings(
        **settings().identity.model_dump(), master_system="core", seed=settings().seed
    )
    trust(taken.target, folder / "trusted", folder / "identity", folder / "vault", KEYS, linkage,
          own=own)  # fmt: skip


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    trusted(taken_in(tmp_path), tmp_path, OwnTables((LOAN_STATUS,), tmp_path / "outcomes"))
    return tmp_path


def statuses(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "outcomes" / TABLE).sort_values("status", ignore_index=True)


def test_it_lies_apart_from_what_features_read(bank: Path) -> None:
    assert [path.name for path in (bank / "outcomes").iterdir()] == [TABLE]
    assert TABLE not in {path.name for path in (bank / "trusted").iterdir()}


def test_its_keys_are_the_pseudonyms_of_the_other_tables(bank: Path) -> None:
    found, loans = statuses(bank), pd.read_parquet(bank / "trusted" / "loans")
    assert found["status"].tolist() == ["A", "D"]
    assert found["bad"].tolist() == [0, 1]
    joined = found.merge(loans, on=["loan_id", "customer_id"])
    assert joined["granted_on_x"].tolist() == joined["granted_on_y"].tolist()
    assert len(joined) == 2
    assert found["loan_id"][0] == pseudonym("4959", "loan", KEYS.pseudonym)


def test_a_status_that_nobody_knows_is_quarantined_with_its_rule(tmp_path: Path) -> None:
    taken = taken_in(tmp_path, '4961;1;950401;12000;12;1000.00;"E"')
    counts = taken.table(TABLE).parts
    assert (counts.rows_in, counts.rows_trusted, counts.rows_quarantined) == (3, 2, 1)
    (row,) = taken.quarantined(TABLE)
    assert any("status: must be an allowed value" in rule for rule in row["broken_rules"])


def test_a_bank_without_any_says_so_in_their_place(tmp_path: Path) -> None:
    taken = take_in_rows(tmp_path, tiny_rows())
    trusted(taken, tmp_path, OwnTables((), tmp_path / "outcomes"))
    (file,) = (tmp_path / "outcomes").iterdir()
    assert "no outcome table" in file.read_text("utf-8")


def test_a_new_key_is_theirs_too(bank: Path) -> None:
    before, own = statuses(bank), OwnTables((LOAN_STATUS,), bank / "outcomes")
    rekey(bank / "trusted", bank / "vault", KEYS.pseudonym, NEW, KEYS.vault, own=own)
    after, loans = statuses(bank), pd.read_parquet(bank / "trusted" / "loans")
    assert not set(before["customer_id"]) & set(after["customer_id"])
    assert set(after["loan_id"]) == set(loans["loan_id"])
    assert after["status"].tolist() == before["status"].tolist()


def test_a_new_key_that_cannot_find_them_changes_nothing(bank: Path) -> None:
    before = statuses(bank)
    own = OwnTables((LOAN_STATUS,), bank / "elsewhere")
    with pytest.raises(ArtifactMissing):
        rekey(bank / "trusted", bank / "vault", KEYS.pseudonym, NEW, KEYS.vault, own=own)
    loans = pd.read_parquet(bank / "trusted" / "loans")
    assert set(loans["loan_id"]) == set(before["loan_id"])
