"""Conformal correction: how far an interval must reach so that it holds what it promises."""

from math import ceil

import numpy as np
import numpy.typing as npt

from limner.errors import LimnerError

Floats = npt.NDArray[np.float64]


class TooFewForInterval(LimnerError):
    """Too few customers in validation for an interval of the coverage asked for."""

    exit_code = 80

    def __init__(self, model: str, customers: int, coverage: float) -> None:
        self.model, self.customers, self.coverage = model, customers, coverage
        super().__init__(
            f"model {model}: {customers:,} customers of validation are too few for intervals of"
            f" coverage {coverage:g}: widen samples.validation, or lower amount.coverage"
        )


def conformity(low: Floats, high: Floats, amounts: Floats) -> Floats:
    """Say how far each amount lies beyond its interval; below 0 where it lies within.

    >>> conformity(np.array([0.0, 0.0]), np.array([10.0, 10.0]), np.array([13.0, 6.0])).tolist()
    [3.0, -4.0]
    """
    return np.maximum(low - amounts, amounts - high)


def correction(beyond: Floats, customers: int, coverage: float) -> float | None:
    """Return what widens (or, below 0, narrows) both ends so that enough amounts lie within.

    The ``ceil((customers + 1) * coverage)``-th smallest of the distances: with one row a
    customer, a new customer of the same kind then lies within with at least this chance,
    whatever the trees are worth. Where customers have several rows, rows are ranked and
    customers are counted, because the rows of one customer are no independent evidence.

    Args:
        beyond: of rows that the interval was not fitted on; see :func:`conformity`.
        customers: how many these rows are of.

    Returns:
        None where there are too few customers to promise so much.

    Source:
        Romano, Patterson and Candès (2019), Conformalized quantile regression.

    >>> correction(np.array([3.0, -4.0, 1.0, 0.0]), customers=4, coverage=0.8)
    3.0
    """
    if not customers:
        return None
    level = ceil((customers + 1) * coverage - 1e-9) / customers
    if level > 1:
        return None
    return float(np.quantile(beyond, level, method="inverted_cdf"))
