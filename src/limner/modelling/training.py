"""Fit one model whole: trees, then calibration and threshold, or segments and a surrogate."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.contract import Column
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature, Matrix, encode, fit_features
from limner.features.values import Facts
from limner.modelling.amount_part import AmountPart
from limner.modelling.calibration_choice import calibrate
from limner.modelling.calibration_sample import BuiltRows, Division, Fitting
from limner.modelling.choice import ChoicePart
from limner.modelling.fitted import ProbabilityPart, SegmentationPart
from limner.modelling.gradient_boosting import (
    BoostedTrees,
    LabelledMatrix,
    TrainingCurve,
    fit_trees,
)
from limner.modelling.segment_profile import describe_segments
from limner.modelling.segmentation import (
    Stability,
    choose_segments,
    fit_clustering,
    fit_space,
    measure_stability,
)
from limner.outcomes.definitions import Outcome
from limner.outcomes.point_scale import PointScale
from limner.outcomes.products import Product
from limner.samples import customer_numbers, latest_rows
from limner.settings import ModelSettings, Training

Progress = Callable[[str], None]
# Margins that a calibration is learnt from, what became of them, and who each row is of.
Learnt = tuple[npt.ArrayLike, npt.NDArray[np.int64], npt.NDArray[np.int64] | None]


class TrainingData(NamedTuple):
    """What a model is fitted from: two samples, and what their columns mean.

    ``taken_back`` are columns that a person stated to be known before the outcome.
    """

    model: str
    features: Sequence[Feature]
    columns: Mapping[str, Column]
    development: pd.DataFrame
    validation: pd.DataFrame
    outcome: Outcome
    monotone: Mapping[str, int]
    products: Sequence[Product] = ()
    taken_back: frozenset[str] = frozenset()


class Fit(NamedTuple):
    """Trees, the features they read, and one of the parts that finish a model.

    ``ends`` are the trees of an amount's interval.
    """

    features: tuple[FittedFeature, ...]
    trees: BoostedTrees
    curve: TrainingCurve
    probability: ProbabilityPart | None
    segmentation: SegmentationPart | None
    amount: AmountPart | None = None
    ends: BoostedTrees | None = None
    choice: ChoicePart | None = None


def facts_of(frame: pd.DataFrame, columns: Mapping[str, Column]) -> Facts:
    """Take the contract's columns out of a table, as arrays."""
    return {name: frame[name].to_numpy() for name in columns if name in frame}


def fit_probability(
    data: TrainingData, settings: ModelSettings, folds: int, seed: int, threads: int,
    scale: PointScale | None = None, division: Division | None = None,
) -> Fit:  # fmt: skip
    """Fit trees on development; stop, calibrate and set the threshold on validation.

    Args:
        scale: of points; None for a model that gives none.
        division: how the built rows are parted, where they calibrate (``calibrated_on: folds``).
        folds: of validation, on which a calibration is chosen where the settings say ``auto``.

    Raises:
        TooFewForFolds: an outcome has fewer customers in validation than there are folds.
    """
    assert settings.calibration and settings.bands and settings.favourable_share
    features = fitted_features(data)
    development, validation = encoded_samples(data, features)
    outcomes = [
        frame[data.outcome.column].to_numpy() for frame in (data.development, data.validation)
    ]
    fitted_on, stopped_on = (
        LabelledMatrix(values, outcome)
        for values, outcome in zip((development, validation), outcomes, strict=True)
    )
    trees, curve = fit_trees(
        fitted_on, stopped_on, features, settings.training, classes=2, seed=seed, threads=threads
    )
    margins = trees.margins(validation)
    customers = [customer_numbers(frame) for frame in (data.development, data.validation)]
    learnt: Learnt = (margins, stopped_on.outcome, customers[1])
    if settings.calibrated_on == "folds":
        assert division, "who calibrates on folds says how rows are parted"
        built = BuiltRows.of(
            data.model, data.outcome.column, (fitted_on, stopped_on), customers, division
        )
        fit = tree_fitting(features, settings.training, seed, threads)
        learnt = (built.out_of_fold(fit), built.rows.outcome, built.customers)
    calibration = calibrate(settings.calibration, data.model, *learnt[:2], folds, seed, learnt[2])
    threshold = favourable_threshold(
        calibration.probability(margins), settings.favourable_share, data.outcome
    )
    part = ProbabilityPart(
        calibration=calibration, bands=settings.bands, threshold=threshold, scale=scale,
        calibrated_on=settings.calibrated_on,
    )  # fmt: skip
    return Fit(features, trees, curve, part, None)


