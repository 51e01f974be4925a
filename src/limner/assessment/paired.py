"""Two models on the same customers: the difference of their figures, with its interval."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, Floats, bootstrap
from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.discrimination import AreaUnderCurve
from limner.assessment.estimate import Estimate
from limner.settings import AssessmentSettings

_FIGURES = ("auc", "log_loss", "brier")
_SMALLEST = 1e-15


def compare_paired(
    sample: str, first: tuple[str, Floats], second: tuple[str, Floats],
    outcome: npt.NDArray[np.int64], settings: AssessmentSettings, seed: int,
    clusters: Clusters | None = None,
) -> PairedComparison:  # fmt: skip
    """Compare two models by paired bootstrap, such as champion and challenger.

    Args:
        first, second: name and probabilities, shape (n_customers,), same customers.
        outcome: 0 or 1, same shape, both present.

    Source:
        Efron and Tibshirani (1993), An introduction to the bootstrap; DeLong et al. (1988)
        for why the two must be compared on the same customers.
    """
    others = {second[0]: second[1]}
    return compare_with_each(sample, first, others, outcome, settings, seed, clusters)[0]


def compare_with_each(
    sample: str, first: tuple[str, Floats], others: Mapping[str, Floats],
    outcome: npt.NDArray[np.int64], settings: AssessmentSettings, seed: int,
    clusters: Clusters | None = None,
) -> tuple[PairedComparison, ...]:  # fmt: skip
    """Compare one model with several at once: all on the same resamples."""
    name, probability = first
    mine = _Figures(probability, outcome)
    theirs = {other: _Figures(found, outcome) for other, found in others.items()}

    def differences(weights: Floats) -> Mapping[str, float]:
        found = mine(weights)
        return {
            f"{other}/{key}": found[key] - value
            for other, figures in theirs.items()
            for key, value in figures(weights).items()
        }

    keys = frozenset(f"{other}/{key}" for other in theirs for key in _FIGURES)
    drawn = bootstrap(
        differences, len(outcome), settings.resamples, settings.confidence, seed, clusters, keys
    )
    every = np.ones(len(outcome))
    return tuple(
        PairedComparison(
            sample=sample,
            first=name,
            second=other,
            customers=len(outcome),
            first_figures=mine(every),
            second_figures=figures(every),
            differences=_of(other, drawn),
        )
        for other, figures in theirs.items()
    )


def _of(other: str, drawn: Mapping[str, Estimate]) -> dict[str, Estimate]:
    return {key: drawn[f"{other}/{key}"] for key in _FIGURES}


class _Figures:
    """AUC, log loss and Brier score as functions of how often each customer was drawn."""

    def __init__(self, probability: Floats, outcome: npt.NDArray[np.int64]) -> None:
        self._auc = AreaUnderCurve(probability, outcome)
        bounded = np.clip(probability, _SMALLEST, 1 - _SMALLEST)
        loss = -np.where(outcome == 1, np.log(bounded), np.log1p(-bounded))
        self._sums = np.stack([loss, (probability - outcome) ** 2])

    def __call__(self, weights: Floats) -> dict[str, float]:
        loss, squared = np.einsum("ij,j->i", self._sums, weights) / weights.sum()
        return {"auc": self._auc(weights), "log_loss": float(loss), "brier": float(squared)}
