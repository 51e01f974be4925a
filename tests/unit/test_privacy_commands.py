"""Commands on identity and privacy, from a new key to a decided pair."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from limner.artifacts import BankPaths
from limner.errors import KeyMissing, PseudonymUnknown, UnknownName
from limner.intake.identity.decisions import read_decisions
from limner.intake.identity.files import write_identity
from limner.intake.identity.linkage import link_records
from limner.intake.identity.settings import IdentitySettings
from limner.intake.privacy.keys import PSEUDONYM, VAULT, read_key
from limner.intake.privacy.pseudonyms import pseudonym
from limner.intake.privacy.vault import vault_of, write_vault
from limner.privacy_commands import identity, privacy
from people import records_of

RECORDS = records_of(
    {"customer_id": "core:1", "full_name": "Eva Malá", "phone": "777 123 456"},
    {"customer_id": "crm:2", "full_name": "Jan Malý", "phone": "777 123 456"},
)
SETTINGS = IdentitySettings(
    master_system="core", accept=0.99, review_from=0.001, floor=1e-6, block_limit=200,
    largest_cluster=8, training_pairs=200_000, certain_share=0.7, seed=1,
)  # fmt: skip


@pytest.fixture(autouse=True)
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LIMNER_VAULT_KEY", raising=False)
    for name in ("pseudonym", "vault", "next"):
        assert run(privacy, "new-key", f"keys/{name}").exit_code == 0
    linked = link_records(RECORDS, SETTINGS)
    write_identity(linked, BankPaths.of("harbour").identity)
    key = read_key(PSEUDONYM, Path("keys/pseudonym"))
    vault = vault_of(RECORDS, linked.map, key)
    write_vault(BankPaths.of("harbour").vault, vault, read_key(VAULT, Path("keys/vault")))
    file = BankPaths.of("harbour").trusted / "customers" / "all.parquet"
    file.parent.mkdir(parents=True)
    ids = [pseudonym(record, "customer", key) for record in RECORDS["customer_id"]]
    pd.DataFrame({"customer_id": ids}).to_parquet(file)


def run(group: object, *arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)  # type: ignore[arg-type]


def look_up(*arguments: str) -> Result:
    return run(privacy, "look-up", *arguments, "--bank", "harbour", "--vault-key", "keys/vault")


def test_a_key_is_never_shown_by_the_command_that_makes_it() -> None:
    shown = run(privacy, "new-key", "keys/fourth").output
    assert Path("keys/fourth").read_text().strip() not in shown


def test_a_look_shows_the_person_and_leaves_a_trace() -> None:
    shown = look_up("crm:2", "--reason", "claim 9", "--by", "Eva")
    assert "Jan Malý" in shown.output
    assert "Eva Malá" not in shown.output
    log = BankPaths.of("harbour").access_log.read_text(encoding="utf-8")
    assert "claim 9" in log
    assert "Malý" not in log


def test_a_look_without_a_reason_is_refused() -> None:
    assert look_up("crm:2", "--by", "Eva").exit_code == 2
    assert look_up("crm:2", "--reason", " ", "--by", "Eva").exit_code == 2
    assert not BankPaths.of("harbour").access_log.exists()


def test_a_look_without_a_key_or_for_nobody_says_so() -> None:
    asked = ("look-up", "crm:2", "--reason", "r", "--by", "E", "--bank", "harbour")
    assert isinstance(run(privacy, *asked).exception, KeyMissing)
    assert isinstance(look_up("crm:3", "--reason", "r", "--by", "E").exception, PseudonymUnknown)


def test_rekeying_names_the_rows_and_changes_the_pseudonyms() -> None:
    done = run(privacy, "rekey", "--bank", "harbour", "--old-key", "keys/pseudonym",
               "--new-key", "keys/next", "--vault-key", "keys/vault")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "2 rows carry new pseudonyms" in done.output
    key = read_key(PSEUDONYM, Path("keys/next"))
    customers = pd.read_parquet(BankPaths.of("harbour").trusted / "customers" / "all.parquet")
    assert customers["customer_id"].tolist() == [
        pseudonym(record, "customer", key) for record in RECORDS["customer_id"]
    ]


def test_the_review_band_shows_levels_and_no_values() -> None:
    shown = run(identity, "review", "--bank", "harbour").output
    assert "core:1 crm:2" in shown
    assert "phone: same" in shown
    assert "1 of 1 pairs wait" in shown
    assert "777" not in shown


def test_a_decision_is_written_down_with_its_reason() -> None:
    done = run(identity, "decide", "core:1", "crm:2", "different", "--by", "Eva",
               "--why", "two voices", "--bank", "harbour")  # fmt: skip
    assert done.exit_code == 0, done.output
    (decision,) = read_decisions(BankPaths.of("harbour").decisions)
    assert (decision.decision, decision.by, decision.why) == ("different", "Eva", "two voices")
    decided = link_records(RECORDS, SETTINGS, [decision])
    assert decided.review.empty


def test_refuses_a_decision_on_a_record_that_is_not_there() -> None:
    done = run(identity, "decide", "core:1", "crm:9", "same", "--by", "E", "--why", "w",
               "--bank", "harbour")  # fmt: skip
    assert isinstance(done.exception, UnknownName)
    assert not BankPaths.of("harbour").decisions.exists()
