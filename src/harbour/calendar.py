"""Months of the made bank: numbered from 0, the first month of the extracts."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from harbour.arrays import Array, Days, Ints
from harbour.settings import HarbourSettings

# Months beyond the extracts for which fates are known, so that the truth about the last
# extracted month is whole.
HORIZON = 12


@dataclass(frozen=True)
class Calendar:
    """Turns numbers of months, negative ones too, into days and seconds."""

    first: np.datetime64
    months: int
    drift: int

    @classmethod
    def of(cls, settings: HarbourSettings) -> "Calendar":
        first = np.datetime64(settings.first_month, "M")
        return cls(first, settings.months, settings.drift_month)

    def day(self, month: Array, day_of_month: Array | int = 1) -> Days:
        """Give the day; ``day_of_month`` runs from 1."""
        start = (self.first + np.asarray(month, dtype=np.int64)).astype("datetime64[D]")
        return np.asarray(start + (np.asarray(day_of_month, dtype=np.int64) - 1))

    def second(self, month: Array, day_of_month: Array | int, second_of_day: Array | int) -> Ints:
        """Give seconds since 1970."""
        days = self._starts[np.asarray(month)] + np.asarray(day_of_month, dtype=np.int64) - 1
        return np.asarray(days * 86_400 + np.asarray(second_of_day, dtype=np.int64))

    def length(self, month: Array) -> Ints:
        """Count the days of a month."""
        return np.asarray(np.diff(self._starts)[np.asarray(month)])

    def season(self, month: Array) -> Ints:
        """Give the month of the year, 0 for January."""
        return np.asarray((int(self.first.astype(np.int64)) + np.asarray(month)) % 12)

    def month_of(self, seconds: Ints) -> Ints:
        """Give the month of moments within the extracts."""
        return np.searchsorted(self._starts, seconds // 86_400, side="right") - 1

    def label(self, month: int) -> str:
        """Name a month: ``2023-01``."""
        return str(self.first + month)

    @property
    def start(self) -> np.datetime64:
        return np.datetime64(str(self.first), "D")

    @property
    def extract_day(self) -> np.datetime64:
        return np.datetime64(str(self.first + self.months), "D")

    @cached_property
    def _starts(self) -> Ints:
        months = self.first + np.arange(self.months + HORIZON + 2)
        return months.astype("datetime64[D]").astype(np.int64)
