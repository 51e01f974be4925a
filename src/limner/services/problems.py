"""Errors that a client can act on: RFC 9457 problem details of a few stable types."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import HTTPException
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from limner.services.problem_kinds import ProblemKind

MEDIA_TYPE = "application/problem+json"
REQUEST_ID = "X-Request-Id"
HEADERS = {
    REQUEST_ID: {"description": "The id of this request.", "schema": {"type": "string"}},
}

MOST_ERRORS = 100
"""Faults that one answer lists, so that a bad request cannot ask for a huge answer."""


class FieldProblem(BaseModel):
    """One field at fault."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into the request's body.")
    detail: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(description="Names the problem for good; the page there says what to do.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="Names this occurrence by the request's id.")
    errors: list[FieldProblem] = Field([], description="The fields at fault, if it is about any.")


class Refused(HTTPException):
    """A request that is answered with a problem."""

    def __init__(
        self, kind: ProblemKind, detail: str, headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldProblem] = (),
    ) -> None:  # fmt: skip
        super().__init__(kind.status, detail, dict(headers or {}))
        self.kind, self.errors = kind, tuple(errors)


def problem_response(
    request: Request, kind: ProblemKind, detail: str, errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """Render a problem."""
    listed = [error.model_dump() for error in errors]
    problem = problem_of(kind, detail, f"urn:limner:request:{request_id(request)}")
    content = problem.model_dump(exclude={"errors"}) | ({"errors": listed} if listed else {})
    # Escaped to ASCII: a client's field name may hold half a surrogate, which has no UTF-8.
    body = json.dumps(content).encode("ascii")
    return Response(body, kind.status, dict(headers or {}), MEDIA_TYPE)


def problem_of(kind: ProblemKind, detail: str, instance: str) -> Problem:
    """State a problem as RFC 9457 does."""
    return Problem(
        type=kind.type, title=kind.title, status=kind.status, detail=detail, instance=instance
    )


def request_id(request: Request) -> str:
    """Return the id that :class:`limner.services.boundary.RequestBoundary` gave the request."""
    return str(request.scope.get("state", {}).get("request_id", "unknown"))


def pointer_to(*parts: object) -> str:
    """Join names and indices to a JSON pointer.

    >>> pointer_to("records", 0, "a/b")
    '/records/0/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def documented(*kinds: ProblemKind) -> dict[int | str, dict[str, Any]]:
    """Describe problems as the responses of an operation, for OpenAPI."""
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.status, []).append(f"{kind.title} (`{kind.type}`).")
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": " Or: ".join(named), "content": content, "headers": HEADERS}
        for status, named in titles.items()
    }
