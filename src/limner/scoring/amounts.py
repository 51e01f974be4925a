"""A model of amounts: what is expected of a customer, between which ends, and in which tier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from limner.features.encoding import Matrix
from limner.modelling.amount_part import AmountPart
from limner.scoring.scores import AmountScore, Reasons, Score, Scored


@dataclass(frozen=True)
class Amounts:
    """An expected amount in minor units, its interval, and the tier that it falls into."""

    part: AmountPart

    def scored(self, margins: Matrix) -> Scored:
        expected = self.part.expected(margins[:, 0])
        offered = np.array([tier.offered for tier in self.part.tiers])
        return Scored(
            expected, None, offered[self.part.tier(expected)],
            interval=self.part.interval(margins[:, 1:], expected),
        )  # fmt: skip

    def scores(self, result: Scored, reasons: Sequence[Reasons]) -> list[Score]:
        columns = [values.tolist() for values in self.table(result).values()]
        return [AmountScore._make((*row, why)) for *row, why in zip(*columns, reasons, strict=True)]

    def table(self, result: Scored) -> Mapping[str, Any]:
        assert result.interval is not None, "a model of amounts gives intervals"
        names = np.array([tier.name for tier in self.part.tiers], dtype=object)
        low, high = result.interval.astype(np.int64).T
        return {
            "expected_minor": result.value.astype(np.int64),
            "low_minor": low,
            "high_minor": high,
            "tier": names[self.part.tier(result.value)],
            "favourable": result.favourable,
        }

    def explained(self, contributions: Matrix, margins: Matrix) -> Matrix:
        """Explain the expected amount in minor units; the last column is the base value.

        Args:
            contributions: of the trees of the expected amount, or of every margin.
        """
        own = contributions[:, 0] if contributions.ndim == 3 else contributions
        explained = own.astype(np.float64) * (self.part.scale * self.part.slope)
        explained[:, -1] += self.part.centre * self.part.slope + self.part.intercept
        return explained.astype(np.float32)
