"""Who a model is about, each in one sample: customers of a mart, or of a bank at its snapshots."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from limner.artifacts import BankPaths, MartPaths, read_json, require
from limner.contract import Contract, Sensitivity
from limner.features import find_catalogue
from limner.models.spec import ModelSpec
from limner.outcomes import find_dated_outcome
from limner.outcomes.dated import DatedOutcome
from limner.outcomes.dated_amounts import DatedAmount
from limner.portfolios import find_portfolio
from limner.samples import (
    SAMPLE_COLUMN,
    check_samples,
    count_amounts,
    count_samples,
    draw_samples,
    expected_samples,
)
from limner.settings import Settings
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
    """

    frame: pd.DataFrame
    counts: dict[str, dict[str, float]]
    excluded: dict[str, Any] | None = None
    rates: dict[str, float] | None = None


def draw_population(spec: ModelSpec, settings: Settings) -> Population:
    """Assign everybody whom the model is about to one sample.

    Raises:
        EmptySample, SingleClassSample: no model could be built or judged.
        ArtifactMissing: the portfolio's tables are not there.
    """
    if spec.portfolio in settings.banks:
        return _of_bank(spec, settings)
    return _of_mart(spec, settings)


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


def _of_bank(spec: ModelSpec, settings: Settings) -> Population:
    paths = BankPaths.of(spec.portfolio)
    drawn = _drawn(spec, settings, require(paths.trusted))
    columns = _columns(spec, find_catalogue(spec.portfolio).contract)
    frame = read_snapshot_features(require(paths.features), drawn.frame, columns)
    dated = settings.out_of_time_from[spec.portfolio] is not None
    found = _checked(spec, frame, dated)
    rates = settings.margin[spec.portfolio].model_dump() if spec.family == "amount" else None
    return Population(frame, found.counts, _excluded(drawn), rates)


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
    )  # fmt: skip


def _outcome(spec: ModelSpec, settings: Settings) -> DatedOutcome:
    outcome = find_dated_outcome(spec.outcome_name)
    if isinstance(outcome, DatedAmount):
        return outcome.at_rates(settings.margin[spec.portfolio].model_dump())
    return outcome


def _columns(spec: ModelSpec, contract: Contract) -> list[str]:
    """Name what the model reads, and what its groups are made of."""
    groups = [c.name for c in contract.columns if c.sensitivity is Sensitivity.PROTECTED]
    return list(dict.fromkeys([*spec.feature_names, *groups]))


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
