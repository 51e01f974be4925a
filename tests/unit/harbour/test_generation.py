"""Harbour is the same bytes every time, grows block by block, and refuses what it cannot make."""

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from harbour import HarbourSettings, generate, generator, read_settings
from limner.errors import BankSettingsInvalid
from limner.portfolios.harbour import PORTFOLIO

TINY = HarbourSettings(customers=120, months=5, drift_from="2023-03-01")


def hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def made(folder: Path, settings: HarbourSettings) -> dict[str, str]:
    generate(PORTFOLIO.extracts, folder / "extract", folder / "truth", settings)
    return hashes(folder)


def test_equal_settings_give_equal_bytes(tmp_path: Path) -> None:
    first, second = made(tmp_path / "a", TINY), made(tmp_path / "b", TINY)
    assert first == second
    assert len(first) > 30


def test_another_seed_gives_another_bank(tmp_path: Path) -> None:
    first = made(tmp_path / "a", TINY)
    second = made(tmp_path / "b", TINY.model_copy(update={"seed": TINY.seed + 1}))
    same = {name for name in first if first[name] == second[name]}
    assert first.keys() == second.keys()
    assert same == {
        "extract/delivery.csv",
        "extract/reference/products.csv",
        "extract/reference/regions.csv",
        "truth/drift.parquet",
    }


def test_a_block_is_the_same_whatever_else_there_is(tmp_path: Path) -> None:
    # So that memory need hold one block only, and a larger bank contains the smaller one.
    one = TINY.model_copy(update={"customers": 100, "block_customers": 100, "corrupt_share": 0})
    two = one.model_copy(update={"customers": 200})
    made(tmp_path / "one", one)
    made(tmp_path / "two", two)
    for table in ("persons", "monthly", "uplift", "identity", "missing"):
        smaller = pd.read_parquet(tmp_path / f"one/truth/{table}.parquet")
        larger = pd.read_parquet(tmp_path / f"two/truth/{table}.parquet")
        pd.testing.assert_frame_equal(larger.head(len(smaller)), smaller)
        assert len(larger) > 1.5 * len(smaller)
    people = pd.read_parquet(tmp_path / "two/truth/persons.parquet")
    assert not (people["income_minor"].head(100).isin(people["income_minor"].tail(100))).all()
    for file in ("core/transactions/2023-04.parquet", "app/events/2023-04.parquet"):
        groups = pq.ParquetFile(tmp_path / "two/extract" / file)
        alone = pq.read_table(tmp_path / "one/extract" / file)
        assert groups.num_row_groups == 2
        assert groups.read_row_group(0).equals(alone)


def test_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    settings = TINY.model_copy(update={"customers": 350, "block_customers": 100})
    generate(
        PORTFOLIO.extracts,
        tmp_path / "e",
        tmp_path / "t",
        settings,
        lambda *done: told.append(done),
    )
    # Half a block of rest goes to the last one.
    assert told == [(100, 350), (200, 350), (300, 350), (350, 350)]


def test_leaves_the_old_bank_where_making_the_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only below a project's data folder is a bank replaced.
    monkeypatch.chdir(tmp_path)
    bank = Path("data/harbour")
    before = made(bank, TINY)

    def fails(*_: Any) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(generator, "truth_of", fails)
    with pytest.raises(RuntimeError, match="half way"):
        generate(PORTFOLIO.extracts, bank / "extract", bank / "truth", TINY)
    assert hashes(bank) == before


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"customers": 99}, "customers: Input should be greater than or equal to 100"),
        ({"months": 2}, "months: Input should be greater than or equal to 3"),
        ({"first_month": "2023-01-02"}, "first_month: 2023-01-02 is not the first day of a month"),
        ({"drift_from": "2025-01-01"}, "drift_from: 2025-01-01 is not within the 24 months"),
        ({"drift_from": "2023-01-01"}, "drift_from: 2023-01-01 is not within the 24 months"),
        ({"bias_income": -0.1}, "bias_income: Input should be greater"),
        ({"corrupt_share": float("nan")}, "corrupt_share: Input should be a finite number"),
        ({"costumers": 500}, "costumers: Extra inputs are not permitted"),
    ],
)
def test_refuses_a_bank_that_cannot_be(values: dict[str, Any], problem: str) -> None:
    with pytest.raises(BankSettingsInvalid, match="portfolio harbour cannot be made") as refused:
        read_settings(values)
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_extract_day_follows_the_last_month() -> None:
    assert read_settings({}).extract_day.isoformat() == "2025-01-01"
    shorter = {"first_month": "2023-11-01", "months": 3, "drift_from": "2023-12-01"}
    assert read_settings(shorter).extract_day.isoformat() == "2024-02-01"
