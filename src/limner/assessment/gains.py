"""The gains table: what the highest scores catch, tenth by tenth."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from limner.assessment.estimate import Estimate
from limner.assessment.soundness_evidence import GainsRow

Floats = npt.NDArray[np.float64]
Figure = TypeVar("Figure")

DECILES: Floats = np.arange(1, 11) / 10
# Figures that may lie beyond 0 and 1 though all resampled values do not.
UNBOUNDED = frozenset(
    {"log_loss", "lift_10", "calibration_slope", "calibration_intercept"}
    | {f"gains/lift/{decile}" for decile in range(1, 11)}
)
_KINDS = ("capture", "lift", "rate")


def gains_figures(captured: Floats, event_rate: float) -> dict[str, float]:
    """Name the figures of a gains table, so that they are resampled with all others.

    Args:
        captured: share of all events down to each decile, shape (10,).
        event_rate: of the whole sample or resample.

    Source:
        Siddiqi (2006), Credit Risk Scorecards, gains chart.
    """
    rates = np.diff(captured, prepend=0.0) * event_rate * len(captured)
    columns = {"capture": captured, "lift": captured / DECILES, "rate": rates}
    return {
        f"gains/{kind}/{decile}": float(value)
        for kind in _KINDS
        for decile, value in enumerate(columns[kind], start=1)
    }


def gains_table(figures: Mapping[str, Estimate], customers: int) -> tuple[GainsRow, ...]:
    """Lay the estimated figures out as a table, the highest scores first."""
    return tuple(
        GainsRow(
            share=float(share),
            customers=round(share * customers) - round((share - 0.1) * customers),
            **{kind: figures[f"gains/{kind}/{decile}"] for kind in _KINDS},
        )
        for decile, share in enumerate(DECILES, start=1)
    )


def without_gains(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Leave out the figures of the table."""
    return {name: value for name, value in figures.items() if not name.startswith("gains/")}
