"""Features joined to the customers drawn: each from their own snapshot's file, or an error."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from limner.errors import ColumnMissing, SnapshotFeaturesMissing
from limner.snapshots import read_snapshot_features

MAY, JUNE = dt.date(2023, 5, 1), dt.date(2023, 6, 1)


def drawn(*rows: tuple[str, dt.date]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "snapshot_date"])
    return frame.assign(snapshot_date=pd.to_datetime(frame["snapshot_date"]), outcome=1)


def write_features(
    folder: Path, day: dt.date, customers: list[str], file_day: dt.date | None = None
) -> None:
    frame = pd.DataFrame(
        {
            "customer_id": customers,
            "snapshot_date": day,
            "debits_90d": [day.month * 10 + n for n, _ in enumerate(customers)],
            "unused": 0,
        }
    )
    frame.to_parquet(folder / f"{file_day or day}.parquet", index=False)


def test_each_row_gets_the_features_of_its_own_snapshot_in_its_own_order(tmp_path: Path) -> None:
    write_features(tmp_path, MAY, ["a", "b", "c"])
    write_features(tmp_path, JUNE, ["b", "a"])
    snapshots = drawn(("a", JUNE), ("c", MAY), ("b", JUNE), ("a", MAY))
    found = read_snapshot_features(tmp_path, snapshots.iloc[::-1], ["debits_90d"])
    assert found.columns.tolist() == ["customer_id", "snapshot_date", "outcome", "debits_90d"]
    assert found["customer_id"].tolist() == ["a", "b", "c", "a"]
    assert found["debits_90d"].tolist() == [50, 60, 52, 61]
    assert found["debits_90d"].dtype == "int64"


def test_refuses_a_snapshot_without_a_file(tmp_path: Path) -> None:
    write_features(tmp_path, MAY, ["a"])
    with pytest.raises(SnapshotFeaturesMissing, match=r"2023-06-01\.parquet: there is no such"):
        read_snapshot_features(tmp_path, drawn(("a", MAY), ("a", JUNE)), ["debits_90d"])


def test_refuses_customers_without_features_and_names_some(tmp_path: Path) -> None:
    write_features(tmp_path, MAY, ["a"])
    with pytest.raises(SnapshotFeaturesMissing, match=r"1 of 2 customers drawn are absent: b:"):
        read_snapshot_features(tmp_path, drawn(("a", MAY), ("b", MAY)), ["debits_90d"])


def test_refuses_a_file_under_another_days_name(tmp_path: Path) -> None:
    write_features(tmp_path, JUNE, ["a"], file_day=MAY)
    with pytest.raises(SnapshotFeaturesMissing, match="holds features of 2023-06-01"):
        read_snapshot_features(tmp_path, drawn(("a", MAY)), ["debits_90d"])


def test_refuses_a_customer_who_is_there_twice(tmp_path: Path) -> None:
    write_features(tmp_path, MAY, ["a", "a"])
    with pytest.raises(SnapshotFeaturesMissing, match="a customer more than once"):
        read_snapshot_features(tmp_path, drawn(("a", MAY)), ["debits_90d"])


def test_refuses_features_that_a_file_lacks(tmp_path: Path) -> None:
    write_features(tmp_path, MAY, ["a"])
    with pytest.raises(ColumnMissing, match="column credits_90d is absent"):
        read_snapshot_features(tmp_path, drawn(("a", MAY)), ["credits_90d"])


def test_nobody_drawn_gets_the_columns_and_no_row(tmp_path: Path) -> None:
    found = read_snapshot_features(tmp_path, drawn(), ["debits_90d"])
    assert found.columns.tolist() == ["customer_id", "snapshot_date", "outcome", "debits_90d"]
    assert found.empty
