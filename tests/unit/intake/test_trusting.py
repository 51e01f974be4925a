"""Trusted tables, identity and vault: the same bytes whatever the machine is allowed to use."""

from pathlib import Path
from typing import Any

import pytest

from limner.artifacts import sha256_of
from limner.engine import connect
from limner.intake import trusting
from limner.intake.identity import model
from limner.intake.identity.files import read_map
from limner.intake.identity.settings import IdentitySettings
from limner.intake.privacy.bank_keys import BankKeys
from limner.intake.privacy.keys import PSEUDONYM, VAULT, SecretKey
from limner.intake.privacy.pseudonyms import pseudonym
from limner.intake.privacy.vault import read_vault, vault_of, write_vault
from limner.intake.trusting import Trusted, trust
from people import two_systems
from tiny_bank import Row, Taken, account, good_rows, take_in_rows, transaction

KEYS = BankKeys(SecretKey(bytes([1]) * 32, PSEUDONYM), SecretKey(bytes([2]) * 32, VAULT))
LINKAGE = IdentitySettings(
    master_system="core", accept=0.99, review_from=0.8, floor=0.01, block_limit=200,
    largest_cluster=8, training_pairs=20_000, certain_share=0.7, seed=20261122,
)  # fmt: skip


def _bank_rows() -> dict[str, list[Row]]:
    records = two_systems(400, seed=3).records.astype(object)
    people = records.where(records.notna(), None).assign(region_id="r1")
    customers = [
        {name: value if value is None else _text(name, value) for name, value in row.items()}
        for row in people.to_dict("records")
    ]
    owners = [row["customer_id"] for row in customers if row["system"] == "core"]
    accounts = [account(f"a{n}", str(owner)) for n, owner in enumerate(owners)]
    dealings = [
        transaction(f"t{n}", f"a{n % len(owners)}", str(owners[n % len(owners)]),
                    booked_at=f"2024-0{1 + n % 5}-1{n % 7} 10:00:00", counterparty=f"shop {n % 90}")
        for n in range(1500)
    ]  # fmt: skip
    return good_rows() | {"customers": customers, "accounts": accounts, "transactions": dealings}


def _text(name: str, value: object) -> str:
    return str(value)[:10] if name in ("birth_date", "onboarded_on") else str(value)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    return take_in_rows(tmp_path_factory.mktemp("bank"), _bank_rows(), "parquet")


def _trusted(taken: Taken, folder: Path, **resources: Any) -> Trusted:
    return trust(taken.target, folder / "trusted", folder / "identity", folder / "vault", KEYS,
                 LINKAGE, **resources)  # fmt: skip


def test_neither_threads_nor_a_memory_limit_change_a_byte(taken: Taken, tmp_path: Path) -> None:
    _trusted(taken, tmp_path / "a")
    _trusted(taken, tmp_path / "b", threads=3, memory_limit="200MB")
    for name in ("trusted", "identity", "vault"):
        assert sha256_of(tmp_path / "a" / name) == sha256_of(tmp_path / "b" / name), name


def test_the_vault_is_that_of_the_records_and_of_the_ids_that_others_refer_to(
    taken: Taken, tmp_path: Path
) -> None:
    found = _trusted(taken, tmp_path)
    with connect() as connection:
        trusting.open_checked(connection, taken.target)
        records = connection.execute("FROM checked.customers").df()
        ids = {
            domain: [row[0] for row in connection.execute(
                f"SELECT {domain}_id FROM checked.{domain}s ORDER BY ALL").fetchall()]
            for domain in ("account", "product", "region")
        }  # fmt: skip
    write_vault(
        tmp_path / "slow", vault_of(records, found.identity.map, KEYS.pseudonym, ids), KEYS.vault
    )
    assert sha256_of(tmp_path / "slow") == sha256_of(tmp_path / "vault")
    held = read_vault(tmp_path / "vault", KEYS.vault).records
    assert held["pseudonym"].tolist() == [
        pseudonym(record, "customer", KEYS.pseudonym) for record in held["record_id"]
    ]
    assert set(read_map(tmp_path / "identity")["record_id"]) == set(held["pseudonym"])


def test_linking_and_writing_keep_to_the_limit_and_leave_nothing_spilled(
    taken: Taken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def spy(*given: Any) -> Any:
        asked.append(given)
        return connect(*given)

    monkeypatch.setattr(trusting, "connect", spy)
    monkeypatch.setattr(model, "connect", spy)
    _trusted(taken, tmp_path, memory_limit="300MB", threads=2)
    (threads, limit, spill), (_, limit_of_linking, same_spill) = asked
    assert (threads, limit, limit_of_linking) == (1, "300MB", "150MB")
    assert spill == same_spill
    assert spill.parent == taken.target
    assert not spill.exists()
