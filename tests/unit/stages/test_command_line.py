"""A stage runs the code of the folder that it runs in, or does not run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from limner.cli import main
from limner.errors import ForeignCode
from limner.running_code import refuse_foreign_code
from project import ROOT

STAGE = """
from limner.stages.command_line import run_from_command_line

def stage(name):
    print("{words}", name)

run_from_command_line(stage)
"""


def make_copy(folder: Path, words: str) -> Path:
    """Copy what a stage needs to start, with a stage that says some words."""
    package = folder / "src" / "limner"
    package.mkdir(parents=True)
    for module in (ROOT / "src" / "limner").glob("*.py"):
        shutil.copy(module, package)
    for name in ("errors", "stages"):
        shutil.copytree(ROOT / "src" / "limner" / name, package / name)
    (package / "stages" / "speak.py").write_text(STAGE.format(words=words), encoding="utf-8")
    return folder


def run(folder: Path, python_path: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-m", "limner.stages.speak", "cards"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(python_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_runs_the_code_of_the_folder_that_it_runs_in(tmp_path: Path) -> None:
    here = make_copy(tmp_path / "here", "from here")
    done = run(here, "src")
    assert (done.stdout, done.returncode) == ("from here cards\n", 0), done.stderr


def test_refuses_the_code_of_another_folder_in_one_line(tmp_path: Path) -> None:
    here = make_copy(tmp_path / "here", "from here")
    there = make_copy(tmp_path / "there", "from there")
    done = run(here, there / "src")
    assert (done.stdout, done.returncode) == ("", ForeignCode.exit_code)
    (line,) = done.stderr.splitlines()
    assert str(here / "src" / "limner") in line
    assert str(there / "src" / "limner") in line


def test_a_folder_that_is_reached_by_a_link_is_the_same_folder(tmp_path: Path) -> None:
    here = make_copy(tmp_path / "here", "from here")
    (tmp_path / "linked").symlink_to(here)
    assert run(tmp_path / "linked", here / "src").stdout == "from here cards\n"


def test_a_project_without_sources_runs_the_installed_package(tmp_path: Path) -> None:
    there = make_copy(tmp_path / "there", "from there")
    project = tmp_path / "project"
    # A folder of the bank's own by that name holds no package.
    (project / "src" / "limner").mkdir(parents=True)
    assert run(project, there / "src").stdout == "from there cards\n"


def test_a_missing_name_shows_the_usage_and_the_stages_module(tmp_path: Path) -> None:
    here = make_copy(tmp_path / "here", "from here")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "limner.stages.speak"],
        cwd=here, env=os.environ | {"PYTHONPATH": "src"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stderr == "usage: python -m limner.stages.speak NAME\n"
    assert done.returncode == 2


@pytest.mark.parametrize("command", [("check",), ("register",), ("tune", "retail_default")])
def test_a_command_that_works_with_definitions_refuses_the_code_of_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(make_copy(tmp_path / "here", "from here"))
    done = CliRunner().invoke(main, command)
    assert done.exit_code == ForeignCode.exit_code
    assert "PYTHONPATH=src" in done.stderr


def test_the_checkout_that_runs_may_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    refuse_foreign_code()
