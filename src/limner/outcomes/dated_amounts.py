"""Dated amounts: what the bank earned with a customer in a window, stated as readable SQL.

The window, what may be known of it and who is left out follow the rules of dated events
(:mod:`limner.outcomes.dated`). Rates that a reviewer may question stand in ``params.yaml`` and
are named in the SQL as days are: ``:deposit_spread``.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from pydantic import Field
from pydantic.dataclasses import dataclass

from limner.domain import Bilingual
from limner.outcomes.dated import DatedOutcome, customers_sql, months_after
from limner.outcomes.dated_definitions import DEFAULT_DAYS, NO_CURRENT_ACCOUNT


@dataclass(frozen=True)
class DatedAmount(DatedOutcome):
    """Money within a window of months, in integer minor units.

    ``happened`` is SQL that yields ``customer_id`` and ``amount_minor``; whom it does not name
    earned 0. It names the window's days as ``:window_start`` and ``:window_end``, its months as
    ``:months``, and rates by their name. ``months_before`` moves the window: it then ends at the
    snapshot, and only what was known before that counts.
    """

    rates: Mapping[str, float] = Field(default_factory=dict)
    months_before: int = 0

    @property
    def column(self) -> str:
        """Name of the amount's column."""
        return f"{self.name}_minor"

    def at_rates(self, rates: Mapping[str, float]) -> "DatedAmount":
        """Return the definition with rates for the names in its SQL, its parts as well."""
        parts = tuple(p.at_rates(rates) for p in self.parts if isinstance(p, DatedAmount))
        return replace(self, rates=dict(rates), parts=parts)

    def happened_sql(self, snapshot: dt.date) -> str:
        """Compile the customers' amounts of one snapshot.

        Raises:
            KeyError: the SQL names a rate that was not given.
        """
        if self.months_before:
            start, end = months_after(snapshot, -self.months_before), snapshot
        else:
            start, end = snapshot, self.window_end(snapshot)
        months = self.months_before or self.performance_months
        days: dict[str, dt.date | float] = {"window_start": start, "window_end": end}
        named = {**days, "months": months, **self.rates}
        return customers_sql(self.happened, self.needs, end, named)

    def value_sql(self, snapshot: dt.date) -> str:
        """Compile the amount of each customer of a table ``everybody``, as a column."""
        return (
            f"coalesce((SELECT max(amount_minor) FROM ({self.happened_sql(snapshot)}) AS amounts"
            " WHERE amounts.customer_id = everybody.customer_id), 0)"
        )


