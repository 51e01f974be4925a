"""Population stability: has a distribution moved away from development's?"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# A band that is empty on one side would make the index infinite; half a customer
# on that side keeps it finite and large.
_HALF_A_CUSTOMER = 0.5


def population_stability_index(
    expected: npt.NDArray[np.int64], actual: npt.NDArray[np.int64]
) -> float:
    """Compare two distributions over the same bands.

    PSI = sum over bands of (actual - expected) * ln(actual / expected), of shares.

    Args:
        expected: development customers per band, shape (n_bands,).
        actual: customers per band of the other sample, same bands and order.

    Returns:
        PSI in nats: 0 when identical. Bands empty on both sides count nothing; a
        band empty on one side counts as half a customer there.

    Source:
        Siddiqi (2006), Credit Risk Scorecards.

    >>> round(population_stability_index(np.array([50, 50]), np.array([60, 40])), 4)
    0.0405
    """
    used = (expected > 0) | (actual > 0)
    shares = [
        np.maximum(side[used].astype(float), _HALF_A_CUSTOMER) / max(int(side.sum()), 1)
        for side in (expected, actual)
    ]
    return float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))


def frozen_edges(development: Floats, bins: int) -> Floats:
    """Place inner band edges at development's quantiles, once: shape (at most bins - 1,)."""
    known = development[~np.isnan(development)]
    if not len(known):
        return np.empty(0)
    return np.unique(np.quantile(known, np.arange(1, bins) / bins))


def band_counts(values: Floats, edges: Floats) -> npt.NDArray[np.int64]:
    """Count customers per band, the last band being those whose value is missing.

    >>> band_counts(np.array([1.0, 2.0, np.nan]), np.array([1.5])).tolist()
    [1, 1, 1]
    """
    missing = np.isnan(values)
    inside = np.bincount(np.searchsorted(edges, values[~missing], side="right"),
                         minlength=len(edges) + 1)  # fmt: skip
    return np.append(inside, missing.sum())


def column_psi(development: Floats, other: Floats, bins: int, is_category: bool) -> float:
    """PSI of one encoded column against development: category codes, or frozen quantile bands."""
    if is_category:
        codes = np.concatenate([development, other])
        edges = np.unique(codes[~np.isnan(codes)])
    else:
        edges = frozen_edges(development, bins)
    return population_stability_index(band_counts(development, edges), band_counts(other, edges))
