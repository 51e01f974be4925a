"""Snapshots of a bank: one file a date, computed where what it rests on has changed."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limner.artifacts import canonical_json, read_json, replacing, sha256_of, write_json
from limner.domain import Purpose
from limner.errors import ArtifactMissing
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.compiler import CompiledSnapshot, compile_snapshot
from limner.features.relational.definitions import SnapshotFeature
from limner.features.relational.on_duckdb import Customers, run_on_duckdb
from limner.features.relational.options import FeatureOptions
from limner.features.relational.parts import Parts, describe_parts, describe_tables, parts_to_read
from limner.features.relational.selection import Selection, select_features

Runner = Callable[[CompiledSnapshot, Parts, Path, FeatureOptions], Customers]


@dataclass(frozen=True)
class SnapshotReport:
    """What became of one snapshot date.

    Attributes:
        computed: False where the file of an earlier run was still right and was kept.
        customers: onboarded before the date, included, and withheld by purpose.
    """

    snapshot_date: dt.date
    file: Path
    computed: bool
    customers: Customers
    selection: Selection


def compute_snapshots(
    trusted: Path,
    dates: Sequence[dt.date],
    target: Path,
    options: FeatureOptions,
    features: Sequence[SnapshotFeature] = FEATURES,
    progress: Callable[[str], None] = lambda line: None,
) -> list[SnapshotReport]:
    """Write ``<target>/<date>.parquet`` and the report ``<date>.json`` for each date.

    Columns: ``customer_id``, ``snapshot_date``, the features in catalogue order, and a
    boolean ``allows_<purpose>`` each; rows: customers onboarded before the date who allow
    any purpose. A file whose SQL and parts are those it was computed from is kept.

    Raises:
        TablesMissing: there are no customers or no events.
        SumInexact: a sum is too large to be exact.
        SparkMissing: the engine is Spark, which cannot start.
    """
    tables = describe_tables(trusted)
    selection = select_features(tables, features)
    defaults = options.consent_defaults.by_purpose()
    reports = []
    for date in dates:
        compiled = compile_snapshot(selection.kept, tables, date, defaults)
        report = _one_snapshot(trusted, target, compiled, selection, options)
        progress(_line(report))
        reports.append(report)
    return reports


def summary(reports: Sequence[SnapshotReport]) -> dict[str, Any]:
    """Count what the snapshots hold: customers by date, features, and what was left out, why."""
    latest = reports[-1]
    return {
        "features": len(latest.selection.kept),
        "left_out": {f.feature: f.reason for f in latest.selection.left_out},
        "snapshots": {
            report.snapshot_date.isoformat(): {
                "onboarded": report.customers.onboarded,
                "included": report.customers.included,
                "withheld": {p.value: n for p, n in report.customers.withheld.items()},
            }
            for report in reports
        },
    }


def snapshot_file(target: Path, date: dt.date) -> Path:
    """Name the file of one snapshot; the report is beside it as ``.json``."""
    return target / f"{date.isoformat()}.parquet"


def fingerprint(compiled: CompiledSnapshot, parts: Parts, trusted: Path, engine: str) -> str:
    """Hash all that a snapshot's values rest on: the SQL, the parts it reads, the engine."""
    facts = {
        "engine": engine,
        "sql": [*(step.sql for step in compiled.steps), compiled.final],
        "parts": describe_parts(parts, trusted),
    }
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()


def _one_snapshot(
    trusted: Path, target: Path, compiled: CompiledSnapshot, selection: Selection,
    options: FeatureOptions,
) -> SnapshotReport:  # fmt: skip
    date = compiled.snapshot_date
    file = snapshot_file(target, date)
    parts = parts_to_read(trusted, compiled.look_back, date)
    print_now = fingerprint(compiled, parts, trusted, options.engine)
    kept = _still_right(file, print_now)
    if kept is not None:
        return SnapshotReport(date, file, False, kept, selection)
    with replacing(file) as temporary:
        customers = _runner(options)(compiled, parts, temporary, options)
    write_json(file.with_suffix(".json"), _report(date, print_now, file, customers, selection))
    return SnapshotReport(date, file, True, customers, selection)


def _runner(options: FeatureOptions) -> Runner:
    if options.engine == "spark":
        from limner.features.relational.spark import run_on_spark

        return run_on_spark
    return run_on_duckdb


def _report(
    date: dt.date, print_now: str, file: Path, customers: Customers, selection: Selection
) -> dict[str, Any]:
    return {
        "snapshot_date": date.isoformat(),
        "fingerprint": print_now,
        "sha256": sha256_of(file),
        "customers": {
            "onboarded": customers.onboarded,
            "included": customers.included,
            "withheld": {purpose.value: n for purpose, n in customers.withheld.items()},
        },
        "features": [feature.name for feature in selection.kept],
        "left_out": [{"feature": f.feature, "reason": f.reason} for f in selection.left_out],
    }


def _still_right(file: Path, print_now: str) -> Customers | None:
    try:
        report = read_json(file.with_suffix(".json"))
    except (ArtifactMissing, ValueError):
        return None
    if report.get("fingerprint") != print_now or not file.is_file():
        return None
    if report.get("sha256") != sha256_of(file):
        return None
    counts = report["customers"]
    withheld = {Purpose(name): n for name, n in counts["withheld"].items()}
    return Customers(counts["onboarded"], counts["included"], withheld)


def _line(report: SnapshotReport) -> str:
    done = "computed" if report.computed else "kept"
    return (
        f"{report.snapshot_date}: {done}, {report.customers.included:,} customers,"
        f" {len(report.selection.kept)} features, {len(report.selection.left_out)} left out"
    )
