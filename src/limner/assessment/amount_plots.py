"""Plots of a model of amounts: intervals beside what was earned."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from limner.assessment.amount_evidence import DecileEvidence
from limner.assessment.plots import ACCENT, INK, WARN, new_panels, save_figure
from limner.domain import SampleName

_TITLES = {SampleName.TEST.value: "test", SampleName.OUT_OF_TIME.value: "out of time"}


def draw_intervals(deciles: Sequence[DecileEvidence], coverage: float, path: Path) -> None:
    """Draw mean intervals of tenths of the customers, and where that share of amounts lay."""
    samples = list(dict.fromkeys(found.sample for found in deciles))
    typical = float(np.median([abs(found.expected) for found in deciles]))
    linear = 10.0 ** np.floor(np.log10(max(typical, 1.0)))
    figure, panels = new_panels(4.4 * len(samples), 3.6, len(samples))
    for axes, sample in zip(panels, samples, strict=True):
        rows = [found for found in deciles if found.sample == sample]
        places = [place + 1 for place in range(len(rows))]
        axes.vlines(
            [place - 0.14 for place in places], [row.low for row in rows],
            [row.high for row in rows], color=ACCENT, linewidth=5, alpha=0.35,
            label="interval, mean ends",
        )  # fmt: skip
        axes.vlines(
            [place + 0.14 for place in places], [row.realised_low for row in rows],
            [row.realised_high for row in rows], color=WARN, linewidth=1.4, linestyle="--",
            label=f"middle {coverage:.0%} of amounts",
        )  # fmt: skip
        axes.plot(
            [place - 0.14 for place in places], [row.expected for row in rows], "o",
            color=ACCENT, markersize=4.5, label="expected",
        )  # fmt: skip
        axes.plot(
            [place + 0.14 for place in places], [row.realised for row in rows], "s",
            color=INK, markersize=4, markerfacecolor="white", label="realised, mean",
        )  # fmt: skip
        axes.set_title(_TITLES.get(sample, sample), fontsize=9)
        axes.set_xlabel("Tenth of customers by expected amount")
        axes.set_xticks(places)
        # Few customers earn a hundred times what most do: all are to be seen.
        axes.set_yscale("symlog", linthresh=linear)
    panels[0].set_ylabel("Minor units")
    panels[0].legend(frameon=False, loc="upper left", fontsize=8)
    save_figure(figure, path)
