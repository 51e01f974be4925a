"""The registry that every command uses unless ``MLFLOW_TRACKING_URI`` names another."""

from pathlib import Path

from limner.registry.mlflow_registry import MlflowRegistry, tracking_uri_from_environment

REGISTRY_FOLDER = Path("mlflow")
EXPERIMENT = "limner"


def registry_uri() -> str:
    """Say where the registry is; the default is a SQLite file below the project's root."""
    return tracking_uri_from_environment(REGISTRY_FOLDER / "mlflow.db")


def open_registry() -> MlflowRegistry:
    """Open the registry; nothing is read or written before its first call."""
    return MlflowRegistry(
        registry_uri(), EXPERIMENT, str((REGISTRY_FOLDER / "artifacts").absolute())
    )