def tree_fitting(
    features: Sequence[FittedFeature], training: Training, seed: int, threads: int
) -> Fitting:
    """Say how trees are fitted on one sample and stopped on another."""

    def fit(fitted: LabelledMatrix, stopped: LabelledMatrix) -> Callable[[Matrix], npt.ArrayLike]:
        trees, _ = fit_trees(
            fitted, stopped, features, training, classes=2, seed=seed, threads=threads
        )
        return trees.margins

    return fit


def fit_segments(
    data: TrainingData, settings: ModelSettings, seed: int, threads: int, progress: Progress
) -> Fit:
    """Choose stable segments on development, then fit the surrogate that assigns them.

    Segments are formed of each customer once, as last seen: who has many snapshots has no more
    say. The surrogate learns from every snapshot, and all describe the segments: who leaves
    has a last row that says so.
    """
    assert settings.segmentation
    wanted = settings.segmentation
    formed_of = facts_of(latest_rows(data.development), data.columns)
    space = fit_space(wanted, data.features, data.columns, formed_of)
    design = space.place(data.columns, formed_of)
    measured: list[Stability] = []
    for stability in measure_stability(space, design, wanted, seed, threads):
        measured.append(stability)
        progress(f"{stability.segments} segments: adjusted Rand index {stability.mean:.3f}")
    chosen = choose_segments(measured, wanted.minimum_stability)
    clustering = fit_clustering(space, design, chosen, wanted.starts, seed)

    labels, stopping_labels = (
        clustering.assign(data.columns, facts_of(frame, data.columns))
        for frame in (data.development, data.validation)
    )
    features = fitted_features(data)
    development, validation = encoded_samples(data, features)
    trees, curve = fit_trees(
        LabelledMatrix(development, labels), LabelledMatrix(validation, stopping_labels),
        features, settings.training, classes=chosen, seed=seed, threads=threads,
    )  # fmt: skip
    segments = describe_segments(
        data.features, data.columns, facts_of(data.development, data.columns), labels,
        data.development[data.outcome.column].to_numpy(), wanted.defining_features,
    )  # fmt: skip
    part = SegmentationPart(clustering=clustering, segments=segments, stability=tuple(measured))
    return Fit(features, trees, curve, None, part)


def favourable_threshold(
    probability: npt.NDArray[np.float64], share: float, outcome: Outcome
) -> float:
    """Find the probability that gives the favourable decision to a share of customers.

    A decision is favourable at or above the threshold if the outcome's favourable
    side is above, and strictly below it otherwise.
    """
    above = outcome.favourable_side == "above"
    return float(np.quantile(probability, 1 - share if above else share))


def fitted_features(data: TrainingData) -> tuple[FittedFeature, ...]:
    """Learn each category's codes from development."""
    facts = facts_of(data.development, data.columns)
    return fit_features(data.features, data.monotone, data.columns, facts)


def encoded_samples(
    data: TrainingData, features: Sequence[FittedFeature]
) -> list[npt.NDArray[np.float32]]:
    """Encode development and validation."""
    samples = (("development", data.development), ("validation", data.validation))
    return [
        encode(features, data.columns, facts_of(frame, data.columns),
               f"model {data.model}, {name} sample")
        for name, frame in samples
    ]  # fmt: skip
