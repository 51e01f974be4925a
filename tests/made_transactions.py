"""Made-up card transactions, in the form of the Fraud Detection Handbook's file: nobody's.

Customers pay amounts around their own mean. Frauds are of three kinds: a very high amount; every
payment at a terminal for four weeks; five-fold amounts of a customer, now and then, for two weeks.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from limner.intake.privacy.keys import PSEUDONYM, SecretKey
from limner.intake.quarantine import Told, take_in
from limner.portfolios import find_portfolio

PORTFOLIO = find_portfolio("fraud_handbook")
KEY = SecretKey(bytes(range(32)), PSEUDONYM)
FIRST_DAY = pd.Timestamp("2018-04-01")


def made_transactions(
    customers: int,
    terminals: int,
    days: int,
    seed: int,
    a_day: float = 1.0,
    grid: str = "s",
    fraud: float = 1.0,
) -> pd.DataFrame:
    """Make the extract's columns, in order of time.

    Args:
        a_day: transactions a customer makes each day, in the mean.
        fraud: how much more of it than in the handbook's file.
        grid: unit that times are rounded to: a coarse one makes many of the same time.
    """
    draw = np.random.default_rng(seed)
    counts = draw.poisson(a_day, (customers, days))
    customer, day = (np.repeat(places, counts.ravel()) for places in _places(customers, days))
    n = len(customer)
    mean = draw.uniform(5, 100, customers)[customer]
    amount = np.abs(draw.normal(mean, mean / 2)).round(2)
    terminal = draw.integers(0, terminals, n)
    high = draw.random(n) < 0.001 * fraud
    at_terminal = _hit(draw, terminals, days, 28, 0.0002 * terminals * fraud)[terminal, day]
    of_customer = _hit(draw, customers, days, 14, 0.0006 * customers * fraud)[customer, day]
    fivefold = of_customer & (draw.random(n) < 1 / 3)
    amount = np.where(high, amount + 220, np.where(fivefold, amount * 5, amount)).round(2)
    seconds = draw.integers(0, 86_400, n)
    when = FIRST_DAY + pd.to_timedelta(day, unit="D") + pd.to_timedelta(seconds, unit="s")
    table = pd.DataFrame(
        {
            "TX_DATETIME": when.floor(grid),
            "CUSTOMER_ID": customer,
            "TERMINAL_ID": terminal,
            "TX_AMOUNT": amount,
            "TX_FRAUD": (high | at_terminal | fivefold).astype(int),
        }
    )
    table = table.sort_values("TX_DATETIME", kind="stable").reset_index(drop=True)
    table.insert(0, "TRANSACTION_ID", table.index)
    return table


def described(table: pd.DataFrame, folder: Path, told: Told | None = None) -> pd.DataFrame:
    """Take transactions in; return the trusted rows, in the order of the file."""
    trusted, _ = taken_in(table, folder, told)
    return trusted


def taken_in(
    table: pd.DataFrame, folder: Path, told: Told | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take transactions in; return the trusted and the quarantined rows."""
    extract, trusted, quarantine = (folder / name for name in ("extract", "trusted", "quarantine"))
    table.astype(str).to_parquet(extract, index=False)
    take_in(
        PORTFOLIO, extract, trusted, quarantine, 1.0, told or Told(key=KEY, label_delay_days=7)
    )  # fmt: skip
    return pd.read_parquet(trusted), pd.read_parquet(quarantine)


def _places(customers: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(np.arange(customers), days), np.tile(np.arange(days), customers)


def _hit(
    draw: np.random.Generator, things: int, days: int, length: int, a_day: float
) -> np.ndarray:
    """Flag the days on which each thing is compromised: a stretch of a fixed length each time."""
    hit = np.zeros((things, days), dtype=bool)
    for day in range(days):
        for thing in draw.integers(0, things, draw.poisson(a_day)):
            hit[thing, day : day + length] = True
    return hit
