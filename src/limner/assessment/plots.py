"""The only door to matplotlib: small figures for reviewers, the same bytes every time."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.assessment.evidence import FeatureImportance, ReliabilityBin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, ACCENT, WARN = "#1b2a33", "#1f5673", "#b5532a"
_SAMPLE_COLOURS = {"test": ACCENT, "out_of_time": WARN}


def new_figure(width: float, height: float) -> "tuple[Figure, Axes]":
    """Open a figure with one set of axes; sizes in inches."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    pyplot.rcParams.update(
        {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
         "axes.edgecolor": INK, "text.color": INK}
    )  # fmt: skip
    return pyplot.subplots(figsize=(width, height))


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a PNG without the date or version that would change its bytes, and close it."""
    from matplotlib import pyplot

    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    pyplot.close(figure)


def draw_reliability(bins: Mapping[str, Sequence[ReliabilityBin]], axis: str, path: Path) -> None:
    """Draw observed against predicted rate per bin, with intervals, one line a sample."""
    figure, axes = new_figure(4.6, 4.0)
    top = 0.0
    for sample, rows in bins.items():
        predicted = [row.predicted for row in rows]
        observed = [row.observed.value for row in rows]
        below = [max(row.observed.value - row.observed.low, 0) for row in rows]
        above = [max(row.observed.high - row.observed.value, 0) for row in rows]
        axes.errorbar(
            predicted, observed, yerr=[below, above], marker="o", markersize=4, linewidth=1,
            capsize=2, label=sample.replace("_", " "), color=_SAMPLE_COLOURS.get(sample, INK),
        )  # fmt: skip
        top = max([top, *predicted, *(row.observed.high for row in rows)])
    axes.plot([0, top], [0, top], color="#999999", linewidth=0.8, linestyle="--", label="perfect")
    axes.set_xlabel(f"Predicted {axis}")
    axes.set_ylabel(f"Observed {axis}")
    axes.legend(frameon=False)
    save_figure(figure, path)


def draw_importance(importance: Sequence[FeatureImportance], path: Path) -> None:
    """Draw mean absolute contributions as bars, the largest on top; protected ones marked."""
    figure, axes = new_figure(5.4, 0.6 + 0.26 * len(importance))
    names = [f"{row.label.en}{' *' if row.protected else ''}" for row in importance][::-1]
    colours = [WARN if row.protected else ACCENT for row in importance][::-1]
    axes.barh(names, [row.mean_absolute for row in importance][::-1], color=colours)
    axes.set_xlabel("Mean absolute contribution (log-odds)   * protected attribute")
    save_figure(figure, path)
