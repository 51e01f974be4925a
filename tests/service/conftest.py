"""Four small champions in a real MLflow store, and one real BentoML server that serves them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest

import limner
from limner.domain import SampleName
from limner.modelling.fitted import digest_of, read_model, write_model
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.registry.mlflow_registry import MlflowRegistry
from limner.registry.protocol import CHAMPION, TrainingRun
from limner.samples import SAMPLE_COLUMN, draw_samples, sample_rows
from limner.scoring import score_table
from limner.services.champions import Champion
from project import ROOT, settings_with
from synthetic import bank_marketing_rows, give_me_credit_rows
from synthetic_amounts import margin_rows
from synthetic_bank import next_product_rows

ROWS = {
    "bank_marketing": bank_marketing_rows, "give_me_credit": give_me_credit_rows,
    "harbour": next_product_rows,
}  # fmt: skip
# Where a portfolio's rows lack what one of its models asks about.
OWN_ROWS = {"lifetime_value": margin_rows}
MODELS = (
    "deposit_segments", "lifetime_value", "next_product", "serious_delinquency",
    "term_deposit_propensity",
)  # fmt: skip
SECONDS_TO_START = 120

_TRAINING = {"rounds": 25, "early_stopping": 5, "max_depth": 3}
_SMALL: dict[str, object] = {
    "runtime.threads": 1,
    "models.deposit_segments.segmentation.candidates": [3],
    "models.deposit_segments.segmentation.resample_pairs": 1,
    "models.deposit_segments.segmentation.starts": 1,
    "models.next_product.choice.least_events": 20,
    **{f"models.{m}.training.{key}": value for m in MODELS for key, value in _TRAINING.items()},
}


@dataclass(frozen=True)
class Server:
    """A running service, what it printed so far and where it tried to connect to."""

    url: str
    log: Path
    network_log: Path


@pytest.fixture(scope="session")
def fitted_folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Every model, fitted in a second or so on made-up customers."""
    settings = settings_with(_SMALL)
    folders = {}
    for name in MODELS:
        spec = find_spec(name)
        rows = OWN_ROWS.get(name, ROWS[spec.portfolio])(800, 11)
        outcome = rows[spec.outcome.column].to_numpy()
        if spec.family == "amount":
            outcome = (outcome > np.median(outcome)).astype(np.int64)
        samples = draw_samples(outcome, None, settings.samples, None, settings.seed)
        drawn = rows.assign(**{SAMPLE_COLUMN: samples})
        parts = (SampleName.DEVELOPMENT, SampleName.VALIDATION)
        fitted, _ = fit_model(spec, *(sample_rows(drawn, p) for p in parts), settings, str)
        folders[name] = tmp_path_factory.mktemp(name) / "fitted"
        write_model(fitted, folders[name])
    return folders


@pytest.fixture(scope="session")
def champions(fitted_folders: Mapping[str, Path]) -> Mapping[str, Champion]:
    """The champions without a registry: what the server must have made of its own."""
    return {
        name: Champion(read_model(folder, 1), 1, digest_of(folder))
        for name, folder in fitted_folders.items()
    }


@pytest.fixture(scope="session")
def customers() -> Mapping[str, pd.DataFrame]:
    """Customers of each portfolio, or of a model, that no model was fitted on."""
    return {name: rows(250, 12) for name, rows in (ROWS | OWN_ROWS).items()}


def customers_of(champion: Champion, customers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Take those that a champion can be asked about."""
    manifest = champion.fitted.manifest
    return customers.get(manifest.model, customers[manifest.portfolio])


def training_run(folder: Path) -> TrainingRun:
    """State a fitted model as the register stage does."""
    fitted = read_model(folder, 1)
    example = pd.DataFrame([dict(fitted.manifest.example)])
    return TrainingRun(
        model=fitted.manifest.model,
        digest=digest_of(folder),
        parameters={},
        metrics={},
        tags={},
        fitted_directory=folder,
        pyfunc_code=Path(limner.__file__).with_name("pyfunc_model.py"),
        input_example=example,
        output_example=score_table(fitted, example),
    )


@pytest.fixture(scope="session")
def registry_uri(
    fitted_folders: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """An MLflow store in SQLite that holds the models, each as champion."""
    uri = f"sqlite:///{tmp_path_factory.mktemp('registry') / 'mlflow.db'}"
    registry = MlflowRegistry(uri, "service tests", None)
    for folder in fitted_folders.values():
        version = registry.register(training_run(folder))
        registry.set_alias(version.model, CHAMPION, version.version)
    return uri


@pytest.fixture(scope="session")
def server(registry_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service as it is run, closed to the network, until the last test is over."""
    with running(registry_uri, tmp_path_factory.mktemp("server"), "/readyz") as found:
        yield found


@contextmanager
def running(registry_uri: str, folder: Path, until: str) -> Iterator[Server]:
    """Run the service from when ``until`` answers 200 to the end of the block."""
    port = _free_port()
    found = Server(f"http://127.0.0.1:{port}", folder / "log", folder / "network.log")
    with (
        found.log.open("wb") as log,
        subprocess.Popen(
            serve_command(port),
            cwd=folder,
            env=serve_environment(registry_uri, folder, found.network_log),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            _wait_until_ready(found, process, until)
            yield found
        finally:
            _end(process)


@pytest.fixture(scope="session")
def http(server: Server) -> Iterator[httpx.Client]:
    """A client of the running service."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def serve_command(port: int) -> list[str]:
    """Give the command that the documentation gives."""
    service = "limner.services.scoring_service:LimnerService"
    bentoml = str(Path(sys.executable).with_name("bentoml"))
    return [bentoml, "serve", service, "--host", "127.0.0.1", "--port", str(port)]


def serve_environment(registry_uri: str, folder: Path, network_log: Path) -> dict[str, str]:
    """Point the service at a registry; keep BentoML's files apart from everyone else's."""
    # A user's shell has none of the opt-outs that importing Limner set in this process.
    inherited = {k: v for k, v in os.environ.items() if not k.endswith(("_TRACK", "_TELEMETRY"))}
    return inherited | {
        "MLFLOW_TRACKING_URI": registry_uri,
        "BENTOML_HOME": str(folder / "bentoml"),
        "PYTHONPATH": str(ROOT / "tests" / "closed_network"),
        "CLOSED_NETWORK_LOG": str(network_log),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes], until: str) -> None:
    last = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < last and process.poll() is None:
        try:
            if httpx.get(f"{server.url}{until}", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the service did not start:\n{server.log.read_text()[-4000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    # The whole session that the server is the leader of: BentoML's workers are in it.
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
