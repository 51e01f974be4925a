"""Find rows that share a key: by sorted hashes first, then by the values themselves."""

import numpy as np

from limner.contract import Contract
from limner.engine import Connection, count, identifier, land, numbers

# Names with a blank, which no contract's column has, for what is held beside its columns.
ROW, RULE, RULES = '"row in table"', '"rule number"', '"rule numbers"'
# Hashes sorted at a time: 8 bytes each. Each further pass reads the key's columns again.
_ROWS_A_PASS = 200_000_000


def find_shared_hashes(connection: Connection, key: tuple[str, ...]) -> None:
    """Make the table of hashes that keys of several rows of ``staged`` share.

    Sorting plain hashes takes a third of the time and memory of grouping by them, and parts
    of the hashes can be sorted one after another. Next to nothing is shared by chance.
    """
    import pyarrow as pa

    hashed = f"hash({_listed(key)})"
    rows = count(connection, "staged")
    passes = 1 + rows // _ROWS_A_PASS
    shared = []
    for part in range(passes):
        found = numbers(
            connection,
            f"SELECT {hashed} AS hashed FROM staged WHERE {_known(key)}"
            + (f" AND {hashed} % {passes} = {part}" if passes > 1 else ""),
            rows,
        )
        found.sort()
        shared.append(np.unique(found[1:][found[1:] == found[:-1]]))
    batches = pa.table({"hashed": np.concatenate(shared).astype(np.uint64)})
    land(connection, _shared(key), batches, "hashed")


def copies_sql(contract: Contract, key: tuple[str, ...], *, keep_first: bool) -> str:
    """Query of the rows whose key, by value, is another row's; an unknown key copies nothing.

    Every copy is at fault, since nothing tells which is right. Only where all copies of a
    contract's key are the same in every column (a batch sent twice) is none of them wrong:
    with ``keep_first`` the first is kept, lest all that refers to it be quarantined as well.
    """
    columns, everything = _listed(key), _listed(contract.names)
    same = f"OVER (PARTITION BY {columns})"
    alike = (
        f"min(row({everything})) {same} IS NOT DISTINCT FROM max(row({everything})) {same}"
        f" AND row_number() OVER (PARTITION BY {columns} ORDER BY {ROW}) = 1"
    )
    return (
        f"SELECT {ROW} FROM (SELECT {ROW}, count(*) {same} AS copies,"
        f" {alike if keep_first else 'false'} AS kept FROM suspects WHERE {may_be_copy(key)})"
        " WHERE copies > 1 AND NOT kept"
    )


def may_be_copy(key: tuple[str, ...]) -> str:
    """SQL condition of the rows whose key has the hash of another row's key."""
    return f"{_known(key)} AND hash({_listed(key)}) IN (FROM {identifier(_shared(key))})"


def _shared(key: tuple[str, ...]) -> str:
    return f"hashes shared by {' + '.join(key)}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(identifier(name) for name in names)


def _known(key: tuple[str, ...]) -> str:
    return " AND ".join(f"{identifier(name)} IS NOT NULL" for name in key)
