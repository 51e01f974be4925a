"""Figures of a model of several products: how each is ranked, and whether its chances hold."""

from collections.abc import Sequence
from pathlib import Path

from limner.assessment.evidence import Estimate, ProductEvidence
from limner.assessment.plots import ACCENT, FAINT, WARN, new_panels, save_figure

_SAMPLE_MARKS = {"test": ("o", ACCENT), "out_of_time": ("s", WARN)}
_PANELS = (("auc", "AUC", 0.5), ("lift_10", "Lift of the highest tenth", 1.0))
_APART = 0.18


def draw_products(products: Sequence[ProductEvidence], path: Path) -> None:
    """Draw AUC and lift by product with intervals, one mark a sample; dotted: chance."""
    kinds = list(dict.fromkeys(product.kind for product in products))
    words = {product.kind: product.words.en for product in products}
    figure, panels = new_panels(8.4, 0.9 + 0.45 * len(kinds), 2)
    for axes, (name, title, chance) in zip(panels, _PANELS, strict=True):
        for number, (sample, (marker, colour)) in enumerate(_SAMPLE_MARKS.items()):
            found = [p for p in products if p.sample == sample]
            if not found:
                continue
            estimates = [p.found.figures[name] for p in found]
            axes.errorbar(
                [e.value for e in estimates],
                [kinds.index(p.kind) + (number - 0.5) * 2 * _APART for p in found],
                xerr=_bars(estimates), marker=marker, markersize=5, linestyle="none", capsize=2,
                elinewidth=1, color=colour, markerfacecolor=colour if number == 0 else "white",
                label=sample.replace("_", " "),
            )  # fmt: skip
        axes.axvline(chance, color=FAINT, linewidth=0.8, linestyle=":")
        axes.set_yticks(range(len(kinds)), [words[kind] for kind in kinds])
        axes.invert_yaxis()
        axes.set_xlabel(title)
    panels[0].legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2)
    figure.tight_layout()
    save_figure(figure, path)


def draw_product_reliability(products: Sequence[ProductEvidence], path: Path) -> None:
    """Draw observed against predicted rate on test, one panel a product."""
    judged = [product for product in products if product.sample == "test"]
    figure, panels = new_panels(2.3 * len(judged), 2.6, len(judged))
    for axes, product in zip(panels, judged, strict=True):
        rows = product.found.reliability
        axes.errorbar(
            [100 * row.predicted for row in rows], [100 * row.observed.value for row in rows],
            yerr=[[100 * part for part in side] for side in _bars([r.observed for r in rows])],
            marker="o", markersize=3.5, linewidth=1, elinewidth=1, capsize=2, color=ACCENT,
        )  # fmt: skip
        highest = 104 * max(max(row.predicted, row.observed.high) for row in rows)
        axes.plot([0, highest], [0, highest], color=FAINT, linewidth=0.8, linestyle=":", zorder=0)
        axes.set(xlim=(0, highest), ylim=(0, highest), aspect="equal")
        axes.set_title(product.words.en, fontsize=9)
        axes.set_xlabel("Predicted (%)")
    panels[0].set_ylabel("Observed (%)")
    figure.tight_layout()
    save_figure(figure, path)


def _bars(estimates: Sequence[Estimate]) -> list[list[float]]:
    """Lengths below and above each value; moved intervals may not reach it on one side."""
    return [
        [max(found.value - found.low, 0.0) for found in estimates],
        [max(found.high - found.value, 0.0) for found in estimates],
    ]
