"""What a person types as a path: a person's own file or folder is never destroyed."""

import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from limner.cli import main
from limner.errors import InputPathUnfit, LimnerError, OutputExists, OutputPathUnfit
from limner.given_paths import FileToRead, FolderToRead, GivenPath, NewFile
from limner.modelling.fitted import write_model
from limner.settings import load_settings
from project import PARAMS
from small_models import fitted

KEY = ("privacy", "new-key")
SCORE = ("score", "serious_delinquency")
REKEY = ("privacy", "rekey")
ADD = ("portfolio", "add", "cards")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder that holds what is dear to a person."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    Path("customers.csv").write_text("age\n40\n")
    Path("results/2023").mkdir(parents=True)
    Path("results/2023/thesis.txt").write_text("years of work")
    Path("link.csv").symlink_to("customers.csv")
    Path("nowhere.csv").symlink_to("absent/target.csv")
    os.link("customers.csv", "same.csv")
    os.mkfifo("pipe")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        yield " ".join((*path, name)), command


def path_parameters() -> Iterator[tuple[str, click.Parameter]]:
    """Find every parameter that is a path: by its type, or as the command's function has it."""
    for name, command in commands(main):
        stated = inspect.signature(command.callback).parameters if command.callback else {}
        for parameter in command.params:
            asked = stated.get(parameter.name or "")
            is_path = asked is not None and "Path" in str(asked.annotation)
            if is_path or isinstance(parameter.type, click.Path | click.File | GivenPath):
                yield f"{name} {parameter.name}", parameter


PATHS = dict(path_parameters())


def test_the_walk_finds_the_paths_of_every_room() -> None:
    assert {"score table", "score output", "score fitted", "privacy new-key file",
            "privacy rekey old_key", "portfolio add file"} <= PATHS.keys()  # fmt: skip


@pytest.mark.parametrize("name", PATHS)
def test_every_path_goes_through_the_one_door(name: str) -> None:
    assert isinstance(PATHS[name].type, FileToRead | FolderToRead | NewFile)


@pytest.mark.parametrize("name", [n for n, p in PATHS.items() if isinstance(p.type, NewFile)])
def test_the_help_says_when_an_existing_file_is_replaced(name: str) -> None:
    command = name.split()[:-1]
    kind = PATHS[name].type
    assert isinstance(kind, NewFile)
    shown = " ".join(run(*command, "--help").output.split())
    if kind.replace_flag is None:
        assert "must not exist" in shown
    else:
        assert f"refused without {kind.replace_flag}" in shown


def refused(result: Result, error: type[LimnerError]) -> str:
    assert result.exit_code == error.exit_code, result.output
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith(f"{error.__name__}: ")
    return str(line)


def contents() -> dict[str, str]:
    found = (path for path in Path().rglob("*") if path.is_file())
    return {str(path): path.read_text() for path in found} | {
        str(path): "a link" for path in Path().rglob("*") if path.is_symlink()
    }


FOLDERS = ("results", "results/", ".", "..", "./", "results/..", "/", "results/2023/", "new/")


@pytest.mark.parametrize("command", [(*SCORE, "customers.csv", "-o"), KEY], ids=" ".join)
@pytest.mark.parametrize("replace", [(), ("--replace",)])
@pytest.mark.parametrize("output", FOLDERS)
def test_refuses_to_write_a_file_in_the_place_of_a_folder(
    command: tuple[str, ...], output: str, replace: tuple[str, ...]
) -> None:
    before = contents()
    asked = replace if command != KEY else ()
    refused(run(*command, output, *asked), OutputPathUnfit)
    assert contents() == before


@pytest.mark.parametrize("command", [(*SCORE, "customers.csv", "-o"), KEY], ids=" ".join)
@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("customers.csv/scores.csv", "is no folder"),
        ("customers.csv/deep/scores.csv", "is no folder"),
        ("nowhere.csv/scores.csv", "is no folder"),
        ("pipe", "no ordinary file"),
        ("/dev/null", "no ordinary file"),
        ("", "no name"),
        ("   ", "no name"),
        ("-", "does not name a file"),
        ("n" * 300, "too long"),
    ],
)
def test_refuses_what_cannot_be_a_new_file(
    command: tuple[str, ...], output: str, said: str
) -> None:
    before = contents()
    assert said in refused(run(*command, output), OutputPathUnfit)
    assert contents() == before
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("command", [(*SCORE, "customers.csv", "-o"), KEY], ids=" ".join)
@pytest.mark.parametrize("output", ["results/2023/thesis.txt", "nowhere.csv"])
def test_refuses_to_replace_a_file_without_being_told(
    command: tuple[str, ...], output: str
) -> None:
    before = contents()
    assert output in refused(run(*command, output), OutputExists)
    assert contents() == before


