"""From checked tables to trusted ones: one customer a person, pseudonyms, identifiers gone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from limner.artifacts import replacing_folder
from limner.contract import Column, Contract
from limner.engine import Connection, connect, identifier
from limner.intake.bank_intake import open_checked
from limner.intake.identity.decisions import Decision
from limner.intake.identity.files import write_identity
from limner.intake.identity.linkage import Identity, link_records
from limner.intake.identity.settings import IdentitySettings
from limner.intake.identity.survivorship import surviving_customers
from limner.intake.masking import Pseudonym
from limner.intake.privacy.bank_keys import BankKeys
from limner.intake.privacy.pseudonyms import bind_key, domain_of, pseudonym, pseudonym_sql
from limner.intake.privacy.vault import vault_of, write_vault
from limner.intake.trusted_parts import trusted_columns, write_trusted_parts
from limner.portfolios.canonical import TABLES, canonical_table

CUSTOMERS, CUSTOMER, CUSTOMER_ID = "customers", "customer", "customer_id"


@dataclass(frozen=True)
class Trusted:
    """What came of the checked tables: rows written a table, and who is who."""

    rows: dict[str, int]
    identity: Identity


def trust(
    checked: Path, trusted: Path, identity_folder: Path, vault: Path, keys: BankKeys,
    linkage: IdentitySettings, decisions: Sequence[Decision] = (),
    progress: Callable[[str], None] = lambda line: None,
) -> Trusted:  # fmt: skip
    """Link records, replace every key by its pseudonym and write the trusted tables.

    Every row of every table but ``customers`` is kept; of those, each customer's records
    become one row. The identity files name records by pseudonyms.

    Args:
        checked: folder that :func:`limner.intake.bank_intake.take_in_bank` wrote.
        trusted, identity_folder: replaced as a whole.
        vault: file that keeps, sealed, which record each pseudonym stands for.
        decisions: what persons decided, by pseudonyms of records.
    """
    with connect() as connection:
        tables = [canonical_table(name) for name in open_checked(connection, checked)]
        records = connection.execute("FROM checked.customers ORDER BY customer_id").df()
        names = _Pseudonyms(records[CUSTOMER_ID].astype(str), keys)
        identity = link_records(records, linkage, names.undo(decisions))
        progress(_line(identity))
        survivors = surviving_customers(records, identity.map, linkage.master_system)
        _register(connection, tables, survivors, identity, names, keys)
        with replacing_folder(trusted) as folder:
            rows = {
                contract.table: write_trusted_parts(
                    connection, contract, _trusted_sql(contract), folder / contract.table
                )
                for contract in tables
            }
        ids = _joined_ids(connection, tables)
    write_vault(vault, vault_of(records, identity.map, keys.pseudonym, ids), keys.vault)
    write_identity(names.hide(identity), identity_folder)
    return Trusted(rows, identity)


@dataclass(frozen=True)
class _Pseudonyms:
    """The pseudonyms of records, both ways."""

    records: pd.Series
    keys: BankKeys

    def of(self, values: pd.Series) -> pd.Series:
        return values.map(self._by_record)

    def hide(self, identity: Identity) -> Identity:
        """Name records by their pseudonyms, in an order that tells nothing of their ids."""
        table = identity.map.assign(
            record_id=self.of(identity.map["record_id"]),
            customer_id=self.of(identity.map[CUSTOMER_ID]),
        )
        pairs = identity.pairs.assign(
            record_a=self.of(identity.pairs["record_a"]),
            record_b=self.of(identity.pairs["record_b"]),
        )
        return replace(
            identity,
            map=table.sort_values("record_id", ignore_index=True),
            pairs=pairs.sort_values(["record_a", "record_b"], ignore_index=True),
        )

    def undo(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Name the records of decisions by their ids; a record that is gone keeps its name."""
        record = {value: key for key, value in self._by_record.items()}
        return [
            replace(
                decision,
                record_a=record.get(decision.record_a, decision.record_a),
                record_b=record.get(decision.record_b, decision.record_b),
            )
            for decision in decisions
        ]

    @property
    def _by_record(self) -> dict[str, str]:
        return {text: pseudonym(text, CUSTOMER, self.keys.pseudonym) for text in self.records}


