"""The edge of every request: its id, the limits of its body, and the faults that escape."""

import logging
import re
import traceback
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from limner.services.problem_kinds import (
    BODY_TOO_LARGE,
    INTERNAL,
    MEDIA_TYPE_UNSUPPORTED,
    REQUEST_INVALID,
)
from limner.services.problems import (
    REQUEST_ID,
    FieldProblem,
    Refused,
    pointer_to,
    problem_response,
)
from limner.services.unique_keys import parse_json

MOST_BYTES = 8 * 1024 * 1024
"""Of one body: more than the most records of a bank's 180 facts need."""

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOG = logging.getLogger(__name__)


class RequestBoundary:
    """Give each request an id, and turn what no handler caught into a problem without its text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        identity = _id_of(request)
        scope.setdefault("state", {})["request_id"] = identity
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)[REQUEST_ID] = identity
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as fault:
            _log_without_values(identity, fault)
            if started:
                raise
            detail = f"Report the request id {identity}."
            await problem_response(request, INTERNAL, detail)(scope, receive, send_with_id)


class JsonRoute(APIRoute):
    """A route that takes JSON of bounded size and nothing else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            return await handle(_JsonRequest(request.scope, request.receive))

        return handle_json


class _JsonRequest(Request):
    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
            if media_type != "application/json":
                detail = f"The body is declared as '{media_type or 'nothing'}'."
                raise Refused(MEDIA_TYPE_UNSUPPORTED, detail, {"Accept": "application/json"})
            self._body = await self._bounded_body()
        return self._body

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            value, repeated = parse_json(await self.body())
            if repeated is not None:
                pointer, detail = pointer_to(*repeated), "must be given once"
                raise Refused(
                    REQUEST_INVALID, f"{pointer or 'the body'}: {detail}",
                    errors=[FieldProblem(pointer=pointer, detail=detail)],
                )  # fmt: skip
            self._json = value
        return self._json

    async def _bounded_body(self) -> bytes:
        content = bytearray()
        async for chunk in self.stream():
            content += chunk
            if len(content) > MOST_BYTES:
                raise Refused(BODY_TOO_LARGE, f"A body may have {MOST_BYTES:,} bytes.")
        return bytes(content)


def _id_of(request: Request) -> str:
    """Take the client's id if it is harmless in a log and a header; otherwise make one."""
    given = request.headers.get(REQUEST_ID, "")
    return given if _ACCEPTED_ID.fullmatch(given) else uuid4().hex


def _log_without_values(identity: str, fault: Exception) -> None:
    # An exception's text may quote a customer's facts; where it was raised never does.
    frames = traceback.extract_tb(fault.__traceback__)
    place = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
    _LOG.error("request %s failed: %s raised at\n%s", identity, type(fault).__name__, place)
