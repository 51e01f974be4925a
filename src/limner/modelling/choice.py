"""Several products at once: who is asked about which, what is recommended, who is offered it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.domain import Bilingual
from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.calibration import Calibration
from limner.modelling.record import Record

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

# The margin of a product that its holder is not asked about, and the place of no product.
NOT_ASKED, NOTHING = -np.inf, -1


class ChoiceProduct(Record):
    """A product that customers who lack it are asked about.

    Attributes:
        column: of a sample, 1 for rows whose customer took one.
        held_by: feature that counts how many a customer holds; above 0 they are not asked.
        value: what one that is taken brings, beside the other products.
        takers: customers of development who lacked one and took it.
    """

    kind: str
    words: Bilingual
    column: str
    held_by: str
    value: float
    calibration: Calibration
    takers: int


class ProductLeftOut(Record):
    """A product that nobody is asked about, and why."""

    kind: str
    words: Bilingual
    reason: Bilingual


class ChoicePart(Record):
    """What turns a margin a product into probabilities, a recommendation and an offer.

    The recommended product is the one of the highest expected value, its probability times
    its value, among those that the customer lacks; it is offered where that expected value is
    at or above ``threshold``. Products are in the order of the margins.
    """

    products: tuple[ChoiceProduct, ...]
    threshold: float
    left_out: tuple[ProductLeftOut, ...]

    def asked(self, margins: Matrix, features: Sequence[FittedFeature], values: Matrix) -> Matrix:
        """Lay margins out by customer and product, ``NOT_ASKED`` where one is held already.

        Args:
            values: the encoded matrix that the margins are of.

        Returns:
            shape (n_customers, n_products).
        """
        # Of one product, or of no customers at all, XGBoost returns a flat array.
        laid_out = margins.reshape(-1, len(self.products))
        held = holdings([product.held_by for product in self.products], features, values)
        return np.where(held, np.float32(NOT_ASKED), laid_out)

    def probabilities(self, margins: Matrix) -> Floats:
        """Calibrate each product's margins; NaN where one is held already."""
        found = np.full(margins.shape, np.nan)
        for place, product in enumerate(self.products):
            lacking = margins[:, place] != NOT_ASKED
            found[lacking, place] = product.calibration.probability(margins[lacking, place])
        return found

    def expected(self, probabilities: Floats) -> Floats:
        """Value each product, as -inf where one is held already."""
        worth = probabilities * np.array([product.value for product in self.products])
        return np.where(np.isnan(worth), -np.inf, worth)

    def recommended(self, probabilities: Floats) -> Places:
        """Find each customer's product of the highest expected value, or ``NOTHING``."""
        worth = self.expected(probabilities)
        return np.where(np.isinf(worth).all(axis=1), NOTHING, np.argmax(worth, axis=1))

    def offered(self, probabilities: Floats) -> Flags:
        """Find who is offered the recommended product."""
        highest = self.expected(probabilities).max(axis=1, initial=-np.inf)
        return np.asarray(highest >= self.threshold)


def holdings(held_by: Sequence[str], features: Sequence[FittedFeature], values: Matrix) -> Flags:
    """Read from an encoded matrix who holds what: shape (n_customers, n_products)."""
    place = {fitted.feature.name: i for i, fitted in enumerate(features)}
    return np.asarray(values[:, [place[name] for name in held_by]] > 0)


def of_recommended(by_product: npt.NDArray[Any], recommended: Places) -> npt.NDArray[Any]:
    """Take each customer's entry of the recommended product, 0 where there is none.

    Args:
        by_product: shape (n_customers, n_products, ...).
    """
    picked = by_product[np.arange(len(by_product)), np.maximum(recommended, 0)]
    picked[recommended == NOTHING] = 0.0
    return picked
