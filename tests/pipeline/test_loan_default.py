"""Loans of a real bank's files, from its extracts to the service, on made-up ones."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from starlette.testclient import TestClient

from limner.assessment.evidence import CrossFitted
from limner.intake.privacy.keys import PSEUDONYM, VAULT, new_key
from limner.modelling.fitted import digest_of, read_model
from limner.services.app import create_app
from limner.services.champions import Champion
from made_loans import write_loans
from small_project import ROOT, SmallProject

BANK, MODEL = "berka", "loan_default"
LOANS = 400
REAL = Path(os.environ.get("LIMNER_SHARED_DATA", ROOT.parent / "shared" / "data")) / "berka"
STAGES = (
    ("stages.acquire_bank", BANK), ("stages.intake_bank", BANK), ("stages.features", BANK),
    ("monitoring.bank_drift", BANK), ("stages.sample", MODEL), ("stages.train", MODEL),
    ("stages.assess", MODEL), ("stages.register", MODEL),
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """A project whose every stage of the bank and its model has run, on made-up files."""
    folder = tmp_path_factory.mktemp("loans")
    project = project_over(folder, write_loans(folder / "files", LOANS, seed=5))
    params = project.params()
    params["banks"][BANK]["snapshots"] = {"first": "1995-01-01", "last": "1998-01-01"}
    params["assessment"]["cross_fitting"] |= {"repeats": 3, "folds": 4}
    params["models"][MODEL]["snapshots"] |= {"first": "1995-01-01", "last": "1998-01-01"}
    # A hundred loans a fold: their calibration error is mostly luck.
    params["models"][MODEL]["gates"]["maximum"] = {"cross_fitted/ece": 0.2}
    project.set_params(params)
    for stage, argument in STAGES:
        project.stage(stage, argument)
    return project


def project_over(folder: Path, files: Path) -> SmallProject:
    """Make a project over a folder of the bank's files; no stage of it has run."""
    project = SmallProject(folder / "project")
    project.folder.mkdir()
    shutil.copytree(
        ROOT / "src", project.folder / "src", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "uv.lock", project.folder)
    keys = {use: folder / f"{use}.key" for use in (PSEUDONYM, VAULT)}
    for file in keys.values():
        new_key(file)
    params = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))
    project.set_params(_small(params, files, keys))
    return project


def _small(params: dict[str, Any], files: Path, keys: dict[str, Path]) -> dict[str, Any]:
    params["runtime"]["threads"] = 1
    params["banks"][BANK]["location"] = str(files)
    params["privacy"] = {f"{use}_key": str(file) for use, file in keys.items()}
    # Nothing is booked after a loan is granted.
    params["intake"]["stale_limit"] = None
    params["assessment"]["resamples"] = 50
    params["rivals"]["calibration_folds"] = 2
    params["explanation"] |= {"customers": 200, "dependence_plots": 2}
    params["monitoring"]["rows"] = 400
    return params


def read(project: SmallProject, name: str) -> Any:
    path = project.folder / "artifacts" / "models" / MODEL / name
    return json.loads(path.read_text(encoding="utf-8"))


def statuses(project: SmallProject) -> list[str]:
    lines = (project.folder.parent / "files" / "loan.asc").read_text("utf-8").splitlines()[1:]
    return [line.split(";")[-1].strip('"') for line in lines]


def test_every_loan_is_asked_about_once_and_bad_is_what_the_bank_wrote_down(
    project: SmallProject,
) -> None:
    sample = pd.read_parquet(project.folder / "artifacts" / "models" / MODEL / "sample.parquet")
    assert len(sample) == sample["customer_id"].nunique() == LOANS
    assert sample["loan_not_repaid"].sum() == sum(status in "BD" for status in statuses(project))
    excluded = read(project, "sample.json")["excluded"]["together"]
    assert excluded["kept"] == LOANS
    reasons = sum(n for name, n in excluded.items() if name not in ("population", "kept"))
    assert excluded["population"] == LOANS + reasons


def test_what_was_asked_for_is_what_the_loan_says(project: SmallProject) -> None:
    sample = pd.read_parquet(project.folder / "artifacts" / "models" / MODEL / "sample.parquet")
    loans = pd.read_csv(project.folder.parent / "files" / "loan.asc", sep=";")
    asked = ["applied_amount", "applied_term", "applied_instalment"]
    found = sample[asked].sort_values(asked).to_numpy()
    said = pd.DataFrame({
        "applied_amount": loans["amount"] * 100.0, "applied_term": loans["duration"],
        "applied_instalment": loans["payments"] * 100.0,
    }).sort_values(asked).to_numpy()  # fmt: skip
    assert abs(found - said).max() < 1e-6


