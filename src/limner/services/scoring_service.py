"""The champions behind BentoML, and the only door to it.

Start it from the project's root (``limner serve`` does)::

    bentoml serve limner.services.scoring_service:LimnerService --host 127.0.0.1 --port 3000
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import bentoml
from bentoml._internal.utils.analytics.usage_stats import do_not_track
from starlette.types import ASGIApp, Receive, Scope, Send

from limner.errors import LimnerError
from limner.registry.default import open_registry, registry_uri
from limner.registry.protocol import without_credentials
from limner.services.champions import Champion, find_champions, load_champions

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


def _stop_without_champions() -> None:
    """End the parent process with one line: its workers would fail and be restarted for ever."""
    try:
        find_champions(open_registry(), _registry_name())
    except LimnerError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None


def _read_champions() -> dict[str, Champion]:
    with TemporaryDirectory() as fetched:
        return load_champions(open_registry(), Path(fetched), THREADS, _registry_name())


def _registry_name() -> str:
    return without_credentials(registry_uri())


@bentoml.service(name="limner")
@bentoml.asgi_app(_MOUNTED, path="/")
class LimnerService:
    """Reads the champions when it starts, and serves them until it stops."""

    stop_without_champions = bentoml.on_deployment(_stop_without_champions)

    def __init__(self) -> None:
        # Imported here: the parent process needs none of it.
        from limner.models.left_out import models_left_out
        from limner.services.app import create_app

        _MOUNTED.app = create_app(_read_champions(), models_left_out())
