"""From checked tables to trusted ones: one customer a person, pseudonyms, identifiers gone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from limner.artifacts import replacing_folder
from limner.contract import Column, Contract
from limner.engine import Connection, arrow, connect, half, identifier, side_by_side
from limner.intake.bank_intake import open_checked
from limner.intake.identity.decisions import Decision
from limner.intake.identity.files import write_identity
from limner.intake.identity.linkage import Identity, link_records
from limner.intake.identity.settings import IdentitySettings
from limner.intake.identity.survivorship import surviving_customers
from limner.intake.masking import Pseudonym
from limner.intake.own_tables import OwnTables, own_folder_of
from limner.intake.privacy.bank_keys import BankKeys
from limner.intake.privacy.pseudonyms import bind_key, domain_of, pseudonym_sql, pseudonyms
from limner.intake.privacy.vault import IDENTIFIERS, Vault, write_vault
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
    progress: Callable[[str], None] = lambda line: None, *,
    threads: int = 1, memory_limit: str | None = None, own: OwnTables | None = None,
) -> Trusted:  # fmt: skip
    """Link records, replace every key by its pseudonym and write the trusted tables.

    Every row of every table but ``customers`` is kept; of those, each customer's records
    become one row. The identity files name records by pseudonyms.

    Args:
        checked: folder that :func:`limner.intake.bank_intake.take_in_bank` wrote.
        trusted, identity_folder: replaced as a whole.
        vault: file that keeps, sealed, which record each pseudonym stands for.
        decisions: what persons decided, by pseudonyms of records.
        threads: parts of a table that are written at once; the bytes do not depend on it.
        memory_limit: of DuckDB, for example ``4GB``; while records are linked half of it,
            since they lie in memory beside it. What needs more spills into ``checked``.
        own: the bank's own outcome tables, and the folder that is theirs alone.
    """
    with (
        TemporaryDirectory(dir=checked, prefix=".spill.") as spill,
        # One thread each writes the same bytes every time.
        connect(1, memory_limit, Path(spill)) as connection,
    ):
        apart = {contract.table: contract for contract in own.contracts} if own else {}
        here = open_checked(connection, checked)
        tables = [apart.get(name) or canonical_table(name) for name in here]
        names = _Pseudonyms(keys)
        limited = linkage.model_copy(
            update={"memory_limit": memory_limit and half(memory_limit), "spill": Path(spill)}
        )
        identity = link_records(_records(connection), limited, names.undo(decisions, connection))
        progress(_line(identity))
        survivors = _survivors(connection, identity, linkage.master_system)
        _register(connection, tables, identity, names)
        with (
            replacing_folder(trusted) as folder,
            own_folder_of(own) as own_folder,
            side_by_side(connection, threads) as connections,
        ):
            for each in connections:
                keyed_pseudonyms(each, keys)
                each.register("survivors", survivors)
            rows = {}
            for contract in tables:
                within = own_folder if contract.table in apart else folder
                rows[contract.table] = write_trusted_parts(
                    connections, contract, _trusted_sql(contract), within / contract.table
                )
                progress(f"{contract.table}: {rows[contract.table]:,} rows trusted")
        write_vault(vault, _vault(connection, tables, keys), keys.vault)
    write_identity(names.hide(identity), identity_folder)
    return Trusted(rows, identity)


def _records(connection: Connection) -> pd.DataFrame:
    records: pd.DataFrame = connection.execute("FROM checked.customers ORDER BY customer_id").df()
    return records


def _survivors(connection: Connection, identity: Identity, master_system: str) -> pd.DataFrame:
    whole = surviving_customers(_records(connection), identity.map, master_system)
    return whole[[column.name for column in trusted_columns(canonical_table(CUSTOMERS))]]


@dataclass(frozen=True)
class _Pseudonyms:
    """The pseudonyms of records, both ways."""

    keys: BankKeys

    def of(self, records: pd.Series) -> list[str]:
        return pseudonyms(records, CUSTOMER, self.keys.pseudonym)

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

    def undo(self, decisions: Sequence[Decision], connection: Connection) -> list[Decision]:
        """Name the records of decisions by their ids; a record that is gone keeps its name."""
        if not decisions:
            return []
        ids = connection.execute("SELECT customer_id FROM checked.customers").df()[CUSTOMER_ID]
        record = dict(zip(self.of(ids), ids, strict=True))
        return [
            replace(
                decision,
                record_a=record.get(decision.record_a, decision.record_a),
                record_b=record.get(decision.record_b, decision.record_b),
            )
            for decision in decisions
        ]


def _register(
    connection: Connection, tables: Sequence[Contract], identity: Identity, names: _Pseudonyms
) -> None:
    """Make tables of who is who, and of the keys' pseudonyms.

    They are not temporary: connections side by side see them, and they may spill.
    """
    who = pd.DataFrame({
        "record_id": identity.map["record_id"],
        "pseudonym": names.of(identity.map[CUSTOMER_ID]),
    })  # fmt: skip
    connection.register("who", who)
    connection.execute("CREATE TABLE who_is_who AS FROM who")
    connection.unregister("who")
    made = keyed_pseudonyms(connection, names.keys)
    for contract in tables:
        for column in contract.columns:
            if _is_foreign(contract, column):
                name = identifier(column.name)
                connection.execute(
                    f"CREATE TABLE {_dictionary(contract, column)} AS"
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


def _vault(connection: Connection, tables: Sequence[Contract], keys: BankKeys) -> Vault:
    """Gather who is behind the pseudonyms of records, and the ids that other tables refer to.

    Re-keying must know these ids. Texts stay in Arrow: as Python's they are three times as large.
    """
    held = ", ".join(f"records.{identifier(name)}" for name in IDENTIFIERS)
    records = (
        f"SELECT {pseudonym_sql('record_id', CUSTOMER)} AS pseudonym, who.pseudonym AS customer,"
        f" record_id, {held} FROM checked.customers AS records"
        " JOIN who_is_who AS who ON records.customer_id = who.record_id ORDER BY record_id"
    )
    here = {contract.table for contract in tables}
    targets = {c.references for t in tables for c in t.columns if c.references}
    ids = {
        domain_of(target.column): _texts(
            connection,
            f"SELECT {pseudonym_sql('id', domain_of(target.column))} AS pseudonym, id FROM"
            f" (SELECT {identifier(target.column)} AS id FROM checked.{target.table}) ORDER BY id",
        )
        for target in targets
        if target.table in here and target.table != CUSTOMERS
    }
    return Vault(_texts(connection, records), ids, keys.pseudonym.fingerprint)


def _texts(connection: Connection, query: str) -> pd.DataFrame:
    found: pd.DataFrame = arrow(connection, query).to_pandas(types_mapper=pd.ArrowDtype)
    return found


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
