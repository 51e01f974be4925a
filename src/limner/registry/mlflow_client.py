"""How a process talks to an MLflow store: opened or refused within seconds, nothing leaked.

The other half of the door to MLflow, beside :mod:`limner.registry.mlflow_registry`.
"""

import contextlib
import logging
import os
import threading
import warnings
from collections.abc import Iterator, Mapping
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING

from limner.registry.protocol import RegistryUnreachable

if TYPE_CHECKING:
    from mlflow import MlflowClient

WHILE_INSIDE = {
    # Else MLflow copies the uv.lock of whatever folder the process stands in into the model.
    "MLFLOW_UV_AUTO_DETECT": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}
_LOG_LEVELS = {
    "alembic": logging.WARNING,
    "mlflow": logging.WARNING,
    # Logs, with its stack, each error that it raises as well.
    "mlflow.store.db.utils": logging.CRITICAL,
    # Warns at each model when pip is not installed; an environment made by uv has none.
    "mlflow.utils.environment": logging.ERROR,
}
# MLflow's own patience (7 retries, 120 seconds each) leaves a stage hanging for minutes.
PATIENCE = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "60",
}
_PATIENCE_ON_OPENING = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "3",
}

# The environment belongs to the process: two threads that change and restore it at the
# same time would restore each other's values.
_ENVIRONMENT_LOCK = threading.RLock()


def open_store(uri: str) -> "MlflowClient":
    """Open the store and make sure that it answers, within seconds.

    Raises:
        RegistryUnreachable: it does not.
    """
    with environment(unless_set=_PATIENCE_ON_OPENING), warnings.catch_warnings():
        # What MLflow itself uses that is deprecated is no news to whoever runs a stage.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return _connect(uri)
        # Whatever keeps a store from opening (no driver, no right, no route, another schema)
        # is one fact to the reader; the cause stays chained.
        except Exception as error:
            raise RegistryUnreachable(uri, reason(error)) from error


def _connect(uri: str) -> "MlflowClient":
    from mlflow import MlflowClient

    if "MLFLOW_LOGGING_LEVEL" not in os.environ:
        for name, level in _LOG_LEVELS.items():
            logging.getLogger(name).setLevel(level)
    if is_database(uri):
        _knock(uri)
        return MlflowClient(tracking_uri=uri, registry_uri=uri)
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    client.search_experiments(max_results=1)
    return client


def _knock(uri: str) -> None:
    """Connect once: left alone, MLflow tries a dead database for 100 seconds, warning each time."""
    from sqlalchemy import create_engine

    engine = create_engine(uri)
    try:
        engine.connect().close()
    finally:
        engine.dispose()


def is_database(uri: str) -> bool:
    """Whether the address is a database that this process opens itself, not a server's."""
    return uri.partition(":")[0].partition("+")[0] in {"sqlite", "postgresql", "mysql", "mssql"}


def is_lost_store(error: BaseException) -> bool:
    """Whether an error says that the store stopped answering."""
    from requests import RequestException
    from sqlalchemy.exc import OperationalError

    return any(isinstance(link, (RequestException, OperationalError)) for link in _chain(error))


def is_absence(error: BaseException) -> bool:
    """Whether an error says that the thing asked for does not exist."""
    return error_code(error) == "RESOURCE_DOES_NOT_EXIST"


def error_code(error: BaseException) -> str:
    """Return MLflow's name for an error, or nothing."""
    return str(getattr(error, "error_code", ""))


def reason(error: BaseException) -> str:
    """Say in one line why a store failed: the deepest cause knows best."""
    *_, root = _chain(error)
    text = str(root).strip().partition("\n")[0] or type(root).__name__
    if "out-of-date database schema" in text:
        # MLflow says "out of date" also of a schema that is newer than itself.
        facts = text.partition("(")[2].partition(")")[0]
        return (
            f"its schema is of another MLflow than the installed {metadata.version('mlflow')}"
            f" ({facts}): install that one, or if the store is the older, back it up and run"
            " 'mlflow db upgrade'"
        )
    return text


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


@contextlib.contextmanager
def environment(
    always: Mapping[str, str] = MappingProxyType({}),
    unless_set: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[None]:
    """Set environment variables for the block; what an operator set wins over ``unless_set``."""
    with _ENVIRONMENT_LOCK:
        wanted = {k: v for k, v in unless_set.items() if k not in os.environ} | dict(always)
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