def test_the_outcome_lies_apart_and_no_feature_or_name_of_it_is_elsewhere(
    project: SmallProject,
) -> None:
    tables = project.folder / "data" / BANK / "tables"
    assert [path.name for path in (tables / "outcomes").iterdir()] == ["outcome_loan_status"]
    assert not (tables / "trusted" / "outcome_loan_status").exists()
    columns = {
        name for file in sorted((tables / "features").glob("*.parquet"))
        for name in pd.read_parquet(file).columns
    }  # fmt: skip
    assert not columns & {"status", "bad", "loan_not_repaid"}
    own = pd.read_parquet(tables / "outcomes" / "outcome_loan_status")
    assert own["customer_id"].str.fullmatch("[0-9a-f]{32}").all()
    customers = pd.read_parquet(tables / "trusted" / "customers")["customer_id"]
    assert set(own["customer_id"]) <= set(customers)


def test_the_verdict_rests_on_everybody_judged_by_models_fitted_without_them(
    project: SmallProject,
) -> None:
    found = CrossFitted.model_validate(read(project, "evidence.json")["cross_fitted"])
    assert (found.customers, found.repeats, found.folds) == (LOANS, 3, 4)
    auc = found.figures["auc"]
    assert auc.low < found.lowest_auc <= auc.value <= found.highest_auc < auc.high
    # What decides who goes bad here is the payment beside what comes in.
    assert auc.value > 0.75
    assert read(project, "metrics.json")["cross_fitted/auc"] == pytest.approx(auc.value, abs=1e-6)
    gates = read(project, "gates.json")
    assert gates["verdict"] == "passed"
    assert {gate["metric"] for gate in gates["gates"]} == {"cross_fitted/auc", "cross_fitted/ece"}


def test_the_review_page_says_what_is_claimed_and_which_groups_nobody_recorded(
    project: SmallProject,
) -> None:
    page = (project.folder / "artifacts" / "models" / MODEL / "review.html").read_text("utf-8")
    assert "On everybody, by models fitted without them" in page
    assert "nothing beyond their intervals is claimed" in page
    assert "不作超出区间的结论" in page
    assert "keeps no record of marital_status, education, dependents" in page
    assert "没有时间外样本" in page


def test_the_service_answers_an_application_and_refuses_one_without_its_amount(
    project: SmallProject,
) -> None:
    folder = project.folder / "artifacts" / "models" / MODEL / "fitted"
    client = TestClient(create_app({MODEL: Champion(read_model(folder, 1), 1, digest_of(folder))}))
    record = json.loads(project.run("limner", "example", MODEL).stdout)["records"][0]
    place = f"/v1/models/{MODEL}/scores"
    light, heavy = (
        client.post(place, json={"records": [record | {"applied_instalment": amount}]}).json()
        for amount in (10_000.0, 5_000_000.0)
    )
    assert light["scores"][0]["probability"] < heavy["scores"][0]["probability"]
    without = {name: value for name, value in record.items() if name != "applied_amount"}
    refused = client.post(place, json={"records": [without]})
    assert refused.status_code == 422
    assert "applied_amount" in refused.text


@pytest.mark.skipif(
    not (REAL / "loan.asc").is_file() or (REAL / "trans.asc").is_file(),
    reason="no parts of Berka's files: set LIMNER_SHARED_DATA to a folder that has berka/loan.asc",
)
def test_the_published_page_holds_the_figures_of_the_real_files(tmp_path: Path) -> None:
    project = project_over(tmp_path, REAL)
    for stage, argument in STAGES[:-1]:
        project.stage(stage, argument)
    found = CrossFitted.model_validate(read(project, "evidence.json")["cross_fitted"])
    page = json.loads((ROOT / "benchmarks" / "quality" / "figures.json").read_text("utf-8"))[MODEL]
    assert (found.customers, found.events) == (page["customers"], page["events"]) == (524, 72)
    for name, figure in page["figures"].items():
        # Rows stand in the order of pseudonyms, and the key of these is another.
        assert found.figures[name].value == pytest.approx(figure["value"], abs=0.02), name
    assert 0.5 < found.figures["auc"].low < found.figures["auc"].high < 0.95
