"""The as-of filter: what a canonical table showed before a day, and that it stands once."""

import ast
import datetime as dt

from limner.engine import connect
from limner.portfolios.canonical import TABLES, canonical_table
from limner.portfolios.canonical.as_known import known_condition, known_value
from project import ROOT

# Who may ask when a row became known, and for what besides the filter.
ASKS_WHEN_KNOWN = {
    "features/relational/known.py": "the age of a row",
    "features/relational/selection.py": "which columns a feature needs",
    "features/relational/sources.py": "which columns a feature needs",
    "intake/bank_intake.py": "how old a table's latest row is",
    "intake/checks.py": "rows dated after the extract's own day",
    "intake/quality.py": "how old a table's latest row is",
    "intake/trusted_parts.py": "files of one month",
    "portfolios/canonical/__init__.py": "which tables hold events",
    "portfolios/canonical/as_known.py": "the filter",
    "snapshots/cohort.py": "the last day observed",
}


def test_only_the_filter_and_a_stated_few_read_when_a_row_became_known() -> None:
    package = ROOT / "src" / "limner"
    readers = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "known_at"
    }
    assert readers == ASKS_WHEN_KNOWN.keys()


def test_every_end_of_a_holding_is_stated_in_its_contract() -> None:
    stated = {table.table: table.ends_at for table in TABLES if table.ends_at}
    assert stated == {"accounts": "closed_on", "cards": "closed_on", "standing_orders": "ended_on"}


def test_a_row_of_the_day_itself_and_an_end_of_that_day_are_not_seen() -> None:
    accounts, day = canonical_table("accounts"), dt.date(2024, 3, 1)
    rows = (
        "SELECT * FROM (VALUES (1, DATE '2024-02-29', DATE '2024-03-01'),"
        " (2, DATE '2024-03-01', NULL), (3, DATE '2023-12-31', DATE '2024-02-29'))"
        " AS t(account_id, opened_on, closed_on)"
    )
    columns = ", ".join(known_value(accounts, c, day) for c in ("account_id", "closed_on"))
    with connect() as connection:
        found = connection.execute(
            f"SELECT {columns} FROM ({rows}) WHERE {known_condition(accounts, day)} ORDER BY 1"
        ).fetchall()
    assert found == [(1, None), (3, dt.date(2024, 2, 29))]


def test_a_moment_before_midnight_is_seen_and_midnight_is_not() -> None:
    transactions, day = canonical_table("transactions"), dt.date(2024, 3, 1)
    rows = (
        "SELECT * FROM (VALUES (1, TIMESTAMP '2024-02-29 23:59:59.999999'),"
        " (2, TIMESTAMP '2024-03-01 00:00:00'), (3, TIMESTAMP '2024-01-31 23:59:59'))"
        " AS t(transaction_id, booked_at)"
    )
    condition = known_condition(transactions, day, since=dt.date(2024, 2, 1))
    with connect() as connection:
        found = connection.execute(
            f"SELECT transaction_id FROM ({rows}) WHERE {condition}"
        ).fetchall()
    assert found == [(1,)]


def test_a_table_without_dates_is_seen_whole() -> None:
    assert known_condition(canonical_table("regions"), dt.date(2024, 3, 1)) == "TRUE"
