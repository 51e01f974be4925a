"""The field's words as types: samples, bands, purposes."""

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

# Trees read single precision: anything beyond would be infinite there.
LARGEST_NUMBER = (2 - 2**-23) * 2.0**127


class SampleName(StrEnum):
    """The four disjoint samples a model is built and judged on."""

    DEVELOPMENT = "development"
    VALIDATION = "validation"
    TEST = "test"
    OUT_OF_TIME = "out_of_time"


# A model is judged on the samples that nothing was fitted or chosen on.
JUDGED = (SampleName.TEST.value, SampleName.OUT_OF_TIME.value)


class Purpose(StrEnum):
    """What personal data may be used for; consent and permission are given by purpose."""

    PROFILING = "profiling"
    CREDIT = "credit"
    MARKETING = "marketing"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class ScoreBand:
    """Scores with a probability up to ``up_to`` (exclusive), above those of the band before."""

    name: str
    up_to: float = Field(gt=0, le=1)


def band_of(probability: float, bands: tuple[ScoreBand, ...]) -> str:
    """Name the band of a calibrated probability; the last band is closed at 1.

    >>> band_of(0.02, (ScoreBand("A", 0.02), ScoreBand("B", 1.0)))
    'B'
    """
    for band in bands[:-1]:
        if probability < band.up_to:
            return band.name
    return bands[-1].name


@dataclass(frozen=True)
class Bilingual:
    """A text that a customer or reviewer reads, in English and Chinese."""

    en: str
    zh: str


PURPOSE_WORDS = {
    Purpose.PROFILING: Bilingual("profiling", "画像"),
    Purpose.CREDIT: Bilingual("credit", "信贷"),
    Purpose.MARKETING: Bilingual("marketing", "营销"),
}

Judged = Literal[
    "leak", "duplicate", "protected", "dropped", "identifier", "free text", "many values", "strong"
]


@dataclass(frozen=True)
class ScreenedColumn:
    """One column, what it was judged to be, and why.

    All but ``strong`` ones are kept out. ``features`` are those computed from the column: they
    join the model when a person states in ``taken_back`` why the column may be used.
    """

    column: str
    judged: Judged
    reason: Bilingual
    features: tuple[str, ...] = ()
    taken_back: str = ""

    @property
    def is_kept_out(self) -> bool:
        """Whether the model does not use the column."""
        return self.judged != "strong" and not self.taken_back
