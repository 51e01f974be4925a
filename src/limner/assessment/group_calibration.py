"""Calibration by group: do probabilities come true in every score band and for everyone?"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.bootstrap import Clusters, Floats, ratio_estimate, resampled_weights
from limner.assessment.fairness import NOT_STATED
from limner.assessment.soundness_evidence import CalibratedGroup, GroupCalibration
from limner.domain import ScoreBand
from limner.settings import AssessmentSettings, FairnessSettings

SCORE_BAND = "score_band"


def score_bands(probability: Floats, bands: tuple[ScoreBand, ...]) -> pd.Series:
    """Name each customer's score band as ``limner.domain.band_of`` does, all at once."""
    ends = np.array([band.up_to for band in bands[:-1]])
    names = np.array([band.name for band in bands], dtype=object)
    found = names[np.searchsorted(ends, probability, side="right")]
    return pd.Series(pd.Categorical(found, categories=list(names), ordered=True))


def calibrate_groups(
    sample: str, probability: Floats, outcome: npt.NDArray[np.int64],
    attributes: Mapping[str, pd.Series], settings: AssessmentSettings, limits: FairnessSettings,
    seed: int, clusters: Clusters | None = None,
) -> tuple[GroupCalibration, ...]:  # fmt: skip
    """Hold observed against expected events in every group, with intervals.

    Customers are drawn again with their probabilities, so that an interval knows of both
    sides of the ratio. A group with fewer customers, or fewer events or non-events, than
    ``limits`` is insufficient evidence.

    Args:
        attributes: group of each customer by attribute; missing is a group of its own.
    """
    coded = {name: _codes(groups) for name, groups in attributes.items()}
    if not coded:
        return ()
    # Resampled once for all attributes: by the cells in which customers agree in all of them.
    stacked = np.stack([codes for codes, _ in coded.values()])
    cells, cell = np.unique(stacked, axis=1, return_inverse=True)
    cell = np.asarray(cell).ravel()
    drawn = _sums_by_cell(cell, probability, outcome, settings.resamples, seed, clusters)
    point = _sums(np.ones(len(cell)), cell, probability, outcome)
    return tuple(
        GroupCalibration(
            sample=sample,
            attribute=name,
            groups=tuple(
                _group(group, cells[row] == number, point, drawn, settings.confidence, limits)
                for number, group in enumerate(groups)
            ),
        )
        for row, (name, (_, groups)) in enumerate(coded.items())
    )


def _codes(groups: pd.Series) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Number the groups that occur: in the order of their categories, or alphabetically."""
    stated = groups.astype(object).where(groups.notna(), NOT_STATED).astype(str).to_numpy()
    present = set(stated)
    if isinstance(groups.dtype, pd.CategoricalDtype):
        order = [str(group) for group in groups.cat.categories]
        names = [g for g in [*order, NOT_STATED] if g in present]
    else:
        names = sorted(present)
    number = {name: i for i, name in enumerate(names)}
    return np.array([number[group] for group in stated], dtype=np.int64), names


def _sums(
    weights: Floats, cell: npt.NDArray[np.int64], probability: Floats,
    outcome: npt.NDArray[np.int64],
) -> Floats:  # fmt: skip
    """Sum customers, expected and observed events by cell: shape (3, n_cells)."""
    columns = (weights, weights * probability, weights * outcome)
    return np.stack([np.bincount(cell, column) for column in columns])


def _sums_by_cell(
    cell: npt.NDArray[np.int64], probability: Floats, outcome: npt.NDArray[np.int64],
    resamples: int, seed: int, clusters: Clusters | None,
) -> Floats:  # fmt: skip
    weights = resampled_weights(len(cell), resamples, seed, clusters)
    return np.stack([_sums(weight, cell, probability, outcome) for weight in weights])


def _group(
    group: str, inside: npt.NDArray[np.bool_], point: Floats, drawn: Floats, confidence: float,
    limits: FairnessSettings,
) -> CalibratedGroup:  # fmt: skip
    customers, expected, events = (float(value) for value in point[:, inside].sum(axis=1))
    _, expected_drawn, events_drawn = np.moveaxis(drawn[:, :, inside].sum(axis=2), 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = events_drawn / expected_drawn
    enough = min(events, customers - events) >= limits.minimum_outcomes
    return CalibratedGroup(
        group=group,
        customers=int(customers),
        events=int(events),
        expected=expected,
        observed_to_expected=(
            ratio_estimate(events / expected, ratios, confidence) if expected > 0 else None
        ),
        sufficient=enough and customers >= limits.minimum_group,
    )
