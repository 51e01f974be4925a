"""Features of the portfolio ``fraud_handbook``."""

from limner.domain import Bilingual
from limner.features.catalogue import Catalogue, Feature, Formula
from limner.portfolios.fraud_handbook import PORTFOLIO

_WINDOWS = (
    ("1_day", "1 day", "1天"), ("7_days", "7 days", "7天"), ("30_days", "30 days", "30天"),
)  # fmt: skip


def _fact(
    name: str, meaning: str, label: tuple[str, str], reason: tuple[str, str], unit: str = ""
) -> Feature:
    return Feature(name, (name,), meaning, Bilingual(*label), Bilingual(*reason), unit=unit)


def _made(
    name: str, formula: Formula, of: tuple[str, ...], meaning: str, label: tuple[str, str],
    reason: tuple[str, str], unit: str,
) -> Feature:  # fmt: skip
    return Feature(name, of, meaning, Bilingual(*label), Bilingual(*reason), formula, unit)


CATALOGUE = Catalogue(
    contract=PORTFOLIO.contract,
    features=(
        _fact("amount", "Amount of the transaction", ("amount", "金额"),
              ("Amount of the transaction", "交易金额"), "currency units"),
        _fact("on_weekend", "On a Saturday or Sunday", ("weekend", "周末"),
              ("Day of the week", "是否周末")),
        _fact("at_night", "Before seven in the morning", ("night", "夜间"),
              ("Time of the day", "是否夜间")),
        *(_fact(f"customer_transactions_{window}",
                f"Transactions of the customer in the {en} before",
                (f"customer's transactions, {en}", f"客户{zh}交易数"),
                (f"Number of the customer's transactions in {en}", f"客户近{zh}的交易次数"),
                "transactions")
          for window, en, zh in _WINDOWS),
        *(_fact(f"customer_mean_amount_{window}",
                f"Mean amount of the customer's transactions in the {en} before",
                (f"customer's mean amount, {en}", f"客户{zh}平均金额"),
                (f"The customer's usual amount in {en}", f"客户近{zh}的平均交易金额"),
                "currency units")
          for window, en, zh in _WINDOWS),
        _made("amount_over_customer_mean", "ratio", ("amount", "customer_mean_amount_30_days"),
              "Amount over the customer's mean amount of 30 days",
              ("amount over the usual", "金额与平均之比"),
              ("Amount compared with the customer's usual amounts", "金额与客户平常金额相比"),
              "ratio"),
        _fact("customer_largest_amount_7_days", "Largest amount of the customer in 7 days",
              ("customer's largest amount, 7 days", "客户7天最大金额"),
              ("The customer's largest amount in 7 days", "客户近7天的最大金额"), "currency units"),
        _fact("customer_largest_amount_30_days", "Largest amount of the customer in 30 days",
              ("customer's largest amount, 30 days", "客户30天最大金额"),
              ("The customer's largest amount in 30 days", "客户近30天的最大金额"),
              "currency units"),
        _made("amount_over_customer_largest", "ratio",
              ("amount", "customer_largest_amount_30_days"),
              "Amount over the customer's largest amount of 30 days",
              ("amount over the largest", "金额与最大之比"),
              ("Amount compared with the customer's largest amount", "金额与客户最大金额相比"),
              "ratio"),
        _made("customer_largest_over_mean", "ratio",
              ("customer_largest_amount_7_days", "customer_mean_amount_30_days"),
              "The customer's largest amount of 7 days over the mean of 30",
              ("largest amount over the usual", "最大金额与平均之比"),
              ("An unusual amount of the customer in 7 days", "客户近7天出现的异常金额"), "ratio"),
        *(_fact(f"terminal_transactions_{window}",
                f"Transactions at the terminal in the {en} of which outcomes are known last",
                (f"terminal's transactions, {en}", f"终端{zh}交易数"),
                (f"Number of transactions at the terminal in {en}", f"终端{zh}内的交易次数"),
                "transactions")
          for window, en, zh in _WINDOWS),
        *(_fact(f"terminal_fraud_rate_{window}",
                f"Share of frauds at the terminal in the {en} of which outcomes are known last",
                (f"terminal's fraud rate, {en}", f"终端{zh}欺诈率"),
                (f"Known frauds at the terminal in {en}", f"终端{zh}内已知的欺诈比例"), "share")
          for window, en, zh in _WINDOWS),
        *(_made(f"terminal_frauds_{window}", "product",
                (f"terminal_transactions_{window}", f"terminal_fraud_rate_{window}"),
                f"Frauds at the terminal in the {en} of which outcomes are known last",
                (f"terminal's frauds, {en}", f"终端{zh}欺诈数"),
                (f"Number of known frauds at the terminal in {en}", f"终端{zh}内已知的欺诈次数"),
                "transactions")
          for window, en, zh in _WINDOWS[1:]),
        _fact("terminal_days_since_first_known_fraud",
              "Days since the first known fraud at the terminal, in 30 known days",
              ("days since the terminal's first fraud", "距终端首次欺诈天数"),
              ("Time since the terminal's first known fraud", "距终端首次已知欺诈的时间"), "days"),
        _fact("terminal_days_since_known_fraud",
              "Days since the last known fraud at the terminal, in 30 known days",
              ("days since the terminal's last fraud", "距终端最近欺诈天数"),
              ("Time since the terminal's last known fraud", "距终端最近已知欺诈的时间"), "days"),
        _fact("terminal_days_since_known_genuine",
              "Days since the last transaction at the terminal that is known to be genuine",
              ("days since the terminal's last genuine", "距终端最近正常交易天数"),
              ("Time since the terminal's last known genuine transaction",
               "距终端最近已知正常交易的时间"), "days"),
        _made("terminal_fraud_after_genuine", "ratio",
              ("terminal_days_since_known_fraud", "terminal_days_since_known_genuine"),
              "Days since the terminal's last known fraud over those since its last known genuine"
              " transaction: below 1 the fraud came last",
              ("fraud after genuine", "欺诈晚于正常"),
              ("Whether the terminal's last known transaction was fraudulent",
               "终端最近已知交易是否为欺诈"), "ratio"),
    ),
)  # fmt: skip
