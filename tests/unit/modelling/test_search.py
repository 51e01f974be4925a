"""A search is seeded, goes on where it was interrupted, and never ends below where it began."""

from pathlib import Path

import pytest

from limner.modelling.search import Parameters, Room, Trial, best_first, importance, search
from limner.settings.tuning import Range

ROOM = Room(
    "valley",
    {"depth": Range(low=1, high=9), "rate": Range(low=0.01, high=1.0, log=True)},
    frozenset({"depth"}), "maximize", starting=4, seed=11,
)  # fmt: skip
FIRST = {"depth": 2, "rate": 0.0}


def height(parameters: Parameters) -> float:
    return -((parameters["depth"] - 6) ** 2) - (parameters["rate"] - 0.1) ** 2


def ignore(_: Trial, __: Trial) -> None:
    pass


class Interrupted(Exception):
    pass


def test_a_search_finds_better_than_it_began_with(tmp_path: Path) -> None:
    found = search(tmp_path / "s.sqlite", ROOM, 18, FIRST, height, ignore)
    assert len(found) == 18
    assert found[0].parameters == FIRST
    best = best_first(found, "maximize")[0]
    assert best.score > found[0].score
    assert best.parameters["depth"] == 6
    assert isinstance(best.parameters["depth"], int)


def test_an_interrupted_search_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = search(tmp_path / "whole.sqlite", ROOM, 14, FIRST, height, ignore)
    calls = 0

    def fails_at_times(parameters: Parameters) -> float:
        nonlocal calls
        calls += 1
        if calls in (1, 6, 12):
            raise Interrupted
        return height(parameters)

    parts: tuple[Trial, ...] = ()
    for _ in range(4):
        try:
            parts = search(tmp_path / "parts.sqlite", ROOM, 14, FIRST, fails_at_times, ignore)
        except Interrupted:
            continue
    assert calls == 17
    assert parts == whole


def test_a_search_that_has_ended_tries_nothing_again(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    found = search(file, ROOM, 6, FIRST, height, ignore)

    def never(_: Parameters) -> float:
        raise Interrupted

    assert search(file, ROOM, 6, FIRST, never, ignore) == found
    assert search(file, ROOM, 4, FIRST, never, ignore) == found


def test_another_name_begins_another_search_in_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    search(file, ROOM, 5, FIRST, height, ignore)
    other = Room("other", ROOM.ranges, ROOM.whole, "minimize", 4, 11)
    found = search(file, other, 3, {"depth": 3, "rate": 0.5}, height, ignore)
    assert [trial.number for trial in found] == [0, 1, 2]
    assert found[0].parameters == {"depth": 3, "rate": 0.5}


def test_the_parameter_that_matters_is_told_from_the_one_that_does_not(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    assert importance(file, ROOM) == {}
    search(file, ROOM, 20, FIRST, height, ignore)
    shares = importance(file, ROOM)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["depth"] > shares["rate"]


def test_of_equal_trials_the_earlier_is_the_best() -> None:
    trials = (Trial(0, {}, 0.5), Trial(1, {}, 0.7), Trial(2, {}, 0.7))
    assert [t.number for t in best_first(trials, "maximize")] == [1, 2, 0]
    assert [t.number for t in best_first(trials, "minimize")] == [0, 1, 2]
