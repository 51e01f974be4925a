"""Writing whole or not at all, and never over what is not the project's own artefact."""

import os
from pathlib import Path

import pytest

from limner.artifacts import ArtifactPaths, BankPaths, is_artefact, replacing, replacing_folder
from limner.errors import NotAnArtefact, OutputPathUnfit, UnknownName


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    return root


def filled(folder: str | Path) -> Path:
    """Make a folder with a file in it."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / "dear.txt").write_text("years of work")
    return path


def write_in_place_of(path: Path) -> None:
    with replacing_folder(path) as made:
        (made / "new.txt").write_text("new")


@pytest.mark.parametrize("place", ["results", "data", ".", "data/harbour/tables/trusted"])
def test_a_file_never_takes_the_place_of_a_folder(place: str) -> None:
    path = filled(place)
    with pytest.raises(OutputPathUnfit), replacing(path) as made:
        made.write_text("new")
    assert (path / "dear.txt").read_text() == "years of work"
    assert [found.name for found in path.iterdir() if found.is_file()] == ["dear.txt"]


@pytest.mark.parametrize(
    "place",
    [
        "results", "results/harbour/tables", ".", "data", "data/harbour", "artifacts",
        "artifacts/models", "mlflow", "mlflow/fetched", "data/x/..", "data/x/y/..", "data/..",
        "data/../results/a/b", "../beside/data/harbour", "../beside/data/harbour/tables",
        "src/data/a/b",
    ],
)  # fmt: skip
def test_never_removes_a_folder_that_is_no_artefact(place: str) -> None:
    Path("data/x/y").mkdir(parents=True)
    path = filled(place)
    with pytest.raises(NotAnArtefact):
        write_in_place_of(path)
    assert (path / "dear.txt").read_text() == "years of work"
    assert not list(path.parent.glob(".*.*"))


@pytest.mark.parametrize("root", ["/", "/usr/lib", "~"])
def test_never_takes_a_folder_of_the_system_for_an_artefact(root: str) -> None:
    assert not is_artefact(Path(root).expanduser())


def test_never_removes_through_a_link_that_leads_out_of_the_project(tmp_path: Path) -> None:
    dear = filled(tmp_path / "elsewhere" / "dear")
    Path("data").mkdir()
    Path("data/harbour").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotAnArtefact):
        write_in_place_of(Path("data/harbour/dear"))
    assert (dear / "dear.txt").exists()


def test_a_link_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    dear = filled(tmp_path / "dear")
    Path("data/harbour").mkdir(parents=True)
    Path("data/harbour/tables").symlink_to(dear)
    write_in_place_of(Path("data/harbour/tables"))
    assert (dear / "dear.txt").exists()
    assert os.listdir("data/harbour/tables") == ["new.txt"]  # noqa: PTH208


def test_data_on_another_disk_is_still_the_projects_own(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    Path("data").symlink_to(tmp_path / "disk")
    filled("data/harbour/tables")
    write_in_place_of(Path("data/harbour/tables"))
    assert [found.name for found in Path("data/harbour/tables").iterdir()] == ["new.txt"]


def test_a_link_to_what_holds_the_project_owns_nothing(tmp_path: Path) -> None:
    filled("src/limner")
    Path("data").symlink_to(tmp_path)
    with pytest.raises(NotAnArtefact):
        write_in_place_of(Path("data/project/src"))
    assert Path("src/limner/dear.txt").exists()


@pytest.mark.parametrize("place", ["data/harbour/tables", "artifacts/models/m/fitted"])
def test_an_artefact_is_replaced_whole_and_nothing_is_left_beside_it(place: str) -> None:
    filled(place)
    write_in_place_of(Path(place))
    assert [found.name for found in Path(place).iterdir()] == ["new.txt"]
    assert [found.name for found in Path(place).parent.iterdir()] == [Path(place).name]


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_an_interruption_leaves_the_old_folder_as_it_was(fault: type[BaseException]) -> None:
    path = filled("data/harbour/tables")
    with pytest.raises(fault), replacing_folder(path) as made:
        (made / "half.txt").write_text("half")
        raise fault
    assert [found.name for found in path.iterdir()] == ["dear.txt"]
    assert [found.name for found in path.parent.iterdir()] == ["tables"]


def test_an_interruption_between_the_two_renames_brings_the_old_folder_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = filled("data/harbour/tables")

    def interrupted(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_in_place_of(path)
    assert [found.name for found in path.iterdir()] == ["dear.txt"]
    assert [found.name for found in path.parent.iterdir()] == ["tables"]


def test_a_long_name_is_written_as_any_other() -> None:
    path = Path("n" * 250)
    with replacing(path) as made:
        made.write_text("whole")
    assert path.read_text() == "whole"


@pytest.mark.parametrize("name", ["..", ".", "", "../x", "a/b", "/etc", ".git"])
def test_refuses_a_name_that_leads_elsewhere(name: str) -> None:
    for paths in (BankPaths, ArtifactPaths):
        with pytest.raises(UnknownName):
            paths.of(name)
