"""A portfolio whose file is not here is left out by name, and every model of it: nothing fails."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from limner.artifacts import ArtifactPaths, MartPaths, write_json, write_text
from limner.cli import main
from limner.errors import ArtifactMissing, ModelLeftOut
from limner.monitoring.drift import monitor
from limner.settings import load_settings
from limner.stages.acquire import acquire
from limner.stages.assess import assess
from limner.stages.intake import intake
from limner.stages.register import register
from limner.stages.sample import sample
from limner.stages.train import train
from project import params
from small_project import source_of

MART, MODEL = "pakdd_2009", "pakdd_default"
REASON = f"its file is not here: state portfolios.{MART}.source.location in params.yaml"
OF_MART: tuple[Callable[[str], None], ...] = (acquire, intake, monitor)
OF_MODEL: tuple[Callable[[str], None], ...] = (sample, train, assess, register)


def state_location(location: str | None) -> None:
    content = params()
    content["portfolios"][MART]["source"]["location"] = location
    Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    load_settings.cache_clear()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a project whose mart has no file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    state_location(None)
    yield tmp_path
    load_settings.cache_clear()


def run_all() -> None:
    for stage in OF_MART:
        stage(MART)
    for stage in OF_MODEL:
        stage(MODEL)


def read(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_stage_says_that_and_why_it_is_left_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_all()
    said = capsys.readouterr().out.splitlines()
    assert said == [f"  {MART}: left out, {REASON}"] * 3 + [f"  {MODEL}: left out, {REASON}"] * 4


def test_figures_and_pages_hold_the_reason_and_nothing_is_registered(project: Path) -> None:
    run_all()
    mart, model = MartPaths.of(MART), ArtifactPaths.of(MODEL)
    figures = (mart.quality, mart.monitoring / "drift.json", mart.monitoring / "metrics.json",
               model.sample_counts, model.evidence, model.metrics, model.gates)  # fmt: skip
    assert [read(file) for file in figures] == [{"left_out": REASON}] * len(figures)
    page = model.review_page.read_text(encoding="utf-8")
    for words in ("Default on a private label card", "零售联名卡违约风险", "未纳入", REASON):
        assert words in page
    assert not (project / "mlflow").exists()
    assert not model.registration.exists()


def test_two_runs_leave_the_same_bytes(project: Path) -> None:
    def made() -> dict[Path, bytes]:
        return {f: f.read_bytes() for f in sorted(project.rglob("*")) if f.is_file()}

    run_all()
    first = made()
    run_all()
    assert made() == first
    assert len(first) > 15


def test_what_told_of_an_earlier_version_goes(project: Path) -> None:
    paths = ArtifactPaths.of(MODEL)
    for told in (paths.registration, paths.champion_comparison):
        write_json(told, {"version": 3})
    run_all()
    assert not paths.registration.exists()
    assert not paths.champion_comparison.exists()


def test_a_file_that_comes_back_takes_the_place_of_the_marker_and_the_marker_its(
    project: Path,
) -> None:
    run_all()
    file = project / "cards.txt"
    write_text(file, "a\tb\n")
    content = params()
    content["portfolios"][MART]["source"] = source_of(file)
    Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    load_settings.cache_clear()
    acquire(MART)
    assert MartPaths.of(MART).extract.read_bytes() == file.read_bytes()
    state_location(None)
    acquire(MART)
    assert (MartPaths.of(MART).extract / "LEFT_OUT").is_file()


def test_never_leaves_a_model_out_before_its_portfolio_was_looked_at(project: Path) -> None:
    with pytest.raises(ArtifactMissing, match="dvc repro"):
        sample(MODEL)


def run(*arguments: str) -> Result:
    load_settings.cache_clear()
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    "arguments",
    [("tune", MODEL), ("score", MODEL, "params.yaml"), ("example", MODEL), ("register", MODEL),
     ("score", MODEL, "params.yaml", "--fitted", f"artifacts/models/{MODEL}/fitted")],
    ids=lambda arguments: " ".join(arguments[::3]),
)  # fmt: skip
def test_refuses_to_work_with_a_model_that_is_left_out(
    project: Path, arguments: tuple[str, ...]
) -> None:
    run_all()
    done = run(*arguments)
    assert done.exit_code == ModelLeftOut.exit_code
    assert done.output == (
        f"ModelLeftOut: model {MODEL} is left out: {REASON}, then run 'uv run dvc repro'\n"
    )


def test_the_list_of_models_names_it_and_all_models_are_registered_but_it(project: Path) -> None:
    run_all()
    assert run("models").output == f"{MODEL:28}    -  left out: {REASON}\n"
    content = params()
    content["models"] = {MODEL: content["models"][MODEL]}
    content["portfolios"][MART]["source"]["location"] = None
    Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    done = run("register")
    assert done.exit_code == 0
    assert f"{MODEL}: left out, {REASON}" in done.output
