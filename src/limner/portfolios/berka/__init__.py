"""Berka: a real Czech bank, 1993 to 1998, made public for the PKDD'99 discovery challenge.

Source: prepared by Petr Berka and Marta Sochorova; P. Berka, Guide to the Financial Data Set.
The files are had under their own names: ``account.asc``, ``card.asc``, ``client.asc``,
``disp.asc``, ``district.asc``, ``loan.asc`` and ``trans.asc``; parts of the transactions
(``trans_*.asc``, ``trans_*.csv``, Czech or English codes) serve as well.

Standing orders are left out. ``order.asc`` is a photograph taken after the last transaction:
it dates no order, and it lists those that were still there. A start made up for them would
tell a snapshot what lay ahead of it, such as the repayment of a loan not yet granted.

A loan's final status is known only afterwards, so no canonical table has it: it is an outcome
table of the bank's own, for the outcome of a model and for nothing else.
"""

from limner.contract import Column, Contract, Timing
from limner.domain import Bilingual
from limner.portfolios.bank import Bank, Extract
from limner.portfolios.canonical.holdings import OF_LOAN
from limner.portfolios.canonical.parties import customer_key


def _extract(name: str, location: str, columns: str) -> Extract:
    return Extract(name, location, tuple(columns.split()), separator=";")


# One row a loan; ``bad`` is 1 for B and D, 0 for A and C.
LOAN_STATUS = Contract(
    table="outcome_loan_status",
    owner="PKDD'99 discovery challenge",
    source="loan.asc: how each loan stood at the end of 1998",
    key=("loan_id",),
    known_at="granted_on",
    columns=(
        Column("loan_id", "text", "The loan", key=True, references=OF_LOAN),
        customer_key(),
        Column("granted_on", "date", "Day of granting"),
        Column("status", "category", "Status at the end of 1998", allowed=("A", "B", "C", "D"),
               timing=Timing.AFTER_OUTCOME),
        Column("bad", "integer", "Finished and not paid, or running and in debt", low=0, high=1,
               timing=Timing.IS_OUTCOME),
    ),
)  # fmt: skip


PORTFOLIO = Bank(
    name="berka",
    title=Bilingual("Czech bank 1993-98 (PKDD'99)", "捷克银行 1993—1998 年真实数据（PKDD'99）"),
    owner="PKDD'99 discovery challenge",
    currency="CZK",
    extracts=(
        _extract("account", "account.asc", "account_id district_id frequency date"),
        _extract("card", "card.asc", "card_id disp_id type issued"),
        _extract("client", "client.asc", "client_id birth_number district_id"),
        _extract("disp", "disp.asc", "disp_id client_id account_id type"),
        _extract("district", "district.asc", "A1 A2 A3 A4 A10 A11 A12 A15"),
        _extract("loan", "loan.asc", "loan_id account_id date amount duration payments status"),
        # trans.asc, or its parts, which may end in .csv; together they may overlap.
        _extract(
            "trans",
            "trans*.[ac]s[cv]",
            "trans_id account_id date type operation amount balance k_symbol bank account",
        ),
    ),
    outcome_tables=(LOAN_STATUS,),
)
