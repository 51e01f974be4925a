"""The only door to Fairlearn: what a decision gives to each group.

No figure here says that a model is fair. They say how often each group gets the
favourable outcome, how sure one can be of it, and where there is too little evidence.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.bootstrap import Clusters, estimate, resample_cells
from limner.assessment.evidence import AttributeEvidence, Estimate, FairnessEvidence, GroupEvidence
from limner.domain import Bilingual
from limner.settings import AssessmentSettings, FairnessSettings

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NOT_STATED = "not stated"
INSUFFICIENT = "insufficient evidence"
BELOW_LIMIT = "below the limit"
WITHIN_LIMIT = "within the limit"


def age_bands(ages: pd.Series, starts: tuple[int, ...]) -> pd.Series:
    """Name the age band of each customer, youngest first; unknown ages stay missing.

    >>> age_bands(pd.Series([29, 30, 61]), (30, 45, 60)).tolist()
    ['under 30', '30 to 44', '60 and over']
    """
    names = [f"under {starts[0]}"]
    names += [f"{low} to {high - 1}" for low, high in pairwise(starts)]
    names.append(f"{starts[-1]} and over")
    edges = [-np.inf, *starts, np.inf]
    return pd.cut(ages, edges, right=False, labels=names)


def assess_fairness(
    sample: str, favourable: Flags, deserving: Flags, attributes: Mapping[str, pd.Series],
    names: tuple[Bilingual, str], assessment: AssessmentSettings, limits: FairnessSettings,
    seed: int, clusters: Clusters | None = None,
) -> FairnessEvidence:  # fmt: skip
    """Compare the favourable outcome between the groups of each protected attribute.

    Args:
        favourable: who gets the favourable decision, shape (n_customers,).
        deserving: for whom that decision turned out right, same shape.
        attributes: group of each customer by attribute; missing is a group of its own.
        names: the favourable outcome, and who deserves it, in words.
    """
    return FairnessEvidence(
        sample=sample,
        favourable=names[0],
        deserving=names[1],
        minimum_selection_ratio=limits.minimum_selection_ratio,
        minimum_group=limits.minimum_group,
        minimum_outcomes=limits.minimum_outcomes,
        attributes=tuple(
            _assess_attribute(
                attribute, favourable, deserving, groups, assessment, limits, seed, clusters
            )
            for attribute, groups in attributes.items()
        ),
    )


def _assess_attribute(
    attribute: str, favourable: Flags, deserving: Flags, groups: pd.Series,
    assessment: AssessmentSettings, limits: FairnessSettings, seed: int,
    clusters: Clusters | None,
) -> AttributeEvidence:  # fmt: skip
    stated = groups.astype(object).where(groups.notna(), NOT_STATED).astype(str).to_numpy()
    point = _in_order(_by_group(favourable, deserving, stated), groups)
    cell = _cells(favourable, deserving, stated, list(point.index))
    shape = (len(point), 2, 2)
    counts = np.bincount(cell, minlength=4 * len(point)).reshape(shape)
    draws = resample_cells(cell, shape, assessment.resamples, seed, clusters)
    rates = _rates(draws)
    sufficient = np.array([_is_sufficient(cells, limits) for cells in counts])
    evidence = tuple(
        _group_evidence(
            str(group), counts[i], point.iloc[i], {k: v[:, i] for k, v in rates.items()},
            bool(sufficient[i]), assessment.confidence,
        )
        for i, group in enumerate(point.index)
    )  # fmt: skip
    if sufficient.sum() < 2:
        return AttributeEvidence(
            attribute=attribute, groups=evidence, selection_ratio=None,
            equal_opportunity_difference=None, verdict=INSUFFICIENT,
        )  # fmt: skip
    ratio, gap = _compare(point[sufficient], rates, sufficient, assessment.confidence)
    # Rounded because 0.32 / 0.4 is a hair below 0.8 in binary: four fifths is within.
    below = round(ratio.value, 9) < limits.minimum_selection_ratio
    return AttributeEvidence(
        attribute=attribute, groups=evidence, selection_ratio=ratio,
        equal_opportunity_difference=gap,
        verdict=BELOW_LIMIT if below else WITHIN_LIMIT,
    )  # fmt: skip


def _by_group(favourable: Flags, deserving: Flags, groups: npt.NDArray[np.object_]) -> pd.DataFrame:
    from fairlearn.metrics import (
        MetricFrame,
        false_positive_rate,
        selection_rate,
        true_positive_rate,
    )

    metrics = {
        "selection_rate": selection_rate,
        "true_positive_rate": true_positive_rate,
        "false_positive_rate": false_positive_rate,
    }
    frame = MetricFrame(
        metrics=metrics, y_true=deserving.astype(int), y_pred=favourable.astype(int),
        sensitive_features=groups,
    )  # fmt: skip
    by_group: pd.DataFrame = frame.by_group
    return by_group


def _in_order(by_group: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Put groups in the order of their categories if they have one, such as age bands."""
    if not isinstance(groups.dtype, pd.CategoricalDtype):
        return by_group
    known = [str(group) for group in groups.cat.categories]
    order = [group for group in [*known, NOT_STATED] if group in by_group.index]
    return by_group.loc[order]


