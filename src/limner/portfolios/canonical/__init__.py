"""The canonical bank: the tables that every relational portfolio maps its extracts to.

Tables only grow: what changes over a customer's life is a row of its own with the day it
became known, so that any past day can be seen as it was. Only ``customers`` and one table
of events are required; whatever else a bank lacks is left out and listed as left out.

Money is in integer minor units of the bank's currency. Keys are text; intake replaces
them by pseudonyms before anything else reads them.
"""

from limner.contract import Contract
from limner.errors import UnknownName
from limner.portfolios.canonical import dealings, holdings, parties

TABLES: tuple[Contract, ...] = (*parties.TABLES, *holdings.TABLES, *dealings.TABLES)
REQUIRED = ("customers",)
# At least one of these must be there.
EVENT_TABLES: tuple[str, ...] = tuple(t.table for t in dealings.TABLES if t.known_at)


def canonical_table(name: str) -> Contract:
    """Return the contract of one canonical table.

    Raises:
        UnknownName: there is no such table.
    """
    found = next((table for table in TABLES if table.table == name), None)
    if found is None:
        raise UnknownName("canonical table", name, (table.table for table in TABLES))
    return found
