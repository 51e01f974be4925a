"""Every point-in-time feature of the engine against plain loops over dictionaries."""

import datetime as dt
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from feature_bank import SNAPSHOT, BankRows, make_bank, write_bank
from feature_twin import TWIN, Value
from limner.domain import Purpose
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.options import FeatureOptions
from limner.features.relational.snapshot import compute_snapshots, snapshot_file
from twin_customer import Customer


def allows_anything(bank: BankRows, customer: str, snapshot: dt.date) -> bool:
    """Whether any purpose is left; who never decided allows it."""
    withdrawn = set()
    for purpose in Purpose:
        decisions = [
            (row["recorded_at"], row["decision"] == "withdrawn")
            for row in bank["consents"]
            if row["customer_id"] == customer and row["purpose"] == purpose.value
            and row["recorded_at"].date() < snapshot
        ]  # fmt: skip
        if decisions and max(decisions)[1]:
            withdrawn.add(purpose)
    return withdrawn != set(Purpose)


def twin_rows(bank: BankRows, snapshot: dt.date) -> dict[str, dict[str, Value]]:
    names = sorted({row["customer_id"] for row in bank["customers"]})
    customers = [Customer(bank, name, snapshot) for name in names]
    return {
        c.customer: {feature.name: TWIN[feature.name](c) for feature in FEATURES}
        for c in customers
        if c.records() and allows_anything(bank, c.customer, snapshot)
    }


def test_the_twin_knows_every_feature_of_the_catalogue() -> None:
    assert [f.name for f in FEATURES if f.name not in TWIN] == []


@pytest.mark.parametrize("seed", range(12))
def test_every_feature_agrees_with_the_plain_loops(tmp_path: Path, seed: int) -> None:
    snapshot = SNAPSHOT + dt.timedelta(days=17 * seed)
    bank = make_bank(Random(seed), customers=25, snapshot=snapshot)
    trusted = write_bank(bank, tmp_path / "trusted")
    compute_snapshots(trusted, [snapshot], tmp_path, FeatureOptions())
    found = pq.read_table(snapshot_file(tmp_path, snapshot)).to_pylist()
    expected = twin_rows(bank, snapshot)
    assert [row["customer_id"] for row in found] == sorted(expected)
    for row in found:
        for name, value in expected[row["customer_id"]].items():
            if isinstance(value, int | float):
                assert row[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name
            else:
                assert row[name] == value, name


def test_the_random_banks_try_every_feature() -> None:
    seen: dict[str, set[Value]] = {feature.name: set() for feature in FEATURES}
    for seed in range(6):
        for row in twin_rows(make_bank(Random(seed), customers=25), SNAPSHOT).values():
            for name, value in row.items():
                seen[name].add(value)
    assert {name: values for name, values in seen.items() if len(values) < 2} == {}
