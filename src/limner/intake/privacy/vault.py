"""The vault: who is behind a pseudonym, encrypted and apart; every look is written down."""

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from limner.artifacts import require
from limner.contract import Sensitivity
from limner.errors import PseudonymUnknown
from limner.intake.privacy.keys import SecretKey
from limner.intake.privacy.pseudonyms import pseudonyms
from limner.intake.privacy.sealing import seal, unseal
from limner.portfolios.canonical import canonical_table

CUSTOMER = "customer"
IDENTIFIERS: tuple[str, ...] = tuple(
    column.name
    for column in canonical_table("customers").columns
    if column.sensitivity is Sensitivity.IDENTIFIER and not column.key
)
RECORD_COLUMNS = ("pseudonym", "customer", "record_id", *IDENTIFIERS)
_RECORDS, _IDS = "records", "ids/"


@dataclass(frozen=True)
class Vault:
    """What the vault holds.

    Attributes:
        records: :data:`RECORD_COLUMNS`, one row a record: its pseudonym, its customer's,
            its id in its system and its direct identifiers.
        ids: for other domains (``account`` …) a table of ``pseudonym`` and ``id``, so that
            re-keying can turn them back. Domains without one are re-keyed from their
            old pseudonyms.
        key_fingerprint: of the pseudonym key that made these pseudonyms.
    """

    records: pd.DataFrame
    ids: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    key_fingerprint: str = ""


def vault_of(
    records: pd.DataFrame,
    map: pd.DataFrame,
    key: SecretKey,
    ids: Mapping[str, Sequence[str]] | None = None,
) -> Vault:
    """Make a vault's content.

    Args:
        records: the canonical ``customers``, one row a record.
        map: which customer each record is, as identity found it.
        ids: for each further domain the ids of its things.
    """
    customer = map.set_index("record_id")["customer_id"]
    texts = records["customer_id"].astype(str)
    held = pd.DataFrame({
        "pseudonym": _pseudonyms(texts, CUSTOMER, key),
        "customer": _pseudonyms(customer.reindex(texts), CUSTOMER, key),
        "record_id": texts.to_numpy(),
        **{name: records[name].to_numpy() for name in IDENTIFIERS},
    }, dtype=object).sort_values("record_id", ignore_index=True)  # fmt: skip
    others = {
        domain: pd.DataFrame({"pseudonym": _pseudonyms(given, domain, key), "id": list(given)})
        for domain, given in sorted((ids or {}).items())
    }
    return Vault(held, others, key.fingerprint)


def write_vault(file: Path, vault: Vault, vault_key: SecretKey) -> None:
    """Encrypt a vault into one file, whole or not at all. Equal content, equal bytes."""
    sections = {_RECORDS: _packed(vault.records[list(RECORD_COLUMNS)])}
    sections |= {_IDS + domain: _packed(table) for domain, table in sorted(vault.ids.items())}
    seal(file, vault_key, {"pseudonym_key": vault.key_fingerprint}, sections)


def read_vault(file: Path, vault_key: SecretKey) -> Vault:
    """Decrypt a vault. For re-keying; a person looks through :func:`look_up`.

    Raises:
        ArtifactMissing: there is no vault.
        VaultUnreadable: another key, or an altered file.
    """
    facts, sections = unseal(require(file), vault_key)
    ids = {name.removeprefix(_IDS): _unpacked(content) for name, content in sections.items()
           if name.startswith(_IDS)}  # fmt: skip
    return Vault(_unpacked(sections[_RECORDS]), ids, facts["pseudonym_key"])


def look_up(
    file: Path,
    vault_key: SecretKey,
    asked: Sequence[str],
    reason: str,
    by: str,
    log: Path,
    at: dt.datetime | None = None,
) -> pd.DataFrame:
    """Return who is behind pseudonyms, after writing down who asked and why.

    Args:
        asked: pseudonyms of customers, or record ids such as those of the review band.
        reason: why it must be known; ``by`` who wants to know. Neither may be empty.
        log: one JSON line a look is added; it holds pseudonyms, never values.

    Returns:
        :data:`RECORD_COLUMNS`, every record of the customers and records asked for.

    Raises:
        PseudonymUnknown: the vault holds nothing under one of them. Logged as well.
        VaultUnreadable: another key, or an altered file.
    """
    if not reason.strip() or not by.strip():
        raise ValueError("a look into the vault needs a reason and a name")
    records = read_vault(file, vault_key).records
    wanted = set(asked)
    hit = records[["pseudonym", "customer", "record_id"]].isin(wanted)
    found = records[hit.any(axis=1)].reset_index(drop=True)
    unknown = wanted.difference(*(found[name] for name in ("pseudonym", "customer", "record_id")))
    _write_down(log, found["pseudonym"].tolist(), len(unknown), reason, by, at)
    if unknown:
        raise PseudonymUnknown(str(file), len(unknown), "give pseudonyms of this bank's customers")
    return found


def _write_down(
    log: Path, seen: list[str], unknown: int, reason: str, by: str, at: dt.datetime | None
) -> None:
    moment = (at or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
    entry = {"at": moment, "by": by, "why": reason, "pseudonyms": seen, "not_found": unknown}
    log.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(descriptor)


def _pseudonyms(values: pd.Series | Sequence[str], domain: str, key: SecretKey) -> list[str]:
    return pseudonyms(map(str, values), domain, key)


def _packed(table: pd.DataFrame) -> bytes:
    schema = pa.schema([(name, pa.string()) for name in table.columns])
    buffer = BytesIO()
    # A column without any value is still text.
    typed = {n: object for n, kind in table.dtypes.items() if not isinstance(kind, pd.ArrowDtype)}
    texts = pa.Table.from_pandas(table.astype(typed), schema=schema, preserve_index=False)
    whole = texts.replace_schema_metadata(None).combine_chunks()
    parquet.write_table(whole, buffer, compression="zstd")
    return buffer.getvalue()


def _unpacked(content: bytes) -> pd.DataFrame:
    table: pd.DataFrame = parquet.read_table(BytesIO(content)).to_pandas()
    return table
