"""The two keys of a bank: one makes its pseudonyms, one seals its vault."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from limner.intake.privacy.keys import PSEUDONYM, VAULT, SecretKey, read_key
from limner.settings import BankSettings, PrivacySettings


class BankKeys(NamedTuple):
    """The keys that an intake needs."""

    pseudonym: SecretKey
    vault: SecretKey


def keys_of(bank: str, settings: BankSettings, privacy: PrivacySettings, seed: int) -> BankKeys:
    """Read a bank's keys from the files or environment variables that settings name.

    A synthetic bank hides nobody: its keys follow from the seed, so that every machine makes
    the same bytes of it and a newcomer needs no key.

    Raises:
        KeyMissing: a real bank's key is not there.
        KeyUnusable: it is no key, or others may read it.
    """
    if settings.made is not None:
        return BankKeys(*(_made(bank, use, seed) for use in (PSEUDONYM, VAULT)))
    return BankKeys(
        read_key(PSEUDONYM, _path(privacy.pseudonym_key)), read_key(VAULT, _path(privacy.vault_key))
    )


def _made(bank: str, use: str, seed: int) -> SecretKey:
    return SecretKey(hashlib.sha256(f"limner/made/{bank}/{use}/{seed}".encode()).digest(), use)


def _path(file: str | None) -> Path | None:
    return Path(file).expanduser() if file else None
