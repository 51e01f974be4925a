"""Registries of both kinds, with a store of the test's own."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from limner.artifacts import sha256_of
from limner.registry.memory import InMemoryRegistry
from limner.registry.mlflow_registry import (
    MlflowRegistry,
)
from limner.registry.protocol import (
    ModelRegistry,
    TrainingRun,
)
from registry_runs import SCRIPT, MakeRun


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """A training run whose model multiplies ``balance`` by ``factor``."""

    def make(
        model: str = "churn", name: str = "d1", factor: float = 2.0, script: str = SCRIPT
    ) -> TrainingRun:
        fitted = tmp_path / "trained" / f"{model}-{name}"
        (fitted / "trees").mkdir(parents=True)
        (fitted / "manifest.json").write_text(f'{{"factor": {factor}}}')
        (fitted / "trees" / "model.ubj").write_bytes(bytes(range(256)))
        (fitted / "name.txt").write_text(name)
        code = tmp_path / f"pyfunc_{model}_{name}.py"
        code.write_text(script)
        rows = pd.DataFrame({"balance": [1.0, 2.5]})
        answer = pd.DataFrame({"score": [1.0 * factor, 2.5 * factor]})
        return TrainingRun(model, sha256_of(fitted), {}, {}, {}, fitted, code, rows, answer)

    return make


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with MLflow's schema: migrating one takes a second, copying it does not."""
    from mlflow import MlflowClient

    file = tmp_path_factory.mktemp("store") / "mlflow.db"
    MlflowClient(f"sqlite:///{file}")
    return file


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Path:
    """A SQLite store of the test's own."""
    return Path(shutil.copy(empty_store, tmp_path / "mlflow.db"))


@pytest.fixture
def in_mlflow(store: Path, tmp_path: Path) -> MlflowRegistry:
    return MlflowRegistry(f"sqlite:///{store}", "tests", str(tmp_path / "stored"))


@pytest.fixture(params=["memory", "mlflow"])
def registry(request: pytest.FixtureRequest) -> ModelRegistry:
    if request.param == "memory":
        return InMemoryRegistry()
    found: MlflowRegistry = request.getfixturevalue("in_mlflow")
    return found
