"""Who a model is about, each in one sample: customers of a mart, or of a bank at its snapshots."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from limner.artifacts import BankPaths, MartPaths, read_json, require
from limner.contract import Contract, Sensitivity
from limner.delayed_samples import (
    DatedRows,
    DelayedColumns,
    judged_rows,
    rows_of,
    served_round,
)
from limner.domain import SampleName
from limner.features import find_catalogue
from limner.models.spec import ModelSpec
from limner.outcomes import find_dated_outcome
from limner.outcomes.dated import DatedOutcome
from limner.outcomes.dated_amounts import DatedAmount
from limner.portfolios import find_portfolio
from limner.portfolios.portfolio import Portfolio
from limner.samples import (
    CUSTOMER_COLUMN,
    SAMPLE_COLUMN,
    check_samples,
    count_amounts,
    count_samples,
    draw_samples,
    expected_samples,
)
from limner.settings import DelayedSamples, Settings
from limner.snapshots import (
    Consent,
    Snapshots,
    SnapshotSamples,
    Windows,
    draw_snapshots,
    read_snapshot_features,
)


@dataclass(frozen=True)
class Population:
    """Customers with their facts, outcome and sample, and counts of each sample.

    ``excluded`` counts, of a bank, who was seen at its snapshots and not kept, by reason.
    ``rates`` are those that an amount was worked out by.
    ``by_days`` says, where outcomes become known late, which days each sample is of.
    """

    frame: pd.DataFrame
    counts: dict[str, dict[str, float]]
    excluded: dict[str, Any] | None = None
    rates: dict[str, float] | None = None
    by_days: dict[str, Any] | None = None


def draw_population(spec: ModelSpec, settings: Settings) -> Population:
    """Assign everybody whom the model is about to one sample.

    Raises:
        EmptySample, SingleClassSample: no model could be built or judged.
        ArtifactMissing: the portfolio's tables are not there.
    """
    if spec.portfolio in settings.banks:
        return _of_bank(spec, settings)
    delayed = settings.delayed_samples.get(spec.portfolio)
    return _of_delayed(spec, delayed, settings) if delayed else _of_mart(spec, settings)


def _of_mart(spec: ModelSpec, settings: Settings) -> Population:
    portfolio = find_portfolio(spec.portfolio)
    late_from = settings.out_of_time_from[portfolio.name]
    customers = pd.read_parquet(require(MartPaths.of(portfolio.name).trusted))
    outcome = customers[spec.outcome.column].to_numpy()
    dates = customers[portfolio.date_column] if portfolio.date_column else None
    names = draw_samples(outcome, dates, settings.samples, late_from, settings.seed)
    return _checked(
        spec, customers.assign(**{SAMPLE_COLUMN: names}), dates is not None and bool(late_from)
    )


def _of_delayed(spec: ModelSpec, protocol: DelayedSamples, settings: Settings) -> Population:
    portfolio, late_from = find_portfolio(spec.portfolio), settings.out_of_time_from[spec.portfolio]
    assert late_from, "settings refuse delayed samples without an out-of-time day"
    days = served_round(late_from, protocol)
    late_end = late_from + dt.timedelta(days=protocol.test_days)
    columns = delayed_columns(portfolio, spec)
    trusted = require(MartPaths.of(portfolio.name).trusted)
    # Of months of rows those of a few weeks are read.
    frame = pd.read_parquet(trusted, filters=[(columns.day, ">=", days.fitted_from)])
    rows = DatedRows.of(frame, columns)
    found = rows_of(portfolio.name, rows, days, protocol.validation_share, settings.seed)
    late, late_known = judged_rows(portfolio.name, rows, late_from, late_end, days.fitted_from)
    parts = {
        SampleName.DEVELOPMENT: found.fitted,
        SampleName.VALIDATION: found.stopped,
        SampleName.TEST: found.judged[~found.known],
        SampleName.OUT_OF_TIME: late[~late_known],
    }
    names = np.full(len(frame), "", dtype=object)
    for sample, numbers in parts.items():
        names[numbers] = sample.value
    kept = frame.assign(**{SAMPLE_COLUMN: names})[names != ""].reset_index(drop=True)
    checked = _checked(spec, kept, dated=True)
    return Population(checked.frame, checked.counts, by_days={
        "fitted": _days(days.fitted_from, days.fitted_end),
        "test": _days(days.judged_from, days.judged_end),
        "out_of_time": _days(late_from, late_end),
        "known_compromised": {"test": int(found.known.sum()), "out_of_time": int(late_known.sum())},
    })  # fmt: skip


def delayed_columns(portfolio: Portfolio, spec: ModelSpec) -> DelayedColumns:
    """Name the columns by which a portfolio's rows are sampled by days."""
    assert portfolio.date_column and portfolio.days_since_known, "outcomes known late are dated"
    return DelayedColumns(
        portfolio.date_column, spec.outcome.column, CUSTOMER_COLUMN, portfolio.days_since_known
    )


