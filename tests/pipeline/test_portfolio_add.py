"""From a file nobody prepared to a review page, without a hand on the drafts."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from limner import errors
from small_project import SmallProject, make_small_project

ROWS = 2400
STAGES = (
    ("stages.acquire", "shop"), ("stages.intake", "shop"), ("monitoring.drift", "shop"),
    ("stages.sample", "shop_churn"), ("stages.train", "shop_churn"),
    ("stages.assess", "shop_churn"), ("stages.register", "shop_churn"),
)  # fmt: skip


def write_messy_table(path: Path) -> None:
    """Write a German export: title, semicolons, decimal commas, latin-1, codes, gaps, leaks."""
    draw = np.random.default_rng(5)
    n = ROWS
    balance, calls = draw.lognormal(7, 1, n), draw.poisson(2, n)
    odds = -2 + 0.5 * calls - (balance > 1500)
    churn = draw.random(n) < 1 / (1 + np.exp(-odds))
    days = pd.date_range("2022-01-01", periods=n, freq="8h").strftime("%d.%m.%Y")
    frame = pd.DataFrame(
        {
            "Kunden ID": [f"K{i:06d}" for i in range(n)],
            "E-Mail": [f"kunde{i}@example.invalid" for i in range(n)],
            "Alter (age)": draw.integers(18, 85, n),
            "Gender": draw.choice(["m", "w", ""], n, p=[0.5, 0.45, 0.05]),
            "Guthaben €": [
                f"{v:,.2f}".translate(str.maketrans(",.", ".,")) + " €" for v in balance
            ],
            "Ort": draw.choice(["Zürich", "Köln", "Málaga", "unknown"], n),
            "Anrufe": calls,
            "Tage seit Anruf": np.where(draw.random(n) < 0.3, 999, draw.integers(0, 40, n)),
            "Gesehen am": days,
            "Gekündigt am": np.where(churn, "2024-01-05", ""),
            "Rest": np.where(churn, "0,00", [f"{v:.2f}".replace(".", ",") for v in balance / 3]),
            "leer": "",
            "Churn": np.where(churn, "ja", "nein"),
        }
    )
    text = frame.to_csv(sep=";", index=False, lineterminator="\r\n")
    lines = text.splitlines()
    body = "\r\n".join(["Auswertung der Kunden", "", *(line + ";" for line in lines), ""])
    path.write_bytes(body.encode("cp1252"))


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """A project to which a messy table was added and whose flow was run for it."""
    folder = tmp_path_factory.mktemp("added")
    project = make_small_project(folder / "project")
    write_messy_table(folder / "kunden.csv")
    done = add(project)
    (folder / "summary.txt").write_text(done, encoding="utf-8")
    assert "6 models, in order" in project.run("limner", "check").stdout
    for stage, name in STAGES:
        project.stage(stage, name)
    return project


def add(project: SmallProject, *options: str, expect: int = 0) -> str:
    file = str(project.folder.parent / "kunden.csv")
    done = project.run("limner", "portfolio", "add", "shop", file, "--target", "Churn",
                       "--time", "Gesehen am", *options, expect=expect)  # fmt: skip
    return str(done.stdout if expect == 0 else done.stderr)


def test_a_review_page_stands_at_the_end(added: SmallProject) -> None:
    page = added.folder / "artifacts" / "models" / "shop_churn" / "review.html"
    assert "shop_churn" in page.read_text("utf-8")
    metrics = json.loads((page.parent / "metrics.json").read_text("utf-8"))
    assert 0.6 < metrics["test/auc"] < 0.95
    assert "out_of_time/auc" in metrics


def test_every_row_of_the_file_is_trusted(added: SmallProject) -> None:
    quality = json.loads((added.folder / "data" / "shop" / "quality.json").read_text("utf-8"))
    assert quality["rows_in"] == quality["rows_trusted"] == ROWS


def test_no_mail_address_leaves_the_extract(added: SmallProject) -> None:
    for file in (added.folder / "data" / "shop").rglob("*.parquet"):
        assert not pd.read_parquet(file).astype(str).apply(
            lambda column: column.str.contains("@example.invalid")
        ).to_numpy().any()  # fmt: skip


def test_the_summary_names_what_was_planted(added: SmallProject) -> None:
    summary = (added.folder.parent / "summary.txt").read_text("utf-8")
    for said in (
        "E-Mail: its", "Kunden ID: its header says 'id'", "rest: alone it ranks",
        "age (Alter (age)): its",
        "gender: its header", "999 in 3", "leer: no row has a value",
        "the first 2 lines are a title",
        "taken to be 'ja', the rarer", "cp1252", "out of time from 2023-", "2,400 trusted + 0",
    ):  # fmt: skip
        assert said in summary, said


def test_the_drafts_keep_the_rules_of_the_house(added: SmallProject) -> None:
    """The conformance tests of any model, run on the drafted one."""
    (added.folder / "tests").mkdir()
    here = Path(__file__).parents[1]
    for name in ("project.py", "conformance"):
        added.run("cp", "-r", str(here / name), str(added.folder / "tests" / name))
    added.run("cp", str(here.parent / "pyproject.toml"), str(added.folder))
    done = added.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/conformance")
    assert "passed" in done.stdout and "failed" not in done.stdout


def test_what_was_there_before_is_as_it_was(added: SmallProject) -> None:
    committed = added.run("git", "show", "HEAD:params.yaml").stdout
    now = (added.folder / "params.yaml").read_text("utf-8")
    left = [line for line in committed.splitlines() if line not in now.splitlines()]
    assert left == []
    old, new = yaml.safe_load(committed), yaml.safe_load(now)
    assert new["portfolios"].keys() - old["portfolios"].keys() == {"shop"}
    changed = added.run("git", "status", "--porcelain").stdout.splitlines()
    tracked = [line for line in changed if line.startswith(" M")]
    assert tracked == [" M params.yaml"]


def test_adding_it_again_is_refused_and_changes_nothing(added: SmallProject) -> None:
    before = (added.folder / "params.yaml").read_bytes()
    line = add(added, expect=errors.DraftExists.exit_code)
    assert "src/limner/portfolios/shop.py" in line
    assert "Traceback" not in line
    assert (added.folder / "params.yaml").read_bytes() == before


def test_a_wrong_target_is_one_line_and_its_exit_code(added: SmallProject) -> None:
    file = str(added.folder.parent / "kunden.csv")
    done = added.run(
        "limner", "portfolio", "add", "other", file, "--target", "Anrufe",
        expect=errors.TargetUnfit.exit_code,
    )  # fmt: skip
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("TargetUnfit: target Anrufe: it has ")
    assert not (added.folder / "src" / "limner" / "portfolios" / "other.py").exists()
