"""A bank of any size for measuring: customers and a year of transactions, made by DuckDB.

Keys look like intake's pseudonyms (64 hexadecimal digits); each account deals with 20
counterparties; a part is a month, its rows in order of time as extracts have them. The
transactions' own key, which nothing reads, is shorter.
"""

import datetime as dt
import sys
from pathlib import Path

import duckdb

SNAPSHOT = dt.date(2024, 6, 30)
MONTHS = [f"{year}-{month:02d}" for year, month in
          [(2023, m) for m in range(6, 13)] + [(2024, m) for m in range(1, 7)]]  # fmt: skip

_CATEGORIES = [
    "cash",
    "fees",
    "gambling",
    "groceries",
    "groceries",
    "health",
    "housing",
    "insurance",
    "interest",
    "leisure",
    "loan",
    "other",
    "other",
    "penalty",
    "pension",
    "restaurants",
    "salary",
    "savings",
    "shopping",
    "shopping",
    "transport",
    "travel",
    "utilities",
]
_CHANNELS = [
    "atm",
    "branch",
    "card",
    "card",
    "card",
    "direct_debit",
    "online",
    "standing_order",
    "system",
    "transfer",
]


def synthesise(trusted: Path, transactions: int, customers: int) -> None:
    """Write ``customers`` and ``transactions`` as intake does."""
    for table in ("customers", "transactions"):
        (trusted / table).mkdir(parents=True)
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "3GB"})
    connection.execute("SET enable_progress_bar = false")
    connection.execute(
        f"CREATE TABLE people AS SELECT i, sha256('c' || i) AS key FROM range({customers}) AS r(i)"
    )
    connection.execute(
        f"CREATE TABLE accounts AS SELECT i, sha256('a' || i) AS key, i % {customers} AS owner"
        f" FROM range({customers * 13 // 10}) AS r(i)"
    )
    connection.execute(
        "CREATE TABLE partners AS SELECT i, sha256('x' || i) AS key FROM range(50000) AS r(i)"
    )
    connection.execute(f"COPY ({_PEOPLE}) TO '{trusted}/customers/all.parquet' ({_FORMAT})")
    for number, month in enumerate(MONTHS):
        rows = transactions * (number + 1) // len(MONTHS) - transactions * number // len(MONTHS)
        query = _month(month, rows, customers * 13 // 10, seed=number)
        file = trusted / "transactions" / f"{month}.parquet"
        connection.execute(f"COPY ({query}) TO '{file}' ({_FORMAT})")
    connection.close()


_FORMAT = "FORMAT parquet, COMPRESSION zstd"
_PEOPLE = """
SELECT key AS customer_id, 'core' AS system, DATE '2015-01-01' + CAST(i % 2900 AS INTEGER) AS
onboarded_on, DATE '1950-01-01' + CAST(i % 18000 AS INTEGER) AS birth_date,
CASE i % 2 WHEN 0 THEN 'female' ELSE 'male' END AS sex, CAST(NULL AS VARCHAR) AS region_id
FROM people ORDER BY i
"""


def _month(month: str, rows: int, accounts: int, seed: int) -> str:
    # The last part ends with the snapshot's day before, the first begins with its 30th.
    last = (dt.date.fromisoformat(f"{month}-28") + dt.timedelta(days=4)).replace(day=1)
    seconds = int((last - dt.date.fromisoformat(f"{month}-01")).total_seconds())
    categories, channels = ("[" + ", ".join(f"'{v}'" for v in values) + "]"
                            for values in (_CATEGORIES, _CHANNELS))  # fmt: skip
    return f"""
SELECT printf('%016x', h) AS transaction_id, a.key AS account_id, p.key AS customer_id,
    TIMESTAMP '{month}-01' + to_seconds(CAST(n * {seconds} // {rows} AS BIGINT)) AS booked_at,
    CASE WHEN h % 10 < 7 THEN 'debit' ELSE 'credit' END AS direction,
    CAST(h // 7 % 100000 AS BIGINT) AS amount_minor,
    {channels}[1 + h // 11 % {len(_CHANNELS)}] AS channel,
    {categories}[1 + h // 13 % {len(_CATEGORIES)}] AS category,
    x.key AS counterparty,
    CAST(h // 19 % 1000000 AS BIGINT) - 100000 AS balance_minor
FROM (SELECT n, CAST(hash(n * 64 + {seed}) >> 2 AS BIGINT) AS h FROM range({rows}) AS r(n)) AS t
JOIN accounts AS a ON a.i = h % {accounts}
JOIN people AS p ON p.i = a.owner
JOIN partners AS x ON x.i = (a.i * 7919 + h // 17 % 20 * 104729) % 50000
ORDER BY n"""


if __name__ == "__main__":
    synthesise(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
