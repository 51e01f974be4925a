"""Fixtures that more than one folder uses."""

from pathlib import Path

import pytest

from small_project import SmallProject, commit, make_small_project


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """The project over generated extracts, with nothing run yet. Copy it before changing it."""
    return make_small_project(tmp_path_factory.mktemp("untrained") / "project")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """The whole flow, run once on generated extracts. Copy it before changing it."""
    project = make_small_project(tmp_path_factory.mktemp("trained") / "project")
    project.run("dvc", "repro")
    commit(project)
    return project


@pytest.fixture
def own_copy(trained: SmallProject, tmp_path: Path) -> SmallProject:
    """A copy of the trained project that a test may change."""
    return trained.copy(tmp_path / "project")


@pytest.fixture
def bank_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a project, and return its folder of one bank: only there are folders replaced."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "bank"
    folder.mkdir(parents=True)
    return folder
