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


def characteristic_stability_index(
    expected: npt.NDArray[np.int64], actual: npt.NDArray[np.int64], weight: Floats
) -> float:
    """Say how far, and to which side, a feature's shift moves scores.

    CSI = sum over bands of (actual - expected share) * weight of the band. Where the PSI
    of a feature says that customers moved between its bands, this says what that is
    worth: a shift between bands of equal risk counts nothing.

    Args:
        expected: development customers per band, shape (n_bands,).
        actual: customers per band of the other sample, same bands and order.
        weight: of each band in log-odds or points, same shape.

    Returns:
        the mean change, in the weight's unit; above 0 where customers moved to bands of
        higher weight.

    Source:
        Siddiqi (2006), Credit Risk Scorecards, characteristic analysis.

    >>> found = characteristic_stability_index(
    ...     np.array([50, 50]), np.array([60, 40]), np.array([0.4, -0.4]))
    >>> round(found, 4)
    0.08
    """
    shares = [side / max(int(side.sum()), 1) for side in (expected, actual)]
    return float(np.sum((shares[1] - shares[0]) * weight))


def weight_of_evidence(
    events: npt.NDArray[np.int64], others: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Score bands by their outcomes: ln(share of all events / share of all others).

    Returns:
        log-odds against the whole sample, above 0 where the outcome is commoner; half a
        customer on either side keeps it finite.

    Source:
        Good (1950); Siddiqi (2006).

    >>> weight_of_evidence(np.array([30, 10]), np.array([60, 100])).round(3).tolist()
    [0.683, -0.891]
    """
    parts = [side + _HALF_A_CUSTOMER for side in (events, others)]
    shares = [part / part.sum() for part in parts]
    return np.asarray(np.log(shares[0] / shares[1]))


def column_psi(development: Floats, other: Floats, bins: int, is_category: bool) -> float:
    """PSI of one encoded column against development: category codes, or frozen quantile bands."""
    edges = _edges(development, other, bins, is_category)
    return population_stability_index(band_counts(development, edges), band_counts(other, edges))


def column_csi(
    development: Floats, outcome: npt.NDArray[np.int64], other: Floats, bins: int,
    is_category: bool,
) -> float:  # fmt: skip
    """CSI of one encoded column: bands, and their weight of evidence, frozen at development.

    Args:
        outcome: of development's customers, 0 or 1.
    """
    edges = _edges(development, other, bins, is_category)
    expected = band_counts(development, edges)
    events = band_counts(development[outcome == 1], edges)
    weight = weight_of_evidence(events, expected - events)
    return characteristic_stability_index(expected, band_counts(other, edges), weight)


def _edges(development: Floats, other: Floats, bins: int, is_category: bool) -> Floats:
    if is_category:
        codes = np.concatenate([development, other])
        return np.unique(codes[~np.isnan(codes)])
    return frozen_edges(development, bins)
