"""A key is refused rather than weak, open to others, or shown."""

import pickle
from pathlib import Path

import pytest

from limner.errors import KeyMissing, KeyUnusable
from limner.intake.privacy.keys import PSEUDONYM, VAULT, SecretKey, new_key, read_key

TEXT = "ab" * 32


def key_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "key"
    file.write_text(text, encoding="ascii")
    file.chmod(mode)
    return file


def test_a_new_key_is_the_owners_alone_and_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "new" / "key"
    new_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex(file.read_text())) == 32
    assert read_key(PSEUDONYM, file).fingerprint == read_key(PSEUDONYM, file).fingerprint


def test_two_new_keys_are_different(tmp_path: Path) -> None:
    for name in "ab":
        new_key(tmp_path / name)
    assert (tmp_path / "a").read_text() != (tmp_path / "b").read_text()


def test_never_overwrites_a_key(tmp_path: Path) -> None:
    file = key_file(tmp_path, TEXT)
    with pytest.raises(KeyUnusable, match="name another file"):
        new_key(file)
    assert file.read_text() == TEXT


def test_reads_the_environment_where_no_file_is_named(tmp_path: Path) -> None:
    from_environment = read_key(VAULT, None, {"LIMNER_VAULT_KEY": TEXT + "\n"})
    from_file = read_key(VAULT, key_file(tmp_path, TEXT), {})
    assert from_environment.fingerprint == from_file.fingerprint


def test_a_missing_key_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="limner privacy new-key"):
        read_key(PSEUDONYM, tmp_path / "none", {"LIMNER_PSEUDONYM_KEY": TEXT})
    with pytest.raises(KeyMissing, match="LIMNER_PSEUDONYM_KEY"):
        read_key(PSEUDONYM, None, {})


@pytest.mark.parametrize("mode", [0o604, 0o666, 0o602])
def test_refuses_a_key_that_everyone_may_read(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyUnusable, match="chmod 600"):
        read_key(PSEUDONYM, key_file(tmp_path, TEXT, mode))


@pytest.mark.parametrize("text", ["ab" * 31, "zz" * 32, "", "parolä".encode("latin-1").hex() + "x"])
def test_refuses_what_is_no_key_without_repeating_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyUnusable) as refused:
        read_key(PSEUDONYM, key_file(tmp_path, text))
    assert not text or text not in str(refused.value)


def test_a_key_is_neither_printed_nor_pickled() -> None:
    key = SecretKey(bytes(range(32)), PSEUDONYM)
    assert repr(key) == str(key) == "SecretKey(pseudonym)"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(key)


def test_one_secret_used_for_two_things_gives_two_keys() -> None:
    one, other = (SecretKey(bytes(32), use) for use in (PSEUDONYM, VAULT))
    assert one.derive("x") != other.derive("x")
    assert one.fingerprint != other.fingerprint
