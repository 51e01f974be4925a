"""Training settings of a draft: compared by folds, on rows that the test sample does not hold."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import yaml

from drafted import draft, not_compared, write
from limner.onboarding.drafting import Source, model_features, write_drafts
from limner.onboarding.plan import Plan
from limner.onboarding.rehearsal import (
    Rehearsal,
    drafted_features,
    rehearse,
)
from limner.onboarding.trial_table import trial_lines
from limner.onboarding.trials import Trials, compare_settings
from limner.samples import draw_samples
from limner.settings import ModelSettings, Settings
from project import settings

DIGEST = "1" * 64
Rows = tuple[Plan, Rehearsal]


def made(file: Path, columns: dict[str, np.ndarray], event: np.ndarray) -> Rows:
    """Write a table, draft from it and take it in."""
    table = {name: [f"{value:.4f}" for value in values] for name, values in columns.items()}
    write(file, table | {"target": [str(int(value)) for value in event]})
    plan = draft(file).plan
    return plan, rehearse(plan, file, settings().onboarding)


def chequered(file: Path, rows: int = 4000, seed: int = 4) -> Rows:
    """Make an outcome that three columns decide together and none of them alone."""
    draw = np.random.default_rng(seed)
    values = draw.random((rows, 4))
    odd = (np.floor(values[:, 0] * 4) + np.floor(values[:, 1] * 2) + np.floor(values[:, 2] * 2)) % 2
    event = draw.random(rows) < np.where(odd == 1, 0.9, 0.1)
    return made(file, {f"x{i}": values[:, i] for i in range(4)}, event)


def smooth(file: Path, rows: int = 1500, seed: int = 3) -> Rows:
    """Make an outcome of plain effects that add up, drowned in noise."""
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(rows, 8))
    chance = 1 / (1 + np.exp(1.4 - values[:, :4] @ [0.5, 0.4, -0.3, 0.2]))
    return made(file, {f"x{i}": values[:, i] for i in range(8)}, draw.random(rows) < chance)


def rare(events: int) -> Callable[[Path], Rows]:
    def make(file: Path) -> Rows:
        draw = np.random.default_rng(1)
        event = np.arange(1000) < events
        return made(file, {"x": event + draw.normal(size=1000)}, event)

    return make


def compared(rows: Rows, changed: Settings | None = None) -> Trials:
    return compare_settings(*rows, changed or settings(), lambda _: None)


def with_trials(**changed: object) -> Settings:
    """Change how settings are compared."""
    given = settings()
    trials = given.onboarding.trials.model_copy(update=changed)
    limits = given.onboarding.model_copy(update={"trials": trials})
    return given.model_copy(update={"onboarding": limits})


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Trials]:
    rows = chequered(tmp_path_factory.mktemp("board") / "board.csv")
    return rows, compared(rows)


def test_an_outcome_of_several_columns_at_once_gets_deep_trees(board: tuple[Rows, Trials]) -> None:
    found = board[1]
    by_depth = {tried.training.max_depth: tried.auc.value for tried in found.tried}
    assert found.chosen.max_depth >= 6
    # What the draft had before, depth 4, learns next to nothing here.
    assert max(tried.auc.value for tried in found.tried) > by_depth[4] + 0.05


def test_plain_effects_get_small_trees(tmp_path: Path) -> None:
    assert compared(smooth(tmp_path / "a.csv")).chosen.max_depth <= 4


def test_the_chosen_setting_has_the_highest_auc_of_all_candidates(
    board: tuple[Rows, Trials],
) -> None:
    found, wanted = board[1], settings().onboarding.trials
    assert [tried.training for tried in found.tried] == list(wanted.candidates)
    assert len({tried.auc.value for tried in found.tried}) == len(wanted.candidates)
    best = max(found.tried, key=lambda tried: tried.auc.value)
    assert best.training == found.chosen
    assert best.auc.low < best.auc.value < best.auc.high


def test_rows_of_the_test_sample_have_no_say(tmp_path: Path) -> None:
    plan, rehearsal = smooth(tmp_path / "a.csv")
    few = with_trials(candidates=settings().onboarding.trials.candidates[:2])
    before = compared((plan, rehearsal), few)
    frame = rehearsal.trusted.copy()
    names = draw_samples(
        frame["target"].to_numpy(), None, settings().samples, None, settings().seed
    )
    frame.loc[names == "test", ["x0", "x1", "x2"]] = 0.5
    assert compared((plan, Rehearsal(rehearsal.report, frame, True)), few) == before
    frame.loc[names == "validation", ["x0", "x1", "x2"]] = 0.5
    assert compared((plan, Rehearsal(rehearsal.report, frame, True)), few) != before


def test_more_rows_than_the_limit_are_drawn_from(tmp_path: Path) -> None:
    found = compared(smooth(tmp_path / "a.csv"), with_trials(rows=900))
    assert (found.rows, found.rows_of) == (900, 1200)
    assert "900 rows drawn from the 1,200 rows" in next(trial_lines(found, True))


@pytest.mark.parametrize(("events", "folds"), [(50, 2), (80, 3), (200, 5)])
def test_fewer_events_are_parted_into_fewer_folds(events: int, folds: int, tmp_path: Path) -> None:
    assert compared(rare(events)(tmp_path / "a.csv")).folds == folds


def test_too_few_events_take_the_first_setting_and_say_so(tmp_path: Path) -> None:
    plan, rehearsal = rare(50)(tmp_path / "a.csv")
    frame = rehearsal.trusted
    few = frame[(frame["target"] == 0) | (frame.index % 2 == 0)].reset_index(drop=True)
    found = compared((plan, Rehearsal(rehearsal.report, few, True)))
    assert found.tried == () and found.tuned(DIGEST) is None
    assert found.chosen == settings().onboarding.trials.candidates[0]
    assert "not compared: 20 customers" in next(trial_lines(found, True))
    block = write_drafts(plan, Source("a.csv", 1, DIGEST), found).model_block
    assert "too few to compare" in block and "tuned" not in block


def test_the_drafted_block_holds_the_setting_and_where_it_comes_from(
    board: tuple[Rows, Trials],
) -> None:
    (plan, _), found = board
    block = write_drafts(plan, Source("a.csv", 1, DIGEST), found).model_block
    model = ModelSettings.model_validate(yaml.safe_load(block)["tiny_target"])
    assert model.training == found.chosen
    assert model.tuned == found.tuned(DIGEST)
    assert model.tuned and model.tuned.score > model.tuned.before
    assert (model.tuned.trials, model.tuned.folds, model.tuned.sample) == (5, 5, "1" * 12)


def test_the_summary_marks_the_drafted_setting(board: tuple[Rows, Trials]) -> None:
    found = board[1]
    lines = list(trial_lines(found, whole=False))
    (marked,) = (line for line in lines if line.startswith("  *  "))
    assert f" {found.chosen.max_depth} " in marked
    best = max(tried.auc.value for tried in found.tried)
    assert f"{best:.4f} (" in marked
    assert any("drawn from a large file" in line for line in lines)


def test_a_large_file_is_tried_on_drawn_rows(tmp_path: Path) -> None:
    rows = smooth(tmp_path / "a.csv")
    given = settings().onboarding
    small = given.model_copy(update={"rehearsed_bytes": 1, "sample_rows": 1000})
    plan = draft(tmp_path / "a.csv", limits=small).plan
    found = rehearse(plan, tmp_path / "a.csv", small)
    assert (found.whole, found.report.rows_in) == (False, plan.sampled_rows)
    assert plan.sampled_rows < len(rows[1].trusted)
    pd.testing.assert_frame_equal(found.trusted, rehearse(plan, tmp_path / "a.csv", small).trusted)


def test_features_that_are_tried_are_those_of_the_drafted_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = range(600)
    table = {
        "late": [{1: "96", 2: "98", 3: "NA"}.get(i % 9, str(i % 7)) for i in number],
        "colour": [["red", "blue"][i % 2] for i in number],
        "sex": ["f" if i % 3 else "m" for i in number],
        "target": [str(int(i % 5 == 0)) for i in number],
    }
    plan = draft(write(tmp_path / "a.csv", table)).plan
    texts = write_drafts(plan, Source("a.csv", 1, DIGEST), not_compared()).files
    module = ModuleType("limner.portfolios.tiny")
    for path in (path for path in texts if path.parent.name == "portfolios"):
        (tmp_path / path.name).write_text(texts[path], encoding="utf-8")
    module.__dict__.update(runpy.run_path(str(tmp_path / "tiny.py")))
    monkeypatch.setitem(sys.modules, "limner.portfolios.tiny", module)
    names: dict[str, object] = {}
    exec(compile(texts[Path("src/limner/features/tiny.py")], "drafted", "exec"), names)
    catalogue = names["CATALOGUE"]
    stated = [catalogue.find(name) for name in model_features(plan)]  # type: ignore[attr-defined]
    tried = drafted_features(plan)
    assert "late_code" in [feature.name for feature in tried]
    assert [(f.name, f.of, f.formula) for f in tried] == [(f.name, f.of, f.formula) for f in stated]
