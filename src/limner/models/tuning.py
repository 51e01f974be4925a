"""Find a model's training parameters on development and validation, by cross-fitting."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from limner.errors import NothingToTune
from limner.modelling.cross_fitting import PreparedFold, fit_fold, prepare_folds
from limner.modelling.folds import stratified_folds
from limner.modelling.search import (
    Direction,
    Parameters,
    Room,
    Trial,
    best_first,
    importance,
    search,
)
from limner.modelling.training import Progress
from limner.models.evaluation import EncodedRows, encode_rows, judge, method_of
from limner.models.fitting import training_data
from limner.models.input_checks import check_input
from limner.models.spec import ModelSpec
from limner.settings import Settings, Training, Tuned
from limner.settings.tuning import Objective

_DIGITS = 4


@dataclass(frozen=True)
class Tuning:
    """A search that has ended: every trial, and what made the difference."""

    trials: tuple[Trial, ...]
    direction: Direction
    importance: Mapping[str, float]
    training: Training
    tuned: Tuned

    @property
    def best(self) -> tuple[Trial, ...]:
        """Return the trials, best first."""
        return best_first(self.trials, self.direction)


def tune(
    spec: ModelSpec, development: pd.DataFrame, validation: pd.DataFrame, settings: Settings,
    sample_digest: str, study: Path, progress: Progress,
) -> Tuning:  # fmt: skip
    """Search for the training parameters that judge held-out folds best.

    Each trial fits one model a fold, on bins that are made once for all trials. The
    parameters that the settings have are tried first, so that the best is never worse.
    The same samples, settings and seed find the same, however often interrupted.

    Args:
        sample_digest: SHA-256 of the sample; another sample begins another search.
        study: SQLite file that holds the trials.

    Raises:
        NothingToTune: the model is a segmentation, asks about several products or predicts
            an amount.
        TooFewEvents: the rarer outcome is too rare for so many folds.
        FeatureUnfit, LeakSuspected, SingleClassSample: see :func:`check_input`.
    """
    refuse_untunable(spec)
    data = training_data(spec, development, validation, settings)
    check_input(data, settings.training_checks, predicts=True)
    population = encode_rows(spec, pd.concat([development, validation]), settings)
    prepared = _prepare(spec, population, settings)
    wanted, base = settings.tuning, settings.model(spec.name).training
    room = _room(spec, settings, sample_digest)

    def score(parameters: Parameters) -> float:
        return _score(prepared, population, with_parameters(base, parameters), spec, settings)

    first = {name: getattr(base, name) for name in wanted.ranges}
    trials = search(study, room, wanted.trials, first, score, _tell(wanted.trials, progress))
    best = best_first(trials, room.direction)[0]
    tuned = Tuned(
        trials=len(trials), folds=wanted.folds, seed=settings.seed, objective=wanted.objective,
        score=round(best.score, 5), before=round(trials[0].score, 5), sample=sample_digest[:12],
    )  # fmt: skip
    chosen = base if best.number == 0 else with_parameters(base, best.parameters)
    return Tuning(trials, room.direction, importance(study, room), chosen, tuned)


def refuse_untunable(spec: ModelSpec) -> None:
    """Refuse a model that has not the one outcome that a search judges by.

    Raises:
        NothingToTune: it is a segmentation, asks about several products or predicts an amount.
    """
    if spec.family == "choice":
        raise NothingToTune(
            spec.name, "it has an outcome a product, and a search judges by one",
            f"try settings with 'dvc exp run -S models.{spec.name}.training.…' and read its test"
            " figures by product",
        )  # fmt: skip
    if spec.family == "segmentation":
        raise NothingToTune(
            spec.name, "it is a segmentation, whose trees only copy its clusters",
            f"set models.{spec.name}.segmentation and read its stability instead",
        )  # fmt: skip
    if spec.family == "amount":
        raise NothingToTune(
            spec.name, "it predicts an amount, which the search's objectives do not judge",
            f"state models.{spec.name}.training by hand, and read its error on validation"
            f" (uv run dvc metrics show artifacts/models/{spec.name}/metrics.json)",
        )  # fmt: skip


def with_parameters(base: Training, parameters: Parameters) -> Training:
    """Replace some training parameters, each to the digits that params.yaml will have."""
    rounded = {name: rounded_parameter(value) for name, value in parameters.items()}
    return Training.model_validate(base.model_dump() | rounded)


def rounded_parameter(value: float) -> float | int:
    """Keep four significant digits: what is tried is what will be written.

    >>> rounded_parameter(0.0312345)
    0.03123
    """
    return value if isinstance(value, int) else float(f"{value:.{_DIGITS}g}")


def _prepare(
    spec: ModelSpec, population: EncodedRows, settings: Settings
) -> tuple[PreparedFold, ...]:
    wanted = settings.tuning
    folds = stratified_folds(
        spec.name, spec.outcome.column, population.outcome, population.customers,
        folds=wanted.folds, stopping_share=wanted.stopping_share,
        least_events=settings.training_checks.least_events, seed=settings.seed,
    )  # fmt: skip
    max_bins = settings.model(spec.name).training.max_bins
    return prepare_folds(
        population.values, population.outcome, population.features, folds, max_bins,
        settings.runtime.threads,
    )  # fmt: skip


def _score(
    prepared: tuple[PreparedFold, ...], population: EncodedRows, training: Training,
    spec: ModelSpec, settings: Settings,
) -> float:  # fmt: skip
    calibration = method_of(settings.model(spec.name))
    found = []
    for fold in prepared:
        fit = fit_fold(fold, population.features, training, settings.seed, settings.runtime.threads)
        figures = judge(fold, fit, calibration, settings.assessment.calibration_bins)
        found.append(getattr(figures, settings.tuning.objective))
    return float(np.mean(found))


def _room(spec: ModelSpec, settings: Settings, sample_digest: str) -> Room:
    """Name a search by all that its scores rest on: anything else changed is another search."""
    wanted, model = settings.tuning, settings.model(spec.name)
    rests_on = {
        "sample": sample_digest,
        "features": spec.used_features,
        "monotone": dict(spec.monotone),
        # Not those that are searched for: what a search found does not end it.
        "training": model.training.model_dump(exclude=set(wanted.ranges)),
        "calibration": model.calibration,
        "seed": settings.seed,
        "threads": settings.runtime.threads,
        **wanted.model_dump(exclude={"trials"}),
    }
    digest = hashlib.sha256(json.dumps(rests_on, sort_keys=True, default=asdict).encode())
    direction = direction_of(wanted.objective)
    whole = frozenset(
        name for name in wanted.ranges if Training.model_fields[name].annotation is int
    )
    return Room(
        f"{spec.name} {digest.hexdigest()[:12]}", wanted.ranges, whole, direction,
        wanted.starting, settings.seed,
    )  # fmt: skip


def direction_of(objective: Objective) -> Direction:
    """Say whether more of it is better."""
    return "minimize" if objective == "log_loss" else "maximize"


def _tell(trials: int, progress: Progress) -> Callable[[Trial, Trial], None]:
    def tell(trial: Trial, best: Trial) -> None:
        progress(
            f"trial {trial.number + 1} of {trials}: {trial.score:.5f}"
            f" (best {best.score:.5f}, trial {best.number + 1})"
        )

    return tell