@pytest.mark.parametrize(
    "output", ["customers.csv", "link.csv", "same.csv", "./results/../link.csv"]
)
def test_never_writes_over_its_own_input(output: str) -> None:
    before = contents()
    line = refused(run(*SCORE, "customers.csv", "-o", output, "--replace"), OutputPathUnfit)
    assert "what the command reads" in line
    assert contents() == before


def test_never_writes_into_a_fitted_model_that_it_reads() -> None:
    before = contents()
    asked = run(*SCORE, "customers.csv", "--fitted", "results", "-o", "results/2023/scores.csv")
    refused(asked, OutputPathUnfit)
    assert contents() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_refuses_a_folder_that_may_not_be_written() -> None:
    Path("results").chmod(0o500)
    said = refused(run(*KEY, "results/key"), OutputPathUnfit)
    assert "by this user" in said


def test_writes_a_new_file_and_replaces_one_only_when_told() -> None:
    model = fitted("serious_delinquency")
    write_model(model, Path("fitted"))
    Path("params.yaml").write_text(PARAMS.read_text("utf-8"), "utf-8")
    load_settings.cache_clear()
    pd.DataFrame([dict(model.manifest.example)]).to_csv("table.csv", index=False)
    asked = ("score", "serious_delinquency", "table.csv", "--fitted", "fitted", "-o")
    assert run(*asked, "new/scores.csv").exit_code == 0
    scores = Path("new/scores.csv").read_text()
    assert scores.startswith("probability,")
    assert len(scores.splitlines()) == 2
    refused(run(*asked, "results/2023/thesis.txt"), OutputExists)
    assert run(*asked, "results/2023/thesis.txt", "--replace").exit_code == 0
    assert Path("results/2023/thesis.txt").read_text() == scores
    # A link is replaced, never what it leads to.
    Path("led.csv").symlink_to("home.txt")
    Path("home.txt").write_text("dear")
    assert run(*asked, "led.csv", "--replace").exit_code == 0
    assert Path("home.txt").read_text() == "dear"
    load_settings.cache_clear()


READ = {
    "score table": lambda path: (*SCORE, path),
    "score fitted": lambda path: (*SCORE, "customers.csv", "--fitted", path),
    "portfolio add file": lambda path: (*ADD, path, "--target", "default"),
    "privacy look-up vault_key": lambda path: (
        "privacy", "look-up", "p", "--reason", "r", "--by", "b", "--vault-key", path,
    ),
    "privacy rekey old_key": lambda path: (
        *REKEY, "--old-key", path, "--new-key", "customers.csv",
    ),
    "privacy rekey new_key": lambda path: (
        *REKEY, "--old-key", "customers.csv", "--new-key", path,
    ),
    "privacy rekey new_vault_key": lambda path: (
        *REKEY, "--old-key", "customers.csv", "--new-key", "customers.csv",
        "--new-vault-key", path,
    ),
    "privacy rekey vault_key": lambda path: (
        *REKEY, "--old-key", "customers.csv", "--new-key", "customers.csv", "--vault-key", path,
    ),
}  # fmt: skip


def test_every_path_that_is_read_is_tried_below() -> None:
    assert {name for name, p in PATHS.items() if not isinstance(p.type, NewFile)} == READ.keys()


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize(
    "path", ["absent.csv", "customers.csv/x", "pipe", "", "n" * 300, "nowhere.csv"]
)
def test_refuses_to_read_what_is_not_there_or_of_the_wrong_kind(name: str, path: str) -> None:
    before = contents()
    refused(run(*READ[name](path)), InputPathUnfit)
    assert contents() == before


@pytest.mark.parametrize("name", READ)
def test_refuses_a_folder_for_a_file_and_a_file_for_a_folder(name: str) -> None:
    wrong = "customers.csv" if isinstance(PATHS[name].type, FolderToRead) else "results"
    line = refused(run(*READ[name](wrong)), InputPathUnfit)
    assert wrong in line


def test_refuses_a_key_file_that_the_environment_names_and_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIMNER_VAULT_KEY_FILE", "absent.key")
    asked = run("privacy", "look-up", "p", "--reason", "r", "--by", "b")
    assert "absent.key" in refused(asked, InputPathUnfit)


def test_the_home_folder_is_meant_by_a_tilde_that_the_shell_left(folder: Path) -> None:
    assert run(*KEY, "~/key").exit_code == 0
    assert (folder / "home" / "key").is_file()
    assert not Path("~").exists()


@pytest.mark.parametrize("bank", ["..", "../..", "a/b", "/", "", ".dvc"])
def test_refuses_a_name_that_is_a_path(bank: str) -> None:
    asked = run("identity", "review", "--bank", bank)
    assert asked.exit_code == 18, asked.output
