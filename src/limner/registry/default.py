"""The registry that every command uses unless ``MLFLOW_TRACKING_URI`` names another."""

import os
import tempfile
from pathlib import Path

from limner.registry.local_store import location_of, sqlite_uri
from limner.registry.mlflow_registry import MlflowRegistry

REGISTRY_FOLDER = Path("mlflow")
EXPERIMENT = "limner"


def registry_uri() -> str:
    """Say where the registry is: ``MLFLOW_TRACKING_URI``, or a SQLite file of the project."""
    return os.environ.get("MLFLOW_TRACKING_URI") or sqlite_uri(REGISTRY_FOLDER / "mlflow.db")


def open_registry() -> MlflowRegistry:
    """Open the registry; nothing is read or written before its first call."""
    stated = bool(os.environ.get("MLFLOW_TRACKING_URI"))
    artifacts = location_of(REGISTRY_FOLDER / "artifacts")
    return MlflowRegistry(registry_uri(), EXPERIMENT, artifacts, moves=not stated)


def scratch_folder(name: str) -> Path:
    """Return a folder for files that may be lost: the registry's, if it can be written.

    Otherwise, as in a container whose project is read-only or outside any project, it lies in
    the user's cache, or else in the folder of temporary files.
    """
    if os.access(REGISTRY_FOLDER, os.W_OK):
        return REGISTRY_FOLDER / name
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        (caches / "limner").mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return Path(tempfile.mkdtemp(prefix="limner-")) / name
    return caches / "limner" / name
