"""Every error is a problem that names the field, and never tells of the service's insides."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from limner.services.boundary import MOST_BYTES
from limner.services.champions import Champion
from limner.services.problem_kinds import KINDS
from limner.services.problems import MOST_ERRORS
from limner.services.schemas import MOST_RECORDS

from .conftest import MODELS

PATH = "/v1/models/serious_delinquency/scores"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="session")
def record(champions: Mapping[str, Champion]) -> dict[str, Any]:
    return dict(champions["serious_delinquency"].fitted.manifest.example)


def problem_of(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """Check what every problem has, and that it tells of no code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"/problems/{kind}"
    assert problem["status"] == status
    assert problem["title"] and problem["detail"]
    assert problem["instance"].endswith(answer.headers["X-Request-Id"])
    for inside in ("Traceback", ".py", "Error", "Exception", "pydantic", "limner."):
        assert inside not in answer.text
    return problem


@pytest.mark.parametrize(
    ("changes", "field", "detail"),
    [
        ({"salary": 1}, "salary", "unknown field; known: revolving_utilisation, age,"),
        ({"a/b~c": 1}, "a~1b~0c", "unknown field"),
        ({"debt_ratio": None}, "debt_ratio", "must be given"),
        ({"debt_ratio": "0.3"}, "debt_ratio", "must be a number"),
        ({"debt_ratio": [0.3]}, "debt_ratio", "must be a number"),
        ({"age": True}, "age", "must be an integer"),
        ({"age": 41.5}, "age", "must be an integer"),
        ({"age": 17}, "age", "must be from 18 to 110"),
        ({"late_90_days": 97}, "late_90_days", "must be from 0 to 50"),
        ({"age": 10**400}, "age", "must be a finite number"),
    ],
)
def test_names_the_field_of_a_record_that_breaks_the_contract(
    changes: dict[str, Any], field: str, detail: str, record: dict[str, Any], http: httpx.Client
) -> None:
    answer = http.post(PATH, json={"records": [record, record | changes]})
    problem = problem_of(answer, 422, "record-invalid")
    (error,) = problem["errors"]
    assert error["pointer"] == f"/records/1/{field}"
    assert error["detail"].startswith(detail)


def test_names_a_missing_field(record: dict[str, Any], http: httpx.Client) -> None:
    without = {name: value for name, value in record.items() if name != "debt_ratio"}
    problem = problem_of(http.post(PATH, json={"records": [without]}), 422, "record-invalid")
    assert problem["errors"] == [{"pointer": "/records/0/debt_ratio", "detail": "must be given"}]


def test_names_the_categories_there_are(
    champions: Mapping[str, Champion], http: httpx.Client
) -> None:
    record = dict(champions["deposit_segments"].fitted.manifest.example) | {"job": "astronaut"}
    answer = http.post("/v1/models/deposit_segments/scores", json={"records": [record]})
    (error,) = problem_of(answer, 422, "record-invalid")["errors"]
    assert error["pointer"] == "/records/0/job"
    assert error["detail"].startswith("must be one of: admin., blue-collar,")


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_names_the_field_of_a_number_that_is_none(
    token: str, record: dict[str, Any], http: httpx.Client
) -> None:
    import json

    text = json.dumps({"records": [record | {"debt_ratio": "HERE"}]}).replace('"HERE"', token)
    answer = http.post(PATH, content=text, headers=JSON)
    (error,) = problem_of(answer, 422, "record-invalid")["errors"]
    assert error == {"pointer": "/records/0/debt_ratio", "detail": "must be a finite number"}


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({}, "/records", "must be given"),
        ({"records": []}, "/records", "must hold at least one record"),
        ({"records": {}}, "/records", "must be a list"),
        ({"records": [7]}, "/records/0", "must be an object"),
        ([], "", "must be an object"),
        ({"records": ["RECORD"], "reasons": "yes"}, "/reasons", "must be true or false"),
        ({"records": ["RECORD"], "reason": 1}, "/reason", "unknown field; known: records, reasons"),
    ],
)
def test_names_what_is_wrong_with_the_form_of_a_request(
    body: Any, pointer: str, detail: str, record: dict[str, Any], http: httpx.Client
) -> None:
    if isinstance(body, dict) and body.get("records") == ["RECORD"]:
        body = body | {"records": [record]}
    problem = problem_of(http.post(PATH, json=body), 422, "request-invalid")
    assert problem["errors"] == [{"pointer": pointer, "detail": detail}]


