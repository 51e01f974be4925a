"""Dated outcomes that rest on what a bank itself wrote down of how things ended."""

import datetime as dt

from limner.domain import Bilingual
from limner.outcomes.dated import DatedOutcome, Exclusion, NamedDay

# Of several in one month the first; a customer at a snapshot is one row.
_GRANTED = """
SELECT customer_id, loan_id, principal_minor, term_months FROM loans
WHERE granted_on >= :snapshot AND granted_on < :granted_before
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY granted_on, loan_id) = 1
"""

LOAN_NOT_REPAID = DatedOutcome(
    name="loan_not_repaid",
    meaning=(
        "The loan granted in the month after the snapshot was finished and not paid, or running"
        " and in debt, at the end of 1998 (status B or D)"
    ),
    # Granted by then, a loan has run for a year or more; later ones have had no time to go bad.
    performance_months=12,
    favourable=Bilingual("credit approved", "信贷获批"),
    favourable_side="below",
    needs=("customers", "loans"),
    needs_own=("outcome_loan_status",),
    # Each status is as of this day, whatever other tables hold.
    observed_to=dt.date(1998, 12, 31),
    days=(NamedDay("granted_before", "snapshot", 1),),
    happened=f"""
SELECT g.customer_id
FROM ({_GRANTED}) AS g JOIN own.outcome_loan_status AS s ON s.loan_id = g.loan_id
WHERE s.bad = 1
""",
    # Who applies is decided after the snapshot; the model is of those to whom a loan was granted.
    exclusions=(
        Exclusion(
            "no loan granted in the month after",
            f"""
SELECT customer_id FROM customers
WHERE customer_id NOT IN (SELECT customer_id FROM ({_GRANTED}))
""",
            known_by="window_end",
        ),
        Exclusion(
            "how the loan ended is not known",
            f"""
SELECT customer_id FROM ({_GRANTED})
WHERE loan_id NOT IN (SELECT loan_id FROM own.outcome_loan_status)
""",
            known_by="window_end",
        ),
    ),
    fact_names=("applied_amount", "applied_term", "applied_instalment"),
    facts=f"""
SELECT customer_id, CAST(principal_minor AS DOUBLE) AS applied_amount,
       CAST(term_months AS DOUBLE) AS applied_term,
       principal_minor / term_months AS applied_instalment
FROM ({_GRANTED})
""",
)

OWN_OUTCOMES = (LOAN_NOT_REPAID,)
