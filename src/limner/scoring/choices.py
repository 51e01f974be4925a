"""What a model of several products makes of its margins."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.features.encoding import Matrix
from limner.modelling.choice import NOTHING, ChoicePart, of_recommended
from limner.scoring.scores import (
    ChoiceScore,
    Floats,
    ProductChance,
    Reasons,
    Score,
    Scored,
)

PROBABILITY_OF = "probability_"


@dataclass(frozen=True)
class Choices:
    """A probability a product, and the product of the highest expected value.

    Margins are as :meth:`ChoicePart.asked` lays them out.
    """

    part: ChoicePart

    def scored(self, margins: Matrix) -> Scored:
        products = self.part.probabilities(margins)
        recommended = self.part.recommended(products)
        value = np.where(recommended == NOTHING, np.nan, of_recommended(products, recommended))
        return Scored(value, None, self.part.offered(products), recommended, products)

    def scores(self, result: Scored, reasons: Sequence[Reasons]) -> list[Score]:
        recommended, products = _whole(result)
        rows = zip(
            recommended.tolist(), products.tolist(), result.favourable.tolist(), reasons,
            strict=True,
        )  # fmt: skip
        return [self._score(*row) for row in rows]

    def table(self, result: Scored) -> Mapping[str, Any]:
        recommended, products = _whole(result)
        kinds = [product.kind for product in self.part.products]
        # Nothing is at the end, where NOTHING points.
        named = np.array([*kinds, None], dtype=object)[recommended]
        return {
            "recommended": named,
            "probability": result.value,
            **{f"{PROBABILITY_OF}{kind}": products[:, i] for i, kind in enumerate(kinds)},
            "favourable": result.favourable,
        }

    def explained(self, contributions: Matrix, margins: Matrix) -> Matrix:
        by_product = contributions.reshape(len(margins), len(self.part.products), -1)
        recommended = self.part.recommended(self.part.probabilities(margins))
        return of_recommended(by_product, recommended)

    def _score(
        self, recommended: int, products: list[float], offered: bool, why: Reasons
    ) -> ChoiceScore:
        chances = tuple(
            ProductChance(product, None if math.isnan(chance) else chance)
            for product, chance in zip(self.part.products, products, strict=True)
        )
        if recommended == NOTHING:
            return ChoiceScore(None, None, chances, offered, ())
        product, chance = chances[recommended]
        return ChoiceScore(product, chance, chances, offered, why)


def _whole(result: Scored) -> tuple[npt.NDArray[np.int64], Floats]:
    assert result.recommended is not None, "a model of several products recommends one"
    assert result.products is not None, "and tells of all"
    return result.recommended, result.products