def _days(first: dt.date, end: dt.date) -> list[str]:
    return [first.isoformat(), (end - dt.timedelta(days=1)).isoformat()]


def _of_bank(spec: ModelSpec, settings: Settings) -> Population:
    paths = BankPaths.of(spec.portfolio)
    drawn = _drawn(spec, settings, require(paths.trusted))
    asked = find_dated_outcome(spec.outcome_name).fact_names
    columns = [name for name in spec.used_features if name not in asked]
    groups = _groups(spec, find_catalogue(spec.portfolio).contract)
    frame = read_snapshot_features(require(paths.features), drawn.frame, columns, groups)
    dated = settings.out_of_time_from[spec.portfolio] is not None
    found = _checked(spec, frame, dated)
    rates = settings.margin[spec.portfolio].model_dump() if spec.family == "amount" else None
    return Population(frame, found.counts, _excluded(drawn), rates=rates)


def _drawn(spec: ModelSpec, settings: Settings, trusted: Path) -> Snapshots:
    wanted = settings.model(spec.name).snapshots
    assert wanted, "settings refuse a bank's model without snapshots"
    # The day that the extracts told of when they were taken in.
    day = dt.date.fromisoformat(read_json(BankPaths.of(spec.portfolio).quality)["day"])
    defaults = settings.features.consent_defaults.by_purpose()
    return draw_snapshots(
        trusted,
        _outcome(spec, settings),
        Windows(
            first_snapshot=wanted.first, last_snapshot=wanted.last,
            observation_months=wanted.observation_months, extract_day=day,
        ),
        SnapshotSamples(
            shares=settings.samples, out_of_time_from=settings.out_of_time_from[spec.portfolio],
            purge_overlap=wanted.purge_overlap, seed=settings.seed,
        ),
        Consent(spec.purpose, defaults, day),
        settings.runtime.threads,
        BankPaths.of(spec.portfolio).outcomes,
    )  # fmt: skip


def _outcome(spec: ModelSpec, settings: Settings) -> DatedOutcome:
    outcome = find_dated_outcome(spec.outcome_name)
    if isinstance(outcome, DatedAmount):
        return outcome.at_rates(settings.margin[spec.portfolio].model_dump())
    return outcome


def _groups(spec: ModelSpec, contract: Contract) -> list[str]:
    """Name what groups are made of, beside what the model reads: a bank may not know all of it."""
    protected = [c.name for c in contract.columns if c.sensitivity is Sensitivity.PROTECTED]
    return [name for name in protected if name not in spec.used_features]


def _checked(spec: ModelSpec, frame: pd.DataFrame, dated: bool) -> Population:
    outcome, names = frame[spec.outcome.column].to_numpy(), frame[SAMPLE_COLUMN].to_numpy()
    check_samples(spec.name, spec.outcome.column, outcome, names, expected_samples(dated))
    counted = count_amounts if spec.family == "amount" else count_samples
    return Population(frame, counted(outcome, names))


def _excluded(drawn: Snapshots) -> dict[str, Any]:
    """Count customers seen, excluded by reason and kept: of every snapshot, and together."""
    counts = drawn.exclusions.set_index("snapshot_date")
    by_date = {
        pd.Timestamp(str(day)).date().isoformat(): {name: int(n) for name, n in row.items()}
        for day, row in counts.iterrows()
    }
    together = {str(name): int(total) for name, total in counts.sum().items()}
    return {"observed_to": drawn.last_day.isoformat(), "together": together, "by_date": by_date}
