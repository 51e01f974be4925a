"""From a file nobody prepared to a review page, without a hand on the drafts."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
    for stage, name in STAGES:
        project.stage(stage, name)
    return project


STATED = ("--event", "ja", "--favourable", "nein", "--purpose", "marketing")


def add(
    project: SmallProject, *options: str, name: str = "shop", stated: Sequence[str] = STATED,
    expect: int = 0,
) -> str:  # fmt: skip
    file = str(project.folder.parent / "kunden.csv")
    done = project.run("limner", "portfolio", "add", name, file, "--target", "Churn",
                       "--time", "Gesehen am", *stated, *options, expect=expect)  # fmt: skip
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
        "E-Mail: its", "Kunden ID: its header says 'id'", "rest: by its value: ",
        "age (Alter (age)): its",
        "gender: its header", "999 in 3", "leer: no row has a value",
        "the first 2 lines are a title",
        "the event is 'ja', as --event states", "cp1252",
        "out of time from 2023-", "2,400 trusted + 0",
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


def words_of(project: SmallProject, name: str = "shop") -> Path:
    return project.folder / "src" / "limner" / "portfolios" / f"{name}.words.yaml"


def write_words(project: SmallProject) -> None:
    """Write what only people know, as a person does who reads the list of ``limner check``."""
    file = words_of(project)
    text = re.sub(r"TO STATE[^,}\n]*", "written", file.read_text("utf-8"))
    file.write_text(text.replace("待翻译", "中文"), encoding="utf-8")


def gates_of(project: SmallProject, model: str = "shop_churn") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (project.folder / "artifacts" / "models" / model / "gates.json").read_text("utf-8")
    )
    return found


def test_a_draft_is_shown_on_a_page_and_never_becomes_champion(added: SmallProject) -> None:
    gates = gates_of(added)
    assert all(gate["passed"] for gate in gates["gates"])
    assert gates["verdict"] == "failed"
    first = gates["findings"][0]
    assert (first["id"], first["severity"]) == ("unwritten/placeholders", "blocking")
    models = added.run("limner", "models").stdout
    (line,) = [line for line in models.splitlines() if line.startswith("shop_churn")]
    assert "challenger" in line
    assert "champion" not in line
    page = (added.folder / "artifacts" / "models" / "shop_churn" / "review.html").read_text("utf-8")
    assert "A draft: not to become champion" in page
    assert "right for customers without the event" in page


def test_check_names_each_line_that_waits_for_a_person(added: SmallProject) -> None:
    done = added.run("limner", "check", expect=errors.DraftUnwritten.exit_code)
    listed = done.stdout.splitlines()
    lines = words_of(added).read_text("utf-8").splitlines()
    name = "src/limner/portfolios/shop.words.yaml"
    waiting = [
        n for n, line in enumerate(lines, start=1) if "TO STATE" in line or "待翻译" in line
    ]  # fmt: skip
    assert [line.split(": ")[0] for line in listed] == [f"{name}:{n}" for n in waiting]
    assert any(line.endswith("use: the decision that this score serves") for line in listed)
    assert done.stderr.startswith(f"DraftUnwritten: {len(waiting)} places of {name} are still")


def test_once_written_it_is_checked_and_becomes_champion(
    added: SmallProject, tmp_path: Path
) -> None:
    project = added.copy(tmp_path / "written")
    write_words(project)
    assert "6 models, in order" in project.run("limner", "check").stdout
    for stage, name in STAGES[3:]:
        project.stage(stage, name)
    gates = gates_of(project)
    assert gates["verdict"] == "passed"
    assert "unwritten/placeholders" not in {finding["id"] for finding in gates["findings"]}
    models = project.run("limner", "models").stdout
    (line,) = [x for x in models.splitlines() if x.startswith("shop_churn") and "champion" in x]
    assert "challenger" in line


def test_what_is_not_stated_is_never_guessed_and_no_stage_runs(
    added: SmallProject, tmp_path: Path
) -> None:
    project = added.copy(tmp_path / "other")
    shutil.copy(added.folder.parent / "kunden.csv", tmp_path)
    summary = add(project, name="silent", stated=STATED[:2])
    assert "who gets the favourable decision is not stated: nothing was guessed" in summary
    check = project.run("limner", "check", expect=errors.DraftUnwritten.exit_code).stdout
    file = "src/limner/portfolios/silent.words.yaml"
    assert f"{file}:" in check
    assert "favourable_for: event or no-event" in check
    assert "purpose: one of profiling, credit, marketing" in check
    words = words_of(project, "silent")
    stated = re.sub("purpose: .*", "purpose: marketing", words.read_text("utf-8"))
    words.write_text(stated, encoding="utf-8")
    for stage in ("stages.acquire", "stages.intake"):
        project.stage(stage, "silent")
    done = project.stage("stages.sample", "silent_churn", expect=errors.NotStated.exit_code)
    assert "write event or no-event at models.silent_churn.favourable_for" in done.stderr
