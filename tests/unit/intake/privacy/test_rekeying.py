"""Re-keying changes every pseudonym, keeps every join, and is whole or has not happened."""

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from pyarrow.parquet import read_table

import limner.intake.privacy.rekeying as rekeying_module
from limner.errors import ArtifactMissing, KeyUnusable, PseudonymUnknown, UnknownName
from limner.intake.privacy.keys import PSEUDONYM, VAULT, SecretKey
from limner.intake.privacy.pseudonyms import pseudonym
from limner.intake.privacy.rekeying import finish_rekeying, rekey
from limner.intake.privacy.scan import find_planted
from limner.intake.privacy.vault import read_vault, vault_of, write_vault
from people import records_of

OLD, NEW = (SecretKey(bytes([n]) * 32, PSEUDONYM) for n in (1, 2))
VAULT_KEY, NEW_VAULT_KEY = (SecretKey(bytes([n]) * 32, VAULT) for n in (3, 4))
RECORDS = records_of({"customer_id": "core:1"}, {"customer_id": "core:2"}, {"customer_id": "crm:7"})
MAP = pd.DataFrame({
    "record_id": ["core:1", "core:2", "crm:7"], "customer_id": ["core:1", "core:2", "core:1"],
})  # fmt: skip
ACCOUNTS = {"A1": "core:1", "A2": "core:2", "A3": "core:1"}


class Bank:
    """Trusted tables and a vault as intake would leave them under one key."""

    def __init__(self, folder: Path, key: SecretKey) -> None:
        self.trusted, self.vault = folder / "trusted", folder / "people.vault"

        def customer(record: str) -> str:
            return pseudonym(record, "customer", key)

        def account(text: str) -> str:
            return pseudonym(text, "account", key)

        self.write("customers", "all", {"customer_id": [customer("core:2"), customer("core:1")],
                                        "sex": ["male", None]})  # fmt: skip
        self.write("accounts", "all", {
            "account_id": [account(a) for a in ACCOUNTS],
            "customer_id": [customer(c) for c in ACCOUNTS.values()],
        })  # fmt: skip
        for month in ("2024-01", "2024-02"):
            self.write("transactions", month, {
                "transaction_id": [pseudonym(f"{month}{n}", "transaction", key) for n in range(3)],
                "account_id": [account(a) for a in ("A3", "A1", "A2")],
                "customer_id": [customer(c) for c in ("core:1", "core:1", "core:2")],
                "amount_minor": [1, 2, 3],
                "counterparty": [pseudonym("K", "counterparty", key), None,
                                 pseudonym("K", "counterparty", key)],
            })  # fmt: skip
        write_vault(self.vault, vault_of(RECORDS, MAP, key, {"account": list(ACCOUNTS)}), VAULT_KEY)

    def write(self, table: str, part: str, columns: dict[str, list[object]]) -> None:
        file = self.trusted / table / f"{part}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(columns).to_parquet(file)

    def read(self, table: str) -> pd.DataFrame:
        parts = sorted((self.trusted / table).glob("*.parquet"))
        return pd.concat([read_table(part).to_pandas() for part in parts], ignore_index=True)

    def rekey(self) -> int:
        return rekey(self.trusted, self.vault, OLD, NEW, VAULT_KEY)

    def state(self) -> dict[str, bytes]:
        files = [*self.trusted.rglob("*.parquet"), self.vault]
        return {str(file): file.read_bytes() for file in files}


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path / "bank", OLD)


def pseudonyms_in(bank: Bank) -> set[str]:
    tables = [bank.read(t) for t in ("customers", "accounts", "transactions")]
    return {
        value for table in tables for name in table if name.endswith("_id") or name[0] == "c"
        for value in table[name].dropna()
    }  # fmt: skip


