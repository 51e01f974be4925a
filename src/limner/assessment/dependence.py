"""Dependence plots: how much each value of one feature moves the score."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from limner.assessment.plots import ACCENT, FAINT, LOG_ODDS, WARN, new_figure
from limner.features.encoding import FittedFeature, Matrix

if TYPE_CHECKING:
    from limner.assessment.plots import Axes, Figure

Floats = npt.NDArray[np.float64]
# Numbers with no more distinct values than this are counts: spread a little, never cut off.
_FEW_VALUES = 25


def draw_dependence(
    fitted: FittedFeature, values: Matrix, moved: Floats, seed: int, unit: str = LOG_ODDS
) -> "Figure":
    """Draw one point a customer: the feature's value and what it contributed.

    Customers whose value is missing stand apart, and those beyond the axis are counted
    below it, so that a reader knows of everyone.

    Args:
        values: encoded values, shape (n_customers,), NaN where missing.
        moved: contributions in ``unit``, same shape.
    """
    figure, axes = new_figure(4.4, 3.2)
    generator = np.random.default_rng(seed)
    if fitted.categories:
        note = _draw_categories(axes, fitted.categories, values, moved, generator)
    else:
        note = _draw_numbers(axes, values, moved, generator)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    of_feature = f" ({fitted.feature.unit})" if fitted.feature.unit else ""
    axes.set_xlabel(fitted.feature.label.en + of_feature + note)
    axes.set_ylabel(f"Contribution ({unit})")
    axes.tick_params(labelsize=8)
    return figure


def _draw_categories(
    axes: "Axes", categories: Sequence[str], values: Matrix, moved: Floats,
    generator: np.random.Generator,
) -> str:  # fmt: skip
    """Draw categories from the lowest mean contribution to the highest, each with its size."""
    present = [code for code in range(len(categories)) if (values == code).any()]
    ordered = sorted(present, key=lambda code: float(moved[values == code].mean()))
    labels = []
    for place, code in enumerate(ordered):
        inside = moved[values == code]
        _draw_points(axes, np.full(len(inside), place), inside, 0.25, generator)
        labels.append(f"{categories[code]} ({len(inside):,})")
    missing = moved[np.isnan(values)]
    if len(missing):
        labels.append(_draw_missing(axes, len(ordered), 0.25, missing, generator))
    axes.set_xticks(range(len(labels)), labels)
    if len(labels) > 3:
        for label in axes.get_xticklabels():
            label.set(rotation=35, ha="right", rotation_mode="anchor")
    axes.set_xlim(-0.6, len(labels) - 0.4)
    return ""


def _draw_numbers(
    axes: "Axes", values: Matrix, moved: Floats, generator: np.random.Generator
) -> str:
    """Draw numbers on a linear axis; return a note on the customers beyond it."""
    missing = np.isnan(values)
    distinct = np.unique(values[~missing])
    few = len(distinct) <= _FEW_VALUES
    low, high = _axis_ends(values[~missing], few)
    shown = (values >= low) & (values <= high)
    span = (high - low) or 1.0
    spread = 0.2 * float(np.diff(distinct).min(initial=span)) if few else 0.0
    margin = max(0.06 * span, 1.2 * spread)
    _draw_points(axes, values[shown], moved[shown], spread, generator)
    left = low - margin
    if missing.any():
        ticks = [float(tick) for tick in axes.get_xticks() if low <= tick <= high and shown.any()]
        place, left = left - 0.1 * span, left - 0.18 * span
        label = _draw_missing(axes, place, 0.03 * span, moved[missing], generator)
        axes.set_xticks([place, *ticks], [label, *(f"{tick:g}" for tick in ticks)])
    axes.set_xlim(left, high + margin)
    beyond = int((~missing & ~shown).sum())
    return f"\n{beyond:,} of {len(values):,} customers lie beyond the axis" if beyond else ""


def _draw_points(
    axes: "Axes", places: npt.ArrayLike, moved: Floats, spread: float,
    generator: np.random.Generator,
) -> None:  # fmt: skip
    across = np.asarray(places, dtype=np.float64) + generator.uniform(-spread, spread, len(moved))
    axes.scatter(across, moved, s=9, linewidth=0, color=ACCENT, alpha=0.3)


def _draw_missing(
    axes: "Axes", place: float, spread: float, moved: Floats, generator: np.random.Generator
) -> str:
    """Draw customers whose value is missing in a mark of their own; return their tick's label."""
    across = place + generator.uniform(-spread, spread, len(moved))
    axes.scatter(across, moved, marker="x", s=10, linewidth=0.7, color=WARN, alpha=0.5)
    return f"missing\n({len(moved):,})"


def _axis_ends(known: Matrix, few: bool) -> tuple[float, float]:
    """End the axis where 99 of 100 customers lie, if the others would crush them."""
    if not len(known):
        return 0.0, 1.0
    low, high = (float(end) for end in np.quantile(known, [0.005, 0.995]))
    least, most = float(known.min()), float(known.max())
    whole = few or low == high or most - least < 2 * (high - low)
    return (least, most) if whole else (low, high)
