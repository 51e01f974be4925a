"""Both registries keep one promise; then what only the one in MLflow can break."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from limner.errors import LimnerError
from limner.registry.memory import InMemoryRegistry
from limner.registry.mlflow_registry import (
    REQUIREMENTS,
    MlflowRegistry,
    tracking_uri_from_environment,
)
from limner.registry.protocol import (
    CHALLENGER,
    CHAMPION,
    ModelRegistry,
    NoSuchVersion,
    PickleRefused,
    RegisteredVersion,
    RegistryUnreachable,
    TrainingRun,
    without_credentials,
)

SCRIPT = """
import json
from limner.registry.mlflow_registry import declare_pyfunc

def load(folder):
    return json.loads((folder / "manifest.json").read_text())["factor"]

def predict(factor, rows):
    return (rows[["balance"]] * factor).rename(columns={"balance": "score"})

declare_pyfunc(load, predict)
"""

MakeRun = Callable[..., TrainingRun]


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """A training run whose model multiplies ``balance`` by ``factor``."""

    def make(
        model: str = "churn", digest: str = "d1", factor: float = 2.0, script: str = SCRIPT
    ) -> TrainingRun:
        fitted = tmp_path / "trained" / f"{model}-{digest}"
        (fitted / "trees").mkdir(parents=True)
        (fitted / "manifest.json").write_text(f'{{"factor": {factor}}}')
        (fitted / "trees" / "model.ubj").write_bytes(bytes(range(256)))
        code = tmp_path / f"pyfunc_{model}_{digest}.py"
        code.write_text(script)
        rows = pd.DataFrame({"balance": [1.0, 2.5]})
        answer = pd.DataFrame({"score": [1.0 * factor, 2.5 * factor]})
        return TrainingRun(model, digest, {}, {}, {}, fitted, code, rows, answer)

    return make


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with MLflow's schema: migrating one takes a second, copying it does not."""
    file = tmp_path_factory.mktemp("store") / "mlflow.db"
    assert MlflowRegistry(f"sqlite:///{file}", "tests", None).models() == ()
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


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# Both registries


