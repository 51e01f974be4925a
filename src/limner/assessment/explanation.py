"""The only door to SHAP's plots: what moves a score, checked to add up before it is shown."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from limner.assessment.evidence import ExplanationEvidence, FeatureImportance
from limner.assessment.plots import new_figure, save_figure
from limner.errors import AdditivityBroken
from limner.features.encoding import FittedFeature, Matrix

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]
IsProtected = Callable[[FittedFeature], bool]
_SHOWN = 12


def additivity_gap(model: str, contributions: Floats, margins: Floats, tolerance: float) -> float:
    """Return the largest gap between a margin and its contributions' sum, in log-odds.

    Args:
        contributions: shape (n_customers, n_features + 1), base value last.
        margins: shape (n_customers,).

    Raises:
        AdditivityBroken: the gap is above ``tolerance``.
    """
    gap = float(np.max(np.abs(contributions.sum(axis=1) - margins)))
    if not gap <= tolerance:
        raise AdditivityBroken(model, gap, tolerance)
    return gap


def explain(
    features: Sequence[FittedFeature], is_protected: IsProtected, contributions: Floats,
    gap: float, tolerance: float, dependence_plots: int,
) -> ExplanationEvidence:  # fmt: skip
    """Summarise contributions, the features that move scores most first."""
    means = np.abs(contributions[:, :-1]).mean(axis=0)
    ranked = [features[i] for i in np.argsort(-means, kind="stable")]
    by_name = {f.feature.name: float(mean) for f, mean in zip(features, means, strict=True)}
    return ExplanationEvidence(
        customers=len(contributions),
        additivity_gap=gap,
        additivity_tolerance=tolerance,
        importance=tuple(
            FeatureImportance(
                feature=f.feature.name,
                label=f.feature.label,
                mean_absolute=by_name[f.feature.name],
                protected=is_protected(f),
                monotone=f.monotone,
            )
            for f in ranked
        ),
        dependence_plots=tuple(f.feature.name for f in ranked[:dependence_plots]),
    )


def draw_explanation(
    features: Sequence[FittedFeature], values: Matrix, contributions: Floats,
    evidence: ExplanationEvidence, folder: Path, seed: int,
) -> None:  # fmt: skip
    """Draw beeswarm and dependence plots as PNG below ``folder``."""
    import shap

    explained = shap.Explanation(
        values=contributions[:, :-1],
        base_values=contributions[:, -1],
        data=values.astype(np.float64),
        feature_names=[f.feature.label.en for f in features],
    )
    _draw_beeswarm(explained, folder, seed)
    position = {f.feature.name: i for i, f in enumerate(features)}
    for name in evidence.dependence_plots:
        index = position[name]
        figure = _dependence(features[index], values[:, index], contributions[:, index], seed)
        save_figure(figure, folder / f"dependence_{name}.png")


def _draw_beeswarm(explained: object, folder: Path, seed: int) -> None:
    import shap

    # shap orders overlapping points with NumPy's global generator.
    np.random.seed(seed)
    figure, axes = new_figure(7.5, 4.5)
    shap.plots.beeswarm(explained, max_display=_SHOWN, show=False, ax=axes, plot_size=None)
    axes.set_xlabel("Contribution to the score (log-odds)")
    save_figure(figure, folder / "beeswarm.png")


def _dependence(fitted: FittedFeature, values: Matrix, moved: Floats, seed: int) -> "Figure":
    import shap

    figure, axes = new_figure(4.2, 3.0)
    name = fitted.feature.label.en
    explained = shap.Explanation(values=moved, data=values.astype(np.float64), feature_names=name)
    np.random.seed(seed)
    shap.plots.scatter(
        explained, ax=axes, show=False, hist=False, color="#1f5673", alpha=0.35, dot_size=9,
        x_jitter=0.4 if fitted.categories else 0.0,
    )  # fmt: skip
    if fitted.categories:
        axes.set_xticks(range(len(fitted.categories)), fitted.categories, rotation=40, ha="right")
    elif _is_skewed(values):
        axes.set_xscale("symlog", linthresh=max(float(np.nanmedian(np.abs(values))), 1e-6))
    axes.axhline(0, color="#999999", linewidth=0.8)
    unit = f" ({fitted.feature.unit})" if fitted.feature.unit else ""
    axes.set_xlabel(name + unit)
    axes.set_ylabel("Contribution (log-odds)")
    return figure


def _is_skewed(values: Matrix) -> bool:
    """Whether a few values are so far out that a linear axis would hide the others."""
    known = np.abs(values[~np.isnan(values)])
    return bool(len(known) and known.max() > 20 * max(float(np.quantile(known, 0.9)), 1e-9))
