"""Harbour's extracts become the canonical tables; what breaks a contract was planted."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from harbour import HarbourSettings, generate
from harbour.faults import KINDS
from harbour.plants import PLANTS
from limner.contract import Contract
from limner.engine import connect, identifier
from limner.portfolios.canonical import TABLES
from limner.portfolios.harbour import PORTFOLIO
from mapped_bank import broken_rows, map_bank


def planted_rows(faults: pd.DataFrame, table: str) -> list[tuple[str, int]]:
    rows = faults[faults["table"] == table].groupby("key")["rows"].sum()
    return sorted((str(key), int(count)) for key, count in rows.items())


def test_maps_every_canonical_table() -> None:
    assert PORTFOLIO.left_out == ()


@pytest.mark.parametrize("contract", TABLES, ids=lambda contract: contract.table)
def test_a_mapping_yields_exactly_the_contracts_columns(bank: Any, contract: Contract) -> None:
    found = bank.connection.execute(f"DESCRIBE {identifier(contract.table)}").fetchall()
    assert tuple(row[0] for row in found) == contract.names


@pytest.mark.parametrize("contract", TABLES, ids=lambda contract: contract.table)
def test_exactly_the_planted_rows_break_their_contract(bank: Any, contract: Contract) -> None:
    day = bank.settings.extract_day.isoformat()
    broken = broken_rows(bank.connection, contract, day)
    assert sorted(broken) == planted_rows(bank.known("faults"), contract.table)


def test_every_kind_of_fault_is_planted(bank: Any) -> None:
    faults = bank.known("faults")
    assert set(faults["kind"]) == set(KINDS)
    # One in fifty rows, apart from tables too small for one.
    transactions = faults[faults["table"] == "transactions"]
    rows = len(bank.rows("SELECT 1 FROM transactions"))
    assert len(transactions) == pytest.approx(0.02 * rows, rel=0.05)


def test_every_fault_names_a_column_of_its_table() -> None:
    names = {contract.table: contract.names for contract in TABLES}
    for plant in PLANTS.values():
        assert {fault.column for fault in plant.faults} <= set(names[plant.table])


def test_a_small_bank_stays_below_the_limit_of_intake(tmp_path: Path) -> None:
    made = HarbourSettings(customers=300, corrupt_share=0.001)
    generate(PORTFOLIO.extracts, tmp_path / "extract", tmp_path / "truth", made)
    with connect() as connection:
        map_bank(connection, PORTFOLIO, tmp_path / "extract")
        for contract in TABLES:
            broken = broken_rows(connection, contract, made.extract_day.isoformat())
            rows = connection.execute(f"SELECT count(*) FROM {contract.table}").fetchall()[0][0]
            assert sum(count for _, count in broken) < 0.01 * rows


@given(
    customers=st.integers(100, 160),
    months=st.integers(3, 7),
    first=st.sampled_from(["2023-01-01", "2024-02-01", "2019-11-01"]),
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([0.0, 0.03]),
    edge=st.sampled_from([0.0, 0.3, 1.0]),
)
@checked(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_bank_breaks_a_contract_by_itself(
    tmp_path_factory: pytest.TempPathFactory,
    customers: int, months: int, first: str, seed: int, share: float, edge: float,
) -> None:  # fmt: skip
    year, month, _ = (int(part) for part in first.split("-"))
    drift = f"{year + month // 12}-{month % 12 + 1:02d}-01"
    made = HarbourSettings(
        customers=customers, months=months, first_month=first, drift_from=drift, seed=seed,
        corrupt_share=share, crm_share=edge, campaign_share=edge, missing_share=edge / 2,
        duplicate_share=edge * 0.3, bias_income=edge / 2,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("any")
    generate(PORTFOLIO.extracts, folder / "extract", folder / "truth", made)
    faults = pd.read_parquet(folder / "truth/faults.parquet")
    with connect() as connection:
        map_bank(connection, PORTFOLIO, folder / "extract")
        for contract in TABLES:
            broken = broken_rows(connection, contract, made.extract_day.isoformat())
            assert sorted(broken) == planted_rows(faults, contract.table), contract.table
