"""DVC stage ``monitor@<portfolio>``: trusted table → reference and first drift report."""

import datetime as dt
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import pandas as pd

from limner.artifacts import PortfolioPaths, replacing, require, write_json, write_text
from limner.contract import Contract, Sensitivity, Timing
from limner.errors import EmptySample
from limner.monitoring.evidently_report import drift_report
from limner.portfolios import find_portfolio
from limner.portfolios.portfolio import Portfolio
from limner.settings import MonitoringSettings, load_settings
from limner.stages.command_line import progress, run_from_command_line


class Sides(NamedTuple):
    """The two bodies of customers that are compared, and what each of them is."""

    reference: pd.DataFrame
    current: pd.DataFrame
    reference_words: str
    current_words: str


def monitor(portfolio: str) -> None:
    """Write the portfolio's reference and compare its latest customers with it."""
    settings = load_settings()
    definition = find_portfolio(portfolio)
    paths = PortfolioPaths.of(portfolio)
    customers = pd.read_parquet(require(paths.trusted))
    numbers, categories = watched_columns(definition.contract)
    sides = part_customers(
        customers,
        definition,
        settings.out_of_time_from[portfolio],
        settings.monitoring,
        settings.seed,
    )

    found = drift_report(
        sides.reference[[*numbers, *categories]], sides.current[[*numbers, *categories]],
        numbers=numbers, categories=categories, limits=settings.monitoring,
    )  # fmt: skip

    verdict = {
        "drift_found": found.drift_found,
        "drifted_share": found.drifted_share,
        "share_limit": found.share_limit,
        "reference": sides.reference_words,
        "current": sides.current_words,
        "reference_rows": found.reference_rows,
        "current_rows": found.current_rows,
        "columns": [asdict(column) for column in found.columns],
    }
    folder = paths.monitoring
    with replacing(folder / "reference.parquet") as temporary:
        sides.reference[[*numbers, *categories]].to_parquet(temporary, index=False)
    write_text(folder / "drift.html", found.html)
    write_json(folder / "evidently.json", found.evidently)
    write_json(folder / "drift.json", verdict)
    drifted = sum(column.drifted for column in found.columns)
    write_json(
        folder / "metrics.json",
        {"drift/columns": len(found.columns), "drift/drifted_columns": drifted,
         "drift/drifted_share": round(found.drifted_share, 6),
         "drift/found": int(found.drift_found)},
    )  # fmt: skip
    progress(
        f"{portfolio}: {drifted} of {len(found.columns)} columns drifted, drift"
        f" {'found' if found.drift_found else 'not found'}; read {folder / 'drift.html'}"
    )


def watched_columns(contract: Contract) -> tuple[list[str], list[str]]:
    """Name the numbers and the categories that are known before the outcome and name nobody."""
    watched = [
        column
        for column in contract.columns
        if column.timing is Timing.BEFORE_OUTCOME
        and column.sensitivity is not Sensitivity.IDENTIFIER
        and column.kind != "date"
    ]
    return [c.name for c in watched if c.is_number], [c.name for c in watched if not c.is_number]


def part_customers(
    customers: pd.DataFrame, portfolio: Portfolio, late_from: dt.date | None,
    settings: MonitoringSettings, seed: int,
) -> Sides:  # fmt: skip
    """Part a portfolio by its out-of-time day, or at random where it has no dates.

    Two random halves must show no drift: they check the report itself.

    Raises:
        EmptySample: no customer on one side of the day.
    """
    generator = np.random.default_rng(seed)
    if portfolio.date_column and late_from:
        day = late_from
        late = (pd.to_datetime(customers[portfolio.date_column]) >= pd.Timestamp(day)).to_numpy()
        words = f"customers contacted before {day}", f"customers contacted on or after {day}"
    else:
        late = generator.permutation(len(customers)) % 2 == 1
        words = "a random half of the customers", "the other half"
    sides = [_drawn(customers[side], settings.rows, generator) for side in (~late, late)]
    for side, name in zip(sides, ("reference", "current"), strict=True):
        if side.empty:
            remedy = f"move out_of_time_from.{portfolio.name} to a day inside the data"
            raise EmptySample(f"(portfolio {portfolio.name})", name, remedy)
    return Sides(sides[0], sides[1], *words)


def _drawn(customers: pd.DataFrame, rows: int, generator: np.random.Generator) -> pd.DataFrame:
    kept = np.sort(generator.permutation(len(customers))[:rows])
    return customers.iloc[kept].reset_index(drop=True)


if __name__ == "__main__":
    run_from_command_line(monitor)
