"""What turns the trees of a model of amounts into an expected amount, an interval and a tier."""

import numpy as np
import numpy.typing as npt

from limner.features.encoding import Matrix
from limner.modelling.record import Record

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class FittedTier(Record):
    """A tier of the expected amount.

    Attributes:
        from_minor: its lower end in minor units, itself within; None for the lowest tier.
        offered: whether its customers get the favourable decision.
        correction_minor: what both ends of its customers' intervals are moved apart by.
    """

    name: str
    from_minor: int | None
    offered: bool
    correction_minor: float


class AmountPart(Record):
    """Trees give standard deviations from the mean; everything here is in minor units.

    Attributes:
        centre, scale: mean and standard deviation of development's amounts.
        slope, intercept: expected amount over the trees' amount, fitted on validation.
        coverage: share of customers whose amount is to lie within their interval.
        tiers: from the lowest to the highest.
        gives: other names by which the answer is asked for.
    """

    centre: float
    scale: float
    slope: float
    intercept: float
    coverage: float
    tiers: tuple[FittedTier, ...]
    gives: tuple[str, ...] = ()

    @property
    def offered_from_minor(self) -> int:
        """Lower end of the lowest tier that gets the favourable decision."""
        lowest = next(tier for tier in self.tiers if tier.offered)
        return lowest.from_minor if lowest.from_minor is not None else -(2**62)

    def in_minor_units(self, deviations: float) -> float:
        """Write a difference of margins, in standard deviations, as one of expected amounts."""
        return deviations * self.scale * max(self.slope, 1e-6)

    def expected(self, margins: Matrix) -> Floats:
        """Calibrate the trees' margins, shape (n,), to whole minor units."""
        return np.rint(self.intercept + self.slope * self.amounts(margins))

    def amounts(self, margins: Matrix) -> Floats:
        """Write margins of any shape in minor units, uncalibrated."""
        return np.asarray(self.centre + self.scale * margins.astype(np.float64))

    def tier(self, expected: Floats) -> Places:
        """Place expected amounts in the tiers: shape (n,), 0 the lowest."""
        return tier_of(expected, [t.from_minor for t in self.tiers[1:] if t.from_minor is not None])

    def interval(self, ends: Matrix, expected: Floats) -> Floats:
        """Return low and high in whole minor units, shape (n, 2), around the expected amount.

        Args:
            ends: margins of the lower and the upper quantile, shape (n, 2).
        """
        low, high = in_order(self.amounts(ends))
        moved = np.array([t.correction_minor for t in self.tiers])[self.tier(expected)]
        # Quantiles need not hold the mean: an interval that does covers no less.
        within = [np.minimum(low - moved, expected), np.maximum(high + moved, expected)]
        return np.asarray(np.rint(np.stack(within, axis=1)))


def tier_of(expected: Floats, starts: list[int]) -> Places:
    """Place amounts between the lower ends of all tiers but the lowest.

    >>> tier_of(np.array([5.0, 10.0, 25.0]), [10, 20]).tolist()
    [0, 1, 2]
    """
    return np.asarray(np.searchsorted(starts, expected, side="right"), dtype=np.int64)


def in_order(ends: Floats) -> tuple[Floats, Floats]:
    """Give the lower and the upper of two ends, shape (n, 2): quantile trees may cross."""
    return ends.min(axis=1), ends.max(axis=1)
