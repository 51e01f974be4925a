"""The only door to matplotlib: small figures for reviewers, the same bytes every time.

A figure must survive a black-and-white printer: nothing is told by colour alone.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.assessment.evidence import FeatureImportance, ReliabilityBin

if TYPE_CHECKING:
    # "as" hands these two on to modules that may not open this door themselves.
    from matplotlib.axes import Axes as Axes  # noqa: PLC0414
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure as Figure  # noqa: PLC0414

INK, ACCENT, WARN, FAINT = "#1b2a33", "#1f5673", "#b5532a", "#999999"
DOTS_PER_INCH = 160
# What contributions to a score are in, where nothing else is said.
LOG_ODDS = "log-odds"
_SAMPLE_MARKS = {"test": ("o", "-", ACCENT), "out_of_time": ("s", "--", WARN)}
# Above this the lower bins of a reliability plot can be told apart without enlarging.
_CROWDED_BELOW = 0.4


def new_figure(width: float, height: float) -> "tuple[Figure, Axes]":
    """Open a figure with one set of axes; sizes in inches."""
    figure, panels = new_panels(width, height, 1)
    return figure, panels[0]


def new_panels(width: float, height: float, panels: int) -> "tuple[Figure, list[Axes]]":
    """Open a figure with several sets of axes side by side; sizes in inches."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    pyplot.rcParams.update(
        {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
         "axes.edgecolor": INK, "text.color": INK, "axes.labelcolor": INK,
         "xtick.color": INK, "ytick.color": INK, "hatch.linewidth": 0.6}
    )  # fmt: skip
    figure, axes = pyplot.subplots(1, panels, figsize=(width, height), squeeze=False)
    return figure, list(axes[0])


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a PNG without the date or version that would change its bytes, and close it."""
    from matplotlib import pyplot

    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS_PER_INCH, bbox_inches="tight", metadata={"Software": None})
    pyplot.close(figure)


def low_to_high() -> "Colormap":
    """Return colours from low (light) to high (dark), which keep their order in grey."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("low_to_high", ["#edc948", "#d1793c", "#3b2a6b"])


def draw_reliability(bins: Mapping[str, Sequence[ReliabilityBin]], axis: str, path: Path) -> None:
    """Draw observed against predicted rate per bin, with intervals, one line a sample.

    Where most bins of the first sample crowd near zero, a second panel enlarges them.
    """
    first = next(iter(bins.values()))
    crowded = _crowded(first)
    figure, panels = new_panels(8.4 if crowded else 4.6, 4.0, 2 if crowded else 1)
    for axes in panels:
        for sample, rows in bins.items():
            _draw_bins(axes, sample, rows)
        axes.set_xlabel(f"Predicted {axis}")
    panels[0].set_ylabel(f"Observed {axis}")
    _fit_square(panels[0], [row for rows in bins.values() for row in rows])
    panels[0].legend(frameon=False, loc="lower left", bbox_to_anchor=(-0.02, 1.0))
    if crowded:
        _fit_square(panels[1], crowded)
        panels[1].set_title(f"Enlarged: the lower {len(crowded)} of {len(first)} bins", fontsize=9)
    save_figure(figure, path)


def draw_importance(
    importance: Sequence[FeatureImportance], path: Path, unit: str = LOG_ODDS
) -> None:
    """Draw mean absolute contributions as bars, the largest on top; protected ones marked."""
    digits = "%.3f" if unit == LOG_ODDS else "%.0f"
    figure, axes = new_figure(6.2, 0.7 + 0.27 * len(importance))
    for place, row in enumerate(importance):
        bars = axes.barh(
            place, row.mean_absolute, height=0.62, color=WARN if row.protected else ACCENT,
            hatch="///" if row.protected else None, edgecolor="white", linewidth=0,
            label="_" if not row.protected else "* protected attribute",
        )  # fmt: skip
        axes.bar_label(bars, fmt=digits, padding=3, fontsize=8)
    names = [f"{row.label.en}{' *' if row.protected else ''}" for row in importance]
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.margins(x=0.1)
    axes.set_xlabel(f"Mean absolute contribution ({unit})")
    if any(row.protected for row in importance):
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(handles[:1], labels[:1], frameon=False, loc="lower right")
    save_figure(figure, path)


def _crowded(rows: Sequence[ReliabilityBin]) -> Sequence[ReliabilityBin]:
    """Return all bins but the upper two if those two take up most of the axis."""
    lower = rows[:-2]
    apart = len(lower) > 1 and lower[-1].predicted < _CROWDED_BELOW * rows[-1].predicted
    return lower if apart else ()


def _draw_bins(axes: "Axes", sample: str, rows: Sequence[ReliabilityBin]) -> None:
    marker, line, colour = _SAMPLE_MARKS.get(sample, ("^", ":", INK))
    below = [max(row.observed.value - row.observed.low, 0) for row in rows]
    above = [max(row.observed.high - row.observed.value, 0) for row in rows]
    axes.errorbar(
        [row.predicted for row in rows], [row.observed.value for row in rows],
        yerr=[below, above], marker=marker, markersize=4.5, linewidth=1, linestyle=line,
        elinewidth=1, capsize=2, color=colour, markerfacecolor="white" if line != "-" else colour,
        label=f"{sample.replace('_', ' ')} ({sum(row.customers for row in rows):,} customers)",
    )  # fmt: skip


def _fit_square(axes: "Axes", rows: Sequence[ReliabilityBin]) -> None:
    """Give both axes the same ends around these bins, and draw where both would be equal."""
    low = min(min(row.predicted, row.observed.low) for row in rows)
    high = max(max(row.predicted, row.observed.high) for row in rows)
    low = 0.0 if low < high / 2 else low
    margin = 0.04 * (high - low)
    ends = (low - margin, high + margin)
    axes.plot(ends, ends, color=FAINT, linewidth=0.8, linestyle=":", zorder=0,
              label="observed equals predicted")  # fmt: skip
    axes.set(xlim=ends, ylim=ends, aspect="equal")
    if high > 1:
        # Amounts: their digits would run into each other.
        axes.locator_params(axis="x", nbins=4)
