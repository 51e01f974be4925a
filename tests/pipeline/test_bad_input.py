"""Wrong inputs on the command line: one clear line, the error's exit code, nothing left behind."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from limner import errors
from small_project import SmallProject


def refused(project: SmallProject, stage: str, name: str, error: type[errors.LimnerError]) -> str:
    """Run a stage that must be refused; return its one line."""
    before = files(project)
    done = project.stage(stage, name, expect=error.exit_code)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(error.__name__)
    assert files(project) == before
    return str(lines[0])


def files(project: SmallProject) -> set[str]:
    """All files of the flow, hidden temporary ones included."""
    found = (p for top in ("data", "artifacts") for p in (project.folder / top).rglob("*"))
    return {path.as_posix() for path in found if path.is_file()}


def edit_extract(project: SmallProject, portfolio: str, before: str, after: str) -> None:
    """Replace text in the acquired extract."""
    extract = project.folder / "data" / portfolio / "extract"
    text = gzip.decompress(extract.read_bytes()).decode()
    assert before in text
    extract.unlink()
    extract.write_bytes(gzip.compress(text.replace(before, after).encode()))


def edit_sample(project: SmallProject, model: str, change: Any) -> None:
    """Rewrite a model's sample table."""
    sample = project.folder / "artifacts" / "models" / model / "sample.parquet"
    frame = change(pd.read_parquet(sample))
    sample.unlink()
    frame.to_parquet(sample, index=False)


def test_refuses_a_missing_data_file(own_copy: SmallProject) -> None:
    params = own_copy.params()
    params["portfolios"]["bank_marketing"]["source"]["location"] = "nowhere.csv"
    own_copy.set_params(params)
    line = refused(own_copy, "stages.acquire", "bank_marketing", errors.DataFileMissing)
    assert "nowhere.csv" in line and "portfolios.bank_marketing.source.location" in line


def test_refuses_an_altered_data_file(own_copy: SmallProject, tmp_path: Path) -> None:
    params = own_copy.params()
    source = params["portfolios"]["bank_marketing"]["source"]
    altered = tmp_path / "altered.csv.gz"
    shutil.copy(source["location"], altered)
    altered.write_bytes(altered.read_bytes()[:-1] + b"x")
    source["location"] = str(altered)
    own_copy.set_params(params)
    line = refused(own_copy, "stages.acquire", "bank_marketing", errors.DataFileAltered)
    assert source["sha256"] in line


def test_refuses_an_unknown_key_by_its_full_path(own_copy: SmallProject) -> None:
    params = own_copy.params()
    params["models"]["serious_delinquency"]["training"]["max_depht"] = 3
    own_copy.set_params(params)
    line = refused(own_copy, "stages.train", "serious_delinquency", errors.SettingsInvalid)
    assert "models.serious_delinquency.training.max_depht" in line and "max_depth" in line


def test_dvc_shows_the_line_and_stops_at_the_stage(own_copy: SmallProject) -> None:
    params = own_copy.params()
    del params["models"]["serious_delinquency"]["training"]["l2"]
    own_copy.set_params(params)
    done = own_copy.run("dvc", "repro", expect=255)
    assert "models.serious_delinquency.training.l2: missing key" in done.stdout + done.stderr
    assert f"exited with {errors.SettingsInvalid.exit_code}" in done.stdout + done.stderr


def test_refuses_an_absent_column(own_copy: SmallProject) -> None:
    edit_extract(own_copy, "bank_marketing", "balance", "balanced")
    line = refused(own_copy, "stages.intake", "bank_marketing", errors.ColumnMissing)
    assert "balance" in line


def test_refuses_a_column_of_the_wrong_type(own_copy: SmallProject, tmp_path: Path) -> None:
    extract = own_copy.folder / "data" / "give_me_credit" / "extract"
    frame = pd.read_csv(extract, compression="gzip")
    frame["age"] = "old"
    extract.unlink()
    frame.to_csv(extract, index=False, compression="gzip")
    line = refused(own_copy, "stages.intake", "give_me_credit", errors.ContractBreach)
    assert "give_me_credit.age" in line and "must be an integer" in line


def test_refuses_a_category_never_seen_in_training(own_copy: SmallProject) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(job=frame["job"].where(frame["sample"] != "test", "astronaut"))

    edit_sample(own_copy, "term_deposit_propensity", change)
    line = refused(own_copy, "stages.assess", "term_deposit_propensity", errors.UnknownCategory)
    assert "astronaut" in line and "management" in line and "test sample" in line


def test_refuses_an_empty_sample(own_copy: SmallProject) -> None:
    params = own_copy.params()
    params["out_of_time_from"]["bank_marketing"] = "2050-01-01"
    own_copy.set_params(params)
    line = refused(own_copy, "stages.sample", "deposit_segments", errors.EmptySample)
    assert "out_of_time" in line


def test_refuses_a_single_class_sample(own_copy: SmallProject) -> None:
    trusted = own_copy.folder / "data" / "give_me_credit" / "tables" / "trusted.parquet"
    frame = pd.read_parquet(trusted).assign(seriously_delinquent=0)
    trusted.unlink()
    frame.to_parquet(trusted, index=False)
    line = refused(own_copy, "stages.sample", "serious_delinquency", errors.SingleClassSample)
    assert "seriously_delinquent" in line


def test_an_extract_without_rows_is_refused(own_copy: SmallProject) -> None:
    extract = own_copy.folder / "data" / "bank_marketing" / "extract"
    header = gzip.decompress(extract.read_bytes()).decode().splitlines()[0]
    extract.unlink()
    extract.write_bytes(gzip.compress(f"{header}\n".encode()))
    refused(own_copy, "stages.intake", "bank_marketing", errors.EmptySample)


def test_the_command_line_says_what_is_wrong_with_a_table(
    own_copy: SmallProject, tmp_path: Path
) -> None:
    # The first command in a copied project says that the registry's files moved along.
    example = json.loads(own_copy.run("limner", "example", "term_deposit_propensity").stdout)
    table = tmp_path / "customers.csv"
    table.write_text("age,job\n40,astronaut\n", encoding="utf-8")
    done = own_copy.run(
        "limner", "score", "term_deposit_propensity", str(table),
        expect=errors.FactsMissing.exit_code,
    )  # fmt: skip
    assert "housing_loan" in done.stderr and len(done.stderr.splitlines()) == 1
    record = pd.DataFrame(example["records"]).assign(job="astronaut")
    record.to_csv(table, index=False)
    done = own_copy.run(
        "limner", "score", "term_deposit_propensity", str(table),
        expect=errors.CellsInvalid.exit_code,
    )  # fmt: skip
    assert "row 1 (line 2): job must be one of" in done.stderr


@pytest.mark.parametrize("model", ["term_deposit_propensity", "deposit_segments"])
def test_an_example_is_scored_by_the_command_line(own_copy: SmallProject, model: str) -> None:
    example = own_copy.run("limner", "example", model).stdout
    record = pd.DataFrame(json.loads(example)["records"])
    table = own_copy.folder / "one.csv"
    record.to_csv(table, index=False)
    assert "favourable" in own_copy.run("limner", "score", model, str(table), "--reasons").stdout
