"""Two models on the same customers: the difference of their figures, with its interval."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, Floats, bootstrap
from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.discrimination import AreaUnderCurve
from limner.settings import AssessmentSettings

Figures = Callable[[Floats], Mapping[str, float]]
MODEL = "model"
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
    return compare_figures(
        sample, (name, _Figures(probability, outcome)),
        {other: _Figures(found, outcome) for other, found in others.items()}, _FIGURES,
        len(outcome), settings, seed, clusters,
    )  # fmt: skip


def compare_figures(
    sample: str, first: tuple[str, Figures], others: Mapping[str, Figures], keys: Sequence[str],
    customers: int, settings: AssessmentSettings, seed: int, clusters: Clusters | None = None,
) -> tuple[PairedComparison, ...]:  # fmt: skip
    """Compare figures of any kind of one model with several others', on the same resamples.

    Args:
        first, others: figures by how often each of the customers was drawn, by model.
        keys: those that are compared.
    """
    name, mine = first

    def differences(weights: Floats) -> Mapping[str, float]:
        own = mine(weights)
        found = {other: figures(weights) for other, figures in others.items()}
        return {f"{other}/{key}": own[key] - f[key] for other, f in found.items() for key in keys}

    drawn = bootstrap(
        differences, customers, settings.resamples, settings.confidence, seed, clusters,
        frozenset(f"{other}/{key}" for other in others for key in keys),
    )  # fmt: skip
    every = np.ones(customers)
    return tuple(
        PairedComparison(
            sample=sample,
            first=name,
            second=other,
            customers=customers,
            first_figures=_of(keys, mine(every)),
            second_figures=_of(keys, figures(every)),
            differences={key: drawn[f"{other}/{key}"] for key in keys},
        )
        for other, figures in others.items()
    )


def _of(keys: Sequence[str], figures: Mapping[str, float]) -> dict[str, float]:
    return {key: figures[key] for key in keys}


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
