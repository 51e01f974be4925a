"""Customers at monthly snapshots: their outcome, their sample, and who was excluded."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.domain import SampleName
from limner.engine import connect
from limner.errors import EverySnapshotExcluded
from limner.outcomes.dated import DatedOutcome
from limner.samples import SAMPLE_COLUMN
from limner.snapshots.cohort import (
    APART,
    Consent,
    count_cohort,
    exclusion_reasons,
    find_last_day,
    kept_customers,
    make_cohort,
    open_consents,
    open_tables,
)
from limner.snapshots.windows import SnapshotSamples, Windows

_RANDOM = (SampleName.DEVELOPMENT, SampleName.VALIDATION, SampleName.TEST)


@dataclass(frozen=True)
class Snapshots:
    """Customers kept, and the count of everybody who was not.

    Attributes:
        frame: one row a customer and snapshot, in order of ``snapshot_date`` (datetime64),
            then ``customer_id``; the outcome's column and those of its parts, 0 or 1 or an
            amount; ``sample``; what was asked for.
        exclusions: one row a snapshot: ``snapshot_date``, ``population``, a column of
            counts for each reason in the order in which they count, ``kept``. In every
            row population = the reasons' sum + kept.
        last_day: up to which outcomes were observed.
    """

    frame: pd.DataFrame
    exclusions: pd.DataFrame
    last_day: dt.date


def draw_snapshots(
    tables: Path, outcome: DatedOutcome, windows: Windows, samples: SnapshotSamples,
    consent: Consent | None = None, threads: int = 1, own: Path | None = None,
) -> Snapshots:  # fmt: skip
    """Look at every customer at every snapshot, and keep those whom the outcome asks about.

    The population of a snapshot is everybody onboarded strictly before it. A customer is in
    one random sample with all of their snapshots, and may be out of time besides.

    Args:
        tables: folder of trusted tables, ``<canonical table>/<part>.parquet``.
        consent: to the model's purpose; None to ask nobody. Who withdrew it is left out
            at every snapshot, whenever that was.
        threads: of the engine; the result does not depend on it.
        own: folder of the bank's own outcome tables.

    Raises:
        OutcomeUnavailable: the bank lacks a table that the outcome needs.
        EverySnapshotExcluded: no customer is left.
    """
    reasons = exclusion_reasons(outcome)
    kept, counts = [], []
    with connect(threads) as connection:
        present = open_tables(connection, tables, outcome, own)
        open_consents(connection, present)
        last_day = windows.last_day or find_last_day(
            connection, outcome, present, windows.extract_day
        )
        for snapshot in windows.snapshot_dates:
            make_cohort(connection, outcome, snapshot, windows, samples, consent, last_day, present)
            found = count_cohort(connection, reasons)
            customers = kept_customers(connection, outcome, snapshot)
            cohort = _cohort_frame(customers, outcome, snapshot, samples)
            apart = {APART: found["kept"] - len(cohort), "kept": len(cohort)}
            counts.append({"snapshot_date": _midnight(snapshot), **found, **apart})
            kept.append(cohort)
    exclusions = pd.DataFrame(counts)
    if not exclusions["kept"].any():
        most = exclusions[list(reasons)].sum()
        population = int(exclusions["population"].sum())
        raise EverySnapshotExcluded(outcome.name, population, str(most.idxmax()), int(most.max()))
    return Snapshots(pd.concat(kept, ignore_index=True), exclusions, last_day)


def random_samples(
    customers: npt.NDArray[np.object_], samples: SnapshotSamples
) -> npt.NDArray[np.object_]:
    """Assign customers to a random sample by a keyed hash of their id alone.

    No other customer and no snapshot has a say, so that a customer stays in their sample
    when the bank grows.

    Args:
        customers: ids, shape (n,), with repetitions.

    Returns:
        sample names, shape (n,).
    """
    shares, key = samples.shares, samples.seed.to_bytes(8, "big")
    ends = (shares.development, shares.development + shares.validation)
    names = np.array([sample.value for sample in _RANDOM], dtype=object)
    each, positions = np.unique(customers, return_inverse=True)
    places = [_place(customer, key) for customer in each]
    found: npt.NDArray[np.object_] = names[np.searchsorted(ends, places, side="right")][positions]
    return found


def _place(customer: str, key: bytes) -> float:
    """Hash an id to a place in [0, 1)."""
    digest = hashlib.blake2b(customer.encode(), key=key, digest_size=6).digest()
    return float(int.from_bytes(digest, "big") / 2**48)


def _cohort_frame(
    kept: pd.DataFrame, outcome: DatedOutcome, snapshot: dt.date, samples: SnapshotSamples
) -> pd.DataFrame:
    drawn = random_samples(kept["customer_id"].to_numpy(dtype=object), samples)
    if samples.is_late(snapshot):
        if samples.keeps_customers_apart:
            kept = kept[drawn == SampleName.TEST.value].reset_index(drop=True)
        drawn = np.full(len(kept), SampleName.OUT_OF_TIME.value, dtype=object)
    return pd.DataFrame(
        {
            "customer_id": kept["customer_id"].to_numpy(dtype=object),
            "snapshot_date": pd.Series(_midnight(snapshot), index=kept.index),
            outcome.column: kept["outcome"].astype("int64"),
            **{part.column: kept[part.column].astype("int64") for part in outcome.parts},
            SAMPLE_COLUMN: drawn,
            **{name: kept[name] for name in outcome.fact_names},
        }
    )


def _midnight(day: dt.date) -> pd.Timestamp:
    return pd.Timestamp(day).as_unit("ns")
