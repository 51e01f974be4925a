"""When customers are looked at, how much history a look needs, and which looks are late."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from limner.outcomes.dated import months_after
from limner.settings import Count, Samples, Section


class Windows(Section):
    """Monthly snapshots of one bank.

    Attributes:
        first_snapshot: the first day on which customers are looked at; the others follow
            a month apart, up to ``last_snapshot``.
        observation_months: a customer is looked at once the bank has known them this long.
        last_day: the last day that the trusted tables hold in full; None to take the day
            of the latest row that the outcome is observed by.
        extract_day: day that the bank's extracts tell of, where it is known: a table that is
            as fresh as its contract asks is taken to be whole up to the day before.
    """

    first_snapshot: dt.date
    last_snapshot: dt.date
    observation_months: Count
    last_day: dt.date | None = None
    extract_day: dt.date | None = None

    @model_validator(mode="after")
    def snapshots_in_order(self) -> Self:
        if self.last_snapshot < self.first_snapshot:
            raise ValueError("last_snapshot lies before first_snapshot")
        return self

    @property
    def snapshot_dates(self) -> tuple[dt.date, ...]:
        """All snapshots, earliest first.

        >>> january = dt.date(2024, 1, 31)
        >>> windows = Windows(
        ...     first_snapshot=january, last_snapshot=dt.date(2024, 3, 31), observation_months=6
        ... )
        >>> [day.isoformat() for day in windows.snapshot_dates]
        ['2024-01-31', '2024-02-29', '2024-03-31']
        """
        days: list[dt.date] = []
        while (day := months_after(self.first_snapshot, len(days))) <= self.last_snapshot:
            days.append(day)
        return tuple(days)


class SnapshotSamples(Section):
    """How snapshots are parted into samples.

    Attributes:
        shares: of customers in the three random samples.
        out_of_time_from: snapshots on this day or later are out of time; None for none.
        purge_overlap: leave out earlier snapshots whose performance window reaches past
            the first out-of-time day: their outcomes would be learned from days that the
            out-of-time sample is meant to be new to. Without it, the out-of-time sample
            is of those customers only that no model was fitted or chosen on.
        seed: of the split by customer.
    """

    shares: Samples
    out_of_time_from: dt.date | None
    purge_overlap: bool
    seed: Annotated[int, Field(ge=0, lt=2**32)]

    def is_late(self, snapshot: dt.date) -> bool:
        """Whether a snapshot is out of time."""
        return self.out_of_time_from is not None and snapshot >= self.out_of_time_from

    @property
    def keeps_customers_apart(self) -> bool:
        """Whether customers of other samples are left out of the out-of-time sample."""
        return not self.purge_overlap

    def is_purged(self, snapshot: dt.date, window_end: dt.date) -> bool:
        """Whether an earlier snapshot's window reaches into the out-of-time period."""
        if self.out_of_time_from is None or not self.purge_overlap:
            return False
        return snapshot < self.out_of_time_from < window_end
