"""Assess expected amounts and their intervals on one sample: figures, deciles, tiers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from limner.assessment.amount_evidence import DecileEvidence, TierEvidence
from limner.assessment.amount_figures import UNBOUNDED, AmountFigures, Intervals
from limner.assessment.bootstrap import Clusters, bootstrap, estimate, resampled_weights
from limner.assessment.calibration_error import equal_count_bins
from limner.assessment.evidence import Estimate, ReliabilityBin, SampleEvidence
from limner.settings import AssessmentSettings

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class AmountSample(NamedTuple):
    """One sample as a model of amounts scores it; money in minor units, n_customers rows.

    ``tier`` is the place of each customer's tier; ``clusters`` numbers the customer of each
    row, where one stands in several.
    """

    expected: Floats
    amounts: Floats
    interval: Floats
    tier: Places
    clusters: Clusters | None

    @property
    def intervals(self) -> Intervals:
        return Intervals(self.interval, self.tier)


def assess_amount_sample(
    sample: AmountSample, offered_from_minor: int, settings: AssessmentSettings, seed: int,
    judged: bool,
) -> SampleEvidence:  # fmt: skip
    """Compute every figure on one sample, with intervals where it judges.

    Args:
        offered_from_minor: who earned this much counts as having the outcome.
    """
    customers = len(sample.amounts)
    figures = AmountFigures(sample.expected, sample.amounts, sample.intervals)
    found: dict[str, Estimate] = {}
    if judged:
        found = bootstrap(
            figures, customers, settings.resamples, settings.confidence, seed, sample.clusters,
            UNBOUNDED,
        )  # fmt: skip
    earned = sample.amounts >= offered_from_minor
    return SampleEvidence(
        customers=customers,
        events=int(earned.sum()),
        event_rate=float(earned.mean()),
        values=figures(np.ones(customers)),
        figures=found,
        reliability=_reliability(sample, settings, seed),
        clusters=None if sample.clusters is None else int(sample.clusters.max()) + 1,
    )


def assess_tiers(
    name: str, sample: AmountSample, tiers: Sequence[tuple[str, bool]],
    settings: AssessmentSettings, seed: int,
) -> tuple[TierEvidence, ...]:  # fmt: skip
    """Say of each tier what was earned in it and whether its intervals hold.

    Args:
        tiers: name of each tier and whether it gets the favourable decision, the lowest first.
    """
    inside = sample.intervals.hold(sample.amounts)
    low, high = sample.interval.T
    realised = _means(sample.amounts, sample.tier, len(tiers), sample.clusters, settings, seed)
    covered = _means(inside, sample.tier, len(tiers), sample.clusters, settings, seed)
    found = []
    for place, (tier, offered) in enumerate(tiers):
        rows = sample.tier == place
        found.append(
            TierEvidence(
                sample=name, tier=tier, offered=offered, customers=int(rows.sum()),
                expected=float(sample.expected[rows].mean()) if rows.any() else 0.0,
                realised=realised[place], coverage=covered[place],
                width=float((high - low)[rows].mean()) if rows.any() else 0.0,
            )
        )  # fmt: skip
    return tuple(found)


def assess_deciles(
    name: str, sample: AmountSample, coverage: float, bins: int
) -> tuple[DecileEvidence, ...]:
    """Lay intervals beside what was earned, by tenths of the expected amount."""
    tail = (1 - coverage) / 2
    inside = sample.intervals.hold(sample.amounts)
    bin_of = equal_count_bins(sample.expected, bins)
    found = []
    for place in range(int(bin_of.max()) + 1):
        rows = bin_of == place
        amounts, ends = sample.amounts[rows], sample.interval[rows].mean(axis=0)
        lower, upper = np.quantile(amounts, [tail, 1 - tail])
        found.append(
            DecileEvidence(
                sample=name, customers=int(rows.sum()),
                expected=float(sample.expected[rows].mean()), low=float(ends[0]),
                high=float(ends[1]), realised=float(amounts.mean()), realised_low=float(lower),
                realised_high=float(upper), coverage=float(inside[rows].mean()),
            )
        )  # fmt: skip
    return tuple(found)


def _reliability(
    sample: AmountSample, settings: AssessmentSettings, seed: int
) -> tuple[ReliabilityBin, ...]:
    """Mean expected beside mean realised amount, in bins of equal count."""
    bin_of = equal_count_bins(sample.expected, settings.calibration_bins)
    bins = int(bin_of.max()) + 1
    customers = np.bincount(bin_of, minlength=bins)
    expected = np.bincount(bin_of, sample.expected, bins) / customers
    realised = _means(sample.amounts, bin_of, bins, sample.clusters, settings, seed)
    return tuple(
        ReliabilityBin(customers=int(customers[i]), predicted=float(expected[i]), observed=found)
        for i, found in enumerate(realised)
        if found is not None
    )


def _means(
    numbers: Floats, group: Places, groups: int, clusters: Clusters | None,
    settings: AssessmentSettings, seed: int,
) -> list[Estimate | None]:  # fmt: skip
    """Mean of each group with its interval; None where nobody is in it."""

    def means(weights: Floats) -> Floats:
        counted = np.bincount(group, weights, groups)
        summed = np.bincount(group, weights * numbers, groups)
        with np.errstate(invalid="ignore"):
            return np.asarray(summed / counted)

    point = means(np.ones(len(numbers)))
    drawn = np.stack(
        [means(w) for w in resampled_weights(len(numbers), settings.resamples, seed, clusters)]
    )
    return [
        None if np.isnan(value) else estimate(float(value), drawn[:, i], settings.confidence)
        for i, value in enumerate(point)
    ]
