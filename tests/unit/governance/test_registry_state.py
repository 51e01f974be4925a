"""What the registry holds of the models in ``artifacts/``, and what a run tells at its end."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from limner.artifacts import ArtifactPaths, read_json, sha256_of, write_json, write_text
from limner.cli import main
from limner.governance.finding import Finding
from limner.governance.gates import GateReport
from limner.governance.registry_state import (
    mending_command,
    next_command,
    registry_state,
    registry_states,
)
from limner.governance.unwritten import UNWRITTEN, block
from limner.portfolios.left_out import mark_left_out
from limner.registry.memory import InMemoryRegistry
from limner.registry.protocol import CHALLENGER, CHAMPION, TrainingRun
from limner.settings import load_settings
from limner.stages.overview import overview
from project import params

MODEL, LEFT_OUT = "serious_delinquency", "pakdd_default"
Fit = Callable[[str], str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a project of two models: one has a file, the other is left out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    content = params()
    content["models"] = {name: content["models"][name] for name in (MODEL, LEFT_OUT)}
    Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    load_settings.cache_clear()
    mark_left_out(ArtifactPaths.of(LEFT_OUT).fitted_model, "its file is not here")
    write_json(ArtifactPaths.of(LEFT_OUT).gates, {"left_out": "its file is not here"})
    # Of a model that params.yaml no longer names.
    write_text(ArtifactPaths.of("withdrawn").fitted_model / "model.ubj", "trees")
    yield tmp_path
    load_settings.cache_clear()


@pytest.fixture
def fit(project: Path) -> Fit:
    """Write a fitted model that differs by its words, and return its digest."""

    def write(words: str) -> str:
        paths = ArtifactPaths.of(MODEL)
        write_text(paths.fitted_model / "model.ubj", words)
        judged = GateReport(model=MODEL, digest="", verdict="passed", gates=(), findings=())
        write_json(paths.gates, judged.model_dump(mode="json"))
        return sha256_of(paths.fitted_model)

    return write


def enter(registry: InMemoryRegistry, digest: str, *aliases: str) -> None:
    fitted, nothing = ArtifactPaths.of(MODEL).fitted_model, pd.DataFrame()
    run = TrainingRun(MODEL, digest, {}, {}, {}, fitted, Path("x.py"), nothing, nothing)
    version = registry.register(run)
    for alias in aliases:
        registry.set_alias(MODEL, alias, version.version)


def test_an_artefact_that_the_registry_never_saw_differs(fit: Fit) -> None:
    registry = InMemoryRegistry()
    enter(registry, fit("first"), CHAMPION, CHALLENGER)
    fit("second")
    (state,) = registry_states(registry)
    assert (state.model, state.differs) == (MODEL, True)
    assert state.words == "not in the registry; version 1 is another model"


def test_champion_and_challenger_do_not_differ(fit: Fit) -> None:
    registry = InMemoryRegistry()
    first, second = fit("first"), fit("second")
    enter(registry, first, CHAMPION)
    enter(registry, second, CHALLENGER)
    states = [registry_state(registry, MODEL, digest) for digest in (first, second)]
    assert [state.differs for state in states] == [False, False]
    assert [state.words for state in states] == [
        "version 1 is champion", "version 2 is challenger",
    ]  # fmt: skip


def test_a_version_that_others_have_replaced_differs(fit: Fit) -> None:
    registry = InMemoryRegistry()
    first, second = fit("first"), fit("second")
    enter(registry, first)
    enter(registry, second, CHAMPION, CHALLENGER)
    state = registry_state(registry, MODEL, first)
    assert state.differs
    assert state.words == "version 1 is neither challenger nor champion"


def test_what_is_left_out_or_withdrawn_is_not_compared(project: Path) -> None:
    assert registry_states(InMemoryRegistry()) == ()


def test_the_mending_command_names_every_model() -> None:
    assert mending_command(["a", "b"]) == "uv run limner register a b"


@pytest.mark.parametrize(
    ("passed", "aliases", "command"),
    [
        (True, (CHALLENGER, CHAMPION), "uv run limner serve"),
        (True, (CHALLENGER,), "uv run limner ui"),
        (False, (CHALLENGER,), "uv run dvc metrics diff"),
    ],
)
def test_the_next_command_follows_from_what_became_of_the_version(
    passed: bool, aliases: tuple[str, ...], command: str
) -> None:
    assert next_command(passed, aliases) == command


def test_an_unwritten_draft_is_checked_next_and_not_compared() -> None:
    assert next_command(False, (CHALLENGER,), unwritten=True) == "uv run limner check"


def test_the_end_of_a_run_names_what_differs_and_the_command_that_mends_it(
    fit: Fit, capsys: pytest.CaptureFixture[str]
) -> None:
    fit("first")
    overview()
    *_, last = lines = capsys.readouterr().out.splitlines()
    assert any("gates passed; not in the registry; artifacts/models/" in line for line in lines)
    assert any(f"{LEFT_OUT:26} left out: its file is not here" in line for line in lines)
    assert last == "  1 model differs from the registry; next: uv run limner register"


def test_the_end_of_a_run_does_not_fail_where_the_registry_does_not_answer(
    fit: Fit, capsys: pytest.CaptureFixture[str]
) -> None:
    fit("first")
    write_text(
        Path("mlflow", "mlflow.db"), "no database, but many words that a lost disk left\n" * 99
    )
    overview()
    first, *rest = capsys.readouterr().out.splitlines()
    assert rest[-1] == "  next: open a model's page in a browser"
    assert first.startswith("  not compared with the registry: the model registry at sqlite:")
    assert any("gates passed; artifacts/models/" in line for line in rest)


def test_the_end_of_a_run_calls_an_unwritten_draft_a_draft(
    fit: Fit, capsys: pytest.CaptureFixture[str]
) -> None:
    fit("first")
    judged = GateReport.model_validate(read_json(ArtifactPaths.of(MODEL).gates))
    open_place = Finding(id=UNWRITTEN, severity="blocking", statement="2 texts are open")
    write_json(ArtifactPaths.of(MODEL).gates, block(judged, [open_place]).model_dump(mode="json"))
    overview()
    assert f"{MODEL:26} still a draft; not in the registry" in capsys.readouterr().out


def test_the_list_of_models_tells_what_differs(fit: Fit) -> None:
    fit("first")
    listed = CliRunner().invoke(main, ["models"])
    assert listed.exit_code == 0, listed.output
    folder = ArtifactPaths.of(MODEL).folder
    assert listed.stderr == f"{folder}: not in the registry: uv run limner register {MODEL}\n"


def test_the_end_of_a_run_leaves_every_file_as_it_was(fit: Fit, project: Path) -> None:
    fit("first")
    before = sha256_of(project / "artifacts")
    overview()
    assert sha256_of(project / "artifacts") == before
    assert json.loads(ArtifactPaths.of(MODEL).gates.read_text("utf-8"))["verdict"] == "passed"
