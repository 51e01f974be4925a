"""From the exceptions of a request to its problem."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from limner.errors import RecordInvalid
from limner.services.problem_kinds import (
    INTERNAL,
    JSON_MALFORMED,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    RECORD_INVALID,
    REQUEST_INVALID,
    TOO_MANY_RECORDS,
)
from limner.services.problems import (
    MOST_ERRORS,
    FieldProblem,
    Refused,
    pointer_to,
    problem_response,
)
from limner.services.schemas import MOST_RECORDS, ScoreRequest

# In the words of check_records, so that a client reads one language.
_WORDS = {
    "missing": "must be given",
    "extra_forbidden": f"unknown field; known: {', '.join(ScoreRequest.model_fields)}",
    "model_attributes_type": "must be an object",
    "list_type": "must be a list",
    "too_short": "must hold at least one record",
    "bool_type": "must be true or false",
}
_KIND_OF_STATUS = {400: JSON_MALFORMED, 404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}


async def _record_invalid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RecordInvalid)
    errors = [
        FieldProblem(pointer=pointer_to("records", f.record, f.field), detail=f.detail)
        for f in fault.faults[:MOST_ERRORS]
    ]
    detail = _summary(errors, len(fault.faults))
    return problem_response(request, RECORD_INVALID, detail, errors)


async def _request_invalid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    found: Sequence[dict[str, Any]] = fault.errors()
    first = found[0]
    if first["type"] == "json_invalid":
        detail = f"{first['ctx']['error']} at character {first['loc'][-1]}."
        return problem_response(request, JSON_MALFORMED, detail)
    if any(error["type"] == "too_long" for error in found):
        detail = f"A request may have {MOST_RECORDS:,} records."
        pointed = [FieldProblem(pointer="/records", detail=detail)]
        return problem_response(request, TOO_MANY_RECORDS, detail, pointed)
    errors = [
        # The first part of the location is "body".
        FieldProblem(pointer=pointer_to(*e["loc"][1:]), detail=_WORDS.get(e["type"], e["msg"]))
        for e in found[:MOST_ERRORS]
    ]
    detail = _summary(errors, len(found))
    return problem_response(request, REQUEST_INVALID, detail, errors)


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    if isinstance(fault, Refused):
        detail, errors = str(fault.detail), fault.errors
        return problem_response(request, fault.kind, detail, errors, headers=fault.headers)
    kind = _KIND_OF_STATUS.get(fault.status_code, INTERNAL)
    allowed = (fault.headers or {}).get("Allow")
    detail = f"Allowed here: {allowed}." if allowed else kind.remedy
    return problem_response(request, kind, detail, headers=fault.headers)


def _summary(errors: Sequence[FieldProblem], count: int) -> str:
    more = f" (and {count - 1:,} more)" if count > 1 else ""
    return f"{errors[0].pointer or 'the body'}: {errors[0].detail}{more}"


HANDLERS: dict[int | type[Exception], Callable[[Request, Exception], Any]] = {
    RecordInvalid: _record_invalid,
    RequestValidationError: _request_invalid,
    HTTPException: _http,
}
