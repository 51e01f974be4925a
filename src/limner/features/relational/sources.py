"""The rows that formulas read: canonical tables as they were known, some joined or derived.

A source's SQL reads canonical tables by name. It never reaches the tables themselves: the
compiler defines those names as what was known before the snapshot (see
:func:`limner.features.relational.compiler.known_rows`), where every row has its ``age_days``
and no holding shows an end that lay ahead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from limner.portfolios.canonical import canonical_table

# A century: every holding a customer may have. Bounded like everything, and never felt.
HOLDING_DAYS = 36_525
# The longest loans run 30 years and a little more.
LOAN_DAYS = 11_000
# Particulars older than ten years are not believed.
FACT_DAYS = 3_652
# Instalments of the last two years; what became due before is for the collection department.
ARREARS_DAYS = 730


@dataclass(frozen=True)
class Joined:
    """A reference table without dates, joined by a key; ``columns`` are what it adds."""

    table: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Derived:
    """A column worked out from known ones: portable SQL over the columns it needs."""

    sql: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Rows of one canonical table with what is joined to or derived from them.

    Attributes:
        table: the canonical table, which dates the rows.
        unit: what a customer has several of, each with a latest value of its own.
        recent_days: windows up to this are summed in a pass of their own, which reads the
            recent parts only; None where a table is too small for that to matter.
        other_days: look-backs of further tables that ``query`` reads.
        query: SQL of the rows where a join by key is not enough.
        query_columns: what it yields besides ``customer_id`` and ``age_days``, with the
            columns ``table.column`` that each needs.
    """

    name: str
    table: str
    unit: str | None = None
    recent_days: int | None = None
    joins: tuple[Joined, ...] = ()
    derived: Mapping[str, Derived] = field(default_factory=dict)
    other_days: Mapping[str, int] = field(default_factory=dict)
    query: str | None = None
    query_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def needs(self, column: str) -> tuple[str, ...]:
        """List the ``table.column`` of canonical tables behind one of the source's columns.

        Raises:
            KeyError: the source has no such column.
        """
        if column == "age_days":
            return (f"{self.table}.{canonical_table(self.table).known_at}",)
        if column in self.query_columns:
            return self.query_columns[column]
        if column in self.derived:
            return tuple(n for c in self.derived[column].needs for n in self.needs(c))
        for join in self.joins:
            if column in join.columns:
                return (*self.needs(join.key), f"{join.table}.{join.key}", f"{join.table}.{column}")
        return (f"{self.table}.{canonical_table(self.table).column(column).name}",)


_ENDED = {
    "is_open": "{end} IS NULL",
    "days_since_end": "DATE_DIFF('day', {end}, {snapshot})",
}


def _holding(end: str) -> dict[str, Derived]:
    return {name: Derived(sql.replace("{end}", end), (end,)) for name, sql in _ENDED.items()}


# What is still unpaid of each instalment, and how late it was paid or still is. An instalment
# that is fully paid is late up to its last payment; one that is not, up to the snapshot.
_ARREARS = """
SELECT i.customer_id, i.age_days,
       GREATEST(i.amount_minor - COALESCE(p.paid_minor, 0), 0) AS unpaid_minor,
       CASE WHEN p.paid_minor >= i.amount_minor THEN GREATEST(i.age_days - p.paid_days_ago, 0)
            ELSE i.age_days END AS days_late
FROM instalments AS i
LEFT JOIN (
    SELECT instalment_id, SUM(amount_minor) AS paid_minor, MIN(age_days) AS paid_days_ago
    FROM repayments GROUP BY instalment_id
) AS p ON p.instalment_id = i.instalment_id
"""
_ARREARS_NEED = (
    "instalments.instalment_id", "instalments.amount_minor", "repayments.instalment_id",
    "repayments.amount_minor",
)  # fmt: skip

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source("customers", "customers"),
        Source("customer_facts", "customer_facts"),
        Source("regions", "customers", joins=(
            Joined("regions", "region_id", ("inhabitants", "urban_share", "average_salary_minor",
                                            "unemployment_rate", "crimes_per_1000")),)),
        Source("accounts", "accounts", joins=(Joined("products", "product_id", ("kind",)),),
               derived=_holding("closed_on")),
        Source("account_holders", "account_holders"),
        Source("standing_orders", "standing_orders", derived=_holding("ended_on")),
        Source("cards", "cards", derived=_holding("closed_on")),
        Source("loans", "loans", derived={
            # A month is 30.4375 days: 487 sixteenths.
            "term_days": Derived("term_months * 30.4375", ("term_months",)),
            "is_running": Derived("age_days * 16 < term_months * 487", ("term_months",)),
        }),
        Source("instalments", "instalments"),
        Source("repayments", "repayments"),
        # An instalment may have been paid long before it was due, when a loan was paid off.
        Source("arrears", "instalments", other_days={"repayments": LOAN_DAYS}, query=_ARREARS,
               query_columns={"unpaid_minor": _ARREARS_NEED, "days_late": _ARREARS_NEED}),
        Source("transactions", "transactions", unit="account_id", recent_days=90),
        Source("card_statements", "card_statements", unit="card_id"),
        Source("digital_events", "digital_events"),
        Source("interactions", "interactions"),
        Source("campaign_contacts", "campaign_contacts"),
        Source("campaign_responses", "campaign_responses"),
    )
}  # fmt: skip
