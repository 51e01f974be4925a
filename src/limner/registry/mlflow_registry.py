"""The registry in MLflow, and the only door to MLflow.

Every call goes through a client that is told its address. MLflow's process-wide
address is never set, because it passes itself on to child processes.
"""

import contextlib
import json
import shutil
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from limner.registry.local_store import (
    MovingStore,
    folder_at,
    location_of,
    sqlite_file,
    told,
    unused_name,
)
from limner.registry.mlflow_client import (
    PATIENCE,
    WHILE_INSIDE,
    environment,
    error_code,
    is_absence,
    is_database,
    is_lost_store,
    open_store,
    reason,
)
from limner.registry.protocol import (
    ChampionAltered,
    ModelFilesGone,
    NoSuchVersion,
    RegisteredVersion,
    RegistryUnreachable,
    TrainingRun,
    refuse_pickles,
    without_credentials,
)
from limner.registry.verified import fetch_once, hold_to_digest

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.models import Model

REQUIREMENTS = ("limner", "xgboost-cpu", "numpy", "pandas", "pydantic")
"""What a stored model needs to run. Given to MLflow, whose own guess takes seconds."""

_FITTED = "fitted"
_DIGEST = "digest"
_PAGE = 1000


def declare_pyfunc(
    load: Callable[[Path], Any], predict: Callable[[Any, "pd.DataFrame"], "pd.DataFrame"]
) -> None:
    """Make the script that calls this an MLflow model (models from code: nothing is pickled).

    Args:
        load: reads the fitted directory, once.
        predict: answers rows with what ``load`` returned.
    """
    import pandas as pd
    from mlflow.models import set_model
    from mlflow.pyfunc.model import PythonModel

    class DeclaredModel(PythonModel):
        def load_context(self, context: Any) -> None:
            self._loaded = load(Path(context.artifacts[_FITTED]))

        # MLflow resolves these annotations at run time, and warns when it cannot.
        def predict(
            self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None
        ) -> pd.DataFrame:
            return predict(self._loaded, model_input)

    set_model(DeclaredModel())


