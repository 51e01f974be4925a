"""Whose keys: those of a bank make its pseudonyms and seal its vault; a mart has the first only."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from limner.intake.privacy.keys import PSEUDONYM, VAULT, SecretKey, read_key
from limner.portfolios.portfolio import Portfolio
from limner.portfolios.source import stated_path
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


def pseudonym_key_of(portfolio: Portfolio, privacy: PrivacySettings, seed: int) -> SecretKey | None:
    """Read the key of a mart's pseudonyms; None where it has none.

    Raises:
        KeyMissing: real people's key is not there.
        KeyUnusable: it is no key, or others may read it.
    """
    if not portfolio.pseudonyms:
        return None
    if portfolio.simulated:
        return _made(portfolio.name, PSEUDONYM, seed)
    return read_key(PSEUDONYM, _path(privacy.pseudonym_key))


def _made(bank: str, use: str, seed: int) -> SecretKey:
    return SecretKey(hashlib.sha256(f"limner/made/{bank}/{use}/{seed}".encode()).digest(), use)


def _path(file: str | None) -> Path | None:
    return stated_path(file) if file is not None else None
