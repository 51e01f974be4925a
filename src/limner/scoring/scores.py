"""What a score is, one customer's and, as arrays, many customers'."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.domain import Bilingual
from limner.modelling.fitted import Segment

Floats = npt.NDArray[np.float64]


class Reason(NamedTuple):
    """One feature that moved a score, by log-odds or, of amounts, by minor units."""

    feature: str
    contribution: float
    text: Bilingual


Reasons = tuple[Reason, ...]


class ProbabilityScore(NamedTuple):
    """A calibrated probability, its band, and whether the favourable decision follows."""

    probability: float
    band: str
    favourable: bool
    reasons: Reasons


class AmountScore(NamedTuple):
    """An expected amount, the ends of its interval, its tier; all money in minor units."""

    expected_minor: int
    low_minor: int
    high_minor: int
    tier: str
    favourable: bool
    reasons: Reasons


class SegmentScore(NamedTuple):
    """The segment a customer belongs to; ``confidence`` is the surrogate's share for it."""

    segment: Segment
    confidence: float
    favourable: bool
    reasons: Reasons


Score = ProbabilityScore | SegmentScore | AmountScore


class Scored(NamedTuple):
    """Scores as arrays, for tables and for assessment.

    ``value``: probability, confidence or expected amount, shape (n,); ``segment``: index, or
    None; ``favourable``: the decision, shape (n,); ``interval``: of an amount, shape (n, 2).
    """

    value: Floats
    segment: npt.NDArray[np.int64] | None
    favourable: npt.NDArray[np.bool_]
    interval: Floats | None = None