class MlflowRegistry:
    """Keeps models in an MLflow tracking server or database.

    See :class:`~limner.registry.protocol.ModelRegistry` for what each method does
    and raises. Nothing is imported or opened before the first call.

    Args:
        tracking_uri: a database (``sqlite:///…``, ``postgresql://…``) or an ``http(s)`` server.
        experiment: where runs are filed; created when absent.
        artifact_root: where a database's model files go, fixed when the experiment is created;
            by default ``artifacts`` beside the SQLite file. A server decides for itself.
        moves: the root moves together with the SQLite file: where the store has recorded another
            root, it was copied or moved, and that root is read and written no more.

    A server gets seconds to answer, not MLflow's minutes; an operator who sets
    ``MLFLOW_HTTP_REQUEST_TIMEOUT`` or ``MLFLOW_HTTP_REQUEST_MAX_RETRIES`` decides instead.
    """

    def __init__(
        self, tracking_uri: str, experiment: str, artifact_root: str | None, moves: bool = False
    ) -> None:
        self._uri = tracking_uri
        self._experiment = experiment
        self._artifact_root = artifact_root
        file = sqlite_file(tracking_uri) if moves else None
        self._moving = MovingStore(file, experiment, artifact_root or "") if file else None
        self._client: MlflowClient | None = None

    def register(self, run: TrainingRun) -> RegisteredVersion:
        refuse_pickles(run.model, run.fitted_directory)
        with self._inside(writes=True) as client:
            for known in _versions(client, run.model):
                if known.digest == run.digest:
                    self._restore(client, known, run)
                    return known
            return _record(client, self._experiment_id(client), run)

    def set_alias(self, model: str, alias: str, version: int) -> None:
        if self._is_absent():
            raise NoSuchVersion(model, version, ())
        with self._inside(writes=True) as client, _absence_told(client, model, version):
            client.set_registered_model_alias(model, alias, str(version))

    def version_by_alias(self, model: str, alias: str) -> RegisteredVersion | None:
        if self._is_absent():
            return None
        with self._inside() as client:
            try:
                found = client.get_model_version_by_alias(model, alias)
            except Exception as error:
                # MLflow calls an unknown model absent, but an unknown alias invalid.
                if is_absence(error) or error_code(error) == "INVALID_PARAMETER_VALUE":
                    return None
                raise
            return _as_registered(found, found.aliases)

    def models(self) -> tuple[str, ...]:
        if self._is_absent():
            return ()
        with self._inside() as client:
            return tuple(sorted({found.name for found in _search(client, "")}))

    def versions(self, model: str) -> tuple[RegisteredVersion, ...]:
        if self._is_absent():
            return ()
        with self._inside() as client:
            return _versions(client, model)

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        if self._is_absent():
            raise NoSuchVersion(version.model, version.version, ())
        with self._inside() as client:
            place, stored = self._place(client, version)
            if place is not None:
                return hold_to_digest(version, place / "artifacts" / _FITTED)
            address = f"{stored}/artifacts/{_FITTED}"
            return fetch_once(
                version, self._uri, into, lambda folder: self._download(version, address, folder)
            )

    def _place(self, client: "MlflowClient", version: RegisteredVersion) -> tuple[Path | None, str]:
        """Find a version's package: its folder, if it is on this machine, and its address."""
        with _absence_told(client, version.model, version.version):
            stored = client.get_model_version_download_uri(version.model, str(version.version))
        here = self._moving.here(str(stored)) if self._moving else str(stored)
        return folder_at(here), here

    def _download(self, version: RegisteredVersion, address: str, into: Path) -> Path:
        from mlflow.artifacts import download_artifacts

        try:
            download_artifacts(
                artifact_uri=address,
                dst_path=str(into),
                tracking_uri=self._uri,
                registry_uri=self._uri,
            )
        # Whatever a store of artefacts answers, the files are not to be had; a server that is
        # lost is told as that.
        except Exception as fault:
            if is_lost_store(fault):
                raise
            raise ModelFilesGone(version, without_credentials(address), reason(fault)) from fault
        return into / _FITTED

    def _restore(
        self, client: "MlflowClient", version: RegisteredVersion, run: TrainingRun
    ) -> None:
        """Write a version's files anew where they are gone or altered; what was altered is kept."""
        place, _ = self._place(client, version)
        if place is None:
            return
        try:
            hold_to_digest(version, place / "artifacts" / _FITTED)
            return
        except (ChampionAltered, ModelFilesGone) as fault:
            found_so = "altered" if isinstance(fault, ChampionAltered) else "gone"
        if place.exists():
            place.rename(unused_name(place.with_name(f"{place.name}.altered")))
        (logged,) = client.get_run(version.run_id).outputs.model_outputs
        _log_package(client, client.get_logged_model(logged.model_id), version.run_id, run)
        for attachment in run.attachments:
            client.log_artifact(version.run_id, str(attachment))
        hold_to_digest(version, place / "artifacts" / _FITTED)
        told(
            f"model {version.model}, version {version.version}: its files were {found_so};"
            f" written anew from {run.fitted_directory}"
        )

    @contextlib.contextmanager
    def _inside(self, writes: bool = False) -> Iterator["MlflowClient"]:
        """Give the client; meanwhile the process has the environment that MLflow should see.

        Raises:
            RegistryUnreachable: the store cannot be opened, or is lost during the block.
        """
        # MLflow looks the address up in a few places although the client was told it.
        address = {"MLFLOW_TRACKING_URI": self._uri, "MLFLOW_REGISTRY_URI": self._uri}
        file = sqlite_file(self._uri)
        if writes and file:
            # SQLite makes the file, never its folder; one that cannot be made is told on opening.
            with contextlib.suppress(OSError):
                file.parent.mkdir(parents=True, exist_ok=True)
        with environment({**WHILE_INSIDE, **address}):
            client = self._client = self._client or open_store(self._uri)
            with environment(unless_set=PATIENCE):
                try:
                    if self._moving:
                        self._moving.settle(must=writes)
                    yield client
                except Exception as error:
                    if is_lost_store(error):
                        raise RegistryUnreachable(self._uri, reason(error)) from error
                    raise

    def _is_absent(self) -> bool:
        """Whether the store is a SQLite file that is not there: reading would create it."""
        file = sqlite_file(self._uri)
        return file is not None and not file.exists()

    def _experiment_id(self, client: "MlflowClient") -> str:
        if found := client.get_experiment_by_name(self._experiment):
            return str(found.experiment_id)
        return str(client.create_experiment(self._experiment, self._artifact_location()))

    def _artifact_location(self) -> str | None:
        if not is_database(self._uri):
            return None
        file = sqlite_file(self._uri)
        if self._artifact_root is None and file is not None:
            # MLflow's default is ./mlruns of whatever folder the process stands in.
            return location_of(file.parent / "artifacts")
        return self._artifact_root


def _record(client: "MlflowClient", experiment_id: str, run: TrainingRun) -> RegisteredVersion:
    """Record a run with its model, and last of all the version: it is whole or does not exist."""
    tags = {**run.tags, _DIGEST: run.digest}
    name = f"{run.model}-{run.digest[:12]}"
    run_id = str(client.create_run(experiment_id, tags=tags, run_name=name).info.run_id)
    try:
        model = _log_model(client, experiment_id, run_id, run)
        for attachment in run.attachments:
            client.log_artifact(run_id, str(attachment))
        version = _create_version(client, model, run_id, run.model, tags)
    except BaseException:
        # The first error is the one to show, even if the store is gone by now.
        with contextlib.suppress(Exception):
            client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id)
    return version


