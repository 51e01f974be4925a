"""Stores that fail: told in seconds, on one line, without a password."""

import socket
import sqlite3
import time
from importlib import metadata
from pathlib import Path

import pytest

from limner.errors import LimnerError
from limner.registry.mlflow_registry import (
    MlflowRegistry,
)
from limner.registry.protocol import (
    RegistryUnreachable,
    without_credentials,
)


def refused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def unreachable(uri: str) -> RegistryUnreachable:
    """The error of a registry that must fail within seconds."""
    started = time.monotonic()
    with pytest.raises(RegistryUnreachable) as failure:
        MlflowRegistry(uri, "tests", None).models()
    assert time.monotonic() - started < 15
    assert "\n" not in str(failure.value)
    return failure.value


def test_a_server_that_refuses_is_told_in_seconds_without_its_password() -> None:
    port = refused_port()
    error = unreachable(f"http://ada:secret@127.0.0.1:{port}/mlflow")
    assert isinstance(error, LimnerError)
    assert error.exit_code == 30
    assert f"http://127.0.0.1:{port}/mlflow" in str(error)
    assert "refused" in str(error)
    assert "secret" not in str(error)
    assert "ada" not in str(error)


def test_a_server_that_stays_silent_is_given_the_patience_an_operator_sets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        error = unreachable(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert "timed out" in str(error)
    assert time.monotonic() - started < 2.5


def test_a_database_that_cannot_be_opened_is_told_in_seconds(tmp_path: Path) -> None:
    assert "unable to open" in str(unreachable(f"sqlite:///{tmp_path}"))


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"not a database" * 100)
    assert "not a database" in str(unreachable(f"sqlite:///{tmp_path / 'mlflow.db'}"))


def test_a_store_of_another_mlflow_is_told_with_both_schemas(store: Path) -> None:
    with sqlite3.connect(store) as database:
        database.execute("UPDATE alembic_version SET version_num = 'fffffffffff1'")
    error = unreachable(f"sqlite:///{store}")
    assert "fffffffffff1" in str(error)
    assert metadata.version("mlflow") in str(error)


def test_a_store_lost_between_two_calls_is_told_once(
    in_mlflow: MlflowRegistry, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_mlflow.models()
    with sqlite3.connect(store) as database:
        database.execute("DROP TABLE model_versions")
    with pytest.raises(RegistryUnreachable, match="no such table"):
        in_mlflow.models()
    assert not caplog.records


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://mlflow.bank:5000", "http://mlflow.bank:5000"),
        ("https://ada:secret@mlflow.bank/x", "https://mlflow.bank/x"),
        ("postgresql://ada:se@c/ret@db:5432/mlflow", "postgresql://db:5432/mlflow"),
        ("postgresql://db/mlflow?user=ada&password=secret", "postgresql://db/mlflow"),
        ("postgresql://db/mlflow?password=sec@ret", "postgresql://…"),
        ("sqlite:////srv/ada@bank/mlflow.db", "sqlite:////srv/ada@bank/mlflow.db"),
    ],
)
def test_an_address_is_shown_without_credentials(uri: str, shown: str) -> None:
    assert without_credentials(uri) == shown


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("http://ada:sec/ret@host", "cannot reach http://ada:sec/ret@host/api"),
        ("http://ada:sec/ret@host", "'ada:sec' is not a valid port"),
        ("http://ada:sec%40ret@host", "cannot reach http://ada:sec@ret@host/api"),
    ],
)
def test_a_reason_that_quotes_the_credentials_is_shown_without_them(uri: str, reason: str) -> None:
    message = str(RegistryUnreachable(uri, reason))
    assert "ada" not in message
    assert "sec" not in message
    assert "ret" not in message
