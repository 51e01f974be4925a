"""Dated outcomes over the canonical bank, each stated once.

Days past due: an instalment is ``n`` days past due on the day ``due_on + n`` if what was paid
on it strictly before that day is less than its amount. Paid in full 89 days late it never
reached 90 days; paid 90 days late, or short by any amount, it did.
"""

from typing import Literal

from limner.domain import Bilingual
from limner.outcomes.dated import DatedOutcome, Exclusion, NamedDay

DEFAULT_DAYS = 90

# As known at the snapshot: within its agreed term, or with an instalment not paid in full.
# How many instalments are still to come is not asked: a plan rewritten after an early
# repayment would tell the future.
WITHIN_TERM = "granted_on + to_months(CAST(term_months AS INTEGER)) >= :snapshot"
OPEN_LOANS = f"""
SELECT loan_id, customer_id FROM loans
WHERE {WITHIN_TERM}
   OR loan_id IN (
       SELECT i.loan_id
       FROM instalments AS i LEFT JOIN repayments AS r ON r.instalment_id = i.instalment_id
       GROUP BY i.loan_id, i.instalment_id, i.amount_minor
       HAVING coalesce(sum(r.amount_minor), 0) < i.amount_minor)
"""

DEFAULT = DatedOutcome(
    name="default_90_days",
    meaning=(
        "An instalment of any of the customer's loans reaches 90 days past due within"
        " 12 months after the snapshot"
    ),
    performance_months=12,
    favourable=Bilingual("credit approved", "信贷获批"),
    favourable_side="below",
    needs=("customers", "loans", "instalments", "repayments"),
    observed_by=("repayments",),
    happened=f"""
SELECT i.customer_id
FROM instalments AS i
LEFT JOIN repayments AS r
  ON r.instalment_id = i.instalment_id AND r.paid_on < i.due_on + {DEFAULT_DAYS}
WHERE i.due_on + {DEFAULT_DAYS} >= :snapshot AND i.due_on + {DEFAULT_DAYS} < :window_end
GROUP BY i.customer_id, i.instalment_id, i.amount_minor
HAVING coalesce(sum(r.amount_minor), 0) < i.amount_minor
""",
    exclusions=(
        Exclusion(
            "in default already",
            f"""
SELECT i.customer_id
FROM instalments AS i LEFT JOIN repayments AS r ON r.instalment_id = i.instalment_id
WHERE i.due_on + {DEFAULT_DAYS} < :snapshot
GROUP BY i.customer_id, i.instalment_id, i.amount_minor
HAVING coalesce(sum(r.amount_minor), 0) < i.amount_minor
""",
        ),
        Exclusion(
            "no open loan",
            f"""
SELECT customer_id FROM customers
WHERE customer_id NOT IN (SELECT customer_id FROM ({OPEN_LOANS}))
""",
        ),
    ),
)

_OPEN_CURRENT_ACCOUNT = """
SELECT a.customer_id FROM accounts AS a JOIN products AS p ON p.product_id = a.product_id
WHERE p.kind = 'current' AND a.closed_on IS NULL
"""

# What others do to an account (pay a salary in, collect a direct debit, charge a fee) or what
# was ordered long ago does not show that the customer still uses the bank.
_BY_THE_CUSTOMER = """(channel IN ('atm', 'branch')
       OR channel IN ('card', 'online', 'transfer') AND direction = 'debit')"""

NO_CURRENT_ACCOUNT = Exclusion(
    "no current account open",
    f"""
SELECT customer_id FROM customers WHERE customer_id NOT IN ({_OPEN_CURRENT_ACCOUNT})
""",
)

# Silence tells only afterwards that somebody has left: two months beyond the six are looked at, or
# all who fall silent in their last months would pass for customers who stayed.
ATTRITION = DatedOutcome(
    name="attrition",
    meaning=(
        "Within six months after the snapshot the customer closes the last current account, or"
        " falls silent: no transaction of their own, on any account, in the sixth month and the"
        " two months after it"
    ),
    performance_months=8,
    favourable=Bilingual("being made an offer to stay", "获得挽留优惠"),
    favourable_side="above",
    needs=("customers", "products", "accounts", "transactions"),
    observed_by=("transactions",),
    days=(
        NamedDay("left_by", "snapshot", 6),
        NamedDay("silent_from", "window_end", -3),
        NamedDay("quiet_from", "snapshot", -3),
    ),
    happened=f"""
SELECT customer_id FROM customers
WHERE customer_id NOT IN (
       SELECT a.customer_id FROM accounts AS a JOIN products AS p ON p.product_id = a.product_id
       WHERE p.kind = 'current' AND a.opened_on < :left_by
         AND (a.closed_on IS NULL OR a.closed_on >= :left_by))
   OR customer_id NOT IN (
       SELECT customer_id FROM transactions
       WHERE booked_at >= :silent_from AND {_BY_THE_CUSTOMER})
""",
    exclusions=(
        NO_CURRENT_ACCOUNT,
        Exclusion(
            "dormant already",
            f"""
SELECT customer_id FROM customers
WHERE customer_id NOT IN (
    SELECT customer_id FROM transactions
    WHERE booked_at >= :quiet_from AND {_BY_THE_CUSTOMER})
""",
        ),
    ),
)


