"""Training runs to register, and what lies in a folder."""

from collections.abc import Callable
from pathlib import Path

from limner.registry.protocol import (
    TrainingRun,
)

SCRIPT = """
import json
from limner.registry.mlflow_registry import declare_pyfunc

def load(folder):
    return json.loads((folder / "manifest.json").read_text())["factor"]

def predict(factor, rows):
    return (rows[["balance"]] * factor).rename(columns={"balance": "score"})

declare_pyfunc(load, predict)
"""

MakeRun = Callable[..., TrainingRun]


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
