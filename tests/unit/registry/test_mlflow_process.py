"""What MLflow must not do to the process that it runs in."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from limner.registry.mlflow_registry import (
    MlflowRegistry,
)
from limner.registry.protocol import (
    CHAMPION,
    TrainingRun,
)
from registry_runs import MakeRun, contents


def use_everything(registry: MlflowRegistry, run: TrainingRun, into: Path) -> None:
    version = registry.register(run)
    registry.set_alias(run.model, CHAMPION, version.version)
    registry.fetch(version, into)


def test_leaves_environment_address_and_working_folder_alone(
    in_mlflow: MlflowRegistry,
    make_run: MakeRun,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    # What another test or the shell has set already would hide that it is set here.
    for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    use_everything(in_mlflow, make_run(), tmp_path / "fetched")
    assert dict(os.environ) == before
    assert list((tmp_path / "cwd").iterdir()) == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """Another address, set for the process by its host, such as a notebook."""
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    yield tmp_path / "elsewhere.db"
    mlflow.set_tracking_uri(None)


def test_never_writes_to_the_address_set_for_the_process(
    elsewhere: Path, in_mlflow: MlflowRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    use_everything(in_mlflow, make_run(), tmp_path / "fetched")
    assert not elsewhere.exists()
    assert in_mlflow.models() == ("churn",)


def test_threads_do_not_leave_each_others_environment_behind(in_mlflow: MlflowRegistry) -> None:
    before = dict(os.environ)
    threads = [
        threading.Thread(target=lambda: [in_mlflow.models() for _ in range(25)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(os.environ) == before


FRESH_PROCESS = """
import sys
from pathlib import Path
from limner.registry.mlflow_registry import MlflowRegistry
from limner.registry.protocol import TrainingRun
assert "mlflow" not in sys.modules, "importing the registry imports MLflow"
assert "pandas" not in sys.modules, "importing the registry imports pandas"

import pandas as pd
folder, script, database = map(Path, sys.argv[1:])
rows, answer = pd.DataFrame({"balance": [1, 2]}), pd.DataFrame({"score": [2, 4]})
digest = "%s"
run = TrainingRun("churn", digest, {}, {}, {}, folder, script, rows, answer, ())
registry = MlflowRegistry(f"sqlite:///{database}", "tests", None)
registry.fetch(registry.register(run), database.parent / "fetched")
"""


def test_a_fresh_process_registers_in_a_fresh_store_without_a_word(
    make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run()
    (tmp_path / "cwd").mkdir()
    (tmp_path / "cwd" / "uv.lock").touch()
    (tmp_path / "cwd" / "pyproject.toml").touch()
    arguments = [run.fitted_directory, run.pyfunc_code, tmp_path / "fresh.db"]
    finished = subprocess.run(
        [sys.executable, "-c", FRESH_PROCESS % run.digest, *arguments],
        cwd=tmp_path / "cwd",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert contents(tmp_path / "cwd") == {"pyproject.toml": b"", "uv.lock": b""}
    stored = contents(tmp_path / "artifacts")
    assert not [name for name in stored if name.endswith("uv.lock")]
