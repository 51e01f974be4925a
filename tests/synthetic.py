"""Made-up customers that keep the portfolios' contracts: no row is, or is drawn from, a person's.

The trusted tables come first; the extracts are the same rows in the banks' own form.
"""

import csv
import gzip
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_JOBS = (
    "admin.", "blue-collar", "entrepreneur", "housemaid", "management", "retired",
    "self-employed", "services", "student", "technician", "unemployed", "unknown",
)  # fmt: skip
_BANK_MARKETING_NAMES = {
    "age": "age", "job": "job", "marital_status": "marital", "education": "education",
    "credit_in_default": "default", "balance": "balance", "housing_loan": "housing",
    "personal_loan": "loan", "contact_channel": "contact", "contact_day": "day",
    "contact_month": "month", "call_seconds": "duration", "campaign_contacts": "campaign",
    "days_since_contact": "pdays", "previous_contacts": "previous",
    "previous_outcome": "poutcome", "subscribed": "y",
}  # fmt: skip
_GIVE_ME_CREDIT_NAMES = {
    "customer_id": "id", "seriously_delinquent": "SeriousDlqin2yrs",
    "revolving_utilisation": "RevolvingUtilizationOfUnsecuredLines", "age": "age",
    "late_30_59_days": "NumberOfTime30-59DaysPastDueNotWorse", "debt_ratio": "DebtRatio",
    "monthly_income": "MonthlyIncome", "open_credit_lines": "NumberOfOpenCreditLinesAndLoans",
    "late_90_days": "NumberOfTimes90DaysLate",
    "real_estate_loans": "NumberRealEstateLoansOrLines",
    "late_60_89_days": "NumberOfTime60-89DaysPastDueNotWorse", "dependents": "NumberOfDependents",
}  # fmt: skip


def bank_marketing_rows(n: int, seed: int) -> pd.DataFrame:
    """Make the trusted table: in time order, evenly from May 2008 to November 2010.

    The outcome follows the previous outcome, the balance, loans and the channel.

    Args:
        n: at least 100, so that every year has calls.
    """
    draw = np.random.default_rng(seed)
    days = pd.date_range("2008-05-05", "2010-11-17", periods=n)
    previous = np.where(draw.random(n) < 0.3, draw.integers(1, 8, n), 0)
    before = draw.choice(["failure", "other", "success"], n, p=[0.5, 0.2, 0.3])
    rows = pd.DataFrame(
        {
            "customer_id": np.arange(1, n + 1),
            "contacted_on": days.date,
            "age": draw.normal(41, 11, n).round().clip(18, 95).astype(np.int64),
            "job": draw.choice(_JOBS, n),
            "marital_status": draw.choice(["divorced", "married", "single"], n, p=[0.1, 0.6, 0.3]),
            "education": draw.choice(["primary", "secondary", "tertiary", "unknown"], n),
            "credit_in_default": draw.choice(["no", "yes"], n, p=[0.95, 0.05]),
            "balance": (draw.lognormal(6.5, 1.2, n) - 300).round().astype(np.int64),
            "housing_loan": draw.choice(["no", "yes"], n),
            "personal_loan": draw.choice(["no", "yes"], n, p=[0.8, 0.2]),
            "contact_channel": draw.choice(["cellular", "telephone", "unknown"], n),
            "contact_day": days.day.astype(np.int64),
            "contact_month": [_MONTHS[month - 1] for month in days.month],
            "call_seconds": draw.integers(10, 900, n),
            "campaign_contacts": draw.integers(1, 6, n),
            "days_since_contact": np.where(previous > 0, draw.integers(30, 400, n), -1),
            "previous_contacts": previous,
            "previous_outcome": np.where(previous > 0, before, "unknown"),
        }
    )
    log_odds = (
        -2.4
        + 2.5 * (rows["previous_outcome"] == "success")
        + 0.5 * (np.log1p(rows["balance"].clip(lower=0)) - 6)
        - 0.8 * (rows["housing_loan"] == "yes")
        + 0.7 * (rows["contact_channel"] == "cellular")
    )
    return rows.assign(subscribed=_events(draw, log_odds))


def give_me_credit_rows(n: int, seed: int) -> pd.DataFrame:
    """Make the trusted table, with the file's codes (96, 98) and missing incomes.

    The outcome follows late payments, the use of credit lines and the age.
    """
    draw = np.random.default_rng(seed)
    strain = draw.normal(0, 1, n)
    income = np.where(draw.random(n) < 0.18, np.nan, draw.lognormal(8.6, 0.6, n).round())
    debt = draw.gamma(2, 900, n).round()
    # Regular places, so that the smallest sample has every code.
    place = np.arange(n)
    code = np.select([place % 40 == 7, place % 60 == 11], [98, 96], default=0)
    rows = pd.DataFrame(
        {
            "customer_id": place + 1,
            "revolving_utilisation": (1 / (1 + np.exp(-strain + draw.normal(0, 1, n)))).round(9),
            "age": draw.normal(52, 14, n).round().clip(21, 100).astype(np.int64),
            **{
                name: np.where(code > 0, code, draw.poisson(rate * np.exp(strain)))
                for name, rate in (
                    ("late_30_59_days", 0.3), ("late_60_89_days", 0.1), ("late_90_days", 0.1),
                )
            },
            # The file has the amount itself where the income is missing.
            "debt_ratio": np.where(np.isnan(income), debt, (debt / income).round(9)),
            "monthly_income": income,
            "open_credit_lines": draw.poisson(8, n),
            "real_estate_loans": draw.poisson(1, n),
            "dependents": np.where(draw.random(n) < 0.03, np.nan, draw.poisson(0.8, n)),
        }
    )  # fmt: skip
    late = rows[["late_30_59_days", "late_60_89_days", "late_90_days"]].clip(upper=10).sum(axis=1)
    log_odds = -3.2 + 0.4 * late + 1.5 * rows["revolving_utilisation"] - (rows["age"] - 52) / 40
    return rows.assign(seriously_delinquent=_events(draw, log_odds))


def write_bank_marketing_extract(path: Path, n: int, seed: int) -> None:
    """Write the rows as the bank's file: semicolons, texts in quotes, gzipped."""
    rows = bank_marketing_rows(n, seed)
    rows["subscribed"] = rows["subscribed"].map({0: "no", 1: "yes"})
    extract = rows[list(_BANK_MARKETING_NAMES)].rename(columns=_BANK_MARKETING_NAMES)
    _write_gzip(path, extract.to_csv(sep=";", index=False, quoting=csv.QUOTE_NONNUMERIC))


def write_give_me_credit_extract(path: Path, n: int, seed: int) -> None:
    """Write the rows as the challenge's file: commas, NA where missing, gzipped."""
    rows = give_me_credit_rows(n, seed)
    whole = rows.astype({"monthly_income": "Int64", "dependents": "Int64"})
    extract = whole[list(_GIVE_ME_CREDIT_NAMES)].rename(columns=_GIVE_ME_CREDIT_NAMES)
    _write_gzip(path, extract.to_csv(index=False, na_rep="NA"))


def _events(draw: np.random.Generator, log_odds: pd.Series) -> npt.NDArray[np.int64]:
    return (draw.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).to_numpy().astype(np.int64)


def _write_gzip(path: Path, text: str) -> None:
    # Without the time of writing, equal rows are equal bytes.
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
