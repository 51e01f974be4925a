"""How many customers allow or withdrew each purpose on a day."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from limner.domain import Purpose
from limner.engine import connect, read_parquet


@dataclass(frozen=True)
class ConsentCount:
    """Customers by what they last decided on one purpose; the rest never decided."""

    purpose: Purpose
    given: int
    withdrawn: int


def consent_counts(consents: Path, before: dt.date) -> tuple[ConsentCount, ...]:
    """Count customers by purpose and what they last decided before a day.

    Of decisions recorded at one moment (two systems' records of one customer) a
    withdrawal holds.

    Args:
        consents: folder of the trusted table's parts, one row a decision.
        before: decisions on or after this day are not known yet.
    """
    with connect() as connection:
        table = read_parquet(sorted(consents.glob("*.parquet")))
        rows = connection.execute(_COUNTS.format(table=table), [before]).fetchall()
    found = {purpose: (given, withdrawn) for purpose, given, withdrawn in rows}
    return tuple(ConsentCount(p, *found.get(p.value, (0, 0))) for p in Purpose)


_COUNTS = """
WITH decided AS (
    SELECT purpose,
           max(recorded_at) FILTER (decision = 'given') AS given_at,
           max(recorded_at) FILTER (decision = 'withdrawn') AS withdrawn_at
    FROM {table} WHERE recorded_at < CAST(? AS TIMESTAMP)
    GROUP BY customer_id, purpose)
SELECT purpose,
       count(*) FILTER (withdrawn_at IS NULL OR given_at > withdrawn_at),
       count(*) FILTER (withdrawn_at IS NOT NULL AND coalesce(given_at <= withdrawn_at, true))
FROM decided GROUP BY purpose
"""
