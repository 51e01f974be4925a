"""How good a model is, by folds over all customers given: the figure that others publish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.calibration_error import Reliability
from limner.assessment.discrimination import Ranking
from limner.assessment.evidence import CrossFitted, Estimate
from limner.assessment.over_folds import over_folds
from limner.features.encoding import FittedFeature, Matrix, encode, fit_features
from limner.modelling.calibration import Method, fit_calibration
from limner.modelling.cross_fitting import FoldFit, PreparedFold, fit_fold, prepare_folds
from limner.modelling.folds import Fold, stratified_folds
from limner.modelling.training import Progress, facts_of
from limner.models.fitting import fill_missing, training_data
from limner.models.spec import ModelSpec
from limner.samples import CUSTOMER_COLUMN
from limner.settings import ModelSettings, Settings, Training

Outcome = npt.NDArray[np.int64]


@dataclass(frozen=True)
class EncodedRows:
    """Rows as a model reads them: shapes (n_rows, n_features) and (n_rows,)."""

    features: tuple[FittedFeature, ...]
    values: Matrix
    outcome: Outcome
    customers: npt.NDArray[Any]


@dataclass(frozen=True)
class FoldFigures:
    """One fold's figures, of customers that its model was not fitted on."""

    auc: float
    average_precision: float
    ece: float
    log_loss: float
    rounds: int


@dataclass(frozen=True)
class Evaluation:
    """Figures of every fold, and of how many customers they are; ``repeats`` divisions of them."""

    customers: int
    events: int
    folds: tuple[FoldFigures, ...]
    repeats: int = 1

    def over(self, confidence: float) -> Mapping[str, Estimate]:
        """Mean of each figure over the folds with its interval."""
        return {
            name: over_folds([getattr(f, name) for f in self.folds], confidence, self.repeats)
            for name in ("auc", "average_precision", "ece", "log_loss")
        }

    def as_evidence(self, confidence: float) -> CrossFitted:
        """State the figures as a reviewer reads them."""
        folds = len(self.folds) // self.repeats
        aucs = np.array([fold.auc for fold in self.folds]).reshape(self.repeats, folds).mean(axis=1)
        return CrossFitted(
            customers=self.customers,
            events=self.events,
            repeats=self.repeats,
            folds=folds,
            figures=self.over(confidence),
            lowest_auc=float(aucs.min()),
            highest_auc=float(aucs.max()),
        )


def encode_rows(spec: ModelSpec, customers: pd.DataFrame, settings: Settings) -> EncodedRows:
    """Encode customers for a model; categories are those that any of them has.

    Raises:
        FeatureForbidden: the definition asks for a feature it may not use.
    """
    data = training_data(spec, customers, customers, settings)
    # What fills a gap is learnt from all of them, for it never sees an outcome.
    data, _ = fill_missing(spec, data, settings, lambda _: None)
    facts = facts_of(data.development, data.columns)
    features = fit_features(data.features, data.monotone, data.columns, facts)
    values = encode(features, data.columns, facts, f"model {spec.name}")
    outcome = customers[spec.outcome.column].to_numpy().astype(np.int64)
    known = CUSTOMER_COLUMN in customers
    who = customers[CUSTOMER_COLUMN].to_numpy() if known else np.arange(len(customers))
    return EncodedRows(features, values, outcome, who)


def evaluate_by_folds(
    spec: ModelSpec, customers: pd.DataFrame, settings: Settings, *, folds: int, seed: int,
    progress: Progress,
) -> Evaluation:  # fmt: skip
    """Judge every customer once, by a model that was fitted without them.

    Boosting stops early, and the probability is calibrated, on a part of each fold's
    fitted rows (``tuning.stopping_share``); the judged part has no say in either.

    Raises:
        TooFewEvents: the rarer outcome is too rare for so many folds.
        FeatureForbidden: the definition asks for a feature it may not use.
    """
    population = encode_rows(spec, customers, settings)
    parts = stratified_folds(
        spec.name, spec.outcome.column, population.outcome, population.customers, folds=folds,
        stopping_share=settings.tuning.stopping_share,
        least_events=settings.training_checks.least_events, seed=seed,
    )  # fmt: skip
    return evaluate_parts(spec, population, parts, settings, seed, progress)