# Each line of it is a source of income or cost; losses on bad loans are not in it.
_MARGIN = f"""
-- Summed in whole thousandths: a sum of fractions would depend on the order of its rows.
SELECT customer_id,
       CAST(round(sum(CAST(round(earned * 1000) AS BIGINT)) / 1000) AS BIGINT) AS amount_minor
FROM (
    WITH month AS (
        SELECT n, CAST(:window_start + to_months(n) AS DATE) AS from_day,
               CAST(:window_start + to_months(n + 1) AS DATE) AS to_day
        FROM (SELECT CAST(unnest(range(:months)) AS INTEGER) AS n)
    ),
    open_account AS (
        SELECT a.account_id, a.customer_id, p.kind, m.n
        FROM month AS m
        JOIN accounts AS a
          ON a.opened_on < m.to_day AND (a.closed_on IS NULL OR a.closed_on >= m.to_day)
        JOIN products AS p ON p.product_id = a.product_id
    ),
    -- The last balance of each account in each month, and of all the time before them.
    last_balance AS (
        SELECT account_id, max_by(balance_minor, (booked_at, transaction_id)) AS balance_minor,
               CASE WHEN booked_at < :window_start THEN -1
                    ELSE date_sub('month', :window_start, CAST(booked_at AS DATE)) END AS n
        FROM transactions WHERE balance_minor IS NOT NULL
        GROUP BY ALL
    ),
    month_end AS (
        SELECT o.customer_id, o.kind, max_by(b.balance_minor, b.n) AS balance_minor
        FROM open_account AS o
        JOIN last_balance AS b ON b.account_id = o.account_id AND b.n <= o.n
        WHERE o.kind IN ('current', 'savings', 'term_deposit')
        GROUP BY o.customer_id, o.kind, o.account_id, o.n
    ),
    -- Of a loan whose instalment was 90 days past due, interest is not counted on.
    bad_loan AS (
        SELECT loan_id, min(bad_on) AS bad_on
        FROM (
            SELECT i.loan_id, i.due_on + {DEFAULT_DAYS} AS bad_on
            FROM instalments AS i
            LEFT JOIN repayments AS r
              ON r.instalment_id = i.instalment_id AND r.paid_on < i.due_on + {DEFAULT_DAYS}
            WHERE i.due_on + {DEFAULT_DAYS} < :window_end
            GROUP BY i.loan_id, i.instalment_id, i.due_on, i.amount_minor
            HAVING coalesce(sum(r.amount_minor), 0) < i.amount_minor)
        GROUP BY loan_id
    )

    -- Deposits: what accounts held at each month's end earns a month's spread.
    SELECT customer_id, greatest(balance_minor, 0) / 12
        * CASE kind WHEN 'current' THEN :deposit_spread ELSE :savings_spread END AS earned
    FROM month_end

    -- Overdrafts: the bank's part of the interest charged. Fees: all of them. Cards: a share of
    -- what was paid by card, in shops and online.
    UNION ALL
    SELECT customer_id, amount_minor
        * CASE category WHEN 'interest' THEN :overdraft_share WHEN 'fees' THEN 1
               ELSE :interchange END
    FROM transactions
    WHERE direction = 'debit' AND booked_at >= :window_start
      AND (category IN ('interest', 'fees') OR channel IN ('card', 'online'))

    -- Loans: principal still out, paid down evenly over the agreed term, earns a month's spread.
    UNION ALL
    SELECT l.customer_id, l.principal_minor / 12 * :lending_spread
        * (1 - date_diff('month', l.granted_on, m.from_day) / l.term_months)
    FROM month AS m
    JOIN loans AS l
      ON l.granted_on < m.to_day AND date_diff('month', l.granted_on, m.from_day) < l.term_months
    LEFT JOIN bad_loan AS d ON d.loan_id = l.loan_id
    WHERE d.bad_on IS NULL OR d.bad_on >= m.to_day

    -- What it costs to keep a customer, for each month that ends with an account open.
    UNION ALL
    SELECT customer_id, -:monthly_cost_minor
    FROM (SELECT DISTINCT customer_id, n FROM open_account)
)
GROUP BY customer_id
"""
_NEEDS = (
    "customers", "products", "accounts", "transactions", "loans", "instalments", "repayments",
)  # fmt: skip
_FAVOURABLE = Bilingual("being offered the premium service", "获得尊享服务")

# A bank has no more history at the first snapshot: what the months to come are held against.
MARGIN_BEFORE = DatedAmount(
    name="customer_margin_before",
    meaning="Margin of the customer in the 6 months before the snapshot, in minor units",
    performance_months=12,
    favourable=_FAVOURABLE,
    favourable_side="above",
    needs=_NEEDS,
    happened=_MARGIN,
    months_before=6,
)

MARGIN = DatedAmount(
    name="customer_margin",
    meaning=(
        "Margin of the customer in the 12 months after the snapshot: spread on deposits and"
        " loans, fees and interchange, less the cost of keeping the account; in minor units,"
        " before losses"
    ),
    performance_months=12,
    favourable=_FAVOURABLE,
    favourable_side="above",
    needs=_NEEDS,
    observed_by=("transactions",),
    happened=_MARGIN,
    exclusions=(NO_CURRENT_ACCOUNT,),
    parts=(MARGIN_BEFORE,),
)

DATED_AMOUNTS = (MARGIN, MARGIN_BEFORE)


def months_before(outcome: DatedOutcome) -> tuple[str, float] | None:
    """Name the column of an amount's months before the snapshot, if there is one.

    Returns:
        the column, and the factor that makes it one of as many months as are predicted.
    """
    for part in outcome.parts:
        if isinstance(part, DatedAmount) and part.months_before:
            return part.column, outcome.performance_months / part.months_before
    return None