def _log_model(
    client: "MlflowClient", experiment_id: str, run_id: str, run: TrainingRun
) -> "LoggedModel":
    """Log parameters, metrics and the packed model; the metrics belong to run and model."""
    from mlflow.entities import LoggedModelOutput, Metric, Param

    now = int(time.time() * 1000)
    parameters = {name: str(value) for name, value in run.parameters.items()}
    model = client.create_logged_model(
        experiment_id, run.model, run_id, tags={_DIGEST: run.digest}, params=parameters
    )
    client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    client.log_batch(
        run_id,
        metrics=[
            Metric(name, float(value), now, step=0, model_id=model.model_id, run_id=run_id)
            for name, value in run.metrics.items()
        ],
        params=[Param(name, value) for name, value in parameters.items()],
    )
    _log_package(client, model, run_id, run)
    return client.finalize_logged_model(model.model_id, "READY")


def _log_package(
    client: "MlflowClient", model: "LoggedModel", run_id: str, run: TrainingRun
) -> None:
    from mlflow.models import Model

    with TemporaryDirectory() as scratch:
        identity = Model(
            artifact_path=model.artifact_location,
            run_id=run_id,
            model_id=model.model_id,
            model_uuid=model.model_id,
        )
        client.log_model_artifacts(model.model_id, str(_pack(run, identity, Path(scratch))))


def _pack(run: TrainingRun, identity: "Model", scratch: Path) -> Path:
    """Write the model's folder as MLflow stores it, and have it answer the input example once.

    Raises:
        PickleRefused: MLflow wrote a pickle.
    """
    with warnings.catch_warnings():
        # MLflow warns at its own import; and that an integer column cannot hold a missing
        # value, which is the caller's choice of type.
        warnings.simplefilter("ignore", UserWarning)
        from mlflow.models import infer_signature
        from mlflow.pyfunc import load_model, save_model
        from mlflow.types import ColSpec, Schema

        signature = infer_signature(run.input_example, run.output_example)
        # MLflow infers that every column without a missing value in the example must be given.
        signature.inputs = Schema(
            [
                ColSpec(column.type, column.name, column.name not in run.optional_inputs)
                for column in signature.inputs.inputs
            ]
        )
    # A fixed name, so that fetch finds the files; a copy, because DVC may link its outputs.
    fitted = shutil.copytree(run.fitted_directory, scratch / _FITTED, copy_function=shutil.copyfile)
    package = scratch / "model"
    save_model(
        path=str(package),
        python_model=str(run.pyfunc_code),
        artifacts={_FITTED: str(fitted)},
        signature=signature,
        input_example=run.input_example,
        pip_requirements=[f"{name}=={metadata.version(name)}" for name in REQUIREMENTS],
        mlflow_model=identity,
    )
    refuse_pickles(run.model, package)
    load_model(str(package), suppress_warnings=True).predict(run.input_example)
    return package


def _create_version(
    client: "MlflowClient", model: "LoggedModel", run_id: str, name: str, tags: Mapping[str, str]
) -> RegisteredVersion:
    from mlflow.utils.mlflow_tags import MLFLOW_MODEL_VERSIONS

    try:
        client.create_registered_model(name)
    except Exception as error:
        if error_code(error) != "RESOURCE_ALREADY_EXISTS":
            raise
    # With models:/<id> as the source, MLflow would look it up at the process-wide address.
    created = client.create_model_version(
        name, model.artifact_location, run_id, dict(tags), model_id=model.model_id
    )
    # MLflow's pages link a logged model to its version by this tag.
    link = json.dumps([{"name": name, "version": created.version}])
    client.set_logged_model_tags(model.model_id, {MLFLOW_MODEL_VERSIONS: link})
    return _as_registered(created, ())


def _versions(client: "MlflowClient", model: str) -> tuple[RegisteredVersion, ...]:
    try:
        # A search returns versions without their aliases; the model has them all.
        aliases = client.get_registered_model(model).aliases
    except Exception as error:
        if is_absence(error):
            return ()
        raise
    held: dict[int, list[str]] = {}
    for alias, number in aliases.items():
        held.setdefault(int(number), []).append(alias)
    found = (
        _as_registered(item, held.get(int(item.version), ()))
        for item in _search(client, f"name = '{model}'")
    )
    return tuple(sorted(found, key=lambda item: item.version))


def _search(client: "MlflowClient", condition: str) -> Iterator["ModelVersion"]:
    token: str | None = None
    while True:
        page = client.search_model_versions(condition, max_results=_PAGE, page_token=token)
        yield from page
        if not (token := page.token):
            return


def _as_registered(found: "ModelVersion", aliases: Iterable[str]) -> RegisteredVersion:
    return RegisteredVersion(
        model=found.name,
        version=int(found.version),
        run_id=found.run_id or "",
        digest=found.tags.get(_DIGEST, ""),
        aliases=tuple(sorted(aliases)),
    )


@contextlib.contextmanager
def _absence_told(client: "MlflowClient", model: str, version: int) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not is_absence(error):
            raise
        known = [item.version for item in _versions(client, model)]
        raise NoSuchVersion(model, version, known) from error
