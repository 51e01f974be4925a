"""A fault of the service itself: an answer without its text, and a log without a customer's."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from limner.modelling.gradient_boosting import BoostedTrees
from limner.registry.protocol import RegistryUnreachable
from limner.services.app import create_app
from limner.services.champions import Champion, ModelUnservable
from small_models import AMOUNT, fitted

PATH = "/v1/models/serious_delinquency/scores"
SECRET = "monthly_income 5432 of a customer"


class BreakingTrees:
    """Trees that work until they are broken, and then quote what they were given."""

    def __init__(self, trees: BoostedTrees) -> None:
        self._trees, self.broken = trees, False

    def __getattr__(self, name: str) -> Any:
        if self.broken:
            raise RuntimeError(SECRET)
        return getattr(self._trees, name)


@pytest.fixture
def breaking(champions: Mapping[str, Champion]) -> tuple[Any, BreakingTrees, dict[str, Any]]:
    """An app whose model can be broken after its start, the switch, and a record."""
    champion = champions["serious_delinquency"]
    trees = BreakingTrees(champion.fitted.trees)
    fitted = replace(champion.fitted, trees=trees)  # type: ignore[arg-type]
    app = create_app({"serious_delinquency": replace(champion, fitted=fitted)})
    return app, trees, dict(champion.fitted.manifest.example)


def post(app: Any, records: list[Any], headers: Mapping[str, str]) -> httpx.Response:
    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.post(PATH, json={"records": records}, headers=dict(headers))

    return asyncio.run(call())


@pytest.mark.parametrize("records", [1, 3], ids=["inline", "in a thread"])
def test_a_fault_is_answered_without_its_text(
    records: int, breaking: tuple[Any, BreakingTrees, dict[str, Any]]
) -> None:
    app, trees, record = breaking
    assert post(app, [record] * records, {}).status_code == 200
    trees.broken = True

    answer = post(app, [record] * records, {"X-Request-Id": "night-run.17"})

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/internal",
        "title": "The service failed",
        "status": 500,
        "detail": "Report the request id night-run.17.",
        "instance": "urn:limner:request:night-run.17",
    }


def test_a_fault_is_logged_by_its_place_and_never_by_its_text(
    breaking: tuple[Any, BreakingTrees, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    app, trees, record = breaking
    trees.broken = True

    with caplog.at_level(logging.DEBUG):
        post(app, [record], {"X-Request-Id": "night-run.18"})

    (logged,) = [entry for entry in caplog.records if entry.levelno >= logging.ERROR]
    assert "night-run.18 failed: RuntimeError" in logged.getMessage()
    assert "scoring/path.py" in logged.getMessage()
    assert logged.exc_info is None
    assert SECRET not in caplog.text


def test_a_model_that_cannot_be_scored_is_not_served_and_the_others_are(
    champions: Mapping[str, Champion],
) -> None:
    champion = champions["serious_delinquency"]
    trees = BreakingTrees(champion.fitted.trees)
    trees.broken = True
    fitted = replace(champion.fitted, trees=trees)  # type: ignore[arg-type]
    app = create_app(dict(champions) | {"serious_delinquency": replace(champion, fitted=fitted)})

    (fault,) = app.state.served.all_faults
    assert isinstance(fault, ModelUnservable)
    assert "RuntimeError raised at" in str(fault)
    assert SECRET not in str(fault)
    listed, described, scored, other = asked(
        app, "/v1/models", "/v1/models/serious_delinquency", PATH, "/v1/models/deposit_segments"
    )
    assert [model["name"] for model in listed.json()["models"]] == sorted(
        set(champions) - {"serious_delinquency"}
    )
    (unavailable,) = listed.json()["unavailable"]
    assert unavailable["name"] == "serious_delinquency"
    assert unavailable["problem"]["status"] == 503
    for answer in (described, scored):
        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/model-unavailable"
        assert "'serious_delinquency' cannot be served (ModelUnservable)" in answer.json()["detail"]
    assert other.status_code == 200


def test_a_registry_lost_after_the_start_is_told_for_every_name() -> None:
    fault = RegistryUnreachable("sqlite:////srv/bank/mlflow.db", "gone")
    app = create_app({}, fault=fault)
    for answer in asked(app, "/v1/models", "/v1/models/any", PATH):
        assert answer.status_code == 503
        assert "(RegistryUnreachable)" in answer.json()["detail"]
        assert "/srv" not in answer.text


def asked(app: Any, *paths: str) -> list[httpx.Response]:
    """Get each path, or post to it where it is one of scores."""

    async def call() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return [
                await client.post(path, json={"records": [{}]})
                if path.endswith("/scores")
                else await client.get(path)
                for path in paths
            ]

    return asyncio.run(call())


def test_what_another_model_answers_is_told_by_its_name() -> None:
    amounts = Champion(fitted(AMOUNT), 1, "d")
    app = create_app({AMOUNT: amounts})

    async def call() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return [
                await client.get("/v1/models/value_tier"),
                await client.post("/v1/models/value_tier/scores", json={"records": [{}]}),
            ]

    for answer in asyncio.run(call()):
        assert answer.status_code == 404
        assert f"'value_tier' is part of what model '{AMOUNT}' answers" in answer.json()["detail"]


def test_a_model_that_is_left_out_is_named_so_and_no_path_is_told(
    champions: Mapping[str, Champion],
) -> None:
    app = create_app(champions, {"loans": "nothing is at /srv/loans", "serious_delinquency": "old"})

    async def call() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return [
                await client.get("/v1/models"),
                await client.get("/v1/models/loans"),
                await client.post("/v1/models/loans/scores", json={"records": [{}]}),
            ]

    listed, *refused = asyncio.run(call())
    # A champion of better days is served, whatever lies in the folder now.
    assert listed.json()["left_out"] == ["loans"]
    for answer in refused:
        assert answer.status_code == 404
        assert "Model 'loans' is left out here" in answer.json()["detail"]
        assert "/srv" not in answer.text
