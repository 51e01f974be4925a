"""A new pseudonym key: every key column and the vault change together, or not at all."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from limner.artifacts import read_json, require, write_json
from limner.contract import Contract
from limner.engine import Connection, connect, count, identifier, read_parquet, write_parquet
from limner.errors import KeyUnusable, PseudonymUnknown
from limner.intake.own_tables import OwnTables
from limner.intake.privacy.keys import PSEUDONYM, SecretKey
from limner.intake.privacy.pseudonyms import bind_key, domain_of, pseudonym_sql, pseudonyms
from limner.intake.privacy.vault import CUSTOMER, Vault, read_vault, write_vault
from limner.portfolios.canonical import TABLES, canonical_table

_DOMAINS = sorted({domain_of(c.name) for table in TABLES for c in table.columns if c.key})


def rekey(
    trusted: Path,
    vault: Path,
    old_key: SecretKey,
    new_key: SecretKey,
    vault_key: SecretKey,
    new_vault_key: SecretKey | None = None,
    report: Callable[[str], None] = lambda table: None,
    own: OwnTables | None = None,
) -> int:
    """Replace every pseudonym of the trusted tables and the vault.

    Ids that the vault holds get the pseudonym that intake would give them under the new
    key. Ids of the domains that it does not hold (events, that nothing else names) get a
    pseudonym of their old pseudonym: joins hold, and the next intake gives them others.

    Everything is written beside the old state first. Interrupted before that is done, the
    old state stands whole; after, the next call (or :func:`finish_rekeying`) ends it.

    Args:
        trusted: folder of ``<table>/<part>.parquet``.
        report: called with each table's name when it begins.
        own: the bank's own outcome tables; None where it has none.

    Returns:
        Number of rows rewritten.

    Raises:
        ArtifactMissing: no trusted tables, or no vault.
        KeyUnusable: the vault's pseudonyms were not made with ``old_key``.
        PseudonymUnknown: a table holds ids that the vault should know and does not.
        UnknownName: a folder is of no canonical table.
    """
    finish_rekeying(vault)
    new_trusted, new_vault = _beside(require(trusted)), _beside(require(vault))
    held = read_vault(vault, vault_key)
    if held.key_fingerprint != old_key.fingerprint:
        reason = "the vault's pseudonyms were made with another key: give that one as the old key"
        raise KeyUnusable(PSEUDONYM, "(old)", reason)
    shutil.rmtree(new_trusted, ignore_errors=True)
    with connect() as connection:
        bind_key(connection, new_key, _DOMAINS)
        _register_new_pseudonyms(connection, held)
        rows = _rewrite_tables(connection, trusted, new_trusted, held, report)
        swaps = [(new_trusted, trusted), (new_vault, vault)]
        if own is not None and own.contracts:
            new_own = _beside(require(own.folder))
            shutil.rmtree(new_own, ignore_errors=True)
            rows += _rewrite_tables(connection, own.folder, new_own, held, report, own.contracts)
            swaps.append((new_own, own.folder))
        renewed = _renewed(held, new_key)
    write_vault(new_vault, renewed, new_vault_key or vault_key)
    write_json(_journal(vault), [[str(new), str(old)] for new, old in swaps])
    finish_rekeying(vault)
    return rows


def finish_rekeying(vault: Path) -> bool:
    """Put in place what an interrupted re-keying had written in full, if there is such."""
    journal = _journal(vault)
    if not journal.exists():
        return False
    for new, target in (map(Path, swap) for swap in read_json(journal)):
        old = target.with_name(f".{target.name}.before-rekeying")
        if new.exists():
            if target.exists():
                _remove(old)
                target.rename(old)
            new.rename(target)
        _remove(old)
    journal.unlink()
    return True


def _rewrite_tables(
    connection: Connection,
    trusted: Path,
    new_trusted: Path,
    held: Vault,
    report: Callable[[str], None],
    own: Sequence[Contract] = (),
) -> int:
    rows, apart = 0, {contract.table: contract for contract in own}
    for folder in sorted(path for path in trusted.iterdir() if path.is_dir()):
        contract = apart.get(folder.name) or canonical_table(folder.name)
        report(folder.name)
        for part in sorted(folder.glob("*.parquet")):
            target = new_trusted / folder.name / part.name
            target.parent.mkdir(parents=True, exist_ok=True)
            rows += _rewrite_part(connection, contract, part, target, {CUSTOMER, *held.ids})
    return rows


def _rewrite_part(
    connection: Connection, contract: Contract, part: Path, target: Path, held: set[str]
) -> int:
    source = read_parquet([part], row_number=True)
    names = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    keys = [column.name for column in contract.columns if column.key and column.name in names]
    looked_up = [name for name in keys if domain_of(name) in held]
    joins = " ".join(
        f"LEFT JOIN {_table(domain_of(name))} AS {identifier(f'of {name}')}"
        f" ON {identifier(f'of {name}')}.old = part.{identifier(name)}"
        for name in looked_up
    )
    _refuse_unknown(connection, contract, f"{source} AS part {joins}", looked_up)
    columns = ", ".join(
        f"{_new_value(name, keys, looked_up)} AS {identifier(name)}"
        for name in names
        if name != "file_row_number"
    )
    write_parquet(
        connection,
        f"SELECT {columns} FROM {source} AS part {joins} ORDER BY part.file_row_number",
        target,
    )
    return count(connection, read_parquet([target]))


def _refuse_unknown(
    connection: Connection, contract: Contract, joined: str, looked_up: list[str]
) -> None:
    for name in looked_up:
        lost = f"part.{identifier(name)} IS NOT NULL AND {identifier(f'of {name}')}.old IS NULL"
        unknown = count(connection, f"{joined} WHERE {lost}")
        if unknown:
            remedy = "the vault is not of these tables: run intake again"
            raise PseudonymUnknown(f"{contract.table}.{name}", unknown, remedy)


def _new_value(name: str, keys: list[str], looked_up: list[str]) -> str:
    column = f"part.{identifier(name)}"
    if name in looked_up:
        return f"{identifier(f'of {name}')}.new"
    return pseudonym_sql(column, domain_of(name)) if name in keys else column


def _register_new_pseudonyms(connection: Connection, held: Vault) -> None:
    ids = {CUSTOMER: held.records.rename(columns={"record_id": "id"}), **held.ids}
    for domain, table in ids.items():
        connection.register("known", table[["pseudonym", "id"]])
        connection.execute(
            f"CREATE TABLE {_table(domain)} AS"
            f" SELECT pseudonym AS old, {pseudonym_sql('id', domain)} AS new FROM known"
        )
        connection.unregister("known")


def _renewed(held: Vault, key: SecretKey) -> Vault:
    records = held.records
    renamed = pseudonyms(records["record_id"], CUSTOMER, key)
    new = dict(zip(records["pseudonym"], renamed, strict=True))
    ids = {
        domain: pd.DataFrame({
            "pseudonym": pseudonyms(table["id"], domain, key),
            "id": table["id"],
        })
        for domain, table in held.ids.items()
    }  # fmt: skip
    renewed = records.assign(
        pseudonym=records["pseudonym"].map(new), customer=records["customer"].map(new)
    )
    return Vault(renewed, ids, key.fingerprint)


def _table(domain: str) -> str:
    return identifier(f"new {domain}")


def _journal(vault: Path) -> Path:
    return vault.with_name(f".{vault.name}.rekeying.json")


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.rekeyed")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
