"""Berka's files with as many loans as a model needs, made up: who went bad follows from them."""

import datetime as dt
from pathlib import Path

import numpy as np

from made_berka import FILES, write_files

ACCOUNT_OPENED, FIRST_GRANTED = dt.date(1994, 1, 10), dt.date(1995, 1, 12)
MONTHS = 36  # in which loans are granted, one a client


def write_loans(folder: Path, loans: int, seed: int, share_bad: float = 0.25) -> Path:
    """Write a folder of loans, each of its own client, who had three months of payments before.

    The higher the monthly payment beside what comes in, the likelier status B or D; nothing
    else tells the good from the bad.
    """
    rng = np.random.default_rng(seed)
    burden = rng.uniform(0.05, 0.6, loans)
    log_odds = 12 * (burden - np.quantile(burden, 1 - share_bad))
    bad = rng.random(loans) < 1 / (1 + np.exp(-log_odds))
    income = rng.integers(8_000, 40_000, loans)
    granted = [_later(FIRST_GRANTED, int(n)) for n in rng.integers(0, MONTHS, loans)]
    term = rng.choice([12, 24, 36], loans)
    payment = np.round(income * burden)
    number = range(1, loans + 1)
    statuses = np.where(bad, rng.choice(["B", "D"], loans), rng.choice(["A", "C"], loans))
    return write_files(folder, {
        "account.asc": _file("account.asc", [
            f'{n};18;"POPLATEK MESICNE";{_short(ACCOUNT_OPENED)}' for n in number]),
        "card.asc": _file("card.asc", []),
        "client.asc": _file("client.asc", [
            f'{n};"{1940 + int(rng.integers(0, 35)) - 1900}{_born(n)}";18' for n in number]),
        "disp.asc": _file("disp.asc", [f'{n};{n};{n};"OWNER"' for n in number]),
        "loan.asc": _file("loan.asc", [
            f'{n};{n};{_short(granted[i])};{payment[i] * term[i]:.0f};{term[i]};{payment[i]:.2f};'
            f'"{statuses[i]}"' for i, n in enumerate(number)]),
        "trans.asc": _file("trans.asc", [
            line for i, n in enumerate(number) for line in _payments(n, granted[i], income[i])]),
    })  # fmt: skip


def _file(name: str, rows: list[str]) -> tuple[str, ...]:
    return (FILES[name][0], *rows)


def _payments(account: int, granted: dt.date, income: int) -> list[str]:
    day = _later(granted, -1)
    rows = [f'{account * 10};{account};{_short(day)};"VYDAJ";"VYBER";30.00;500.00;"SLUZBY";;']
    if account % 3 == 0:
        penalty = '"VYDAJ";"VYBER";14.60;-12.50;"SANKC. UROK";;'
        rows.append(f"{account * 10 + 1};{account};{_short(day)};{penalty}")
    for month in (3, 2, 1):
        day, number = _later(granted, -month), account * 10 + month * 2
        rows += [
            f'{number};{account};{_short(day)};"PRIJEM";"VKLAD";{income:.2f};{income:.2f};"";;',
            f'{number + 1};{account};{_short(day)};"VYDAJ";"VYBER";{income / 2:.2f};'
            f'{income / 2:.2f};"";;',
        ]
    return rows


def _later(day: dt.date, months: int) -> dt.date:
    month = day.year * 12 + day.month - 1 + months
    return dt.date(month // 12, month % 12 + 1, day.day)


def _short(day: dt.date) -> str:
    return f"{day:%y%m%d}"


def _born(number: int) -> str:
    """Month and day of a client's birth; a woman's month is 50 later."""
    return f"{number % 12 + 1 + 50 * (number % 2):02d}{number % 28 + 1:02d}"
