"""The OpenAPI page: what FastAPI finds by itself, and the problems that it cannot see."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from limner.services.boundary import MOST_BYTES
from limner.services.problem_kinds import (
    BODY_TOO_LARGE,
    INTERNAL,
    JSON_MALFORMED,
    MEDIA_TYPE_UNSUPPORTED,
    RECORD_INVALID,
    REQUEST_INVALID,
    TOO_MANY_RECORDS,
)
from limner.services.problems import HEADERS, Problem, documented
from limner.services.schemas import MISSING_POLICY, MOST_RECORDS

DESCRIPTION = f"""\
Scores and profiles of bank customers, with reasons, by the models that are champion.

* A request holds from 1 to {MOST_RECORDS:,} records and at most {MOST_BYTES:,} bytes.
* {MISSING_POLICY} Fields that a model does not know are refused.
* Protected attributes never have to be given.
* Every error is `application/problem+json` (RFC 9457); its `type` leads to a page about it.
* `X-Request-Id` comes back as it was sent, or is made.
"""
SUCCESS: dict[int | str, dict[str, Any]] = {200: {"headers": HEADERS}}
SCORE_PROBLEMS = documented(
    JSON_MALFORMED, BODY_TOO_LARGE, TOO_MANY_RECORDS, MEDIA_TYPE_UNSUPPORTED,
    REQUEST_INVALID, RECORD_INVALID, INTERNAL,
)  # fmt: skip

_NEVER_SENT = ("HTTPValidationError", "ValidationError")


class DocumentedApi(FastAPI):
    """FastAPI whose OpenAPI page tells of problems, not of FastAPI's own errors."""

    def openapi(self) -> dict[str, Any]:
        """Return the page; it is made once."""
        if not self.openapi_schema:
            _tell_of_problems(super().openapi())
        return super().openapi()


def example_of(value: object) -> dict[str, Any]:
    """Wrap an example of a JSON body."""
    return {"application/json": {"example": value}}


def _tell_of_problems(page: dict[str, Any]) -> None:
    _, found = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas = page["components"]["schemas"]
    schemas.update(found["$defs"])
    for name in _NEVER_SENT:
        schemas.pop(name, None)
    for operation in (o for path in page["paths"].values() for o in path.values()):
        invalid = operation["responses"].get("422", {})
        # FastAPI adds it to whatever takes a parameter, be it one that cannot be wrong.
        if "application/json" in invalid.get("content", {}):
            del operation["responses"]["422"]
