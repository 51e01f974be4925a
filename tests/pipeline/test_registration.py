"""What the main job leaves in MLflow, and how that points back."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from limner.artifacts import sha256_of
from limner.modelling.fitted import read_model
from limner.registry.mlflow_registry import MlflowRegistry
from limner.scoring import score_table
from small_project import SmallProject

MODELS = ("term_deposit_propensity", "deposit_segments", "serious_delinquency")


def registry_of(project: SmallProject) -> MlflowRegistry:
    return MlflowRegistry(f"sqlite:///{project.folder / 'mlflow' / 'mlflow.db'}", "limner", None)


def registration(project: SmallProject, model: str) -> dict[str, Any]:
    file = project.folder / "artifacts" / "models" / model / "registration.json"
    noted: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return noted


def run_of(project: SmallProject, model: str) -> Any:
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{project.folder / 'mlflow' / 'mlflow.db'}")
    return client.get_run(registration(project, model)["run_id"])


@pytest.mark.parametrize("model", MODELS)
def test_the_first_version_that_passes_is_challenger_and_champion(
    trained: SmallProject, model: str
) -> None:
    (version,) = registry_of(trained).versions(model)
    assert version.aliases == ("challenger", "champion")
    fitted = trained.folder / "artifacts" / "models" / model / "fitted"
    assert version.digest == sha256_of(fitted)
    assert registration(trained, model)["run_id"] == version.run_id


@pytest.mark.parametrize("model", MODELS)
def test_a_run_holds_parameters_metrics_and_where_it_came_from(
    trained: SmallProject, model: str
) -> None:
    run = run_of(trained, model)
    assert run.data.params["training.max_depth"] == "3"
    metrics = trained.folder / "artifacts" / "models" / model / "metrics.json"
    assert run.data.metrics == json.loads(metrics.read_text(encoding="utf-8"))
    lock = yaml.safe_load((trained.folder / "dvc.lock").read_text(encoding="utf-8"))
    (fitted,) = (
        out["md5"] for out in lock["stages"][f"train@{model}"]["outs"] if "fitted" in out["path"]
    )
    assert run.data.tags["dvc_fitted_md5"] == fitted
    assert len(run.data.tags["dvc_lock_sha256"]) == 64
    # The run was recorded while HEAD was the commit before the one that holds its dvc.lock.
    before = trained.run("git", "rev-parse", "HEAD~1").stdout.strip()
    assert run.data.tags["git_commit"] == before


def test_a_later_version_is_only_challenger(own_copy: SmallProject) -> None:
    own_copy.run("rm", "-rf", "mlflow")
    own_copy.run("limner", "register", "serious_delinquency")
    params = own_copy.params()
    params["models"]["serious_delinquency"]["training"]["max_depth"] = 2
    own_copy.set_params(params)
    own_copy.run("dvc", "repro", "--quiet", "register@serious_delinquency")
    first, second = registry_of(own_copy).versions("serious_delinquency")
    assert (first.aliases, second.aliases) == (("champion",), ("challenger",))


def test_registering_the_same_model_again_adds_no_version(own_copy: SmallProject) -> None:
    own_copy.run("rm", "-rf", "mlflow")
    for _ in range(2):
        own_copy.run("limner", "register", "deposit_segments")
    assert len(registry_of(own_copy).versions("deposit_segments")) == 1


def test_a_model_that_fails_its_gates_is_never_champion(own_copy: SmallProject) -> None:
    own_copy.run("rm", "-rf", "mlflow")
    params = own_copy.params()
    params["models"]["serious_delinquency"]["gates"]["minimum"] = {"test/auc": 0.999}
    own_copy.set_params(params)
    own_copy.run("dvc", "repro", "--quiet", "register@serious_delinquency")
    (version,) = registry_of(own_copy).versions("serious_delinquency")
    assert version.aliases == ("challenger",)
    page = own_copy.folder / "artifacts" / "models" / "serious_delinquency" / "review.html"
    assert "gate/test/auc" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("model", MODELS)
def test_mlflows_own_loader_scores_as_the_fitted_model_does(
    trained: SmallProject, model: str, tmp_path: Path
) -> None:
    script = tmp_path / "score.py"
    script.write_text(
        "import sys, mlflow, pandas\n"
        "loaded = mlflow.pyfunc.load_model(f'models:/{sys.argv[1]}@champion')\n"
        "facts = pandas.read_parquet(sys.argv[2])\n"
        "loaded.predict(facts).to_parquet(sys.argv[3])\n",
        encoding="utf-8",
    )
    folder = trained.folder / "artifacts" / "models" / model
    fitted = read_model(folder / "fitted", threads=1)
    sample = pd.read_parquet(folder / "sample.parquet").head(20)[list(fitted.manifest.columns)]
    facts, scores = tmp_path / "facts.parquet", tmp_path / "scores.parquet"
    sample.to_parquet(facts)
    uri = f"sqlite:///{trained.folder / 'mlflow' / 'mlflow.db'}"
    command = ("python", str(script), model, str(facts), str(scores))
    trained.run("env", f"MLFLOW_TRACKING_URI={uri}", *command)
    expected = score_table(fitted, sample)
    pd.testing.assert_frame_equal(pd.read_parquet(scores), expected, check_exact=True)
