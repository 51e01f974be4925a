"""What a credit model's figures would be on all applicants, if the refused were so much riskier.

Outcomes of those who were refused credit are never seen: a model, and every figure of it, is of
the accepted. How much riskier the refused are than accepted applicants of the same score cannot
be learnt from the accepted; it is stated, as a multiplier of the odds, and the figures are given
over a range of it.

Source:
    Hand and Henley (1993), Can reject inference ever work?; Siddiqi (2006), Credit Risk
    Scorecards, on fuzzy augmentation and parcelling.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Floats, bootstrap
from limner.assessment.discrimination import AreaUnderCurve
from limner.assessment.estimate import Estimate, Evidence
from limner.settings import AssessmentSettings

Outcome = npt.NDArray[np.int64]
_HIGHEST_LOG_MULTIPLIER = 20.0


class AssumedFigures(Evidence):
    """Figures of all applicants under one assumption on the refused.

    Attributes:
        odds_multiplier: odds of the refused over those of accepted applicants of their score.
        refused_rate: share of the refused who would have the outcome.
        rate, auc: of all applicants, accepted and refused.
    """

    odds_multiplier: float
    refused_rate: float
    rate: Estimate
    auc: Estimate


class Accepted(NamedTuple):
    """Accepted applicants: probability, shape (n,), and what came of it, 0 or 1."""

    probability: Floats
    outcome: Outcome


def assume_refused(
    accepted: Accepted, refused: Floats, odds_multiplier: float, settings: AssessmentSettings,
    seed: int,
) -> AssumedFigures:  # fmt: skip
    """Work out the figures on all applicants by fuzzy augmentation.

    Each refused applicant stands in two rows, with the outcome and without it, weighted by the
    chance of either. Applicants are drawn again with both of their rows.

    Args:
        refused: probability of each refused applicant, calibrated on the accepted.
    """
    chance = multiply_odds(refused, odds_multiplier)
    numbers = len(accepted.outcome) + np.arange(len(refused))
    outcome = np.concatenate([accepted.outcome, np.ones_like(numbers), np.zeros_like(numbers)])
    weight = np.concatenate([np.ones(len(accepted.outcome)), chance, 1 - chance])
    unit = np.concatenate([np.arange(len(accepted.outcome)), numbers, numbers])
    area = AreaUnderCurve(np.concatenate([accepted.probability, refused, refused]), outcome)

    def figures(drawn: Floats) -> Mapping[str, float]:
        weighted = drawn * weight
        rate = float(np.sum(weighted * outcome) / weighted.sum())
        return {"rate": rate, "auc": area(weighted)}

    found = bootstrap(
        figures, len(outcome), settings.resamples, settings.confidence, seed, unit
    )  # fmt: skip
    return AssumedFigures(
        odds_multiplier=odds_multiplier, refused_rate=float(chance.mean()),
        rate=found["rate"], auc=found["auc"],
    )  # fmt: skip


def multiply_odds(probability: Floats, multiplier: float) -> Floats:
    """Raise (or lower) probabilities by a factor on their odds.

    >>> multiply_odds(np.array([0.5, 0.2]), 3.0).round(4).tolist()
    [0.75, 0.4286]
    """
    odds = multiplier * probability
    return np.asarray(odds / (1 - probability + odds))


def implied_multiplier(probability: Floats, events: float) -> float:
    """Find the multiplier of the odds under which so many events are expected.

    Args:
        events: above 0 and below the number of applicants.

    >>> round(implied_multiplier(np.array([0.2, 0.5]), 0.75 + 0.4286), 2)
    3.0
    """
    low, high = -_HIGHEST_LOG_MULTIPLIER, _HIGHEST_LOG_MULTIPLIER
    for _ in range(60):
        middle = (low + high) / 2
        expected = multiply_odds(probability, float(np.exp(middle))).sum()
        low, high = (middle, high) if expected < events else (low, middle)
    return float(np.exp((low + high) / 2))


def parcel(probability: Floats, seed: int) -> Outcome:
    """Deal outcomes out to applicants, so that every stretch of scores has its expected share.

    Along rising probability the expected events are added up; whoever takes the sum past a
    whole number (from a start drawn by ``seed``) has the outcome.

    >>> int(parcel(np.full(1000, 0.1), 1).sum())
    100
    """
    order = np.argsort(probability, kind="stable")
    reached = np.cumsum(probability[order]) + np.random.default_rng(seed).random()
    steps = np.diff(np.floor(reached), prepend=0.0)
    outcome = np.empty(len(probability), dtype=np.int64)
    outcome[order] = np.minimum(steps, 1).astype(np.int64)
    return outcome