def test_tables_are_those_of_an_intake_under_the_new_key(bank: Bank, tmp_path: Path) -> None:
    assert bank.rekey() == 11
    fresh = Bank(tmp_path / "fresh", NEW)
    for table in ("customers", "accounts"):
        assert_frame_equal(bank.read(table), fresh.read(table))
    known = ["account_id", "customer_id", "amount_minor"]
    assert_frame_equal(bank.read("transactions")[known], fresh.read("transactions")[known])
    assert_frame_equal(
        read_vault(bank.vault, VAULT_KEY).records, read_vault(fresh.vault, VAULT_KEY).records
    )
    assert bank.vault.read_bytes() == fresh.vault.read_bytes()


def test_no_old_pseudonym_remains_anywhere(bank: Bank) -> None:
    old = pseudonyms_in(bank)
    assert len(old) == 2 + 3 + 6 + 1
    assert {hit.planted for hit in find_planted(bank.trusted, sorted(old))} == set(range(12))
    bank.rekey()
    assert find_planted(bank.trusted.parent, sorted(old)) == []
    assert old.isdisjoint(pseudonyms_in(bank))


def test_joins_and_equal_counterparties_are_preserved(bank: Bank) -> None:
    def joined() -> list[tuple[object, ...]]:
        both = bank.read("transactions").merge(bank.read("accounts"), on="account_id")
        both = both.merge(bank.read("customers"), left_on="customer_id_y", right_on="customer_id")
        assert (both["customer_id_x"] == both["customer_id_y"]).all()
        same = both["counterparty"].factorize()[0]
        return sorted(zip(both["amount_minor"], both["sex"].fillna("-"), same, strict=True))

    before = joined()
    bank.rekey()
    assert joined() == before
    assert len(before) == 6


def test_the_vault_can_change_its_key_as_well(bank: Bank) -> None:
    rekey(bank.trusted, bank.vault, OLD, NEW, VAULT_KEY, NEW_VAULT_KEY)
    assert read_vault(bank.vault, NEW_VAULT_KEY).key_fingerprint == NEW.fingerprint


def test_refuses_an_old_key_that_is_not_the_vaults(bank: Bank) -> None:
    before = bank.state()
    with pytest.raises(KeyUnusable, match="made with another key"):
        rekey(bank.trusted, bank.vault, NEW, OLD, VAULT_KEY)
    assert bank.state() == before


def test_refuses_tables_that_the_vault_does_not_know(bank: Bank) -> None:
    bank.write("accounts", "all", {"account_id": ["0" * 32], "customer_id": [None]})
    before = bank.state()
    with pytest.raises(PseudonymUnknown, match=r"accounts\.account_id: 1 pseudonyms"):
        bank.rekey()
    assert bank.state() == before


def test_refuses_a_folder_of_no_canonical_table(bank: Bank) -> None:
    bank.write("notes", "all", {"customer_id": ["x"]})
    with pytest.raises(UnknownName, match="canonical table"):
        bank.rekey()


def test_refuses_where_there_are_no_tables(bank: Bank, tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing):
        rekey(tmp_path / "none", bank.vault, OLD, NEW, VAULT_KEY)


@pytest.mark.parametrize("fails", ["_rewrite_part", "write_vault", "write_json"])
def test_interrupted_while_it_writes_the_old_state_is_whole(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    before = bank.state()
    with monkeypatch.context() as patch:
        patch.setattr(rekeying_module, fails, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bank.rekey()
    assert bank.state() == before
    assert not finish_rekeying(bank.vault)
    assert bank.rekey() == 11


@pytest.mark.parametrize("done", range(4))
def test_interrupted_while_it_swaps_the_next_call_ends_it(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, done: int, tmp_path: Path
) -> None:
    renames = iter(range(100))
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if "rekeyed" in path.name or "before-rekeying" in target.name:
            assert next(renames) < done, "interrupted"
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", interrupted)
        with pytest.raises(AssertionError, match="interrupted"):
            bank.rekey()
    assert finish_rekeying(bank.vault)
    fresh = Bank(tmp_path / "fresh", NEW)
    assert_frame_equal(bank.read("accounts"), fresh.read("accounts"))
    assert bank.vault.read_bytes() == fresh.vault.read_bytes()
    assert sorted(path.name for path in bank.vault.parent.iterdir()) == ["people.vault", "trusted"]
