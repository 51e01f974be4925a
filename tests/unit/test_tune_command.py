"""``limner tune``: shows the best and its neighbours, and writes them with their provenance."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner, Result

from limner.cli import main
from limner.errors import ArtifactMissing, NothingToTune, UnknownName
from limner.onboarding.params_values import set_values
from limner.samples import SAMPLE_COLUMN
from limner.settings import load_settings
from project import PARAMS
from small_models import RISK, samples_of

SEEN = ("development", "validation")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a project with one small sample, whose test rows are no customers at all."""
    text = PARAMS.read_text(encoding="utf-8")
    quick = {
        ("runtime",): {"threads": 1},
        ("tuning",): {"trials": 6, "folds": 2, "starting": 2},
        ("training_checks",): {"least_events": 5},
        # Trees that hardly split: a search can only do better.
        ("models", RISK, "training"): {"rounds": 15, "min_child_weight": 400.0},
    }
    for path, values in quick.items():
        text = set_values(text, path, values)
    (tmp_path / "params.yaml").write_text(text, encoding="utf-8")
    samples = samples_of(RISK)
    broken = samples.test.assign(age=-1, seriously_delinquent=7, **{SAMPLE_COLUMN: "test"})
    folder = tmp_path / "artifacts" / "models" / RISK
    folder.mkdir(parents=True)
    pd.concat([*samples[:2], broken]).to_parquet(folder / "sample.parquet", index=False)
    monkeypatch.chdir(tmp_path)
    load_settings.cache_clear()
    yield tmp_path
    load_settings.cache_clear()


def run(*arguments: str, answer: str | None = None) -> Result:
    load_settings.cache_clear()
    return CliRunner().invoke(main, ["tune", *arguments], input=answer)


def test_the_best_is_written_with_where_it_comes_from_and_comments_stay(project: Path) -> None:
    before = (project / "params.yaml").read_text(encoding="utf-8")
    done = run(RISK, "--apply")
    assert done.exit_code == 0, done.output
    assert "trial 6 of 6" in done.output
    assert "importance" in done.output
    assert "uv run dvc repro register@serious_delinquency" in done.output
    text = (project / "params.yaml").read_text(encoding="utf-8")
    block = yaml.safe_load(text)["models"][RISK]
    tuned = block["tuned"]
    assert (tuned["trials"], tuned["folds"], tuned["objective"]) == (6, 2, "auc")
    assert tuned["score"] > tuned["before"]
    # Comments, and all but this model's block, are as they were.
    assert {line for line in before.split("\n") if "# " in line} - set(text.split("\n")) == set()
    expected = yaml.safe_load(before)
    expected["models"][RISK] = block
    assert yaml.safe_load(text) == expected
    load_settings.cache_clear()
    assert load_settings().model(RISK).tuned is not None


def test_nothing_is_written_without_a_yes(project: Path) -> None:
    before = (project / "params.yaml").read_bytes()
    assert "Write the best into params.yaml?" in run(RISK, answer="n\n").output
    run(RISK, "--no-apply")
    assert (project / "params.yaml").read_bytes() == before
    # The search has ended: nothing is tried again.
    assert "of 6:" not in run(RISK, "--no-apply").output
    run(RISK, answer="y\n")
    assert (project / "params.yaml").read_bytes() != before


def test_a_search_that_found_nothing_better_is_noted_and_no_parameter_changes(
    project: Path,
) -> None:
    before = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    assert "None is better" in run(RISK, "--trials", "1", answer="y\n").output
    after = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    tuned = after["models"][RISK].pop("tuned")
    assert tuned["score"] == tuned["before"]
    assert after == before


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [
        ("nobody", UnknownName, "no model is named 'nobody'"),
        ("deposit_segments", NothingToTune, "it is a segmentation"),
        ("term_deposit_propensity", ArtifactMissing, "dvc repro sample@term_deposit_propensity"),
    ],
)
def test_refuses_in_one_line(project: Path, model: str, error: type[Exception], words: str) -> None:
    done = run(model)
    assert done.exit_code == error.exit_code  # type: ignore[attr-defined]
    assert words in done.output
    assert done.output.count("\n") == 1


def test_the_test_sample_is_never_looked_at(project: Path) -> None:
    # Its rows hold an outcome of 7: any look at them would fail or move the score.
    with_broken = run(RISK, "--no-apply", "--trials", "1").output
    sample = project / "artifacts" / "models" / RISK / "sample.parquet"
    kept = pd.read_parquet(sample)
    kept[kept[SAMPLE_COLUMN].isin(SEEN)].to_parquet(sample, index=False)
    without = run(RISK, "--no-apply", "--trials", "1").output
    score = [line.split()[1] for line in with_broken.split("\n") if line.startswith("auc")]
    assert score == [line.split()[1] for line in without.split("\n") if line.startswith("auc")]
    assert score
