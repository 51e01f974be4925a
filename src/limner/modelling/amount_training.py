"""Fit a model of amounts: trees of the mean, trees of the interval's ends, calibration, tiers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.features.encoding import Matrix
from limner.modelling.amount_part import AmountPart, FittedTier, in_order
from limner.modelling.conformal import TooFewForInterval, conformity, correction
from limner.modelling.gradient_boosting import (
    AmountMatrix,
    BoostedTrees,
    TrainingCurve,
    amount_objective,
    fit_quantised,
    quantile_objective,
    quantise,
)
from limner.modelling.training import Fit, TrainingData, encoded_samples, fitted_features
from limner.samples import customer_numbers
from limner.settings import AmountSettings, ModelSettings

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class _Sample(NamedTuple):
    """Encoded rows of one sample, their amounts, and the number of each row's customer."""

    values: Matrix
    amounts: Floats
    customers: npt.NDArray[np.int64]

    def part(self, rows: Flags) -> "_Sample":
        return _Sample(self.values[rows], self.amounts[rows], self.customers[rows])

    def scaled(self, centre: float, scale: float) -> AmountMatrix:
        return AmountMatrix(self.values, (self.amounts - centre) / scale)


def fit_amount(data: TrainingData, settings: ModelSettings, seed: int, threads: int) -> Fit:
    """Fit trees on development; stop, calibrate and find tiers and intervals on validation.

    The interval is a conformalised quantile regression: one half of validation's customers
    stops its trees, the other half says how far its ends must be moved, tier by tier, so that
    it covers what it promises. A tier with too few customers takes everybody's correction.

    Raises:
        TooFewForInterval: validation has too few customers for the coverage asked for.
    """
    wanted = settings.amount
    assert wanted
    features = fitted_features(data)
    development, validation = (
        _sample(values, frame, data.outcome.column)
        for values, frame in zip(
            encoded_samples(data, features), (data.development, data.validation), strict=True
        )
    )
    centre, scale = float(development.amounts.mean()), float(development.amounts.std())
    stopping, held = _halves(validation, seed)
    bins = features, settings.training.max_bins, threads
    fitted_on = quantise(development.scaled(centre, scale), *bins)

    def fit(
        stopped_on: _Sample, objective: Mapping[str, Any]
    ) -> tuple[BoostedTrees, TrainingCurve]:
        return fit_quantised(
            fitted_on, quantise(stopped_on.scaled(centre, scale), *bins, fitted_on), features,
            settings.training, classes=1, seed=seed, threads=threads, objective=objective,
        )  # fmt: skip

    trees, curve = fit(validation, amount_objective(wanted.objective))
    tail = (1 - wanted.coverage) / 2
    ends, _ = fit(stopping, quantile_objective((tail, 1 - tail)))
    raw = centre + scale * trees.margins(validation.values).astype(np.float64)
    slope, intercept = calibration_line(raw, validation.amounts)
    part = AmountPart(
        centre=centre, scale=scale, slope=slope, intercept=intercept, coverage=wanted.coverage,
        tiers=_tiers(np.rint(intercept + slope * raw), wanted), gives=wanted.gives,
    )  # fmt: skip
    corrected = _with_corrections(data.model, part, trees, ends, held)
    return Fit(features, trees, curve, None, None, amount=corrected, ends=ends)


def calibration_line(predicted: Floats, amounts: Floats) -> tuple[float, float]:
    """Fit realised over predicted amounts by least squares: slope (never below 0), intercept.

    >>> calibration_line(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
    (2.0, 1.0)
    """
    spread = float(np.var(predicted))
    together = float(np.mean((predicted - predicted.mean()) * (amounts - amounts.mean())))
    slope = max(together / spread, 0.0) if spread > 0 else 0.0
    return slope, float(amounts.mean() - slope * predicted.mean())


def _sample(values: Matrix, frame: pd.DataFrame, amount: str) -> _Sample:
    numbers = customer_numbers(frame)
    return _Sample(
        values,
        frame[amount].to_numpy(dtype=np.float64),
        np.arange(len(frame)) if numbers is None else numbers,
    )


def _halves(validation: _Sample, seed: int) -> tuple[_Sample, _Sample]:
    """Part validation's customers into two random halves."""
    size = int(validation.customers.max()) + 1
    first = np.zeros(size, dtype=bool)
    first[np.random.default_rng(seed).permutation(size)[: size // 2]] = True
    inside = first[validation.customers]
    return validation.part(inside), validation.part(~inside)


def _tiers(expected: Floats, wanted: AmountSettings) -> tuple[FittedTier, ...]:
    """Freeze the tiers' ends at quantiles of validation; corrections come later."""
    offered_from = [tier.name for tier in wanted.tiers].index(wanted.offered_from)
    shares = [None, *(tier.up_to for tier in wanted.tiers[:-1])]
    return tuple(
        FittedTier(
            name=tier.name,
            from_minor=None if share is None else round(float(np.quantile(expected, share))),
            offered=place >= offered_from,
            correction_minor=0.0,
        )
        for place, (tier, share) in enumerate(zip(wanted.tiers, shares, strict=True))
    )


def _with_corrections(
    model: str, part: AmountPart, trees: BoostedTrees, ends: BoostedTrees, held: _Sample
) -> AmountPart:
    low, high = in_order(part.amounts(ends.margins(held.values)))
    beyond = conformity(low, high, held.amounts)
    tier = part.tier(part.expected(trees.margins(held.values)))
    customers = len(np.unique(held.customers))
    overall = correction(beyond, customers, part.coverage)
    if overall is None:
        raise TooFewForInterval(model, customers, part.coverage)
    tiers = []
    for place, found in enumerate(part.tiers):
        inside = tier == place
        within = len(np.unique(held.customers[inside]))
        own = correction(beyond[inside], within, part.coverage)
        moved = overall if own is None else own
        tiers.append(found.model_copy(update={"correction_minor": moved}))
    return part.model_copy(update={"tiers": tuple(tiers)})
