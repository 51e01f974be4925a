"""The OpenAPI page promises what the service does: nothing more, nothing less."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from limner.contract import Sensitivity
from limner.services.champions import Champion

from .conftest import MODELS, Server

# 413 says more than 422 of a list that is too long, but Schemathesis expects none of the kind.
CONFIGURATION = """
[checks]
negative_data_rejection.expected-statuses = [400, 404, 405, 413, 415, 422]
"""


@pytest.fixture(scope="session")
def page(http: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = http.get("/openapi.json").json()
    return found


def test_answers_are_what_the_page_promises_whatever_is_sent(
    server: Server, tmp_path: Path
) -> None:
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(configuration), "run", f"{server.url}/openapi.json"),
        *("--checks", "all", "--phases", "examples,coverage,fuzzing"),
        *("--max-examples", "10", "--generation-deterministic", "--no-color"),
    ]

    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )

    # A counterexample may be a list of a thousand records.
    told = "\n".join(line[:300] for line in ended.stdout.splitlines())
    assert ended.returncode == 0, told
    assert "Tested: 7" in told


def test_the_page_is_openapi_3_1_and_has_one_exact_route_a_model(page: dict[str, Any]) -> None:
    assert page["openapi"].startswith("3.1")
    posts = {path for path, operations in page["paths"].items() if "post" in operations}
    assert posts == {f"/v1/models/{model}/scores" for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_the_example_on_the_page_gives_the_answer_on_the_page(
    model: str, page: dict[str, Any], http: httpx.Client
) -> None:
    path = f"/v1/models/{model}/scores"
    operation = page["paths"][path]["post"]
    request = operation["requestBody"]["content"]["application/json"]["example"]
    answer = operation["responses"]["200"]["content"]["application/json"]["example"]

    answered = http.post(path, json=request)

    assert answered.status_code == 200
    assert answered.json() == answer
    assert answer["scores"][0]["reasons"]


@pytest.mark.parametrize("model", MODELS)
def test_every_field_has_a_description_and_an_example_that_works(
    model: str, page: dict[str, Any], http: httpx.Client
) -> None:
    record = _record(page, model)
    example = {name: field["examples"][0] for name, field in record["properties"].items()}

    answered = http.post(f"/v1/models/{model}/scores", json={"records": [example]})

    assert answered.status_code == 200, answered.text
    assert all(field["description"] for field in record["properties"].values())


@pytest.mark.parametrize(
    "model", [model for model in MODELS if model not in ("lifetime_value", "next_product")]
)
def test_never_requires_a_protected_attribute(
    model: str, page: dict[str, Any], http: httpx.Client, champions: Mapping[str, Champion]
) -> None:
    manifest = champions[model].fitted.manifest
    protected = {c.name for c in manifest.facts if c.sensitivity is Sensitivity.PROTECTED}
    without = {name: v for name, v in manifest.example.items() if name not in protected}
    unknown = without | dict.fromkeys(protected)

    answered = http.post(f"/v1/models/{model}/scores", json={"records": [without, unknown]})

    assert protected
    assert not protected & set(_record(page, model)["required"])
    assert answered.status_code == 200, answered.text
    first, second = answered.json()["scores"]
    assert first == second


@pytest.mark.parametrize("model", MODELS)
def test_a_models_description_agrees_with_the_page(
    model: str, page: dict[str, Any], http: httpx.Client
) -> None:
    record = _record(page, model)

    described = http.get(f"/v1/models/{model}").json()

    assert [field["name"] for field in described["fields"]] == list(record["properties"])
    required = [field["name"] for field in described["fields"] if field["required"]]
    assert required == record["required"]
    assert described in http.get("/v1/models").json()["models"]


def test_no_page_loads_anything_from_elsewhere(http: httpx.Client) -> None:
    assert [http.get(path).status_code for path in ("/docs", "/redoc", "/")] == [404, 404, 404]


def _record(page: dict[str, Any], model: str) -> dict[str, Any]:
    name = "".join(part.capitalize() for part in model.split("_"))
    record: dict[str, Any] = page["components"]["schemas"][f"{name}Record"]
    return record