def _cells(
    favourable: Flags, deserving: Flags, groups: npt.NDArray[np.object_], names: list[str]
) -> npt.NDArray[np.int64]:
    """Number each customer's cell: by group, deserving (no, yes) and favourable (no, yes)."""
    number = {name: i for i, name in enumerate(names)}
    group = np.array([number[g] for g in groups], dtype=np.int64)
    return np.asarray(group * 4 + deserving * 2 + favourable)


def _rates(counts: Floats) -> dict[str, Floats]:
    """Rates of each group in each resample: shape (resamples, n_groups)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "selection_rate": counts[..., 1].sum(axis=2) / counts.sum(axis=(2, 3)),
            "true_positive_rate": counts[:, :, 1, 1] / counts[:, :, 1].sum(axis=2),
            "false_positive_rate": counts[:, :, 0, 1] / counts[:, :, 0].sum(axis=2),
        }


def _is_sufficient(cells: npt.NDArray[np.int64], limits: FairnessSettings) -> bool:
    outcomes = cells.sum(axis=1)
    enough = cells.sum() >= limits.minimum_group and outcomes.min() >= limits.minimum_outcomes
    return bool(enough)


def _group_evidence(
    group: str, cells: npt.NDArray[np.int64], point: "pd.Series[float]",
    draws: Mapping[str, Floats], sufficient: bool, confidence: float,
) -> GroupEvidence:  # fmt: skip
    deserving = int(cells[1].sum())
    countable = {
        "selection_rate": True,
        "true_positive_rate": deserving > 0,
        "false_positive_rate": deserving < cells.sum(),
    }
    estimates = {
        name: estimate(point[name], draws[name], confidence) if countable[name] else None
        for name in countable
    }
    return GroupEvidence(
        group=group, customers=int(cells.sum()), deserving=deserving, sufficient=sufficient,
        **estimates,
    )  # fmt: skip


def _compare(
    point: pd.DataFrame, rates: Mapping[str, Floats], sufficient: Flags, confidence: float
) -> tuple[Estimate, Estimate]:
    selection, found = point["selection_rate"], point["true_positive_rate"]
    drawn = rates["selection_rate"][:, sufficient]
    found_drawn = rates["true_positive_rate"][:, sufficient]
    highest = drawn.max(axis=1)
    ratios = np.divide(drawn.min(axis=1), highest, out=np.ones_like(highest), where=highest > 0)
    ratio = selection.min() / selection.max() if selection.max() > 0 else 1.0
    gaps = found_drawn.max(axis=1) - found_drawn.min(axis=1)
    return (
        estimate(float(ratio), ratios, confidence),
        estimate(float(found.max() - found.min()), gaps, confidence),
    )