def _product_taken(
    kind: str, words: Bilingual, needs: tuple[str, ...], taken: str
) -> DatedOutcome:  # fmt: skip
    return DatedOutcome(
        name=f"product_taken_{kind}",
        meaning=f"Takes {words.en} within three months after the snapshot",
        performance_months=3,
        favourable=Bilingual(f"being offered {words.en}", f"获得{words.zh}推荐"),
        favourable_side="above",
        needs=("customers", *needs),
        happened=taken,
    )


def _account_opened(kind: str, words: Bilingual) -> DatedOutcome:
    return _product_taken(
        kind, words, ("products", "accounts"),
        f"""
SELECT a.customer_id FROM accounts AS a JOIN products AS p ON p.product_id = a.product_id
WHERE p.kind = '{kind}' AND a.opened_on >= :snapshot
""",
    )  # fmt: skip


def _loan_granted(kind: str, words: Bilingual, kinds: str) -> DatedOutcome:
    return _product_taken(
        kind, words, ("loans",),
        f"""
SELECT customer_id FROM loans WHERE kind IN ({kinds}) AND granted_on >= :snapshot
""",
    )  # fmt: skip


PRODUCTS_TAKEN = (
    # A debit card comes with its account and is replaced unasked: only credit cards are taken.
    _product_taken(
        "card", Bilingual("a credit card", "信用卡"), ("cards",),
        """
SELECT customer_id FROM cards WHERE kind = 'credit' AND issued_on >= :snapshot
""",
    ),
    _account_opened("current", Bilingual("a current account", "活期账户")),
    _account_opened("insurance", Bilingual("an insurance", "保险")),
    _account_opened("investment", Bilingual("an investment account", "投资账户")),
    _loan_granted("loan", Bilingual("a loan", "贷款"), "'car', 'consumer', 'other'"),
    _loan_granted("mortgage", Bilingual("a mortgage", "住房按揭贷款"), "'mortgage'"),
    _account_opened("savings", Bilingual("a savings account", "储蓄账户")),
    _account_opened("term_deposit", Bilingual("a term deposit", "定期存款")),
)  # fmt: skip


NEXT_PRODUCT = DatedOutcome(
    name="next_product",
    meaning="Takes a product of any of these kinds within three months after the snapshot",
    performance_months=3,
    favourable=Bilingual("being offered the recommended product", "获得所推荐产品的优惠"),
    favourable_side="above",
    needs=tuple(dict.fromkeys(table for product in PRODUCTS_TAKEN for table in product.needs)),
    happened="UNION ALL".join(product.happened for product in PRODUCTS_TAKEN),
    parts=PRODUCTS_TAKEN,
)


def _contacted(arm: Literal["control", "treated"]) -> str:
    return (
        f"SELECT customer_id FROM campaign_contacts WHERE arm = '{arm}'"
        " AND contacted_at >= :snapshot AND contacted_at < :contacts_end"
    )


CAMPAIGN_RESPONSE = DatedOutcome(
    name="campaign_response",
    meaning=(
        "Takes a product offered to the customer in the first month after the snapshot, within"
        " three months after the snapshot"
    ),
    performance_months=3,
    favourable=Bilingual("being made the offer", "获得营销优惠"),
    favourable_side="above",
    needs=("customers", "campaign_contacts", "campaign_responses"),
    days=(NamedDay("contacts_end", "snapshot", 1),),
    happened="""
SELECT c.customer_id
FROM campaign_contacts AS c JOIN campaign_responses AS r ON r.contact_id = c.contact_id
WHERE c.arm = 'treated' AND c.contacted_at >= :snapshot AND c.contacted_at < :contacts_end
  AND r.response = 'taken' AND r.responded_at >= :snapshot
""",
    # Who is contacted is decided after the snapshot, by the bank and not by the customer.
    exclusions=(
        Exclusion(
            "held out as a campaign's control group",
            f"{_contacted('control')}\n AND customer_id NOT IN ({_contacted('treated')})",
            known_by="window_end",
        ),
        Exclusion(
            "not contacted",
            f"""
SELECT customer_id FROM customers WHERE customer_id NOT IN ({_contacted("treated")})
""",
            known_by="window_end",
        ),
    ),
)

DATED_OUTCOMES = (DEFAULT, ATTRITION, *PRODUCTS_TAKEN, NEXT_PRODUCT, CAMPAIGN_RESPONSE)
