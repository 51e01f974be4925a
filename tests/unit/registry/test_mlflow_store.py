"""What a run and a model look like in MLflow."""

import sqlite3
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from limner.registry.mlflow_registry import (
    REQUIREMENTS,
    MlflowRegistry,
)
from limner.registry.protocol import (
    CHAMPION,
    RegisteredVersion,
)
from registry_runs import SCRIPT, MakeRun, contents


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


def test_a_column_that_rows_may_lack_is_not_asked_for_through_mlflow(
    in_mlflow: MlflowRegistry, make_run: MakeRun, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.exceptions import MlflowException
    from mlflow.pyfunc import load_model

    example = pd.DataFrame({"balance": [1.0, 2.5], "age": [40.0, 50.0]})
    run = replace(make_run(), input_example=example, optional_inputs=["age"])
    in_mlflow.register(run)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store}")
    model = load_model("models:/churn/1")
    answer = model.predict(pd.DataFrame({"balance": [3.0]}))
    assert pd.DataFrame(answer)["score"].tolist() == [6.0]
    with pytest.raises(MlflowException, match="balance"):
        model.predict(pd.DataFrame({"age": [40.0]}))


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
    tags = {"git_commit": "abc123", "digest": run.digest}
    assert kept.data.tags["digest"] == run.digest
    assert client.get_model_version("churn", "1").tags == tags
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
    runs = [make_run("churn", name) for name in ("d1", "d2", "d3")]
    for run in runs:
        in_mlflow.register(run)
    assert [item.digest for item in in_mlflow.versions("churn")] == [run.digest for run in runs]


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
