"""The project's own registry after its folder was copied, moved, cut short or altered."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from limner.registry.default import open_registry, registry_uri
from limner.registry.mlflow_registry import MlflowRegistry
from limner.registry.protocol import (
    CHAMPION,
    ChampionAltered,
    ModelFilesGone,
    RegisteredVersion,
    RegistryUnreachable,
    TrainingRun,
)
from read_only import heed_permissions, read_only
from registry_runs import MakeRun, contents

ODD_NAMES = ("50%25 off", "what?", "a#b", "客户 画像", "a?b%20c#d&e=f")


@pytest.fixture
def first(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with MLflow's schema in its own store, and this process in it."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / "first"
    (folder / "mlflow").mkdir(parents=True)
    shutil.copy(store, folder / "mlflow" / "mlflow.db")
    monkeypatch.chdir(folder)
    return folder


def registered(run: TrainingRun) -> RegisteredVersion:
    version = open_registry().register(run)
    open_registry().set_alias(run.model, CHAMPION, version.version)
    return version


def champion() -> RegisteredVersion:
    found = open_registry().version_by_alias("churn", CHAMPION)
    assert found is not None
    return found


def fetched() -> Path:
    return open_registry().fetch(champion(), Path("fetched"))


def places(folder: Path) -> str:
    """Everything the store has on record, as text."""
    with sqlite3.connect(folder / "mlflow" / "mlflow.db") as store:
        return "\n".join(store.iterdump())


def test_a_copy_reads_its_own_files_and_never_the_other_ones(
    first: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run = make_run()
    registered(run)
    second = Path(shutil.copytree(first, first.parent / "second"))
    monkeypatch.chdir(second)
    capfd.readouterr()

    assert fetched().is_relative_to(second)
    (told,) = capfd.readouterr().err.splitlines()
    assert told.endswith(f"its files are now those below {second}/mlflow/artifacts")
    assert str(first) not in places(second)
    assert contents(fetched()) == contents(run.fitted_directory)
    assert capfd.readouterr().err == ""
    open_registry().register(make_run("churn", "d2"))
    assert len(list((second / "mlflow/artifacts/models").iterdir())) == 2
    assert len(list((first / "mlflow/artifacts/models").iterdir())) == 1

    monkeypatch.chdir(first)
    assert fetched().is_relative_to(first)


def test_mlflows_own_loader_reads_a_project_that_was_moved(
    first: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.pyfunc import load_model

    registered(make_run(factor=3.0))
    moved = first.rename(first.parent / "moved")
    monkeypatch.chdir(moved)
    assert open_registry().models() == ("churn",)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry_uri())
    answer = load_model("models:/churn@champion").predict(pd.DataFrame({"balance": [3.0]}))
    assert pd.DataFrame(answer)["score"].tolist() == [9.0]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_folder_may_have_any_name(
    name: str, first: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    from mlflow.pyfunc import load_model

    odd = first.rename(first.parent / name)
    monkeypatch.chdir(odd)
    run = make_run()
    registered(run)
    assert contents(fetched()) == contents(run.fitted_directory)
    assert fetched().is_relative_to(odd)
    with monkeypatch.context() as context:
        context.setenv("MLFLOW_TRACKING_URI", registry_uri())
        # MLflow takes its own local path for an address, unless it copies the model elsewhere.
        copied = store.parent / "copied"
        copied.mkdir()
        model = load_model("models:/churn@champion", dst_path=str(copied))
    answer = model.predict(pd.DataFrame({"balance": [3.0]}))
    assert pd.DataFrame(answer)["score"].tolist() == [6.0]
    assert sorted(p.name for p in odd.iterdir()) == ["mlflow"]
    made = {"mlflow.db", "trained", name, "pyfunc_churn_d1.py", "copied"}
    assert {p.name for p in odd.parent.iterdir()} == made
    plain = odd.rename(odd.parent / "plain")
    monkeypatch.chdir(plain)
    assert fetched().is_relative_to(plain)


def test_files_that_are_gone_are_one_error_and_register_brings_them_back(
    first: Path, make_run: MakeRun, capfd: pytest.CaptureFixture[str]
) -> None:
    run = make_run()
    version = registered(run)
    shutil.rmtree(first / "mlflow" / "artifacts")
    with pytest.raises(ModelFilesGone, match="run 'uv run limner register churn'") as refusal:
        fetched()
    assert len(str(refusal.value).splitlines()) == 1
    capfd.readouterr()

    assert open_registry().register(run).version == version.version
    assert "were gone; written anew" in capfd.readouterr().err
    assert contents(fetched()) == contents(run.fitted_directory)
    assert len(open_registry().versions("churn")) == 1


def test_altered_files_are_refused_and_register_keeps_them_beside_the_right_ones(
    first: Path, make_run: MakeRun, capfd: pytest.CaptureFixture[str]
) -> None:
    run = make_run()
    registered(run)
    (first_file,) = first.glob("mlflow/artifacts/models/*/artifacts/artifacts/fitted/manifest.json")
    first_file.write_text('{"factor": 20.0}')
    with pytest.raises(ChampionAltered, match="uv run limner register churn"):
        fetched()
    open_registry().register(run)
    assert "were altered; written anew" in capfd.readouterr().err
    assert contents(fetched()) == contents(run.fitted_directory)
    (kept,) = first.glob("mlflow/artifacts/models/*/artifacts.altered")
    assert (kept / "artifacts/fitted/manifest.json").read_text() == '{"factor": 20.0}'


def test_reading_where_no_registry_is_creates_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert registry_uri() == f"sqlite:///{tmp_path}/elsewhere/mlflow/mlflow.db"
    assert open_registry().models() == ()
    assert open_registry().versions("churn") == ()
    assert open_registry().version_by_alias("churn", CHAMPION) is None
    assert list(Path().iterdir()) == []


def test_the_environment_says_where_the_registry_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.bank")
    assert registry_uri() == "https://mlflow.bank"


READ = """
from pathlib import Path
from limner.errors import LimnerError
from limner.registry.default import open_registry, scratch_folder
registry = open_registry()
champion = registry.version_by_alias("churn", "champion")
print(registry.fetch(champion, scratch_folder("fetched")))
try:
    registry.set_alias("churn", "challenger", 1)
except LimnerError as error:
    print(type(error).__name__)
"""


def test_a_read_only_copy_is_read_where_it_lies_and_refuses_to_be_written(
    first: Path, make_run: MakeRun
) -> None:
    registered(make_run())
    copy = Path(shutil.copytree(first, first.parent / "copy"))
    before = contents(copy)
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    with read_only(copy):
        done = subprocess.run(
            [sys.executable, "-c", READ], cwd=copy, env=environment, capture_output=True,
            text=True, check=False, preexec_fn=heed_permissions,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    where, refused = done.stdout.splitlines()
    assert Path(where).is_relative_to(copy)
    assert refused == RegistryUnreachable.__name__
    assert contents(copy) == before


def test_a_write_makes_the_folder_of_a_store_that_is_not_there_yet(tmp_path: Path) -> None:
    file = tmp_path / "fresh" / "mlflow.db"
    registry = MlflowRegistry(f"sqlite:///{file}", "limner", str(file.parent / "artifacts"))
    with registry._inside(writes=True):
        assert file.is_file()
