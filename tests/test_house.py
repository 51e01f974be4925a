"""The rules of the house: style, types and who may import whom."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from project import ROOT

TOOLS = Path(sys.executable).parent


def test_libraries_are_compiled_when_they_are_installed_and_not_at_every_command() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    assert not settings.get("compile-bytecode")
    for command in ("dvc repro", "pytest"):
        told = f"uv && uv sync --compile-bytecode && uv run {command}"
        for file in ("README.md", ".ci/run"):
            assert told in (ROOT / file).read_text(encoding="utf-8"), file


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("mypy",),
        ("lint-imports", "--no-cache"),
    ],
    ids=" ".join,
)
def test_the_house_is_in_order(command: tuple[str, ...]) -> None:
    tool, *arguments = command
    done = subprocess.run(
        [TOOLS / tool, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)
