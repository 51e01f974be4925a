"""The service as it runs: what BentoML adds to it, and what it must never do."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from limner.registry.mlflow_registry import MlflowRegistry
from limner.registry.protocol import CHAMPION
from limner.services.champions import Champion

from .conftest import MODELS, Server, running, serve_command, serve_environment, training_run

PATH = "/v1/models/deposit_segments/scores"


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_says_that_it_lives_and_is_ready(path: str, http: httpx.Client) -> None:
    assert http.get(path).status_code == 200


def test_counts_requests_for_prometheus(
    http: httpx.Client, champions: Mapping[str, Champion]
) -> None:
    example = dict(champions["deposit_segments"].fitted.manifest.example)
    http.post(PATH, json={"records": [example]})
    counted = [
        line
        for line in http.get("/metrics").text.splitlines()
        if line.startswith("bentoml_service_request_total") and f'endpoint="{PATH}"' in line
    ]
    assert any('http_response_code="200"' in line for line in counted)


def test_a_harmless_request_id_comes_back_and_another_is_replaced(http: httpx.Client) -> None:
    kept = http.get("/v1/models", headers={"X-Request-Id": "a.b-c_1"}).headers["X-Request-Id"]
    given = [http.get("/v1/models", headers={"X-Request-Id": bad}) for bad in ("a b", "x" * 65, "")]
    made = {answer.headers["X-Request-Id"] for answer in given}
    assert kept == "a.b-c_1"
    assert len(made) == 3
    assert all(len(identity) == 32 for identity in made)


def test_never_logs_what_is_known_of_a_customer(
    http: httpx.Client, server: Server, champions: Mapping[str, Champion]
) -> None:
    example = dict(champions["serious_delinquency"].fitted.manifest.example)
    path = "/v1/models/serious_delinquency/scores"
    assert http.post(path, json={"records": [example | {"monthly_income": 8273645}]}).is_success
    assert http.post(path, json={"records": [example | {"age": 8273645}]}).status_code == 422
    log = server.log.read_text()
    assert path in log
    assert "8273645" not in log


def test_never_calls_anyone(http: httpx.Client, server: Server) -> None:
    http.get("/v1/models")
    assert not server.network_log.exists(), server.network_log.read_text()


def test_refuses_to_start_without_a_champion_in_one_line(registry_uri: str, tmp_path: Path) -> None:
    from mlflow import MlflowClient

    shutil.copy(registry_uri.removeprefix("sqlite:///"), tmp_path / "mlflow.db")
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    for model in MODELS:
        MlflowClient(uri, uri).delete_registered_model_alias(model, CHAMPION)

    code, told = ended(uri, tmp_path)

    assert code == 20
    assert told.startswith(f"NoChampion: no model has a champion in {uri}")
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "network.log").exists()


def ended(uri: str, folder: Path) -> tuple[int, str]:
    """Start a service that must end by itself; return its exit code and what it said."""
    with subprocess.Popen(
        serve_command(0),
        cwd=folder,
        env=serve_environment(uri, folder, folder / "network.log"),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _, told = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, told


def flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_an_altered_champion_takes_no_other_down_and_alone_ends_the_service(
    fitted_folders: Mapping[str, Path], tmp_path: Path
) -> None:
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    registry, trees = MlflowRegistry(uri, "altered", None), {}
    for model in ("deposit_segments", "serious_delinquency"):
        version = registry.register(training_run(fitted_folders[model]))
        registry.set_alias(model, CHAMPION, version.version)
        trees[model] = registry.fetch(version, tmp_path) / "model.ubj"
    flip_a_byte(trees["deposit_segments"])

    with running(uri, tmp_path, "/livez") as server, httpx.Client(base_url=server.url) as http:
        assert http.get("/readyz").status_code == 503
        assert http.post(PATH, json={"records": [{}]}).status_code == 503
        listed = http.get("/v1/models").json()
        example = {f["name"]: f["example"] for f in listed["models"][0]["fields"]}
        path = "/v1/models/serious_delinquency/scores"
        assert http.post(path, json={"records": [example]}).status_code == 200
        assert [found["name"] for found in listed["unavailable"]] == ["deposit_segments"]
        time.sleep(3)
        log = server.log.read_text()
        assert log.count("ChampionAltered: model deposit_segments, version 1") == 1
        assert "Traceback" not in log

    flip_a_byte(trees["serious_delinquency"])
    code, told = ended(uri, tmp_path)
    assert code == 24
    assert [line.partition(",")[0] for line in told.splitlines()] == [
        "ChampionAltered: model deposit_segments", "ChampionAltered: model serious_delinquency",
    ]  # fmt: skip


def test_bentoml_never_reports_its_use_even_if_it_asked_before_limner_forbade_it() -> None:
    script = (
        "from bentoml._internal.utils.analytics.usage_stats import do_not_track as forbidden;"
        "before = forbidden();"
        "import limner.services.scoring_service;"
        "import json; print(json.dumps([before, forbidden()]))"
    )
    shell = {k: v for k, v in os.environ.items() if not k.endswith("_TRACK")}
    answered = subprocess.run(
        [sys.executable, "-c", script], env=shell, capture_output=True, text=True, check=True
    )
    assert json.loads(answered.stdout) == [False, True]
