"""Evidence on a model of amounts: intervals by tier and decile, and what simpler models reach."""

from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.estimate import Estimate, Evidence


class TierEvidence(Evidence):
    """Customers of one tier on one sample; money in minor units, a customer.

    Attributes:
        expected: mean of the expected amounts.
        realised: mean of what they earned.
        coverage: share whose amount lies within their interval; None where nobody is there.
        width: mean width of the interval.
    """

    sample: str
    tier: str
    offered: bool
    customers: int
    expected: float
    realised: Estimate | None
    coverage: Estimate | None
    width: float


class DecileEvidence(Evidence):
    """A tenth of one sample's customers by expected amount; money in minor units.

    Attributes:
        low, high: mean ends of the interval.
        realised: mean of what they earned.
        realised_low, realised_high: quantiles of it, of the interval's own shares.
    """

    sample: str
    customers: int
    expected: float
    low: float
    high: float
    realised: float
    realised_low: float
    realised_high: float
    coverage: float


class AmountEvidence(Evidence):
    """What only a model of amounts has.

    Attributes:
        coverage: what its intervals promise.
        offered_from_minor: realised amount from which the favourable decision was right.
        comparisons: the model less each simpler one, by sample.
        penalty: of the ridge regression among them.
    """

    coverage: float
    offered_from_minor: int
    tiers: tuple[TierEvidence, ...]
    deciles: tuple[DecileEvidence, ...]
    comparisons: tuple[PairedComparison, ...]
    penalty: float | None
