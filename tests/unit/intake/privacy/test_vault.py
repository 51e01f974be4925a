"""The vault opens with its key alone, whole or not at all, and every look is written down."""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from limner.errors import ArtifactMissing, PseudonymUnknown, VaultUnreadable
from limner.intake.privacy.keys import PSEUDONYM, VAULT, SecretKey
from limner.intake.privacy.pseudonyms import pseudonym
from limner.intake.privacy.scan import find_planted
from limner.intake.privacy.sealing import seal, unseal
from limner.intake.privacy.vault import Vault, look_up, read_vault, vault_of, write_vault
from people import records_of

KEY = SecretKey(bytes(range(32)), PSEUDONYM)
VAULT_KEY, OTHER_KEY = (SecretKey(bytes([n]) * 32, VAULT) for n in (1, 2))
RECORDS = records_of(
    {"customer_id": "core:1", "full_name": "Ján Novák", "phone": "777123456"},
    {"customer_id": "crm:7", "full_name": "NOVAK Jan", "email": "jan@mail.example"},
    {"customer_id": "crm:8", "full_name": "王小明", "national_id": "8003111234"},
)
MAP = pd.DataFrame({
    "record_id": ["core:1", "crm:7", "crm:8"], "customer_id": ["core:1", "core:1", "crm:8"],
})  # fmt: skip
AT = dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.UTC)


def p(record: str) -> str:
    return pseudonym(record, "customer", KEY)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "people.vault"
    write_vault(written, vault_of(RECORDS, MAP, KEY, {"account": ["core:9"]}), VAULT_KEY)
    return written


def look(file: Path, *asked: str, reason: str = "complaint 12", by: str = "Eva") -> pd.DataFrame:
    return look_up(file, VAULT_KEY, asked, reason, by, file.with_name("log.jsonl"), AT)


def log_of(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.with_name("log.jsonl").read_text().splitlines()]


def test_reads_back_what_was_written(file: Path) -> None:
    made, read = vault_of(RECORDS, MAP, KEY, {"account": ["core:9"]}), read_vault(file, VAULT_KEY)
    assert_frame_equal(read.records, made.records)
    assert read.ids["account"].to_dict("records") == [
        {"pseudonym": pseudonym("core:9", "account", KEY), "id": "core:9"}
    ]
    assert read.key_fingerprint == KEY.fingerprint


def test_equal_vaults_are_equal_bytes_and_unequal_ones_share_none(tmp_path: Path) -> None:
    made = vault_of(RECORDS, MAP, KEY)
    other = vault_of(RECORDS.assign(phone="1"), MAP, KEY)
    for name, vault in (("a", made), ("b", made), ("c", other)):
        write_vault(tmp_path / name, vault, VAULT_KEY)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b
    assert a[-64:] != c[-64:]


def test_the_file_shows_nobody_and_is_the_owners(file: Path) -> None:
    planted = ["Novák", "777123456", "王小明", "8003111234", "jan@mail.example", p("core:1")]
    assert find_planted(file.parent, planted) == []
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_customers_pseudonym_shows_all_its_records(file: Path) -> None:
    found = look(file, p("core:1"))
    assert found["full_name"].tolist() == ["Ján Novák", "NOVAK Jan"]
    assert look(file, "crm:8")["national_id"].tolist() == ["8003111234"]


def test_every_look_is_written_down_without_values(file: Path) -> None:
    look(file, p("core:1"))
    look(file, "crm:8", reason="claim", by="Jo")
    first, second = log_of(file)
    assert first == {
        "at": "2026-01-31T09:30:00+00:00", "by": "Eva", "why": "complaint 12",
        "pseudonyms": [p("core:1"), p("crm:7")], "not_found": 0,
    }  # fmt: skip
    assert (second["by"], second["pseudonyms"]) == ("Jo", [p("crm:8")])
    assert find_planted(file.parent, ["Novák", "8003111234", "777123456"]) == []


def test_nothing_is_shown_that_could_not_be_written_down(file: Path) -> None:
    file.with_name("log.jsonl").mkdir()
    with pytest.raises(OSError, match="directory"):
        look(file, p("core:1"))


def test_a_look_for_nobody_is_refused_and_written_down(file: Path) -> None:
    with pytest.raises(PseudonymUnknown, match="1 pseudonyms are not in the vault"):
        look(file, p("core:1"), "0" * 32)
    assert log_of(file)[0]["not_found"] == 1


@pytest.mark.parametrize(("reason", "by"), [("", "Eva"), ("why", " ")])
def test_refuses_a_look_without_a_reason_or_a_name(file: Path, reason: str, by: str) -> None:
    with pytest.raises(ValueError, match="a reason and a name"):
        look(file, p("core:1"), reason=reason, by=by)


def test_another_key_opens_nothing(file: Path) -> None:
    with pytest.raises(VaultUnreadable, match="written with another key"):
        read_vault(file, OTHER_KEY)


def test_a_missing_vault_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing, match=r"people\.vault"):
        read_vault(tmp_path / "people.vault", VAULT_KEY)


@given(at=st.integers(min_value=0), flip=st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_any_altered_byte_is_found(tmp_path_factory: pytest.TempPathFactory, at: int,
                                   flip: int) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("vault")
    seal(folder / "v", VAULT_KEY, {"fact": "x"}, {"one": b"secret" * 9, "two": b""})
    content = bytearray((folder / "v").read_bytes())
    content[at % len(content)] ^= flip
    (folder / "v").write_bytes(content)
    with pytest.raises(VaultUnreadable) as refused:
        unseal(folder / "v", VAULT_KEY)
    assert "secret" not in str(refused.value)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_cut_or_longer_file_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("vault")
    seal(folder / "v", VAULT_KEY, {}, {"one": b"secret" * 9, "two": b"more"})
    content = (folder / "v").read_bytes()
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    for altered in (cut, content + b"\0", content + content[-24:]):
        (folder / "v").write_bytes(altered)
        with pytest.raises(VaultUnreadable):
            unseal(folder / "v", VAULT_KEY)


def test_chunks_cannot_change_places(tmp_path: Path) -> None:
    big = bytes(1 << 20) + b"x" * (1 << 20)
    seal(tmp_path / "v", VAULT_KEY, {}, {"one": big})
    facts, sections = unseal(tmp_path / "v", VAULT_KEY)
    assert (facts, sections) == ({}, {"one": big})
    content = (tmp_path / "v").read_bytes()
    chunk = (1 << 20) + 16 + 4
    first, second = content[-2 * chunk : -chunk], content[-chunk:]
    (tmp_path / "v").write_bytes(content[: -2 * chunk] + second + first)
    with pytest.raises(VaultUnreadable, match="altered or cut"):
        unseal(tmp_path / "v", VAULT_KEY)


def test_an_interrupted_write_leaves_the_old_vault(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()
    monkeypatch.setattr("limner.intake.privacy.sealing._nonce", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_vault(file, Vault(vault_of(RECORDS, MAP, KEY).records), VAULT_KEY)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]
