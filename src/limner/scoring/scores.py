"""What a score is, one customer's and, as arrays, many customers'."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.domain import Bilingual
from limner.modelling.choice import ChoiceProduct
from limner.modelling.fitted import Segment

Floats = npt.NDArray[np.float64]


class Reason(NamedTuple):
    """One feature that moved a score, by log-odds or, of amounts, by minor units."""

    feature: str
    contribution: float
    text: Bilingual


Reasons = tuple[Reason, ...]


class ProbabilityScore(NamedTuple):
    """A calibrated probability, its band, and whether the favourable decision follows.

    ``points`` say the same on the model's scale, to whole points; None where it has none.
    """

    probability: float
    band: str
    favourable: bool
    reasons: Reasons
    points: int | None = None


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


class ProductChance(NamedTuple):
    """One product; ``probability`` of taking it is None for a customer who holds one already."""

    product: ChoiceProduct
    probability: float | None


class ChoiceScore(NamedTuple):
    """Every product's probability, and the one that is recommended: None where all are held."""

    recommended: ChoiceProduct | None
    probability: float | None
    products: tuple[ProductChance, ...]
    favourable: bool
    reasons: Reasons


Score = ProbabilityScore | SegmentScore | ChoiceScore | AmountScore


class Scored(NamedTuple):
    """Scores as arrays, for tables and for assessment.

    ``value``: probability, confidence or expected amount, shape (n,); ``segment``: index, or
    None; ``favourable``: the decision, shape (n,). Of several products ``value`` is the
    recommended one's probability, ``recommended`` its index (NaN and -1 where all are held),
    ``products`` every one's, shape (n, n_products), NaN where it is held. ``interval`` is of an
    amount, shape (n, 2).
    """

    value: Floats
    segment: npt.NDArray[np.int64] | None
    favourable: npt.NDArray[np.bool_]
    recommended: npt.NDArray[np.int64] | None = None
    products: Floats | None = None
    interval: Floats | None = None
