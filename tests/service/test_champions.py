"""Which models are served: the registry's champions, as they were registered."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from limner.errors import NoChampion
from limner.modelling.checked_folder import CHECKSUMS_FILE
from limner.modelling.fitted import digest_of
from limner.registry.memory import InMemoryRegistry
from limner.registry.protocol import CHALLENGER, CHAMPION, ChampionAltered
from limner.services.champions import load_champions

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

    served = load_champions(registry, tmp_path, threads=1).served

    assert list(served) == ["deposit_segments"]
    assert served["deposit_segments"].version == 1
    assert served["deposit_segments"].fitted.manifest.model == "deposit_segments"


def test_serves_the_version_that_the_alias_names(
    registry: InMemoryRegistry, fitted_folders: Mapping[str, Path], tmp_path: Path
) -> None:
    # Fitted before a folder stated its own checksums: the registry's digest is enough.
    older = Path(shutil.copytree(fitted_folders["deposit_segments"], tmp_path / "older"))
    (older / CHECKSUMS_FILE).unlink()
    run = replace(
        training_run(fitted_folders["deposit_segments"]),
        digest=digest_of(older), fitted_directory=older,
    )  # fmt: skip
    registry.register(run)
    registry.set_alias("deposit_segments", CHAMPION, 2)

    served = load_champions(registry, tmp_path / "into", threads=1).served["deposit_segments"]

    assert (served.version, served.digest) == (2, run.digest)


def test_refuses_to_serve_nothing(registry: InMemoryRegistry, tmp_path: Path) -> None:
    with pytest.raises(NoChampion, match="no model has a champion in the bank's store"):
        load_champions(registry, tmp_path, threads=1, named="the bank's store")


def test_one_altered_champion_is_not_served_and_the_others_are(
    registry: InMemoryRegistry, fitted_folders: Mapping[str, Path], tmp_path: Path
) -> None:
    run = training_run(fitted_folders["deposit_segments"])
    altered = registry.register(replace(run, digest="0" * 64))
    registry.set_alias("deposit_segments", CHAMPION, altered.version)
    registry.set_alias("serious_delinquency", CHAMPION, 1)

    found = load_champions(registry, tmp_path, threads=1)

    assert list(found.served) == ["serious_delinquency"]
    assert list(found.faults) == ["deposit_segments"]
    assert isinstance(found.faults["deposit_segments"], ChampionAltered)
    assert run.digest in str(found.faults["deposit_segments"])
