"""Which snapshots and features of a bank are compared, and with what."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from limner.artifacts import write_json
from limner.errors import ArtifactMissing, EmptySample
from limner.monitoring.bank_drift import part_snapshots, watched_features
from limner.monitoring.evidently_report import ColumnDrift, DriftReport
from limner.monitoring.findings import Sides, write_findings, write_left_out
from limner.portfolios import find_bank
from limner.portfolios.left_out import why_left_out

DATES = tuple(dt.date(2024, month, 1) for month in (1, 2, 3, 4))
CUSTOMERS = 50
DAY = dt.date(2024, 3, 1)


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """Four snapshots; a feature tells its month, so that a row tells where it is from."""
    for number, date in enumerate(DATES):
        frame = pd.DataFrame({
            "customer_id": [f"c{n}" for n in range(CUSTOMERS)], "snapshot_date": date,
            "month": float(number), "place": np.arange(CUSTOMERS), "job": "x",
            "young": 1.0, "allows_credit": True,
        })  # fmt: skip
        names = ["month", "place", "job", *(["young"] if number else [])]
        frame.to_parquet(tmp_path / f"{date}.parquet", row_group_size=20)
        write_json(tmp_path / f"{date}.json", {"features": names})
    return tmp_path


def part(features: Path, day: dt.date | None, rows: int = 1000, seed: int = 1) -> Sides:
    return part_snapshots("b", features, DATES, day, rows, seed)[2]


def test_watches_features_that_every_snapshot_has_and_no_key_date_or_consent(
    features: Path,
) -> None:
    assert watched_features(features, DATES) == (["month", "place"], ["job"])
    assert watched_features(features, DATES[1:]) == (["month", "place", "young"], ["job"])


def test_a_snapshot_of_the_day_itself_is_compared_with_those_before(features: Path) -> None:
    sides = part(features, DAY)
    assert sorted(sides.reference["month"].unique()) == [0, 1]
    assert sorted(sides.current["month"].unique()) == [2, 3]
    assert len(sides.reference) == len(sides.current) == 2 * CUSTOMERS
    assert list(sides.reference) == ["month", "place", "job"]
    assert sides.reference_words == "customers at 2 snapshots from 2024-01-01 to 2024-02-01"
    assert part(features, DATES[3]).current_words == "customers at the snapshot of 2024-04-01"


def test_a_snapshot_that_the_settings_no_longer_name_is_not_read(features: Path) -> None:
    _, _, sides = part_snapshots("b", features, DATES[1:], DAY, 1000, 1)
    assert sides.reference["month"].unique().tolist() == [1]


def test_at_most_the_stated_rows_are_drawn_from_every_part(features: Path) -> None:
    sides = part(features, DAY, rows=60)
    assert len(sides.reference) == len(sides.current) == 60
    for side in sides[:2]:
        # 20 rows lie in a part of a file; no row is drawn twice.
        assert side.groupby("month")["place"].apply(lambda p: (p // 20).nunique()).min() == 3
        assert not side.duplicated().any()


def test_equal_seeds_draw_equal_rows(features: Path) -> None:
    first, again, other = (part(features, DAY, 60, seed).reference for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_without_a_day_the_latest_snapshot_is_parted_into_random_halves(features: Path) -> None:
    sides = part(features, None)
    assert set(sides.reference["month"]) == set(sides.current["month"]) == {3}
    assert not set(sides.reference["place"]) & set(sides.current["place"])
    assert len(sides.reference) == len(sides.current) == CUSTOMERS / 2
    assert sides.reference["place"].max() > 25
    assert "half" in sides.reference_words
    assert len(part(features, None, rows=10).reference) == 10


@pytest.mark.parametrize(("day", "side"), [("2024-01-01", "reference"), ("2024-05-01", "current")])
def test_refuses_a_day_without_a_snapshot_on_one_side(features: Path, day: str, side: str) -> None:
    fault = f"the {side} sample holds no customer.*move out_of_time_from.b"
    with pytest.raises(EmptySample, match=fault):
        part(features, dt.date.fromisoformat(day))


def test_refuses_a_snapshot_that_was_not_computed(features: Path) -> None:
    (features / "2024-02-01.parquet").unlink()
    with pytest.raises(ArtifactMissing, match="2024-02-01"):
        part(features, DAY)


def test_a_bank_left_out_has_the_same_files_as_one_that_is_monitored(tmp_path: Path) -> None:
    verdict = ColumnDrift("month", "number", "wasserstein", 0.2, 0.1, True)
    found = DriftReport((verdict,), 1.0, 0.3, True, 1, 1, "<html></html>", {})
    rows = pd.DataFrame({"month": [1.0], "customer_id": ["c"]})
    write_findings(found, Sides(rows, rows, "before", "after"), tmp_path / "here")
    write_left_out(find_bank("berka").title, "its files are not here", tmp_path / "out")
    names = [sorted(file.name for file in (tmp_path / at).iterdir()) for at in ("here", "out")]
    assert names[0] == names[1]
    assert len(names[0]) == 5
    assert why_left_out(tmp_path / "out" / "reference.parquet") == "its files are not here"
    assert list(pd.read_parquet(tmp_path / "here" / "reference.parquet")) == ["month"]
    told = json.loads((tmp_path / "out" / "drift.json").read_text("utf-8"))
    assert told == {"left_out": "its files are not here"}
    assert "未纳入" in (tmp_path / "out" / "drift.html").read_text("utf-8")
