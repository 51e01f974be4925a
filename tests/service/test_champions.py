"""Which models are served: the registry's champions, as they were registered."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from limner.errors import NoChampion
from limner.registry.memory import InMemoryRegistry
from limner.registry.protocol import CHALLENGER, CHAMPION
from limner.services.champions import ChampionAltered, load_champions

from .conftest import training_run


@pytest.fixture
def registry(fitted_folders: Mapping[str, Path]) -> InMemoryRegistry:
    """A registry with every model at version 1, and no champion."""
    found = InMemoryRegistry()
    for folder in fitted_folders.values():
        found.register(training_run(folder))
    return found


def test_serves_the_champion_and_leaves_out_a_model_without_one(
    registry: InMemoryRegistry, tmp_path: Path
) -> None:
    registry.set_alias("deposit_segments", CHAMPION, 1)
    registry.set_alias("serious_delinquency", CHALLENGER, 1)

    served = load_champions(registry, tmp_path, threads=1)

    assert list(served) == ["deposit_segments"]
    assert served["deposit_segments"].version == 1
    assert served["deposit_segments"].fitted.manifest.model == "deposit_segments"


def test_serves_the_version_that_the_alias_names(
    registry: InMemoryRegistry, fitted_folders: Mapping[str, Path], tmp_path: Path
) -> None:
    run = training_run(fitted_folders["deposit_segments"])
    registry.register(replace(run, digest=""))
    registry.set_alias("deposit_segments", CHAMPION, 2)

    served = load_champions(registry, tmp_path, threads=1)["deposit_segments"]

    assert served.version == 2
    # A version without a registered digest is served under that of its files.
    assert served.digest == run.digest


def test_refuses_to_serve_nothing(registry: InMemoryRegistry, tmp_path: Path) -> None:
    with pytest.raises(NoChampion, match="no model has a champion in the bank's store"):
        load_champions(registry, tmp_path, threads=1, named="the bank's store")


def test_refuses_files_that_are_not_those_that_were_registered(
    fitted_folders: Mapping[str, Path], tmp_path: Path
) -> None:
    registry = InMemoryRegistry()
    run = training_run(fitted_folders["deposit_segments"])
    registry.register(replace(run, digest="0" * 64))
    registry.set_alias("deposit_segments", CHAMPION, 1)

    with pytest.raises(ChampionAltered) as refused:
        load_champions(registry, tmp_path, threads=1)

    assert run.digest in str(refused.value)
