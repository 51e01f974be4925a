"""Portfolios whose outcomes become known late: which days are fitted on, and which judged."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from limner.settings.section import Count, Section, Share


class DelayedSamples(Section):
    """Days to fit on, days until outcomes are known, days to judge: rolled on, round by round.

    Attributes:
        train_days: days of a round that a model is fitted on.
        delay_days: days after which an outcome is known; those between fitting and judging.
        test_days: days of a round that are judged, and by which rounds follow each other.
        first_test_day: first judged day of the first round.
        weeks: rounds.
        validation_share: of the customers of the fitted days, who stop, calibrate and cut.
        extract_day: the day that the extract tells of; anything dated later is quarantined.
    """

    train_days: Count
    delay_days: Annotated[int, Field(ge=0)]
    test_days: Count
    first_test_day: dt.date
    weeks: Count
    validation_share: Share
    extract_day: dt.date

    @property
    def test_starts(self) -> tuple[dt.date, ...]:
        """Return the first judged day of each round."""
        return tuple(
            self.first_test_day + dt.timedelta(days=self.test_days * round_number)
            for round_number in range(self.weeks)
        )

    def last_judged(self, first: dt.date) -> dt.date:
        """Return the last of the days that are judged from a day on."""
        return first + dt.timedelta(days=self.test_days - 1)

    @model_validator(mode="after")
    def judges_no_day_after_the_extract(self) -> Self:
        last = self.last_judged(self.test_starts[-1])
        if last > self.extract_day:
            raise ValueError(f"weeks: the last judged day, {last}, is after extract_day")
        return self