def _register(
    connection: Connection, tables: Sequence[Contract], survivors: pd.DataFrame,
    identity: Identity, names: _Pseudonyms, keys: BankKeys,
) -> None:  # fmt: skip
    """Give the connection who is who, the surviving customers and the keys of pseudonyms."""
    who = pd.DataFrame(
        {
            "record_id": identity.map["record_id"].astype(str),
            "pseudonym": names.of(identity.map[CUSTOMER_ID].astype(str)),
        }
    )
    connection.register("who_is_who", who)
    connection.register("survivors", survivors)
    made = keyed_pseudonyms(connection, keys)
    for contract in tables:
        for column in contract.columns:
            if _is_foreign(contract, column):
                name = identifier(column.name)
                connection.execute(
                    f"CREATE TEMP TABLE {_dictionary(contract, column)} AS"
                    f" SELECT id, {made(column, 'id')} AS pseudonym"
                    f" FROM (SELECT DISTINCT {name} AS id FROM checked.{contract.table})"
                )


def keyed_pseudonyms(connection: Connection, keys: BankKeys) -> Pseudonym:
    """Bind the key of every domain to a connection; return SQL of a key column's pseudonyms."""
    domains = {domain_of(c.name) for table in TABLES for c in table.columns if c.key}
    bind_key(connection, keys.pseudonym, sorted(domains))
    return lambda column, text: pseudonym_sql(text, domain_of(column.name))


def _is_foreign(contract: Contract, column: Column) -> bool:
    """Whether many rows share the column's ids: each is then hashed once, and joined."""
    return column.key and column.name != CUSTOMER_ID and contract.key != (column.name,)


def _dictionary(contract: Contract, column: Column) -> str:
    return identifier(f"ids {contract.table} {column.name}")


def _joined_ids(connection: Connection, tables: Sequence[Contract]) -> dict[str, list[str]]:
    """List the ids, by domain, that other tables refer to: re-keying must know them."""
    targets = {c.references for t in tables for c in t.columns if c.references}
    here = {contract.table for contract in tables}
    return {
        domain_of(target.column): [
            str(row[0])
            for row in connection.execute(
                f"SELECT {identifier(target.column)} FROM checked.{target.table} ORDER BY ALL"
            ).fetchall()
        ]
        for target in targets
        if target.table in here and target.table != CUSTOMERS
    }


def _trusted_sql(contract: Contract) -> str:
    """Query of a table's trusted rows: pseudonyms for keys, nothing that names a person."""
    has_customer = any(c.name == CUSTOMER_ID for c in contract.columns)
    source = "survivors" if contract.table == CUSTOMERS else f"checked.{contract.table}"
    who = f"LEFT JOIN who_is_who AS who ON source.{CUSTOMER_ID} = who.record_id"
    values, joins = [], [who] if has_customer else []
    for column in trusted_columns(contract):
        name = identifier(column.name)
        value = f"source.{name}"
        if column.name == CUSTOMER_ID:
            value = "who.pseudonym"
        elif _is_foreign(contract, column):
            ids = identifier(f"of {column.name}")
            value = f"{ids}.pseudonym"
            dictionary = _dictionary(contract, column)
            joins.append(f"LEFT JOIN {dictionary} AS {ids} ON source.{name} = {ids}.id")
        elif column.key:
            value = pseudonym_sql(value, domain_of(column.name))
        values.append(f"{value} AS {name}")
    return f"SELECT {', '.join(values)} FROM {source} AS source {' '.join(joins)}"


def _line(identity: Identity) -> str:
    counts = identity.counts
    waiting = counts.get("pairs review", 0)
    return (
        f"identity: {counts['records']:,} records are {counts['customers']:,} customers;"
        f" {waiting:,} pairs wait for a person"
    )
