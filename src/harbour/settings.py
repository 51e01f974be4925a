"""What the maker of harbour may be asked for."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from limner.errors import BankSettingsInvalid
from limner.settings import Section

Fraction = Annotated[float, Field(ge=0, le=1)]


class HarbourSettings(Section):
    """Size, time, and how much is wrong with the bank; equal settings give equal bytes.

    Attributes:
        customers: people that core banking knows; the CRM knows most of them and some more.
        months: whole months of dealings from ``first_month`` on.
        drift_from: first day, of a month, from which customers live otherwise than before.
        block_customers: people made and written at once: memory grows with it, not with
            ``customers``. Another value makes another bank.
        crm_share: part of the people in core banking whom the CRM knows too.
        prospect_share: people that only the CRM knows, as a part of ``customers``; at least one.
        duplicate_share: part of the records of either system that it keeps twice.
        corrupt_share: faults added to each extract, as a part of its rows; some take two rows.
            At 0.007 and more, intake with a limit of 1 % stops.
        missing_share: part of the values not known, in each column that has a mechanism.
        bias_acceptance: log-odds by which a woman's loan application is less often accepted
            than a man's of the same risk.
        bias_income: part of her income that is not recorded, for half of the women.
        campaign_share: part of the customers fit for a campaign who are in it.
    """

    customers: Annotated[int, Field(ge=100, le=100_000_000)] = 20_000
    months: Annotated[int, Field(ge=3, le=120)] = 24
    first_month: dt.date = dt.date(2023, 1, 1)
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 20261122
    drift_from: dt.date = dt.date(2024, 7, 1)
    block_customers: Annotated[int, Field(ge=100, le=1_000_000)] = 20_000
    crm_share: Fraction = 0.6
    prospect_share: Annotated[float, Field(ge=0.001, le=0.5)] = 0.04
    duplicate_share: Annotated[float, Field(ge=0, le=0.3)] = 0.015
    corrupt_share: Annotated[float, Field(ge=0, le=0.1)] = 0.001
    missing_share: Annotated[float, Field(ge=0, le=0.5)] = 0.08
    bias_acceptance: Annotated[float, Field(ge=0, le=3)] = 0.8
    bias_income: Annotated[float, Field(ge=0, le=0.5)] = 0.12
    campaign_share: Fraction = 0.5

    @field_validator("first_month", "drift_from")
    @classmethod
    def is_first_of_month(cls, day: dt.date) -> dt.date:
        if day.day != 1:
            raise ValueError(f"{day} is not the first day of a month")
        return day

    @model_validator(mode="after")
    def drift_is_seen(self) -> Self:
        if not 0 < self.drift_month < self.months:
            raise ValueError(
                f"drift_from: {self.drift_from} is not within the {self.months} months"
                f" from {self.first_month}, after the first"
            )
        return self

    @property
    def drift_month(self) -> int:
        """Number of whole months before the drift."""
        years = self.drift_from.year - self.first_month.year
        return 12 * years + self.drift_from.month - self.first_month.month

    @property
    def extract_day(self) -> dt.date:
        """Day on which the extracts are drawn: the first after the last month."""
        months = self.first_month.year * 12 + self.first_month.month - 1 + self.months
        return dt.date(months // 12, months % 12 + 1, 1)


def read_settings(values: Mapping[str, Any]) -> HarbourSettings:
    """Check plain values, as they stand in ``params.yaml``.

    Raises:
        BankSettingsInvalid: a key is unknown or a value impossible; all are named.
    """
    try:
        return HarbourSettings.model_validate(dict(values))
    except ValidationError as faults:
        raise BankSettingsInvalid("harbour", [_describe(e) for e in faults.errors()]) from None


def _describe(error: Any) -> str:
    path = ".".join(str(part) for part in error["loc"])
    reason = error["msg"].removeprefix("Value error, ")
    return f"{path}: {reason}" if path else reason
