"""Card fraud from a file of transactions to the service, on made-up transactions."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from starlette.testclient import TestClient

from limner.modelling.fitted import digest_of, read_model
from limner.services.app import create_app
from limner.services.champions import Champion
from made_transactions import made_transactions
from small_project import ROOT, SmallProject, source_of

PORTFOLIO, MODEL = "fraud_handbook", "card_fraud"
DAYS = 70
STAGES = (
    ("stages.acquire", PORTFOLIO), ("stages.intake", PORTFOLIO), ("monitoring.drift", PORTFOLIO),
    ("stages.sample", MODEL), ("stages.train", MODEL), ("stages.assess", MODEL),
    ("stages.register", MODEL),
)  # fmt: skip


@pytest.fixture(scope="module")
def transactions() -> pd.DataFrame:
    return made_transactions(1000, 400, DAYS, seed=9, fraud=4.0)


@pytest.fixture(scope="module")
def project(transactions: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """A project whose every stage of the portfolio and its model has run."""
    folder = tmp_path_factory.mktemp("cards") / "project"
    folder.mkdir()
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "uv.lock", folder)
    extract = folder.parent / "transactions.parquet"
    # As text: DuckDB and pandas write times of different units.
    transactions.astype({"TX_DATETIME": str}).to_parquet(extract, index=False)
    project = SmallProject(folder)
    project.set_params(_small(yaml.safe_load((ROOT / "params.yaml").read_text("utf-8")), extract))
    for stage, argument in STAGES:
        project.stage(stage, argument)
    return project


def _small(params: dict[str, Any], extract: Path) -> dict[str, Any]:
    params["runtime"]["threads"] = 1
    params["portfolios"][PORTFOLIO]["source"] = source_of(extract)
    # 70 days from 1 April: the last seven are out of time, the seven before are the test's.
    params["delayed_samples"][PORTFOLIO] |= {
        "first_test_day": "2018-05-27", "weeks": 2, "extract_day": "2018-06-09",
    }  # fmt: skip
    params["out_of_time_from"][PORTFOLIO] = "2018-06-03"
    params["assessment"]["resamples"] = 50
    params["rivals"]["calibration_folds"] = 2
    params["explanation"] |= {"customers": 200, "dependence_plots": 2}
    params["monitoring"]["rows"] = 400
    params["models"][MODEL]["training"] |= {"rounds": 60, "early_stopping": 20}
    params["models"][MODEL]["gates"] = {"minimum": {"test/auc": 0.6}, "maximum": {}}
    return params


def read(project: SmallProject, name: str) -> Any:
    path = project.folder / "artifacts" / "models" / MODEL / name
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_samples_are_of_the_protocols_days(project: SmallProject) -> None:
    sample = pd.read_parquet(project.folder / "artifacts" / "models" / MODEL / "sample.parquet")
    days = sample.groupby("sample")["transacted_on"].agg(["min", "max"]).astype(str)
    assert days.loc["development"].tolist() == ["2018-05-13", "2018-05-19"]
    assert days.loc["validation"].tolist() == ["2018-05-13", "2018-05-19"]
    assert days.loc["test"].tolist() == ["2018-05-27", "2018-06-02"]
    assert days.loc["out_of_time"].tolist() == ["2018-06-03", "2018-06-09"]
    customers = sample.groupby("sample")["customer_id"].agg(set)
    assert not customers["development"] & customers["validation"]
    found = read(project, "sample.json")["by_days"]
    assert found["fitted"] == ["2018-05-13", "2018-05-19"]
    assert found["known_compromised"]["test"] > 0


def test_customers_known_to_be_compromised_are_not_judged(
    project: SmallProject, transactions: pd.DataFrame
) -> None:
    sample = pd.read_parquet(project.folder / "artifacts" / "models" / MODEL / "sample.parquet")
    judged = sample[sample["sample"] == "test"]
    days = transactions["TX_DATETIME"].dt.normalize()
    frauds = transactions[transactions["TX_FRAUD"] == 1].assign(day=days)
    expected = set()
    for number, customer, day in zip(
        transactions["TRANSACTION_ID"], transactions["CUSTOMER_ID"], days, strict=True
    ):
        if pd.Timestamp("2018-05-27") <= day <= pd.Timestamp("2018-06-02"):
            known = frauds[
                (frauds["CUSTOMER_ID"] == customer) & (frauds["day"] >= "2018-05-13")
                & (frauds["day"] <= day - pd.Timedelta(days=8))
            ]  # fmt: skip
            if known.empty:
                expected.add(number)
    assert set(judged["transaction_id"]) == expected


def test_the_model_ranks_frauds_it_has_not_seen(project: SmallProject) -> None:
    metrics = read(project, "metrics.json")
    assert metrics["test/auc"] > 0.75
    assert metrics["out_of_time/average_precision"] > 0.2
    assert read(project, "gates.json")["verdict"] == "passed"


def test_the_review_page_names_the_days_and_that_no_group_can_be_shown(
    project: SmallProject,
) -> None:
    page = (project.folder / "artifacts" / "models" / MODEL / "review.html").read_text("utf-8")
    assert "Outcomes become known 7 days late" in page
    assert "2018-05-13 to 2018-05-19" in page
    assert "This portfolio has no protected attribute" in page
    assert "没有受保护属性" in page
    assert "parted at random" not in page


def test_no_raw_id_is_in_what_is_written(project: SmallProject) -> None:
    for name in ("data/fraud_handbook/tables/trusted", "artifacts/models/card_fraud/sample"):
        table = pd.read_parquet(project.folder / f"{name}.parquet")
        for column in ("customer_id", "terminal_id"):
            assert table[column].str.fullmatch("[0-9a-f]{32}").all()


def test_the_service_scores_one_transaction_with_reasons(project: SmallProject) -> None:
    folder = project.folder / "artifacts" / "models" / MODEL / "fitted"
    client = TestClient(create_app({MODEL: Champion(read_model(folder, 1), 1, digest_of(folder))}))
    request = json.loads(project.run("limner", "example", MODEL).stdout)
    usual = request["records"][0]
    # A terminal at which every known transaction was fraudulent, and a very high amount.
    suspect = usual | {
        "amount": 900.0, "terminal_fraud_rate_7_days": 1.0, "terminal_fraud_rate_30_days": 0.9,
        "terminal_days_since_first_known_fraud": 20.0, "terminal_days_since_known_fraud": 7.5,
    }  # fmt: skip
    found = [
        client.post(
            f"/v1/models/{MODEL}/scores", json={"records": [record], "reasons": True}
        ).json()["scores"][0]
        for record in (usual, suspect)
    ]
    assert found[0]["favourable"] and not found[1]["favourable"]
    assert found[0]["probability"] < 0.05 < found[1]["probability"]
    assert found[1]["reasons"]
    refused = client.post(
        f"/v1/models/{MODEL}/scores", json={"records": [usual | {"amount": -1.0}]}
    )
    assert refused.status_code == 422
