"""What the model is worth: in money, in points, and beside the baseline."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, Floats, bootstrap
from limner.assessment.comparison_evidence import (
    LearningPoint,
    PairedComparison,
    ProfitPoint,
    ScorecardBand,
    ScorecardEvidence,
    ValueEvidence,
)
from limner.domain import ScoreBand
from limner.outcomes.point_scale import PointScale
from limner.outcomes.value import break_even, profit_curve, value_at, values_when
from limner.samples import DataPart
from limner.settings import AssessmentSettings, ValueMatrix

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_CURVE_POINTS = 51


class Thresholds(NamedTuple):
    """Of the model and the baseline, best on validation, and of the decision in use."""

    model: float
    baseline: float
    served: float


def assess_value(
    sample: str, matrix: ValueMatrix, thresholds: Thresholds, probability: Floats,
    baseline: Floats, outcome: npt.NDArray[np.int64], settings: AssessmentSettings, seed: int,
    clusters: Clusters | None = None,
) -> ValueEvidence:  # fmt: skip
    """Value the decisions that a model, its baseline, and no model at all would take."""
    by_decision = {
        "model": value_at(matrix, probability, outcome, thresholds.model),
        "baseline": value_at(matrix, baseline, outcome, thresholds.baseline),
        "served": value_at(matrix, probability, outcome, thresholds.served),
        "everyone": values_when(matrix, True, outcome),
        "nobody": values_when(matrix, False, outcome),
    }
    names, stacked = list(by_decision), np.stack(list(by_decision.values()))

    def figures(weights: Floats) -> Mapping[str, float]:
        means = np.einsum("ij,j->i", stacked, weights) / weights.sum()
        found: dict[str, float] = {}
        for name, mean in zip(names, means, strict=True):
            found |= {f"value/{name}": float(mean), f"gain/{name}": float(means[0] - mean)}
        return found

    keys = frozenset(f"{kind}/{name}" for kind in ("value", "gain") for name in names)
    drawn = bootstrap(
        figures, len(outcome), settings.resamples, settings.confidence, seed, clusters, keys
    )
    return ValueEvidence(
        sample=sample,
        currency=matrix.currency,
        acting=matrix.acting,
        customers=len(outcome),
        threshold=thresholds.model,
        break_even=break_even(matrix),
        served_threshold=thresholds.served,
        acted=float(np.mean(probability >= thresholds.model)),
        served_acted=float(np.mean(probability >= thresholds.served)),
        values={name: drawn[f"value/{name}"] for name in names},
        gains={name: drawn[f"gain/{name}"] for name in names[1:]},
        curve=_curve(matrix, probability, baseline, outcome),
    )


def learning_points(
    parts: Mapping[str, DataPart], compared: Sequence[PairedComparison]
) -> tuple[LearningPoint, ...]:
    """Lay the learning curve out: comparisons of the whole model with those fitted on parts."""
    return tuple(
        LearningPoint(**parts[found.second]._asdict(), comparison=found)
        for found in compared
        if found.second in parts
    )


def assess_scorecard(
    scale: PointScale, bands: tuple[ScoreBand, ...], threshold: float, probability: Floats
) -> ScorecardEvidence:  # fmt: skip
    """Lay bands, threshold and the sample's scores out on the scale of points."""
    ends = [*scale.points([band.up_to for band in bands[:-1]]), None]
    points = np.quantile(scale.points(probability), _QUANTILES)
    return ScorecardEvidence(
        base_points=scale.base_points,
        base_odds=scale.base_odds,
        points_to_double=scale.points_to_double,
        factor=scale.factor,
        offset=scale.offset,
        threshold=float(scale.points(threshold)),
        bands=tuple(
            ScorecardBand(
                band=band.name,
                low=None if ends[i] is None else float(ends[i]),
                high=None if i == 0 else float(ends[i - 1]),
            )
            for i, band in enumerate(bands)
        ),
        quantiles={f"{q:g}": float(p) for q, p in zip(_QUANTILES, points, strict=True)},
    )


def _curve(
    matrix: ValueMatrix, probability: Floats, baseline: Floats, outcome: npt.NDArray[np.int64]
) -> tuple[ProfitPoint, ...]:
    shares = np.linspace(0, 1, _CURVE_POINTS)
    lines = [
        np.interp(shares, *profit_curve(matrix, scores, outcome)[:2])
        for scores in (probability, baseline)
    ]
    return tuple(
        ProfitPoint(share=float(share), model=float(model), baseline=float(base))
        for share, model, base in zip(shares, *lines, strict=True)
    )
