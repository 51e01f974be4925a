"""Fraud Detection Handbook: simulated card transactions, one row each, April to July 2018.

Source: Le Borgne, Siblini, Lebichot and Bontempi (2022), Reproducible Machine Learning for Credit
Card Fraud Detection, a practical handbook. The facts are those known the moment before the
transaction; ``fraud_handbook.sql`` says how each is worked out.
"""

from limner.contract import Column, Contract, Sensitivity, Timing
from limner.domain import Bilingual
from limner.portfolios.portfolio import Portfolio

_YES_NO = ("no", "yes")
_MOST = 100_000
_WINDOWS = (("1_day", "day"), ("7_days", "7 days"), ("30_days", "30 days"))


def _count(name: str, meaning: str) -> Column:
    return Column(name, "integer", meaning, "transactions", low=0, high=_MOST)


def _amount(name: str, meaning: str, required: bool = False) -> Column:
    return Column(name, "number", meaning, "currency units", low=0, high=_MOST, required=required)


def _days(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, "days", low=0, high=_MOST, required=False)


PORTFOLIO = Portfolio(
    name="fraud_handbook",
    title=Bilingual("Card transactions of the Fraud Detection Handbook", "欺诈检测手册银行卡交易"),
    separator=",",
    extract_columns=(
        "TRANSACTION_ID", "TX_DATETIME", "CUSTOMER_ID", "TERMINAL_ID", "TX_AMOUNT", "TX_FRAUD",
    ),
    date_column="transacted_on",
    pseudonyms=("customer", "terminal"),
    simulated=True,
    days_since_known="customer_days_since_known_fraud",
    contract=Contract(
        table="fraud_handbook",
        owner="Fraud prevention",
        source="Fraud Detection Handbook, simulated transactions",
        known_at="transacted_on",
        columns=(
            Column("transaction_id", "integer", "Number of the transaction: it names no person",
                   unique=True, sensitivity=Sensitivity.IDENTIFIER),
            Column("customer_id", "text", "Pseudonym of the customer", key=True,
                   sensitivity=Sensitivity.IDENTIFIER),
            Column("terminal_id", "text", "Pseudonym of the terminal; unknown if it is none of the"
                   " network's", key=True, sensitivity=Sensitivity.IDENTIFIER),
            Column("transacted_on", "date", "Day of the transaction"),
            _amount("amount", "Amount of the transaction", required=True),
            Column("on_weekend", "category", "On a Saturday or Sunday", allowed=_YES_NO),
            Column("at_night", "category", "Before seven in the morning", allowed=_YES_NO),
            *(_count(f"customer_transactions_{window}",
                     f"Transactions of the customer in the {words} before")
              for window, words in _WINDOWS),
            *(_amount(f"customer_mean_amount_{window}",
                      f"Mean amount of the customer's transactions in the {words} before; unknown"
                      " if there were none")
              for window, words in _WINDOWS),
            _amount("customer_largest_amount_7_days", "Largest of the 7 days before"),
            _amount("customer_largest_amount_30_days", "Largest of the 30 days before"),
            *(_count(f"terminal_transactions_{window}",
                     f"Transactions at the terminal in the last known {words}")
              for window, words in _WINDOWS),
            *(Column(f"terminal_fraud_rate_{window}", "number",
                     "Share of these that were fraudulent; unknown if there were none", "share",
                     low=0, high=1, required=False)
              for window, words in _WINDOWS),
            _days("terminal_days_since_first_known_fraud",
                  "Days since the first fraud at the terminal that is known, in 30 days of which"
                  " outcomes are known; unknown if there is none"),
            _days("terminal_days_since_known_fraud", "Days since the last of these frauds"),
            _days("terminal_days_since_known_genuine",
                  "Days since the last transaction at the terminal that is known to be genuine, in"
                  " the same days"),
            _days("customer_days_since_known_fraud",
                  "Days since the customer's latest fraud that is known; unknown if there is none"),
            Column("fraudulent", "integer", "The transaction was fraudulent", low=0, high=1,
                   timing=Timing.IS_OUTCOME),
        ),
    ),
)  # fmt: skip
