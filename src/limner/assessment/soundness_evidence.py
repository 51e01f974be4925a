"""Evidence on where a probability holds and where it does not."""

from collections.abc import Mapping

from limner.assessment.estimate import Estimate, Evidence
from limner.domain import Bilingual


class GainsRow(Evidence):
    """Customers down to one share of the ranking, the highest scores first.

    Attributes:
        share: of all customers, from the top.
        rate: with the outcome among the customers of this row's tenth alone.
        capture: share of all events found down to here.
        lift: ``capture`` over ``share``: how many times better than drawing at random.
    """

    share: float
    customers: int
    rate: Estimate
    capture: Estimate
    lift: Estimate


class CalibratedGroup(Evidence):
    """Observed over expected events of one group: 1 where probabilities mean what they say.

    ``observed_to_expected`` is None where nobody could be counted; ``sufficient`` says whether
    there were customers and outcomes enough to judge.
    """

    group: str
    customers: int
    events: int
    expected: float
    observed_to_expected: Estimate | None
    sufficient: bool


class GroupCalibration(Evidence):
    """Calibration by score band or by one protected attribute, on one sample."""

    sample: str
    attribute: str
    groups: tuple[CalibratedGroup, ...]


class WeakSpot(Evidence):
    """A slice of customers in which the model's own probabilities are contradicted.

    Attributes:
        conditions: the slice in words, one condition a feature.
        expected, events: events by the model's probabilities, and those that happened.
        log_loss, promised: mean log loss, and what it would be if every probability held.
        auc: within the slice; None where it holds one outcome only.
        test: which of the two was tested, ``calibration`` or ``log_loss``.
        p_value, adjusted: of that test, and adjusted for all tests of the search.
    """

    conditions: tuple[Bilingual, ...]
    customers: int
    events: int
    expected: float
    log_loss: float
    promised: float
    auc: float | None
    test: str
    p_value: float
    adjusted: float


class WeakSpotSearch(Evidence):
    """The worst slices of one sample; ``found`` of ``tests`` are contradicted beyond chance."""

    sample: str
    slices: int
    tests: int
    skipped: int
    level: float
    found: int
    spots: tuple[WeakSpot, ...]


class Perturbation(Evidence):
    """What became of scores when the inputs were disturbed.

    Attributes:
        kind: ``noise`` or ``missing``.
        share: noise in shares of each feature's spread; share of values taken away.
        rank_correlation: Spearman's, of scores before and after; None of segments.
        figure: what is told of the model: ``auc``, ``r2``, ``hit_1`` or ``agreement``.
        change: of that figure, after less before, on the same customers.
        mean_change: mean absolute change of the score: probability, confidence or minor units.
        flipped: share of customers whose decision changed.
        reassigned: share who got another segment, tier or recommended product; None of
            probabilities.
    """

    kind: str
    share: float
    rank_correlation: float | None
    figure: str
    change: Estimate
    mean_change: float
    flipped: float
    reassigned: float | None = None


class Characteristics(Evidence):
    """How far each feature's shift moved the score, on one sample.

    Characteristic stability index: the sum over bands of (actual - expected share) times
    the band's weight of evidence, in log-odds; positive where the shift raises the score.
    """

    sample: str
    index: Mapping[str, float]
