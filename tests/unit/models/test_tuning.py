"""Tuning: never worse than before, the same again, resumable, and blind to what judges later."""

from pathlib import Path

import pandas as pd
import pytest

from limner.errors import NothingToTune, TooFewEvents
from limner.models import find_spec
from limner.models.tuning import Tuning, rounded_parameter, tune
from limner.settings import Settings
from project import settings_with
from small_models import RISK, SEGMENTS, SMALL_TRAINING, samples_of

DIGEST = "0123456789abcdef"


def quick(trials: int = 4, **changes: object) -> Settings:
    return settings_with(
        {
            "runtime.threads": 1,
            "tuning.trials": trials,
            "tuning.folds": 2,
            "tuning.starting": 2,
            "training_checks.least_events": 5,
        }
        | {f"models.{RISK}.training.{name}": value for name, value in SMALL_TRAINING.items()}
        | {name.replace("__", "."): value for name, value in changes.items()}
    )


def tuned(folder: Path, settings: Settings, digest: str = DIGEST) -> Tuning:
    samples = samples_of(RISK)
    return tune(
        find_spec(RISK), samples.development, samples.validation, settings, digest,
        folder / "study.sqlite", lambda _: None,
    )  # fmt: skip


def test_the_present_parameters_are_tried_first_and_the_best_is_never_worse(
    tmp_path: Path,
) -> None:
    settings = quick()
    found = tuned(tmp_path, settings)
    present = settings.model(RISK).training
    assert all(getattr(present, n) == v for n, v in found.trials[0].parameters.items())
    assert found.tuned.score == round(found.best[0].score, 5) >= found.tuned.before
    assert found.tuned.sample == DIGEST[:12]
    for name, value in found.best[0].parameters.items():
        assert getattr(found.training, name) == rounded_parameter(value)
    # What is not searched for stays.
    assert found.training.rounds == present.rounds


def test_an_interrupted_tuning_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = tuned(tmp_path / "whole", quick(5))
    tuned(tmp_path / "parts", quick(2))
    assert tuned(tmp_path / "parts", quick(5)).trials == whole.trials


def test_another_sample_begins_another_search(tmp_path: Path) -> None:
    first = tuned(tmp_path, quick(2))
    again = tuned(tmp_path, quick(2), "f" * 64)
    assert len(again.trials) == 2
    assert again.tuned.sample != first.tuned.sample


def test_what_a_search_found_does_not_end_it(tmp_path: Path) -> None:
    found = tuned(tmp_path, quick(3))
    written = {
        f"models__{RISK}__training__{name}": getattr(found.training, name)
        for name in ("max_depth", "learning_rate", "l2")
    }
    assert tuned(tmp_path, quick(4, **written)).trials[:3] == found.trials


def test_log_loss_is_made_small(tmp_path: Path) -> None:
    found = tuned(tmp_path, quick(4, tuning__objective="log_loss"))
    assert found.best[0].score == min(trial.score for trial in found.trials)


def test_refuses_a_segmentation(tmp_path: Path) -> None:
    samples = samples_of(SEGMENTS)
    with pytest.raises(NothingToTune, match="model deposit_segments cannot be tuned: it is a seg"):
        tune(find_spec(SEGMENTS), samples.development, samples.validation, quick(), DIGEST,
             tmp_path / "s.sqlite", lambda _: None)  # fmt: skip


def test_refuses_folds_that_the_events_do_not_fill(tmp_path: Path) -> None:
    with pytest.raises(TooFewEvents, match="model serious_delinquency"):
        tuned(tmp_path, quick(2, training_checks__least_events=10_000))


def test_every_trial_is_told_as_it_ends(tmp_path: Path) -> None:
    told: list[str] = []
    samples = samples_of(RISK)
    tune(find_spec(RISK), samples.development, samples.validation, quick(3), DIGEST,
         tmp_path / "s.sqlite", told.append)  # fmt: skip
    assert [text.split(":")[0] for text in told] == [f"trial {n} of 3" for n in (1, 2, 3)]


def test_customers_of_both_samples_are_judged(tmp_path: Path) -> None:
    # Without validation's customers the scores are others.
    samples = samples_of(RISK)
    halved: list[pd.DataFrame] = [samples.development, samples.validation.iloc[:200]]
    fewer = tune(find_spec(RISK), *halved, quick(1), DIGEST, tmp_path / "a.sqlite", lambda _: None)
    assert fewer.trials[0].score != tuned(tmp_path, quick(1)).trials[0].score
