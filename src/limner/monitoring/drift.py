"""DVC stage ``monitor@<portfolio>``: trusted table → reference and first drift report."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from limner.artifacts import MartPaths, require
from limner.contract import Contract, Sensitivity, Timing
from limner.delayed_samples import served_round
from limner.errors import EmptySample
from limner.monitoring.evidently_report import drift_report
from limner.monitoring.findings import Sides, write_findings, write_left_out
from limner.portfolios import find_portfolio
from limner.portfolios.left_out import why_left_out
from limner.portfolios.portfolio import Portfolio
from limner.settings import MonitoringSettings, Settings, load_settings
from limner.stages.command_line import progress, run_from_command_line


def monitor(portfolio: str) -> None:
    """Write the portfolio's reference and compare its latest customers with it."""
    settings = load_settings()
    definition = find_portfolio(portfolio)
    paths = MartPaths.of(portfolio)
    if reason := why_left_out(require(paths.trusted)):
        write_left_out(definition.title, reason, paths.monitoring)
        progress(f"{portfolio}: left out, {reason}")
        return
    customers = _watched_rows(definition, require(paths.trusted), settings)
    numbers, categories = watched_columns(definition.contract)
    late_from = settings.out_of_time_from[portfolio]
    sides = part_customers(
        customers, definition, late_from, settings.monitoring, settings.seed
    )  # fmt: skip

    found = drift_report(
        sides.reference[[*numbers, *categories]], sides.current[[*numbers, *categories]],
        numbers=numbers, categories=categories, limits=settings.monitoring,
    )  # fmt: skip

    progress(f"{portfolio}: {write_findings(found, sides, paths.monitoring)}")


def _watched_rows(definition: Portfolio, trusted: Path, settings: Settings) -> pd.DataFrame:
    """Read the rows to compare: where outcomes are known late, from the first fitted day on."""
    delayed = settings.delayed_samples.get(definition.name)
    late_from = settings.out_of_time_from[definition.name]
    if delayed is None or late_from is None or definition.date_column is None:
        return pd.read_parquet(trusted)
    first = served_round(late_from, delayed).fitted_from
    return pd.read_parquet(trusted, filters=[(definition.date_column, ">=", first)])


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
        words = f"rows dated before {day}", f"rows dated {day} or later"
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