def evaluate_repeatedly(
    spec: ModelSpec, customers: pd.DataFrame, settings: Settings, seed: int, progress: Progress
) -> Evaluation:
    """Judge every customer several times, each time by folds that are drawn anew.

    With few events one division into folds is a matter of luck; how often they are drawn, and
    into how many, is ``assessment.cross_fitting``. Otherwise as :func:`evaluate_by_folds`.

    Raises:
        TooFewEvents: the rarer outcome is too rare for so many folds.
        FeatureForbidden: the definition asks for a feature it may not use.
    """
    wanted = settings.assessment.cross_fitting
    population = encode_rows(spec, customers, settings)
    parts = [
        fold
        for repeat in range(wanted.repeats)
        for fold in stratified_folds(
            spec.name, spec.outcome.column, population.outcome, population.customers,
            folds=wanted.folds, stopping_share=wanted.stopping_share,
            least_events=wanted.least_events, seed=seed + repeat,
        )
    ]  # fmt: skip
    found = evaluate_parts(spec, population, parts, settings, seed, lambda _: None)
    auc = found.over(settings.assessment.confidence)["auc"]
    progress(
        f"{spec.name}, cross-fitted {wanted.repeats} times {wanted.folds}: AUC {auc.value:.4f}"
    )
    return replace(found, repeats=wanted.repeats)


def evaluate_parts(
    spec: ModelSpec, population: EncodedRows, parts: Sequence[Fold], settings: Settings, seed: int,
    progress: Progress,
) -> Evaluation:  # fmt: skip
    """Judge a model on given parts of the customers, such as quarters after an origin."""
    model, threads = settings.model(spec.name), settings.runtime.threads
    found = []
    for number, part in enumerate(parts, start=1):
        (prepared,) = prepare_folds(
            population.values, population.outcome, population.features, [part],
            model.training.max_bins, threads,
        )  # fmt: skip
        fit = fit_fold(prepared, population.features, model.training, seed, threads)
        figures = judge(prepared, fit, method_of(model), settings.assessment.calibration_bins)
        progress(f"{spec.name}, part {number} of {len(parts)}: AUC {figures.auc:.4f}")
        found.append(figures)
    return Evaluation(len(population.outcome), int(population.outcome.sum()), tuple(found))


def method_of(model: ModelSettings) -> Method:
    """Calibrate as the settings say; where they leave it open, by Platt's two numbers."""
    if model.calibration is None:
        return "none"
    return "platt" if model.calibration == "auto" else model.calibration


def judge(prepared: PreparedFold, fit: FoldFit, calibration: Method, bins: int) -> FoldFigures:
    """Compute the figures of one fold's judged customers."""
    outcome = prepared.judged.outcome
    weights = np.ones(len(outcome))
    ranking = Ranking(fit.judged, outcome).figures(weights)
    fitted = fit_calibration(calibration, fit.stopped, prepared.stopped.outcome)
    reliability = Reliability(fitted.probability(fit.judged), outcome, bins).figures(weights)
    return FoldFigures(
        auc=ranking["auc"],
        average_precision=ranking["average_precision"],
        ece=reliability["ece"],
        log_loss=reliability["log_loss"],
        rounds=fit.rounds,
    )


def with_training(settings: Settings, model: str, training: Training) -> Settings:
    """Return the settings with other training parameters for one model."""
    changed = settings.model(model).model_copy(update={"training": training})
    return settings.model_copy(update={"models": {**settings.models, model: changed}})


def without_directions(spec: ModelSpec) -> ModelSpec:
    """Return the model's twin whose features may move the score either way."""
    return replace(spec, monotone={})
