"""Snapshots a month apart, and which of them are late or purged."""

import datetime as dt

import pytest
from pydantic import ValidationError

from dated_bank import SHARES
from limner.snapshots import SnapshotSamples, Windows

LATE = dt.date(2023, 6, 1)


def samples(out_of_time_from: dt.date | None, purge: bool) -> SnapshotSamples:
    return SnapshotSamples(
        shares=SHARES, out_of_time_from=out_of_time_from, purge_overlap=purge, seed=1
    )


def test_the_last_snapshot_is_one_if_it_lies_whole_months_after_the_first() -> None:
    first = dt.date(2022, 11, 30)
    on_it, past_it = (
        Windows(first_snapshot=first, last_snapshot=last, observation_months=1).snapshot_dates
        for last in (dt.date(2023, 2, 28), dt.date(2023, 2, 27))
    )
    assert on_it == (first, dt.date(2022, 12, 30), dt.date(2023, 1, 30), dt.date(2023, 2, 28))
    assert past_it == on_it[:-1]


def test_refuses_snapshots_that_end_before_they_begin() -> None:
    with pytest.raises(ValidationError, match="before first_snapshot"):
        Windows(
            first_snapshot=LATE, last_snapshot=LATE - dt.timedelta(days=1), observation_months=1
        )


@pytest.mark.parametrize(
    ("snapshot", "window_end", "late", "purged"),
    [
        (dt.date(2022, 12, 1), LATE, False, False),
        (dt.date(2022, 12, 2), dt.date(2023, 6, 2), False, True),
        (dt.date(2023, 5, 31), dt.date(2023, 11, 30), False, True),
        (LATE, dt.date(2023, 12, 1), True, False),
    ],
)
def test_windows_may_end_where_the_out_of_time_period_begins_and_never_reach_into_it(
    snapshot: dt.date, window_end: dt.date, late: bool, purged: bool
) -> None:
    assert samples(LATE, purge=True).is_late(snapshot) is late
    assert samples(LATE, purge=True).is_purged(snapshot, window_end) is purged
    assert not samples(LATE, purge=False).is_purged(snapshot, window_end)
    assert not samples(None, purge=True).is_purged(snapshot, window_end)
    assert not samples(None, purge=True).is_late(snapshot)
