"""What the commands that use a champion say of a registry that is altered, gone or read-only."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from limner.cli import main
from limner.modelling.fitted import digest_of, write_model
from limner.registry.default import open_registry
from limner.registry.protocol import CHAMPION, TrainingRun
from limner.scoring import example_table, score_table
from limner.stages.register import PYFUNC_CODE
from project import ROOT
from read_only import heed_permissions, read_only
from small_models import RISK, fitted


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with one champion in its own registry; this process is in it."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / "project"
    (folder / "mlflow").mkdir(parents=True)
    shutil.copy(ROOT / "params.yaml", folder)
    monkeypatch.chdir(folder)
    model, files = fitted(RISK), tmp_path / "fitted"
    files.mkdir()
    write_model(model, files)
    # The store must be there: what only reads makes none.
    example = example_table(model.manifest)
    example.to_csv(tmp_path / "customers.csv", index=False)
    version = open_registry().register(
        TrainingRun(
            RISK, digest_of(files), {}, {}, {}, files, PYFUNC_CODE, example,
            score_table(model, example),
        )
    )  # fmt: skip
    open_registry().set_alias(RISK, CHAMPION, version.version)
    return folder


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, arguments)
    return done.exit_code, done.stdout, done.stderr


def test_score_refuses_200_flipped_bytes_of_a_champion_or_a_folder_in_one_line(
    project: Path,
) -> None:
    customers = str(project.parent / "customers.csv")
    (stored,) = project.glob("mlflow/artifacts/models/*/artifacts/artifacts/fitted")
    readers = {
        24: (stored, ("score", RISK, customers)),
        145: (project.parent / "fitted", ("score", RISK, customers, "--fitted")),
    }
    draw = random.Random(11)
    for code, (folder, command) in readers.items():
        arguments = (*command, str(folder)) if "--fitted" in command else command
        assert run(*arguments)[0] == 0
        for _ in range(100):
            file = draw.choice(sorted(folder.iterdir()))
            before = file.read_bytes()
            altered = bytearray(before)
            altered[draw.randrange(len(before))] ^= 1 << draw.randrange(8)
            file.write_bytes(altered)
            ended, answered, told = run(*arguments)
            assert (ended, answered, len(told.splitlines())) == (code, "", 1)
            file.write_bytes(before)


def test_a_read_only_project_is_scored_and_listed_and_refuses_to_register(project: Path) -> None:
    copy = Path(shutil.copytree(project, project.parent / "copy"))
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}

    def limner(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "limner.cli", *arguments], cwd=copy, env=environment,
            capture_output=True, text=True, check=False, preexec_fn=heed_permissions,
        )  # fmt: skip

    with read_only(copy):
        scored = limner("score", RISK, str(project.parent / "customers.csv"))
        listed, shown = limner("models"), limner("example", RISK)
    for done in (scored, listed, shown):
        assert (done.returncode, done.stderr) == (0, "")
    assert scored.stdout == run("score", RISK, str(project.parent / "customers.csv"))[1]


def test_what_must_write_says_one_line_where_it_cannot(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from limner.artifacts import write_text;"
        "from limner.stages.command_line import run_from_command_line;"
        "run_from_command_line(lambda: write_text(Path('data/table.csv'), 'a'))"
    )
    with read_only(tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True,
            check=False, preexec_fn=heed_permissions,
        )  # fmt: skip
    assert done.returncode == 148
    (told,) = done.stderr.splitlines()
    assert told.startswith("PlaceNotWritable: data cannot be written: Permission denied")


@pytest.mark.parametrize("command", [("models",), ("ui",)])
def test_outside_a_project_says_where_it_looked_and_creates_nothing(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    code, _, told = run(*command)
    assert code == 20
    assert f"{tmp_path}/mlflow/mlflow.db" in told
    assert list(tmp_path.iterdir()) == []


def test_never_scores_with_another_model_than_the_one_that_is_named(project: Path) -> None:
    folder = str(project.parent / "fitted")
    code, out, err = run("score", "pakdd_default", str(project.parent / "customers.csv"),
                         "--fitted", folder)  # fmt: skip
    assert (code, out) == (18, "")
    assert err.endswith(f"fitted is named 'pakdd_default'; known: {RISK}\n")
