"""Limits of whole tables stop an intake: a feed that ended, an extract that lost its rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from limner.errors import SettingsInvalid, TableOutOfLimits
from limner.intake.limits import refuse_beyond_limits
from limner.intake.quality import quality_report
from limner.settings import parse_settings
from project import changed, settings
from tiny_bank import Rows, good_rows, take_in_rows

# The contract promises transactions of the last 7 days; the latest one is of 30 June.
LATEST, PROMISED = date(2024, 6, 30), 7


@dataclass(frozen=True)
class Limits:
    stale_limit: int | None = None
    shrink_limit: float | None = None


def report(
    folder: Path, rows: Rows, day: date = LATEST, previous: Any = None, days: int = 0
) -> dict[str, Any]:
    intake = take_in_rows(folder, rows, day=day + timedelta(days=days)).intake
    return quality_report(intake, previous)


def test_a_table_may_be_as_stale_as_promised_and_allowed_and_not_a_day_more(
    tmp_path: Path,
) -> None:
    rows = good_rows()
    refuse_beyond_limits(report(tmp_path / "1", rows, days=PROMISED + 5), Limits(5))
    late = report(tmp_path / "2", rows, days=PROMISED + 6)
    fact = "transactions: its latest row is 13 days older.*promises 7 and 5 more.*stale_limit"
    with pytest.raises(TableOutOfLimits, match=fact):
        refuse_beyond_limits(late, Limits(5))
    refuse_beyond_limits(late, Limits(None))


def test_a_table_that_promises_no_freshness_is_never_stale(tmp_path: Path) -> None:
    rows = good_rows()
    rows["accounts"][0]["opened_on"] = "1990-01-01"
    refuse_beyond_limits(report(tmp_path, rows), Limits(0))


def test_a_table_without_one_trusted_row_is_stale(tmp_path: Path) -> None:
    rows = good_rows()
    for row in rows["transactions"]:
        row["booked_at"] = "2024-07-09 00:00:00"
    with pytest.raises(TableOutOfLimits, match="transactions: no trusted row has a date"):
        refuse_beyond_limits(report(tmp_path, rows), Limits(1000))


def test_a_table_may_lose_its_share_of_rows_and_not_one_more(tmp_path: Path) -> None:
    before = report(tmp_path / "1", good_rows())
    fewer = good_rows()
    del fewer["transactions"][:2]
    half = report(tmp_path / "2", fewer, days=1, previous=before)
    refuse_beyond_limits(half, Limits(None, 0.5))
    with pytest.raises(
        TableOutOfLimits,
        match=r"transactions: 2 rows came in, 4 .*: 50.0% fewer, 49.0% are allowed.*shrink_limit",
    ):
        refuse_beyond_limits(half, Limits(None, 0.49))
    refuse_beyond_limits(half, Limits(None, None))


def test_a_table_that_is_no_longer_there_lost_every_row(tmp_path: Path) -> None:
    before = report(tmp_path / "1", good_rows())
    gone = report(tmp_path / "2", good_rows(), days=1, previous=before)
    del gone["tables"]["regions"]
    with pytest.raises(TableOutOfLimits, match=r"regions: 0 rows .*100\.0% fewer"):
        refuse_beyond_limits(gone, Limits(None, 0.5))


def test_an_older_extract_and_a_first_one_are_held_to_no_earlier_count(tmp_path: Path) -> None:
    fewer = good_rows()
    del fewer["transactions"][:3]
    first = report(tmp_path / "1", fewer)
    refuse_beyond_limits(first, Limits(None, 0.01))
    newer = report(tmp_path / "2", good_rows(), days=5)
    refuse_beyond_limits(report(tmp_path / "3", fewer, previous=newer), Limits(None, 0.01))


def test_the_settings_have_a_limit_of_each_kind_and_may_switch_it_off() -> None:
    found = settings().intake
    assert found.stale_limit is not None
    assert found.shrink_limit is not None
    for key in ("stale_limit", "shrink_limit"):
        off = parse_settings(changed(f"intake.{key}", None))
        assert getattr(off.intake, key) is None
        with pytest.raises(SettingsInvalid, match=f"intake.{key}"):
            parse_settings(changed(f"intake.{key}", -1))
