"""The only door to SHAP's plots: what moves a score, checked to add up before it is shown."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from limner.assessment.dependence import draw_dependence
from limner.assessment.evidence import ExplanationEvidence, FeatureImportance
from limner.assessment.plots import LOG_ODDS, low_to_high, new_figure, save_figure
from limner.errors import AdditivityBroken
from limner.features.encoding import FittedFeature, Matrix

Floats = npt.NDArray[np.float64]
IsProtected = Callable[[FittedFeature], bool]
# Features in the beeswarm; those left out are in the importance plot.
_SHOWN = 16


def additivity_gap(model: str, contributions: Floats, margins: Floats, tolerance: float) -> float:
    """Return the largest gap between a score and its contributions' sum, in the score's unit.

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
    evidence: ExplanationEvidence, folder: Path, seed: int, unit: str = LOG_ODDS,
) -> None:  # fmt: skip
    """Draw beeswarm and dependence plots as PNG; ``unit`` is the contributions'."""
    position = {f.feature.name: i for i, f in enumerate(features)}
    shown = evidence.importance[:_SHOWN]
    columns = [position[row.feature] for row in shown]
    _draw_beeswarm(
        [f"{row.label.en}{' *' if row.protected else ''}" for row in shown],
        [features[i] for i in columns], values[:, columns], contributions[:, columns],
        folder / "beeswarm.png", seed, unit,
    )  # fmt: skip
    for name in evidence.dependence_plots:
        index = position[name]
        figure = draw_dependence(
            features[index], values[:, index], contributions[:, index], seed, unit
        )
        save_figure(figure, folder / f"dependence_{name}.png")


def _draw_beeswarm(
    names: list[str], features: Sequence[FittedFeature], values: Matrix, moved: Floats,
    path: Path, seed: int, unit: str,
) -> None:  # fmt: skip
    import shap

    data = values.astype(object)
    for i, fitted in enumerate(features):
        # A category has no low or high: as text, shap leaves it grey.
        if fitted.categories is not None:
            data[:, i] = "category"
    explained = shap.Explanation(values=moved, data=data, feature_names=names)
    # shap orders overlapping points with NumPy's global generator.
    np.random.seed(seed)
    figure, axes = new_figure(7.0, 1.0 + 0.3 * len(names))
    shap.plots.beeswarm(
        explained, max_display=len(names), show=False, ax=axes, plot_size=None, s=8,
        color=low_to_high(), color_bar_label="Value of the feature",
    )  # fmt: skip
    axes.set_xlabel(f"Contribution to the score ({unit})", fontsize=9)
    for part in figure.axes:
        part.tick_params(labelsize=9)
        part.yaxis.label.set_fontsize(9)
    save_figure(figure, path)
