"""The main job on generated extracts: every stage, and what a person finds afterwards."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from small_project import LEFT_OUT_MART, LEFT_OUT_MODEL, SmallProject, make_small_project

MODELS = ("term_deposit_propensity", "deposit_segments", "serious_delinquency")
# It writes nothing and tells, each time, what to open.
LAST = "overview"
PORTFOLIOS = ("bank_marketing", "give_me_credit")


def made_files(project: SmallProject) -> dict[str, bytes]:
    """Every deterministic file below data/ and artifacts/, by name."""
    return {
        path.relative_to(project.folder).as_posix(): path.read_bytes()
        for top in ("data", "artifacts")
        for path in sorted((project.folder / top).rglob("*"))
        if path.is_file() and path.name not in ("registration.json", ".gitignore")
    }


def metrics(project: SmallProject, model: str) -> dict[str, float]:
    file = project.folder / "artifacts" / "models" / model / "metrics.json"
    found: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("portfolio", PORTFOLIOS)
def test_rows_in_are_rows_trusted_plus_rows_quarantined(
    trained: SmallProject, portfolio: str
) -> None:
    folder = trained.folder / "data" / portfolio
    quality = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
    trusted, quarantine = (
        len(pd.read_parquet(folder / f"{part}.parquet"))
        for part in ("tables/trusted", "quarantine")
    )
    assert (trusted, quarantine) == (quality["rows_trusted"], quality["rows_quarantined"])
    assert quality["rows_in"] == trusted + quarantine == 2500


@pytest.mark.parametrize("model", ["term_deposit_propensity", "serious_delinquency"])
def test_every_headline_figure_has_its_interval_and_sample_size(
    trained: SmallProject, model: str
) -> None:
    found = metrics(trained, model)
    for figure in ("test/auc", "test/ece"):
        assert found[f"{figure}_low"] <= found[figure] <= found[f"{figure}_high"]
    assert found["test/customers"] > 0


def test_a_dated_portfolio_has_out_of_time_figures_and_an_undated_one_has_none(
    trained: SmallProject,
) -> None:
    assert "out_of_time/auc" in metrics(trained, "term_deposit_propensity")
    assert not [k for k in metrics(trained, "serious_delinquency") if k.startswith("out_of_time")]


def test_the_shown_metrics_carry_the_keys_that_the_bars_name(trained: SmallProject) -> None:
    shown = trained.run("dvc", "metrics", "show", "--json").stdout
    files = json.loads(shown)[""]["data"]
    keys = {
        f"{Path(file).parent.name}/{key}" for file, found in files.items() for key in found["data"]
    }
    assert "term_deposit_propensity/test/auc" in keys
    assert "term_deposit_propensity/out_of_time/ece" in keys
    assert "deposit_segments/test/agreement" in keys


def test_a_second_run_from_scratch_gives_the_same_bytes(
    trained: SmallProject, tmp_path: Path
) -> None:
    again = make_small_project(tmp_path / "again" / "project")
    again.set_params(trained.params())
    again.run("dvc", "repro", "--quiet")
    first, second = made_files(trained), made_files(again)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    locks = [(p.folder / "dvc.lock").read_bytes() for p in (trained, again)]
    assert locks[0] == locks[1]


def test_nothing_is_run_again_when_nothing_has_changed(trained: SmallProject) -> None:
    before = trained.run("git", "status", "--porcelain").stdout
    assert trained.reran("dvc", "repro") == [LAST]
    assert trained.run("git", "status", "--porcelain").stdout == before
    assert trained.run("dvc", "status").stdout.split() == [f"{LAST}:", "always", "changed"]


def test_one_models_parameter_re_runs_only_that_model(own_copy: SmallProject) -> None:
    change = "models.serious_delinquency.training.max_depth=2"
    reran = own_copy.reran("dvc", "exp", "run", "-S", change)
    stages = [f"{stage}@serious_delinquency" for stage in ("train", "assess", "register")]
    assert reran == [*stages, LAST]
    assert "max_depth" in own_copy.run("dvc", "params", "diff").stdout
    assert "test/auc" in own_copy.run("dvc", "metrics", "diff").stdout


def test_what_was_pushed_comes_back_without_training(own_copy: SmallProject) -> None:
    own_copy.run("dvc", "push", "--quiet")
    model = (
        own_copy.folder / "artifacts" / "models" / "serious_delinquency" / "fitted" / "model.ubj"
    )
    before = model.read_bytes()
    own_copy.run("rm", "-rf", ".dvc/cache", "artifacts", "data")
    own_copy.run("git", "checkout", "--quiet", "--", ".")
    own_copy.run("dvc", "pull", "--quiet")
    assert model.read_bytes() == before
    assert own_copy.reran("dvc", "repro") == [LAST]


def test_the_flow_and_its_plots_can_be_looked_at(own_copy: SmallProject) -> None:
    assert "register@serious_delinquency" in own_copy.run("dvc", "dag").stdout
    done = own_copy.run("dvc", "plots", "show", "--out", "shown")
    # Those of a model that is left out are shown too: as left out.
    assert "failed" not in done.stdout + done.stderr
    page = (own_copy.folder / "shown" / "index.html").read_text(encoding="utf-8")
    assert "beeswarm" in page and "reliability" in page


def test_a_model_without_data_is_left_out_by_name_and_nothing_fails(trained: SmallProject) -> None:
    folder = trained.folder / "artifacts" / "models" / LEFT_OUT_MODEL
    reason = f"state portfolios.{LEFT_OUT_MART}.source.location in params.yaml"
    for name in ("sample", "metrics", "gates"):
        found = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        assert found == {"left_out": f"its file is not here: {reason}"}
    assert reason in (folder / "review.html").read_text(encoding="utf-8")
    assert not (folder / "registration.json").exists()
    listed = trained.run("limner", "models").stdout
    assert f"left out: its file is not here: {reason}" in listed
    assert trained.run("dvc", "metrics", "show").stdout.count(reason) >= 4


def test_every_stage_says_what_it_does(trained: SmallProject) -> None:
    stages = yaml.safe_load((trained.folder / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    for name, stage in stages.items():
        described = stage.get("do", stage)
        assert described["desc"], name
        if name != LAST:
            assert described["params"], name
            assert described.get("metrics") or described.get("outs"), name


def test_no_process_of_the_flow_reaches_for_the_network(trained: SmallProject) -> None:
    tries = trained.network_log.read_text("utf-8") if trained.network_log.exists() else ""
    assert tries == ""


def test_a_process_that_reaches_for_the_network_is_caught(own_copy: SmallProject) -> None:
    call = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    own_copy.run("python", "-c", call, expect=1)
    assert "192.0.2.1" in own_copy.network_log.read_text("utf-8")