@pytest.mark.parametrize(
    "body",
    [b'{"records": [}', b"\xff\xfe", b'"\xc3', b"[" * 100_000, b"9" * 5_000],
    ids=["cut", "utf-16 mark", "half a letter", "too deep", "too many digits"],
)
def test_refuses_what_is_not_json(body: bytes, http: httpx.Client) -> None:
    problem_of(http.post(PATH, content=body, headers=JSON), 400, "json-malformed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"records": [R, {"age": 30, "monthly_income": 100, "monthly_income": 9}]}',
         "/records/1/monthly_income"),
        ('{"records": [R], "reasons": true, "reasons": false}', "/reasons"),
        ('{"records": [R], "records": [R]}', "/records"),
        ('{"records": [{"age": {"a": 1, "a": 1}}]}', "/records/0/age/a"),
    ],
)  # fmt: skip
def test_refuses_a_key_that_is_given_twice(
    body: str, pointer: str, record: dict[str, Any], http: httpx.Client
) -> None:
    content = body.replace("R", json.dumps(record)).encode()
    problem = problem_of(http.post(PATH, content=content, headers=JSON), 422, "request-invalid")
    assert problem["errors"] == [{"pointer": pointer, "detail": "must be given once"}]


def test_half_a_surrogate_comes_back_as_it_came(record: dict[str, Any], http: httpx.Client) -> None:
    answer = http.post(PATH, content=b'{"records": [{"\\ud800": 1}]}', headers=JSON)
    assert problem_of(answer, 422, "record-invalid")["errors"][0]["pointer"] == "/records/0/\ud800"


def test_takes_the_most_records_and_refuses_one_more(
    record: dict[str, Any], http: httpx.Client
) -> None:
    taken = http.post(PATH, json={"records": [record] * MOST_RECORDS})
    refused = http.post(PATH, json={"records": [record] * (MOST_RECORDS + 1)})
    assert len(taken.json()["scores"]) == MOST_RECORDS
    problem = problem_of(refused, 413, "too-many-records")
    assert problem["errors"][0]["pointer"] == "/records"


def test_refuses_a_body_that_is_too_large_whether_or_not_it_says_so(http: httpx.Client) -> None:
    body = b" " * (MOST_BYTES + 1)
    stated = http.post(PATH, content=body, headers=JSON)
    streamed = http.post(PATH, content=iter([body[:1000], body[1000:]]), headers=JSON)
    problem_of(stated, 413, "body-too-large")
    problem_of(streamed, 413, "body-too-large")


def test_lists_a_bounded_number_of_faults(http: httpx.Client) -> None:
    fields = {f"unknown_{n}": 1 for n in range(5_000)}
    answer = http.post(PATH, json={"records": [fields]})
    problem = problem_of(answer, 422, "record-invalid")
    assert len(problem["errors"]) == MOST_ERRORS
    assert "more)" in problem["detail"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_model_is_answered_with_the_known_ones(method: str, http: httpx.Client) -> None:
    path = "/v1/models/fortune_telling" + ("/scores" if method == "POST" else "")
    problem = problem_of(http.request(method, path), 404, "model-unknown")
    assert "fortune_telling" in problem["detail"]
    assert all(model in problem["detail"] for model in MODELS)


def test_a_wrong_path_is_a_problem(http: httpx.Client) -> None:
    problem_of(http.get("/v2/models"), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", PATH, "POST"), ("DELETE", "/v1/models", "GET"), ("PUT", PATH, "POST")],
)
def test_a_wrong_method_is_answered_with_the_right_ones(
    method: str, path: str, allowed: str, http: httpx.Client
) -> None:
    answer = http.request(method, path)
    problem = problem_of(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == allowed
    assert allowed in problem["detail"]


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", None]
)
def test_refuses_another_media_type(
    media_type: str | None, record: dict[str, Any], http: httpx.Client
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = http.post(PATH, content=b'{"records": []}', headers=headers)
    problem_of(answer, 415, "media-type-unsupported")
    assert answer.headers["Accept"] == "application/json"


def test_takes_json_that_names_its_character_set(
    record: dict[str, Any], http: httpx.Client
) -> None:
    import json

    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    answer = http.post(PATH, content=json.dumps({"records": [record]}), headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_type_of_a_problem_leads_to_a_page_about_it(kind: Any, http: httpx.Client) -> None:
    answer = http.get(kind.type)
    assert answer.status_code == 200
    assert kind.type in answer.text


def test_a_page_about_no_problem_is_not_found(http: httpx.Client) -> None:
    assert "record-invalid" in problem_of(http.get("/problems/none"), 404, "not-found")["detail"]
