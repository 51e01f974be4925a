"""How a feature's values are spread over the customers of one snapshot."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from limner.artifacts import require

# No extremes: the least and the most are single customers.
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
BINS = 24
# A category that fewer customers share is told among the others only.
_FEWEST = 10


@dataclass(frozen=True)
class Distribution:
    """Spread of one feature.

    Attributes:
        missing: share of customers without a value.
        zero: share of customers with exactly nought, None for categories.
        quantiles: values at :data:`QUANTILES`, empty for categories or without values.
        bars: customers in each of :data:`BINS` equal bins from the first to the last
            quantile, which take in all beyond; empty as the quantiles are.
        shares: categories with their shares, the commonest first.
    """

    missing: float
    zero: float | None = None
    quantiles: tuple[float, ...] = ()
    bars: tuple[int, ...] = ()
    shares: tuple[tuple[str, float], ...] = ()


def read_distributions(snapshot: Path, features: list[str]) -> dict[str, Distribution]:
    """Measure features of a snapshot's file, one column at a time.

    Raises:
        ArtifactMissing: the snapshot has not been computed.
    """
    from pyarrow.parquet import ParquetFile

    found = {}
    with ParquetFile(require(snapshot)) as file:
        for name in features:
            column = file.read([name]).column(name)
            if str(column.type) in ("string", "large_string"):
                found[name] = of_categories(column.to_pylist())
            else:
                found[name] = of_numbers(
                    column.to_pandas().to_numpy(dtype=np.float64, na_value=np.nan)
                )
    return found


def of_numbers(values: npt.NDArray[np.float64]) -> Distribution:
    """Describe numbers, NaN where missing; shape (n_customers,)."""
    known = values[~np.isnan(values)]
    if not known.size:
        return Distribution(missing=1.0)
    quantiles = np.quantile(known, QUANTILES)
    low, high = quantiles[0], quantiles[-1]
    if low == high:
        bars = [known.size]
    else:
        bars = np.histogram(np.clip(known, low, high), bins=BINS, range=(low, high))[0].tolist()
    return Distribution(
        missing=1 - known.size / values.size,
        zero=float((known == 0).sum() / values.size),
        quantiles=tuple(float(q) for q in quantiles),
        bars=tuple(int(n) for n in bars),
    )


def of_categories(values: list[str | None]) -> Distribution:
    """Describe categories, None where missing."""
    counts = Counter(value for value in values if value is not None)
    total = len(values) or 1
    common = [(name, n) for name, n in sorted(counts.items()) if n >= _FEWEST]
    rest = sum(counts.values()) - sum(n for _, n in common)
    ordered = sorted(common, key=lambda pair: -pair[1])
    others = [("(others)", rest)] if rest else []
    return Distribution(
        missing=1 - sum(counts.values()) / total,
        shares=tuple((name, n / total) for name, n in [*ordered, *others]),
    )
