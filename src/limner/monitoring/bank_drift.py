"""DVC stage ``monitor_bank@<bank>``: snapshots of features → reference and drift report."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from limner.artifacts import BankPaths, read_json, require
from limner.errors import EmptySample
from limner.features.relational.snapshot import snapshot_file
from limner.monitoring.evidently_report import drift_report
from limner.monitoring.findings import Sides, write_findings, write_left_out
from limner.portfolios import find_bank
from limner.portfolios.left_out import why_left_out
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def monitor_bank(bank: str) -> None:
    """Write the bank's reference and compare its later snapshots with it."""
    settings, paths = load_settings(), BankPaths.of(bank)
    if reason := why_left_out(require(paths.features)):
        write_left_out(find_bank(bank).title, reason, paths.monitoring)
        progress(f"{bank}: left out, {reason}")
        return
    numbers, categories, sides = part_snapshots(
        bank, paths.features, settings.bank(bank).snapshots.dates,
        settings.out_of_time_from[bank], settings.monitoring.rows, settings.seed,
    )  # fmt: skip
    found = drift_report(
        sides.reference, sides.current, numbers=numbers, categories=categories,
        limits=settings.monitoring, draw="drifted",
    )  # fmt: skip
    progress(f"{bank}: {write_findings(found, sides, paths.monitoring)}")


def part_snapshots(
    bank: str, features: Path, dates: Sequence[dt.date], day: dt.date | None, rows: int, seed: int
) -> tuple[list[str], list[str], Sides]:
    """Draw the features of the snapshots before a day, and of those on or after it.

    A row is a customer at a snapshot; one customer may be drawn at several. Without a day the
    latest snapshot is parted into random halves, which must show no drift: they check the
    report itself.

    Args:
        features: folder of the snapshots.
        dates: of the snapshots that count; the folder may hold others.
        rows: drawn at most from each side.

    Returns:
        The features that are numbers, those that are categories, and the two sides.

    Raises:
        ArtifactMissing: a snapshot has not been computed.
        EmptySample: there is no snapshot, or no customer, on one side of the day.
    """
    numbers, categories = watched_features(features, dates)
    generator, columns = np.random.default_rng(seed), [*numbers, *categories]
    if day is None:
        halves = _drawn(features, dates[-1:], columns, 2 * rows, generator)
        second = generator.permutation(len(halves)) % 2 == 1
        sides = [halves[~second].reset_index(drop=True), halves[second].reset_index(drop=True)]
        words = [f"{half} half of the customers at {dates[-1]}" for half in ("a random", "other")]
    else:
        parts = [d for d in dates if d < day], [d for d in dates if d >= day]
        sides = [_drawn(features, part, columns, rows, generator) for part in parts]
        words = [_span(part) for part in parts]
    for side, name in zip(sides, ("reference", "current"), strict=True):
        if side.empty:
            remedy = f"move out_of_time_from.{bank} to a day between its snapshots"
            raise EmptySample(f"(bank {bank})", name, remedy)
    return numbers, categories, Sides(sides[0], sides[1], words[0], words[1])


def watched_features(features: Path, dates: Sequence[dt.date]) -> tuple[list[str], list[str]]:
    """Name the numbers and the categories that every snapshot has, in catalogue order."""
    from pyarrow import types
    from pyarrow.parquet import read_schema

    files = [require(snapshot_file(features, date)) for date in dates]
    reports = [read_json(file.with_suffix(".json"))["features"] for file in files]
    common = [name for name in reports[-1] if all(name in report for report in reports)]
    schema = read_schema(files[-1])
    texts = {n for n in common if types.is_string(schema.field(n).type)
             or types.is_large_string(schema.field(n).type)}  # fmt: skip
    return [n for n in common if n not in texts], [n for n in common if n in texts]


def _drawn(
    features: Path, dates: Sequence[dt.date], columns: list[str], rows: int,
    generator: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """Draw rows of all these snapshots together, in their order, reading no more than a part."""
    from pyarrow.parquet import ParquetFile

    drawn, first = [pd.DataFrame(columns=columns)], 0
    files = [snapshot_file(features, date) for date in dates]
    sizes = [ParquetFile(file).metadata.num_rows for file in files]
    chosen = np.sort(generator.choice(sum(sizes), min(rows, sum(sizes)), replace=False))
    for file in files:
        with ParquetFile(file) as snapshot:
            for group in range(snapshot.num_row_groups):
                size = snapshot.metadata.row_group(group).num_rows
                places = chosen[(chosen >= first) & (chosen < first + size)] - first
                first += size
                if places.size:
                    table = snapshot.read_row_group(group, columns).take(places)
                    drawn.append(table.to_pandas())
    return pd.concat(drawn[1:], ignore_index=True) if len(drawn) > 1 else drawn[0]


def _span(dates: Sequence[dt.date]) -> str:
    if not dates:
        return "no snapshot"
    several = f"{len(dates)} snapshots from {dates[0]} to {dates[-1]}"
    return f"customers at {several if len(dates) > 1 else f'the snapshot of {dates[0]}'}"


if __name__ == "__main__":
    run_from_command_line(monitor_bank)
