"""The types of problems that a client may meet: names and titles that never change."""

from html import escape
from typing import NamedTuple


class ProblemKind(NamedTuple):
    """A type of problem: its name and title never change."""

    name: str
    status: int
    title: str
    remedy: str

    @property
    def type(self) -> str:
        return f"/problems/{self.name}"


JSON_MALFORMED = ProblemKind(
    "json-malformed", 400, "The body is not JSON",
    "Send one JSON document (RFC 8259) in UTF-8.",
)  # fmt: skip
NOT_FOUND = ProblemKind(
    "not-found", 404, "Nothing is here",
    "See /openapi.json for every path, and GET /v1/models for the models.",
)  # fmt: skip
MODEL_UNKNOWN = ProblemKind(
    "model-unknown", 404, "No such model is served",
    "Use one of the names that the detail lists; a model is served once it has a champion.",
)  # fmt: skip
METHOD_NOT_ALLOWED = ProblemKind(
    "method-not-allowed", 405, "The method is not allowed here",
    "Use a method that the header Allow lists.",
)  # fmt: skip
BODY_TOO_LARGE = ProblemKind(
    "body-too-large", 413, "The body is too large", "Send fewer records in one request.",
)  # fmt: skip
TOO_MANY_RECORDS = ProblemKind(
    "too-many-records", 413, "Too many records in one request",
    "Part the list, or score it as a batch.",
)  # fmt: skip
MEDIA_TYPE_UNSUPPORTED = ProblemKind(
    "media-type-unsupported", 415, "The body is not declared as JSON",
    "Send the header Content-Type: application/json.",
)  # fmt: skip
REQUEST_INVALID = ProblemKind(
    "request-invalid", 422, "The request is not of the expected form",
    "Correct the fields that errors points at; /openapi.json has the form and an example.",
)  # fmt: skip
RECORD_INVALID = ProblemKind(
    "record-invalid", 422, "A record breaks the model's contract",
    "Correct the fields that errors points at; no record of the request was scored.",
)  # fmt: skip
INTERNAL = ProblemKind(
    "internal", 500, "The service failed",
    "The fault is ours. Try again once; then report the request id.",
)  # fmt: skip
MODEL_UNAVAILABLE = ProblemKind(
    "model-unavailable", 503, "The model cannot be served",
    "Try again later, or tell the operator: the service's log says why.",
)  # fmt: skip

KINDS = (
    JSON_MALFORMED, NOT_FOUND, MODEL_UNKNOWN, METHOD_NOT_ALLOWED, BODY_TOO_LARGE,
    TOO_MANY_RECORDS, MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID, RECORD_INVALID, INTERNAL,
    MODEL_UNAVAILABLE,
)  # fmt: skip


def problem_page(kind: ProblemKind) -> str:
    """Write the page that a problem's type leads to."""
    title, remedy = escape(kind.title), escape(kind.remedy)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>Status {kind.status}, type <code>{kind.type}</code></p>"
        f"<p>{remedy}</p></html>\n"
    )
