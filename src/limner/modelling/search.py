"""The only door to Optuna: a seeded search that goes on where it was interrupted."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from limner.settings.tuning import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    import optuna

Parameters = Mapping[str, float | int]
Score = Callable[[Parameters], float]
Direction = Literal["maximize", "minimize"]

_TRIED = "tried"


@dataclass(frozen=True)
class Trial:
    """Parameters that were tried and the score they reached."""

    number: int
    parameters: Parameters
    score: float


@dataclass(frozen=True)
class Room:
    """What is searched, and how.

    Attributes:
        name: of the study in its file; a search of anything else needs another name.
        starting: trials drawn at random before the search learns from them.
        whole: parameters that are whole numbers.
    """

    name: str
    ranges: Mapping[str, Range]
    whole: frozenset[str]
    direction: Direction
    starting: int
    seed: int


def search(
    file: Path, room: Room, trials: int, first: Parameters, score: Score,
    done: Callable[[Trial, Trial], None],
) -> tuple[Trial, ...]:  # fmt: skip
    """Try settings until ``trials`` of them have a score; those in the file count.

    What a trial proposes depends on the seed, its place and the scores before it only:
    a search that was interrupted ends as one that was not.

    Args:
        file: SQLite file of the study; made if absent.
        first: tried before all others as it is; the search learns of it as if it lay inside
            the ranges.
        score: of one proposal.
        done: told of each trial as it ends, and of the best so far.

    Returns:
        every scored trial, in order.
    """
    import optuna

    with _quiet():
        study = _open(file, room)
        found = _scored(study)
        while len(found) < trials:
            place = len(found)
            study.sampler = optuna.samplers.TPESampler(
                seed=(room.seed + place) % 2**32, n_startup_trials=room.starting, multivariate=True
            )
            if place == 0:
                study.enqueue_trial(_inside(room, first), user_attrs={_TRIED: dict(first)})
            asked = study.ask(_distributions(room))
            study.tell(asked, score(asked.user_attrs.get(_TRIED, asked.params)))
            found = _scored(study)
            done(found[-1], best_first(found, room.direction)[0])
    return found


def best_first(trials: Sequence[Trial], direction: Direction) -> tuple[Trial, ...]:
    """Order trials by score; of equal ones the earlier comes first."""
    sign = -1 if direction == "maximize" else 1
    return tuple(sorted(trials, key=lambda trial: (sign * trial.score, trial.number)))


def importance(file: Path, room: Room) -> dict[str, float]:
    """Share of the scores' variance that each parameter explains; sums to 1.

    Returns:
        nothing where there are too few trials to tell.

    Source:
        Hutter, Hoos and Leyton-Brown (2014), An efficient approach for assessing
        hyperparameter importance (fANOVA, on random forests).
    """
    from optuna.importance import FanovaImportanceEvaluator, get_param_importances

    with _quiet():
        study = _open(file, room)
        if len(_scored(study)) < 2 * max(5, len(room.ranges)):
            return {}
        evaluator = FanovaImportanceEvaluator(seed=room.seed % 2**32)
        found = get_param_importances(study, evaluator=evaluator, params=list(room.ranges))
    return {name: float(value) for name, value in found.items()}


def _open(file: Path, room: Room) -> "optuna.Study":
    import optuna

    file.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=f"sqlite:///{file}", study_name=room.name, direction=room.direction,
        load_if_exists=True,
    )  # fmt: skip
    # What an interrupted run left half done is tried again, as if it had not begun.
    for trial in study.get_trials(deepcopy=False):
        if not trial.state.is_finished():
            study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
    return study


def _scored(study: "optuna.Study") -> tuple[Trial, ...]:
    import optuna

    complete = study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))
    return tuple(
        Trial(place, trial.user_attrs.get(_TRIED, trial.params), float(trial.values[0]))
        for place, trial in enumerate(complete)
    )


def _inside(room: Room, first: Parameters) -> dict[str, float | int]:
    """Move parameters into their ranges: a search on a log scale cannot learn from a zero."""
    return {
        name: type(first[name])(min(max(first[name], limits.low), limits.high))
        for name, limits in room.ranges.items()
    }


def _distributions(room: Room) -> dict[str, Any]:
    from optuna.distributions import FloatDistribution, IntDistribution

    return {
        name: IntDistribution(int(limits.low), int(limits.high), log=limits.log)
        if name in room.whole
        else FloatDistribution(limits.low, limits.high, log=limits.log)
        for name, limits in room.ranges.items()
    }


@contextmanager
def _quiet() -> "Iterator[None]":
    """Leave telling of progress to Limner; Optuna warns of features that it calls new."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        optuna.logging.set_verbosity(before)
