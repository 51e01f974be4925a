"""The champions behind BentoML, and the only door to it.

Start it from the project's root (``limner serve`` does)::

    bentoml serve limner.services.scoring_service:LimnerService --host 127.0.0.1 --port 3000
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import bentoml
from bentoml._internal.utils.analytics.usage_stats import do_not_track
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from limner.errors import LimnerError
from limner.registry.default import open_registry, registry_uri
from limner.registry.protocol import without_credentials
from limner.services.champions import load_champions

# One row and a few hundred trees: a second thread costs more than it saves.
THREADS = 1

# The command `bentoml` asks whether it may report its use, and remembers the answer,
# before it imports Limner, which forbids it. Let it ask again.
do_not_track.cache_clear()


class _AppOnceStarted:
    """Stands in for the app until the service starts.

    BentoML imports this module in a parent process too, which serves nothing.
    """

    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "BentoML starts the service before it takes requests"
        await self.app(scope, receive, send)


_MOUNTED = _AppOnceStarted()


def _build_app() -> FastAPI:
    """Read the champions and build their API.

    Raises:
        NoChampion: no model has a champion.
        RegistryUnreachable: the registry does not answer.
    """
    # Imported here: other commands of `bentoml` import this module and need none of it.
    from limner.models.left_out import models_left_out
    from limner.services.app import create_app

    named = without_credentials(registry_uri())
    with TemporaryDirectory() as copies:
        champions = load_champions(open_registry(), Path(copies), THREADS, named)
    return create_app(champions.served, models_left_out(), champions.faults)


def _stop_without_champions() -> None:
    """End the parent process if no model can be served, one line a fault.

    Its workers could not: BentoML starts a worker that fails again, for ever.
    """
    try:
        served = _build_app().state.served
    except LimnerError as error:
        _tell(error)
        raise SystemExit(error.exit_code) from None
    if not served.champions:
        for fault in served.all_faults:
            _tell(fault)
        raise SystemExit(served.all_faults[0].exit_code)


def _app_of_worker() -> FastAPI:
    """Build the API whatever happens: a worker that failed would be started again for ever."""
    from limner.services.app import create_app

    try:
        app = _build_app()
    except LimnerError as error:
        app = create_app({}, fault=error)
    for fault in app.state.served.all_faults:
        _tell(fault)
    return app


def _tell(fault: LimnerError) -> None:
    print(f"{type(fault).__name__}: {fault}", file=sys.stderr, flush=True)


@bentoml.service(name="limner")
@bentoml.asgi_app(_MOUNTED, path="/")
class LimnerService:
    """Reads the champions when it starts, and serves them until it stops."""

    stop_without_champions = bentoml.on_deployment(_stop_without_champions)

    def __init__(self) -> None:
        app = _app_of_worker()
        self._ready = not app.state.served.all_faults
        _MOUNTED.app = app

    def __is_ready__(self) -> bool:
        """Answer BentoML's ``/readyz``: every champion is served."""
        return self._ready
