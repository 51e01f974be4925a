"""The fitted model as files: whole, the same bytes every time, and nothing that runs."""

import json
import random
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from limner.artifacts import sha256_of
from limner.errors import ArtifactMissing
from limner.modelling.checked_folder import CHECKSUMS_FILE, ArtifactAltered, write_checksums
from limner.modelling.fitted import (
    MANIFEST_FILE,
    TREES_FILE,
    ArtifactUnreadable,
    digest_of,
    read_model,
    write_model,
)
from limner.registry.protocol import refuse_pickles
from limner.scoring import score_table
from small_models import AMOUNT, MODELS, RISK, SEGMENTS, fit_anew, fitted, samples_of


def written(model: str, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    write_model(fitted(model), folder)
    return folder


@pytest.mark.parametrize("model", MODELS)
def test_a_model_read_back_gives_the_same_scores_reasons_and_bytes(
    model: str, tmp_path: Path
) -> None:
    first = written(model, tmp_path / "first")
    read = read_model(first, threads=1)
    second = tmp_path / "second"
    second.mkdir()
    write_model(read, second)
    for name in (MANIFEST_FILE, TREES_FILE):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    test = samples_of(model).test
    assert_frame_equal(
        score_table(read, test, reasons=True), score_table(fitted(model), test, reasons=True),
        check_exact=True,
    )  # fmt: skip
    assert read.manifest == fitted(model).manifest


@pytest.mark.parametrize("model", [RISK, SEGMENTS])
def test_equal_seeds_give_equal_bytes(model: str, tmp_path: Path) -> None:
    first = written(model, tmp_path / "first")
    again = tmp_path / "again"
    again.mkdir()
    write_model(fit_anew(model), again)
    assert digest_of(first) == digest_of(again)


def test_a_model_is_two_files_and_their_checksums_and_none_a_pickle(tmp_path: Path) -> None:
    folder = written(RISK, tmp_path)
    assert {file.name for file in folder.iterdir()} == {MANIFEST_FILE, TREES_FILE, CHECKSUMS_FILE}
    refuse_pickles(RISK, folder)
    json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    # UBJSON is a JSON object in binary; a pickle would begin with its protocol, 0x80.
    assert (folder / TREES_FILE).read_bytes()[:1] == b"{"


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("layout", 2, "layout"),
        ("author", "unknown", "author"),
        ("features", "none", "features"),
        ("probability", {"calibration": {"method": "guess"}}, "probability.calibration.method"),
    ],
)
def test_refuses_a_manifest_of_another_layout_in_one_line(
    key: str, value: object, named: str, tmp_path: Path
) -> None:
    file = written(RISK, tmp_path) / MANIFEST_FILE
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {key: value}))
    write_checksums(tmp_path)
    with pytest.raises(ArtifactUnreadable, match=f": {named}: ") as refusal:
        read_model(tmp_path, threads=1)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_refuses_a_manifest_that_is_none(text: str, tmp_path: Path) -> None:
    (written(RISK, tmp_path) / MANIFEST_FILE).write_text(text)
    write_checksums(tmp_path)
    with pytest.raises(ArtifactUnreadable):
        read_model(tmp_path, threads=1)


@pytest.mark.parametrize("kept", [0, 1, 2000, -1])
def test_refuses_trees_that_were_cut_off_in_one_line(kept: int, tmp_path: Path) -> None:
    file = written(RISK, tmp_path) / TREES_FILE
    file.write_bytes(file.read_bytes()[:kept])
    write_checksums(tmp_path)
    with pytest.raises(ArtifactUnreadable) as refusal:
        read_model(tmp_path, threads=1)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", [MANIFEST_FILE, TREES_FILE])
def test_refuses_a_folder_without_one_of_its_files(name: str, tmp_path: Path) -> None:
    (written(RISK, tmp_path) / name).unlink()
    with pytest.raises(ArtifactAltered, match=rf"{name} is missing: restore it"):
        read_model(tmp_path, threads=1)
    write_checksums(tmp_path)
    with pytest.raises(ArtifactMissing, match=rf"{name} is missing: run 'uv run dvc repro'"):
        read_model(tmp_path, threads=1)


@pytest.mark.parametrize("model", [RISK, AMOUNT])
def test_refuses_every_one_of_200_flipped_bytes_before_it_is_parsed(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(model, tmp_path)
    draw = random.Random(7)
    files = sorted(folder.iterdir())
    # What is parsed could end the process, or be another model: nothing may get that far.
    monkeypatch.setattr("limner.modelling.fitted.Manifest", None)
    monkeypatch.setattr("limner.modelling.fitted.BoostedTrees", None)
    for _ in range(200):
        file = draw.choice(files)
        before = file.read_bytes()
        place = draw.randrange(len(before))
        altered = bytearray(before)
        altered[place] ^= 1 << draw.randrange(8)
        file.write_bytes(altered)
        with pytest.raises(ArtifactAltered) as refusal:
            read_model(folder, threads=1)
        assert str(folder) in str(refusal.value)
        assert len(str(refusal.value).splitlines()) == 1
        file.write_bytes(before)


def test_refuses_a_file_that_was_added_and_a_folder_without_checksums(tmp_path: Path) -> None:
    folder = written(RISK, tmp_path)
    (folder / "planted.ubj").write_bytes(b"{}")
    with pytest.raises(ArtifactAltered, match=r"planted\.ubj is not the file"):
        read_model(folder, threads=1)
    (folder / "planted.ubj").unlink()
    (folder / CHECKSUMS_FILE).unlink()
    with pytest.raises(ArtifactAltered, match=f"no {CHECKSUMS_FILE}"):
        read_model(folder, threads=1)


def test_reads_a_folder_of_before_checksums_by_a_digest_kept_elsewhere(tmp_path: Path) -> None:
    folder = written(RISK, tmp_path)
    (folder / CHECKSUMS_FILE).unlink()
    recorded = sha256_of(folder)
    assert read_model(folder, 1, recorded).manifest == fitted(RISK).manifest
    (folder / TREES_FILE).write_bytes((folder / TREES_FILE).read_bytes() + b" ")
    with pytest.raises(ArtifactAltered, match=f"recorded was {recorded}"):
        read_model(folder, 1, recorded)


def test_the_checksums_are_those_that_sha256sum_verifies(tmp_path: Path) -> None:
    folder = written(AMOUNT, tmp_path)
    command = ("sha256sum", "--check", "--strict", CHECKSUMS_FILE)
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def test_the_example_in_the_manifest_is_no_persons_and_scores() -> None:
    for model in MODELS:
        one = fitted(model)
        assert set(one.manifest.example) == set(one.manifest.columns)
        development = samples_of(model).development[list(one.manifest.example)]
        same = (development.astype(object) == list(one.manifest.example.values())).all(axis=1)
        assert not same.any()
        # Of whoever holds everything there is nothing to tell.
        told = score_table(one, development.head(20)).select_dtypes("number")
        assert np.isfinite(told.to_numpy()).any()
