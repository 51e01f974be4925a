"""Experiments in a copy of the project: whose code they run, and what the registry then lacks."""

import json
from pathlib import Path
from typing import Any

from small_project import SmallProject, commit

MODEL = "serious_delinquency"
SAMPLE = Path("artifacts", "models", MODEL, "sample.json")
# How a colleague changes what a stage writes.
WRITTEN = "write_json(paths.sample_counts, "
STAGE = Path("src", "limner", "stages", "sample.py")


def change_code(project: SmallProject, made_by: str) -> None:
    """Have the stage ``sample`` write by whose code its counts were made."""
    file = project.folder / STAGE
    before, call, after = file.read_text("utf-8").partition(WRITTEN)
    assert call, f"{STAGE} no longer writes its counts by {WRITTEN}"
    changed = f'{before}{call}{{"made_by": "{made_by}"}} | {after}'
    file.write_text(changed, encoding="utf-8")


def counts(project: SmallProject) -> Any:
    return json.loads((project.folder / SAMPLE).read_text("utf-8"))


def run_in_copy(project: SmallProject, name: str, *options: str) -> str:
    # DVC commits what a copy made.
    project.run("git", "config", "user.name", "Test")
    project.run("git", "config", "user.email", "test@example.invalid")
    return project.run("dvc", "exp", "run", "--name", name, *options).stdout


def test_an_uncommitted_change_of_code_is_run_in_the_copy(own_copy: SmallProject) -> None:
    change_code(own_copy, "the experiment")
    run_in_copy(own_copy, "changed", "--temp", f"sample@{MODEL}")
    assert "made_by" not in counts(own_copy)
    own_copy.run("dvc", "exp", "apply", "changed")
    assert counts(own_copy)["made_by"] == "the experiment"


def test_a_queued_experiment_runs_its_own_code_not_that_of_the_workspace(
    own_copy: SmallProject,
) -> None:
    change_code(own_copy, "the experiment")
    run_in_copy(own_copy, "queued", "--queue", f"sample@{MODEL}")
    # Meanwhile somebody works on.
    own_copy.run("git", "checkout", "--quiet", "--", STAGE.as_posix())
    change_code(own_copy, "the workspace")

    own_copy.run("dvc", "exp", "run", "--run-all")

    own_copy.run("git", "checkout", "--quiet", "--", STAGE.as_posix())
    own_copy.run("dvc", "exp", "apply", "queued")
    assert "the experiment" in (own_copy.folder / STAGE).read_text("utf-8")
    assert counts(own_copy)["made_by"] == "the experiment"
    # Nor does the run cache know outputs of other code by this code's hash.
    assert own_copy.reran("dvc", "repro", f"sample@{MODEL}") == []


def test_an_applied_experiment_is_told_to_be_missing_in_the_registry(
    own_copy: SmallProject,
) -> None:
    own_copy.run("rm", "-rf", "mlflow")
    own_copy.run("limner", "register", MODEL)
    change = f"models.{MODEL}.training.max_depth=2"
    inside = run_in_copy(own_copy, "shallow", "--temp", "-S", change, f"register@{MODEL}")
    assert "version 1 is challenger and champion" in inside
    own_copy.run("dvc", "exp", "apply", "shallow")
    commit(own_copy)

    mend = f"uv run limner register {MODEL}"
    run = own_copy.run("dvc", "repro").stdout
    assert "Running stage 'overview'" in run
    (line,) = (line for line in run.splitlines() if line.strip().startswith(f"{MODEL} "))
    assert "not in the registry; version 1 is another model" in line
    (last,) = (line for line in run.splitlines() if "from the registry; next:" in line)
    assert "uv run limner register" in last
    told = own_copy.run("limner", "models").stderr
    assert f"{Path('artifacts', 'models', MODEL)}: not in the registry" in told
    assert mend in told

    own_copy.run("limner", "register", MODEL)
    assert MODEL not in own_copy.run("limner", "models").stderr
    run = own_copy.run("dvc", "repro").stdout
    assert f"{MODEL:26} gates passed; version 2 is challenger;" in run


def test_a_run_ends_with_every_page_and_the_next_command(trained: SmallProject) -> None:
    run = trained.run("dvc", "repro").stdout
    for model in trained.params()["models"]:
        page = trained.folder / "artifacts" / "models" / model / "review.html"
        left_out = f"{model:26} left out: "
        assert left_out in run or page.relative_to(trained.folder).as_posix() in run
        assert page.is_file()
    assert "next: open a model's page in a browser, then uv run limner serve" in run


def test_a_stage_run_alone_ends_with_its_page_and_the_next_command(own_copy: SmallProject) -> None:
    done = own_copy.run("dvc", "repro", "--force", "--single-item", f"register@{MODEL}").stdout
    page = f"artifacts/models/{MODEL}/review.html"
    assert f"read {page}, then: uv run limner serve" in done
