"""Figures of what a model is worth: gains, learning curve, profit curve."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.assessment.comparison_evidence import LearningPoint, ValueEvidence
from limner.assessment.plots import ACCENT, FAINT, WARN, new_figure, new_panels, save_figure
from limner.assessment.soundness_evidence import GainsRow

if TYPE_CHECKING:
    from limner.assessment.plots import Axes

_SAMPLE_LINES = {"test": ("o", "-", ACCENT), "out_of_time": ("s", "--", WARN)}

# Of each family two: probabilities, amounts, several products.
_LEARNT = (
    ("auc", "AUC (higher is better)"),
    ("log_loss", "Log loss (lower is better)"),
    ("r2", "R² (higher is better)"),
    ("mae", "Mean absolute error (lower is better)"),
    ("hit_1", "First recommendation taken (higher is better)"),
    ("mean_auc", "Mean AUC of the products (higher is better)"),
)


def draw_gains(gains: Mapping[str, Sequence[GainsRow]], path: Path) -> None:
    """Draw the share of events captured by share of customers, one line a sample."""
    figure, axes = new_figure(4.6, 3.6)
    for sample, rows in gains.items():
        marker, line, colour = _SAMPLE_LINES[sample]
        shares, values = [100 * row.share for row in rows], [row.capture for row in rows]
        axes.errorbar(
            [0, *shares], [0, *(100 * v.value for v in values)],
            yerr=[
                [0, *(100 * max(v.value - v.low, 0) for v in values)],
                [0, *(100 * max(v.high - v.value, 0) for v in values)],
            ],
            marker=marker, markersize=4, linewidth=1.2, linestyle=line, elinewidth=1, capsize=2,
            color=colour, markerfacecolor="white" if line != "-" else colour,
            label=sample.replace("_", " "),
        )  # fmt: skip
    axes.plot([0, 100], [0, 100], color=FAINT, linewidth=0.8, linestyle=":", label="at random")
    axes.set(xlabel="Customers, highest scores first (%)", ylabel="Events captured (%)",
             xlim=(0, 101), ylim=(0, 103))  # fmt: skip
    axes.legend(frameon=False, loc="lower right")
    save_figure(figure, path)


def draw_learning(points: Sequence[LearningPoint], customers: int, path: Path) -> None:
    """Draw figures on test by rows of development; bars are of the difference."""
    compared = points[-1].comparison.first_figures
    shown = [(name, title) for name, title in _LEARNT if name in compared]
    figure, panels = new_panels(8.4, 3.0, len(shown))
    for axes, (name, title) in zip(panels, shown, strict=True):
        _draw_figure(axes, points, customers, name)
        axes.set(xlabel="Rows of development", ylabel=title)
        axes.set_xscale("log", base=2)
        places = [*(point.customers for point in points), customers]
        axes.set_xticks(places, [f"{place:,}" for place in places])
        axes.minorticks_off()
        axes.margins(x=0.08)
    figure.tight_layout()
    save_figure(figure, path)


def draw_value(found: Sequence[ValueEvidence], path: Path) -> None:
    """Draw the profit curves of model and baseline, one panel a sample."""
    figure, panels = new_panels(4.4 * len(found), 3.3, len(found))
    for axes, value in zip(panels, found, strict=True):
        shares = [100 * point.share for point in value.curve]
        axes.plot(shares, [p.model for p in value.curve], color=ACCENT, linewidth=1.4,
                  label="model")  # fmt: skip
        axes.plot(shares, [p.baseline for p in value.curve], color=WARN, linewidth=1.2,
                  linestyle="--", label="baseline")  # fmt: skip
        axes.plot(100 * value.acted, value.values["model"].value, marker="D", markersize=6,
                  color=ACCENT, linestyle="none", label="threshold of highest value")  # fmt: skip
        axes.plot(100 * value.served_acted, value.values["served"].value, marker="o",
                  markersize=7, markerfacecolor="white", color=ACCENT, linestyle="none",
                  label="threshold in use")  # fmt: skip
        axes.set(xlabel="Customers acted on, highest scores first (%)", xlim=(-1, 101))
        axes.set_title(value.sample.replace("_", " "), fontsize=9)
    panels[0].set_ylabel(f"{found[0].currency} a customer")
    panels[0].legend(frameon=False, fontsize=8)
    figure.tight_layout()
    save_figure(figure, path)


def _draw_figure(axes: "Axes", points: Sequence[LearningPoint], customers: int, name: str) -> None:
    whole = points[-1].comparison.first_figures[name]
    places = [*(point.customers for point in points), customers]
    values = [*(point.comparison.second_figures[name] for point in points), whole]
    axes.plot(places, values, color=ACCENT, linewidth=1.2, marker="o", markersize=4)
    for point in points:
        found = point.comparison.differences[name]
        axes.plot([point.customers] * 2, [whole - found.high, whole - found.low], color=ACCENT,
                  linewidth=1)  # fmt: skip
    axes.axhline(whole, color=FAINT, linewidth=0.8, linestyle=":")
