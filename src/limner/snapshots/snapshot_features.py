"""Features of the customers drawn, each as known at their snapshot."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from limner.errors import ColumnMissing, SnapshotFeaturesMissing, some_of

KEYS = ("customer_id", "snapshot_date")


def read_snapshot_features(
    folder: Path, snapshots: pd.DataFrame, columns: Sequence[str], if_there: Sequence[str] = ()
) -> pd.DataFrame:
    """Join features to customers at snapshots.

    Args:
        folder: of ``<snapshot date>.parquet``, one row a customer, with ``customer_id``,
            ``snapshot_date`` and features.
        snapshots: one row a customer and snapshot, with ``customer_id``, ``snapshot_date``
            (datetime64) and whatever else is to be kept.
        columns: features to read.
        if_there: more of them, each read where every snapshot has it: a bank without a source
            for a feature has no column of it.

    Returns:
        The rows of ``snapshots`` in their order, numbered anew, with ``columns`` after their own.

    Raises:
        SnapshotFeaturesMissing: there is no file of a snapshot, it is of another day, or
            it lacks a customer or has one twice.
        ColumnMissing: a file lacks a feature.
    """
    numbered = snapshots.reset_index(drop=True)
    drawn_on = [
        (folder / f"{day:%Y-%m-%d}.parquet", pd.Timestamp(str(day)), drawn)
        for day, drawn in numbered.groupby("snapshot_date", sort=True)
    ]
    there = [set(_present(file)) for file, _, _ in drawn_on] if if_there else []
    columns = [*columns, *(name for name in if_there if all(name in names for names in there))]
    parts = [_join(file, day, drawn, columns) for file, day, drawn in drawn_on]
    if not parts:
        return numbered.reindex(columns=[*numbered.columns, *columns])
    return pd.concat(parts).sort_index()


def _join(
    file: Path, day: pd.Timestamp, drawn: pd.DataFrame, columns: Sequence[str]
) -> pd.DataFrame:
    features = _read(file, columns)
    days = pd.to_datetime(pd.Series(features["snapshot_date"].unique()))
    if (days != day).any():
        other = f"{days[days != day].iloc[0]:%Y-%m-%d}"
        raise SnapshotFeaturesMissing(str(file), f"holds features of {other}")
    if not features["customer_id"].is_unique:
        raise SnapshotFeaturesMissing(str(file), "holds a customer more than once")
    by_customer = features.set_index("customer_id")[list(columns)]
    positions = by_customer.index.get_indexer(pd.Index(drawn["customer_id"]))
    if (positions < 0).any():
        absent = drawn.loc[positions < 0, "customer_id"]
        fact = f"{len(absent):,} of {len(drawn):,} customers drawn are absent: {some_of(absent, 3)}"
        raise SnapshotFeaturesMissing(str(file), fact)
    found = by_customer.iloc[positions].set_axis(drawn.index)
    return pd.concat([drawn, found], axis=1)


def _present(file: Path) -> list[str]:
    import pyarrow.parquet as pq

    if not file.is_file():
        raise SnapshotFeaturesMissing(str(file), "there is no such file")
    names: list[str] = pq.read_schema(file).names
    return names


def _read(file: Path, columns: Sequence[str]) -> pd.DataFrame:
    present = _present(file)
    missing = [name for name in (*KEYS, *columns) if name not in present]
    if missing:
        raise ColumnMissing(str(file), missing, present)
    return pd.read_parquet(file, columns=[*KEYS, *columns])
