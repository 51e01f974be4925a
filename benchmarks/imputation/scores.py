"""How far filled values are from the true ones."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.stats import wasserstein_distance

Floats = npt.NDArray[np.float64]
INTERVAL = (0.05, 0.95)


def continuous_ranked(draws: Floats, true: Floats) -> Floats:
    """CRPS of each row from its draws, shape (n_draws, n_rows): lower is better.

    For one draw it is the absolute error; it is the energy score in one dimension.

    Source:
        Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation.
    """
    count = len(draws)
    ordered = np.sort(draws, axis=0)
    weight = (2 * np.arange(1, count + 1) - count - 1)[:, None]
    # The unbiased form: few draws are not judged worse for being few.
    within = (weight * ordered).sum(axis=0) / max(count * (count - 1), 1)
    return np.abs(draws - true).mean(axis=0) - within


def brier(probability: Floats, true: npt.NDArray[np.int64]) -> Floats:
    """Squared distance from the certain truth, summed over categories: lower is better."""
    return ((probability - np.eye(probability.shape[1])[true]) ** 2).sum(axis=1)


def number_scores(centre: Floats, draws: Floats | None, true: Floats) -> dict[str, float]:
    """Score filled numbers, all standardised."""
    found = {
        "rmse": float(np.sqrt(np.mean((centre - true) ** 2))),
        "mae": float(np.abs(centre - true).mean()),
        "distance": wasserstein_distance(centre, true),
    }
    if draws is not None:
        low, high = np.quantile(draws, INTERVAL, axis=0)
        found["draw distance"] = float(np.mean([wasserstein_distance(d, true) for d in draws[:20]]))
        found["coverage"] = float(np.mean((low <= true) & (true <= high)))
        found["crps"] = float(continuous_ranked(draws, true).mean())
    return found


def category_scores(probability: Floats, true: npt.NDArray[np.int64]) -> dict[str, float]:
    """Score filled categories; distances are of shares (half their absolute differences)."""
    classes = probability.shape[1]
    share = np.bincount(true, minlength=classes) / len(true)
    commonest = np.bincount(probability.argmax(axis=1), minlength=classes) / len(true)
    return {
        "accuracy": float(np.mean(probability.argmax(axis=1) == true)),
        "distance": float(np.abs(commonest - share).sum() / 2),
        "draw distance": float(np.abs(probability.mean(axis=0) - share).sum() / 2),
        "brier": float(brier(probability, true).mean()),
    }


def interval(
    figure: Callable[[Floats], float], rows: int, resamples: int, seed: int
) -> tuple[float, float]:
    """95 % bootstrap interval of a figure that takes a weight for each row."""
    draw = np.random.default_rng(seed)
    found = [figure(draw.multinomial(rows, np.full(rows, 1 / rows))) for _ in range(resamples)]
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(low), float(high)