def test_a_registered_model_is_version_one_and_holds_no_alias(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    version = registry.register(make_run("churn", "d1"))
    assert (version.model, version.version, version.digest) == ("churn", 1, "d1")
    assert version.run_id
    assert version.aliases == ()
    assert registry.version_by_alias("churn", CHAMPION) is None


def test_registering_the_same_bytes_twice_adds_no_version(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    run = make_run("churn", "d1")
    first = registry.register(run)
    registry.set_alias("churn", CHAMPION, 1)
    assert registry.register(run) == replace(first, aliases=(CHAMPION,))
    assert len(registry.versions("churn")) == 1


def test_other_bytes_become_the_next_version(registry: ModelRegistry, make_run: MakeRun) -> None:
    for digest in ("d1", "d2", "d3"):
        registry.register(make_run("churn", digest))
    listed = [(item.version, item.digest) for item in registry.versions("churn")]
    assert listed == [(1, "d1"), (2, "d2"), (3, "d3")]
    assert len({item.run_id for item in registry.versions("churn")}) == 3


def test_the_same_bytes_under_another_name_are_another_model(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    assert registry.register(make_run("default", "d1")).version == 1
    assert registry.register(make_run("churn", "d1")).version == 1
    assert registry.models() == ("churn", "default")
    assert [item.model for item in registry.versions("churn")] == ["churn"]


def test_an_alias_moves_and_leaves_the_version_it_was_on(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    registry.register(make_run("churn", "d1"))
    second = registry.register(make_run("churn", "d2"))
    registry.set_alias("churn", CHAMPION, 1)
    registry.set_alias("churn", CHAMPION, 2)
    assert registry.version_by_alias("churn", CHAMPION) == replace(second, aliases=(CHAMPION,))
    assert [item.aliases for item in registry.versions("churn")] == [(), (CHAMPION,)]


def test_one_version_may_hold_several_aliases(registry: ModelRegistry, make_run: MakeRun) -> None:
    registry.register(make_run("churn", "d1"))
    registry.set_alias("churn", CHAMPION, 1)
    registry.set_alias("churn", CHALLENGER, 1)
    found = registry.version_by_alias("churn", CHAMPION)
    assert found is not None
    assert found.aliases == (CHALLENGER, CHAMPION)


def test_an_alias_of_one_model_is_none_of_another(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    registry.register(make_run("churn", "d1"))
    registry.register(make_run("default", "d1"))
    registry.set_alias("churn", CHAMPION, 1)
    assert registry.version_by_alias("default", CHAMPION) is None


def test_an_unknown_model_has_no_versions_and_no_champion(registry: ModelRegistry) -> None:
    assert registry.models() == ()
    assert registry.versions("churn") == ()
    assert registry.version_by_alias("churn", CHAMPION) is None


def test_refuses_an_alias_for_a_version_that_does_not_exist(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    registry.register(make_run("churn", "d1"))
    registry.set_alias("churn", CHAMPION, 1)
    for model, version, known in (("churn", 2, (1,)), ("churn", 0, (1,)), ("default", 1, ())):
        with pytest.raises(NoSuchVersion) as refusal:
            registry.set_alias(model, CHAMPION, version)
        assert refusal.value.known == known
    champion = registry.version_by_alias("churn", CHAMPION)
    assert champion is not None
    assert champion.version == 1


def test_fetch_gives_the_files_as_they_were_when_registered(
    registry: ModelRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run("churn", "d1")
    as_registered = contents(run.fitted_directory)
    version = registry.register(run)
    (run.fitted_directory / "manifest.json").write_text("altered later")
    fetched = registry.fetch(version, tmp_path / "fetched")
    assert fetched == tmp_path / "fetched" / "churn" / "1" / "fitted"
    assert contents(fetched) == as_registered


def test_fetching_again_leaves_nothing_of_what_lay_there(
    registry: ModelRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    version = registry.register(make_run("churn", "d1"))
    fetched = registry.fetch(version, tmp_path / "fetched")
    as_fetched = contents(fetched)
    (fetched / "manifest.json").write_text("tampered")
    (fetched / "planted.txt").write_text("planted")
    assert contents(registry.fetch(version, tmp_path / "fetched")) == as_fetched


def test_refuses_to_fetch_a_version_that_does_not_exist(
    registry: ModelRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    version = registry.register(make_run("churn", "d1"))
    with pytest.raises(NoSuchVersion, match="no version 2"):
        registry.fetch(replace(version, version=2), tmp_path / "fetched")
    assert not (tmp_path / "fetched" / "churn" / "2").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("encoder.pkl", b"anything"), ("model.bin", b"\x80\x04\x95."), ("a.joblib", b"anything")],
)
def test_refuses_a_pickle_by_name_or_by_content(
    registry: ModelRegistry, make_run: MakeRun, name: str, content: bytes
) -> None:
    run = make_run("churn", "d1")
    (run.fitted_directory / "trees" / name).write_bytes(content)
    with pytest.raises(PickleRefused) as refusal:
        registry.register(run)
    assert refusal.value.files == (f"trees/{name}",)
    assert registry.models() == ()


# What a run and a model look like in MLflow


def test_the_champion_answers_through_mlflow(
    in_mlflow: MlflowRegistry, make_run: MakeRun, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.pyfunc import load_model

    in_mlflow.register(make_run("churn", "d1", factor=2.0))
    in_mlflow.register(make_run("churn", "d2", factor=10.0))
    in_mlflow.set_alias("churn", CHAMPION, 2)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store}")
    answer = load_model("models:/churn@champion").predict(pd.DataFrame({"balance": [3.0]}))
    assert_frame_equal(pd.DataFrame(answer), pd.DataFrame({"score": [30.0]}))


@pytest.mark.filterwarnings("error")
def test_a_declared_script_with_integer_columns_warns_of_nothing(
    in_mlflow: MlflowRegistry, make_run: MakeRun, capfd: pytest.CaptureFixture[str]
) -> None:
    run = make_run("churn", "d1")
    in_mlflow.register(replace(run, input_example=pd.DataFrame({"balance": [1, 2]})))
    assert capfd.readouterr() == ("", "")


def test_a_run_carries_its_parameters_metrics_tags_and_attachments(
    in_mlflow: MlflowRegistry, make_run: MakeRun, store: Path, tmp_path: Path
) -> None:
    from mlflow import MlflowClient

    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "roc.svg").write_text("<svg/>")
    (tmp_path / "review.html").write_text("<html/>")
    parameters: dict[str, str | int | float | bool] = {
        "depth": 4,
        "eta": 0.1,
        "monotone": True,
        "family": "trees",
    }
    run = replace(
        make_run("churn", "d1"),
        parameters=parameters | {f"constraint_{i}": i for i in range(150)},
        metrics={"test/auc": 0.81, "test/gini": 0.62},
        tags={"git_commit": "abc123"},
        attachments=[tmp_path / "plots", tmp_path / "review.html"],
    )
    version = in_mlflow.register(run)

    client = MlflowClient(f"sqlite:///{store}", f"sqlite:///{store}")
    kept = client.get_run(version.run_id)
    assert kept.info.status == "FINISHED"
    assert kept.data.metrics == {"test/auc": 0.81, "test/gini": 0.62}
    assert {name: kept.data.params[name] for name in parameters} == {
        "depth": "4",
        "eta": "0.1",
        "monotone": "True",
        "family": "trees",
    }
    assert len(kept.data.params) == 154
    assert kept.data.tags["git_commit"] == "abc123"
    assert kept.data.tags["digest"] == "d1"
    assert client.get_model_version("churn", "1").tags == {"git_commit": "abc123", "digest": "d1"}
    assert contents(tmp_path / "stored" / version.run_id / "artifacts") == {
        "plots/roc.svg": b"<svg/>",
        "review.html": b"<html/>",
    }


def test_the_stored_model_names_exact_requirements_and_holds_no_pickle(
    in_mlflow: MlflowRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    in_mlflow.register(make_run("churn", "d1"))
    (stored,) = (tmp_path / "stored" / "models").glob("*/artifacts")
    files = contents(stored)
    assert not [name for name in files if Path(name).suffix == ".pkl"]
    named = set(files["requirements.txt"].decode().split())
    wanted = {f"{name}=={metadata.version(name)}" for name in (*REQUIREMENTS, "mlflow")}
    assert named == wanted


def test_model_files_lie_beside_the_database_unless_told_otherwise(
    store: Path, make_run: MakeRun
) -> None:
    MlflowRegistry(f"sqlite:///{store}", "tests", None).register(make_run())
    assert list((store.parent / "artifacts" / "models").iterdir())


@pytest.mark.parametrize("broken", ["load", "predict"])
def test_a_model_that_cannot_answer_becomes_no_version(
    in_mlflow: MlflowRegistry, make_run: MakeRun, store: Path, broken: str
) -> None:
    script = SCRIPT.replace(f"def {broken}(", f"def {broken}(*_): raise OSError('broken')\ndef _(")
    with pytest.raises(OSError, match="broken"):
        in_mlflow.register(make_run("churn", "d1", script=script))
    assert in_mlflow.models() == ()
    with sqlite3.connect(store) as database:
        assert database.execute("SELECT status FROM runs").fetchall() == [("FAILED",)]


def test_versions_are_found_beyond_the_first_page(
    in_mlflow: MlflowRegistry, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("limner.registry.mlflow_registry._PAGE", 1)
    for digest in ("d1", "d2", "d3"):
        in_mlflow.register(make_run("churn", digest))
    assert [item.digest for item in in_mlflow.versions("churn")] == ["d1", "d2", "d3"]


def test_a_version_made_by_another_way_has_an_empty_digest(
    in_mlflow: MlflowRegistry, store: Path
) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{store}", f"sqlite:///{store}")
    client.create_registered_model("churn")
    assert in_mlflow.models() == ()
    client.create_model_version("churn", source="/nowhere")
    assert in_mlflow.models() == ("churn",)
    assert in_mlflow.versions("churn") == (RegisteredVersion("churn", 1, "", "", ()),)


# What MLflow must not do to the process


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
    mlflow.set_tracking_uri("")
    os.environ.pop("MLFLOW_TRACKING_URI", None)


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
run = TrainingRun("churn", "d1", {}, {}, {}, folder, script, rows, answer, ())
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
        [sys.executable, "-c", FRESH_PROCESS, *arguments],
        cwd=tmp_path / "cwd",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert contents(tmp_path / "cwd") == {"pyproject.toml": b"", "uv.lock": b""}
    stored = contents(tmp_path / "artifacts")
    assert not [name for name in stored if name.endswith("uv.lock")]


# Stores that fail


def refused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def unreachable(uri: str) -> RegistryUnreachable:
    """The error of a registry that must fail within seconds."""
    started = time.monotonic()
    with pytest.raises(RegistryUnreachable) as failure:
        MlflowRegistry(uri, "tests", None).models()
    assert time.monotonic() - started < 15
    assert "\n" not in str(failure.value)
    return failure.value


def test_a_server_that_refuses_is_told_in_seconds_without_its_password() -> None:
    port = refused_port()
    error = unreachable(f"http://ada:secret@127.0.0.1:{port}/mlflow")
    assert isinstance(error, LimnerError)
    assert error.exit_code == 30
    assert f"http://127.0.0.1:{port}/mlflow" in str(error)
    assert "refused" in str(error)
    assert "secret" not in str(error)
    assert "ada" not in str(error)


def test_a_server_that_stays_silent_is_given_the_patience_an_operator_sets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        error = unreachable(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert "timed out" in str(error)
    assert time.monotonic() - started < 2.5


def test_a_database_that_cannot_be_opened_is_told_in_seconds(tmp_path: Path) -> None:
    assert "unable to open" in str(unreachable(f"sqlite:///{tmp_path / 'absent' / 'mlflow.db'}"))


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"not a database" * 100)
    assert "not a database" in str(unreachable(f"sqlite:///{tmp_path / 'mlflow.db'}"))


def test_a_store_of_another_mlflow_is_told_with_both_schemas(store: Path) -> None:
    with sqlite3.connect(store) as database:
        database.execute("UPDATE alembic_version SET version_num = 'fffffffffff1'")
    error = unreachable(f"sqlite:///{store}")
    assert "fffffffffff1" in str(error)
    assert metadata.version("mlflow") in str(error)


def test_a_store_lost_between_two_calls_is_told_once(
    in_mlflow: MlflowRegistry, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_mlflow.models()
    with sqlite3.connect(store) as database:
        database.execute("DROP TABLE model_versions")
    with pytest.raises(RegistryUnreachable, match="no such table"):
        in_mlflow.models()
    assert not caplog.records


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://mlflow.bank:5000", "http://mlflow.bank:5000"),
        ("https://ada:secret@mlflow.bank/x", "https://mlflow.bank/x"),
        ("postgresql://ada:se@c/ret@db:5432/mlflow", "postgresql://db:5432/mlflow"),
        ("postgresql://db/mlflow?user=ada&password=secret", "postgresql://db/mlflow"),
        ("postgresql://db/mlflow?password=sec@ret", "postgresql://…"),
        ("sqlite:////srv/ada@bank/mlflow.db", "sqlite:////srv/ada@bank/mlflow.db"),
    ],
)
def test_an_address_is_shown_without_credentials(uri: str, shown: str) -> None:
    assert without_credentials(uri) == shown


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("http://ada:sec/ret@host", "cannot reach http://ada:sec/ret@host/api"),
        ("http://ada:sec/ret@host", "'ada:sec' is not a valid port"),
        ("http://ada:sec%40ret@host", "cannot reach http://ada:sec@ret@host/api"),
    ],
)
def test_a_reason_that_quotes_the_credentials_is_shown_without_them(uri: str, reason: str) -> None:
    message = str(RegistryUnreachable(uri, reason))
    assert "ada" not in message
    assert "sec" not in message
    assert "ret" not in message


# Where the registry is


def test_the_registry_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.bank")
    assert tracking_uri_from_environment(tmp_path / "new" / "mlflow.db") == "https://mlflow.bank"
    assert not (tmp_path / "new").exists()


def test_the_registry_is_a_file_with_an_absolute_path_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    found = tracking_uri_from_environment(Path("new/mlflow.db"))
    assert found == f"sqlite:///{tmp_path}/new/mlflow.db"
    assert (tmp_path / "new").is_dir()
