"""Into a checkout: all drafts or none, and never over anything that is there."""

import os
import shutil
from pathlib import Path

import pytest

import limner
import limner.onboarding.write as write_module
from drafted import customers, write
from limner.errors import DraftExists, DraftNameInvalid, LimnerError, NoPlaceForDrafts, TableUnfit
from limner.onboarding.add import Request, add_portfolio
from project import ROOT

DRAFTED = (
    "portfolios/cards.py", "portfolios/cards.sql", "portfolios/cards.words.yaml",
    "features/cards.py", "models/cards_target.py", "outcomes/cards_target.py",
)  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose code is the one that runs, with a table beside it."""
    root = tmp_path / "project"
    package = root / "src" / "limner"
    for name in ("portfolios", "features", "models", "outcomes"):
        (package / name).mkdir(parents=True)
        shutil.copy(ROOT / "src" / "limner" / name / "__init__.py", package / name)
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, root)
    write(root / "cards.csv", customers())
    monkeypatch.setattr(limner, "__file__", str(package / "__init__.py"))
    monkeypatch.chdir(root)
    return root


def state(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def add(name: str = "cards", file: str = "cards.csv", **options: object) -> str:
    request = Request(name, Path(file), "target", **options)  # type: ignore[arg-type]
    return add_portfolio(request, lambda text: None).summary


def test_writes_six_files_and_two_blocks(checkout: Path) -> None:
    before = state(checkout)
    summary = add()
    after = state(checkout)
    new = {f"src/limner/{name}" for name in DRAFTED}
    assert after.keys() - before.keys() == new
    assert {n for n in before if before[n] != after[n]} == {"params.yaml"}
    assert all(name in summary for name in new)
    assert "dvc repro register@cards_target" in summary
    assert "artifacts/models/cards_target/review.html" in summary


def test_a_dry_run_writes_nothing(checkout: Path) -> None:
    before = state(checkout)
    assert "wrote nothing" in add(dry_run=True)
    assert state(checkout) == before


def test_two_drafts_of_a_file_are_the_same_bytes(checkout: Path) -> None:
    add()
    first = state(checkout)
    for name in DRAFTED:
        (checkout / "src" / "limner" / name).unlink()
    shutil.copy(ROOT / "params.yaml", checkout)
    add()
    assert state(checkout) == first


@pytest.mark.parametrize("name", DRAFTED)
def test_refuses_to_take_the_place_of_a_file(checkout: Path, name: str) -> None:
    (checkout / "src" / "limner" / name).write_text("mine", encoding="utf-8")
    before = state(checkout)
    with pytest.raises(DraftExists, match=f"src/limner/{name} exists already"):
        add()
    assert state(checkout) == before


def test_refuses_to_take_the_place_of_a_block(checkout: Path) -> None:
    params = checkout / "params.yaml"
    params.write_text(params.read_text("utf-8").replace("  give_me_credit:", "  cards:"), "utf-8")
    before = state(checkout)
    with pytest.raises(DraftExists, match=r"portfolios.cards in params.yaml exists"):
        add()
    assert state(checkout) == before


def test_refuses_a_model_whose_name_is_taken(checkout: Path) -> None:
    with pytest.raises(DraftExists, match=r"models.deposit_segments in params.yaml"):
        add(model="deposit_segments")


def test_refuses_a_name_that_a_package_has(checkout: Path) -> None:
    (checkout / "src" / "limner" / "portfolios" / "cards").mkdir()
    with pytest.raises(DraftExists, match="src/limner/portfolios/cards exists"):
        add()


def test_a_failure_half_way_leaves_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(checkout)
    monkeypatch.setattr(write_module, "_replace_bytes", _fail)
    with pytest.raises(OSError, match="disk"):
        add()
    assert state(checkout) == before


def _fail(path: Path, content: bytes) -> None:
    raise OSError("no room on the disk")


def test_a_file_that_appears_meanwhile_is_never_overwritten(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = checkout / "src" / "limner" / DRAFTED[4]
    link = os.link

    def slow(source: object, target: object) -> None:
        late.write_text("mine", encoding="utf-8")
        link(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "link", slow)
    with pytest.raises(DraftExists):
        add()
    assert late.read_text("utf-8") == "mine"
    assert not (checkout / "src" / "limner" / DRAFTED[0]).exists()


@pytest.mark.parametrize("absent", ["params.yaml", "dvc.yaml"])
def test_refuses_a_folder_that_is_no_checkout(checkout: Path, absent: str) -> None:
    (checkout / absent).unlink()
    with pytest.raises(LimnerError, match=r"root"):
        add()


def test_refuses_a_checkout_whose_code_is_not_the_one_that_runs(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limner, "__file__", str(ROOT / "src" / "limner" / "__init__.py"))
    with pytest.raises(NoPlaceForDrafts, match="uv run limner"):
        add()


def test_refuses_before_reading_the_file(checkout: Path) -> None:
    with pytest.raises(DraftNameInvalid):
        add("My cards", "absent.csv")
    with pytest.raises(TableUnfit, match=r"absent.csv: there is no such file"):
        add("cards", "absent.csv")


def test_the_file_is_stated_by_its_path_below_the_project(checkout: Path) -> None:
    add()
    assert 'location: "cards.csv"' in (checkout / "params.yaml").read_text("utf-8")
