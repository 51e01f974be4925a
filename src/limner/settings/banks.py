"""Banks of many systems: extracts, keys, linkage of records, features."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from limner.domain import Purpose
from limner.settings.section import Count, MemoryLimit, Place, Section, Share


class SnapshotDates(Section):
    """First and last snapshot of a bank; one at the first day of each month between."""

    first: dt.date
    last: dt.date

    @model_validator(mode="after")
    def months_in_order(self) -> Self:
        if self.first.day != 1 or self.last.day != 1 or self.last < self.first:
            raise ValueError("first and last must be first days of months, in this order")
        return self

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Every snapshot date, in order."""
        months = range(_months(self.first), _months(self.last) + 1)
        return tuple(dt.date(month // 12, month % 12 + 1, 1) for month in months)


class BankSettings(Section):
    """One relational portfolio: where its extracts lie, and as of which day.

    Attributes:
        generator: Python package that makes a synthetic bank from the numbers under ``made``.
    """

    location: Place | None
    day: dt.date
    snapshots: SnapshotDates
    master_system: str
    quarantine_limits: Mapping[str, Annotated[float, Field(ge=0, lt=1)]] = Field(
        default_factory=dict
    )
    generator: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")] | None = None
    made: Mapping[str, Any] | None = None

    @model_validator(mode="after")
    def snapshots_see_nothing_later(self) -> Self:
        if self.snapshots.last > self.day:
            raise ValueError(f"snapshots.last: {self.snapshots.last} is after the extracts' day")
        return self


class PrivacySettings(Section):
    """Where the secret keys are; None reads them from environment variables."""

    pseudonym_key: Place | None
    vault_key: Place | None


class Linkage(Section):
    """How sure one must be that two records are one person.

    Attributes:
        accept: match probability from which a pair is merged.
        review_from: from here up to ``accept`` a person decides; below, records stay apart.
        floor: pairs below this are forgotten.
        block_limit: a telephone or the like that more records share finds no pairs.
        largest_cluster: a merger that would make a customer of more records is reviewed.
        training_pairs: random pairs from which agreement by chance is estimated.
        certain_share: share of all duplicates that agree in the national id, the e-mail or
            name and birth date; it scales their number up to that of all duplicates.
    """

    accept: Share
    review_from: Share
    floor: Annotated[float, Field(gt=0, lt=1)]
    block_limit: Annotated[int, Field(ge=2)]
    largest_cluster: Annotated[int, Field(ge=2)]
    training_pairs: Count
    certain_share: Share

    @model_validator(mode="after")
    def zones_rise(self) -> Self:
        if not self.floor <= self.review_from <= self.accept:
            raise ValueError("floor, review_from and accept must rise in this order")
        return self


class ConsentDefaults(Section):
    """Whether data may be used for a purpose where the customer never decided."""

    profiling: bool = True
    credit: bool = True
    marketing: bool = True

    def by_purpose(self) -> dict[Purpose, bool]:
        """Return the answer for each purpose."""
        return {purpose: bool(getattr(self, purpose.value)) for purpose in Purpose}


class FeatureSettings(Section):
    """Engine, memory and consent of the features of banks.

    Attributes:
        engine: ``duckdb`` on one machine, ``spark`` for a bank that has outgrown it.
        memory_limit: for DuckDB, such as ``1GB``; what needs more spills to disk.
    """

    engine: Literal["duckdb", "spark"]
    memory_limit: MemoryLimit | None
    consent_defaults: ConsentDefaults


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month - 1
