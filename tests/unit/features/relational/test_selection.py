"""What a bank lacks is left out and listed with the reason; the rest is computed."""

from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from feature_bank import ALL_TABLES, SNAPSHOT, make_bank, write_bank
from limner.errors import TablesMissing
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.options import FeatureOptions
from limner.features.relational.parts import describe_tables
from limner.features.relational.selection import select_features
from limner.features.relational.snapshot import compute_snapshots, snapshot_file


def test_a_bank_with_everything_leaves_nothing_out() -> None:
    selection = select_features(ALL_TABLES)
    assert (selection.kept, selection.left_out) == (FEATURES, ())


def test_kept_and_left_out_together_are_the_catalogue_in_its_order() -> None:
    some = {name: ALL_TABLES[name] for name in ("customers", "transactions", "accounts")}
    selection = select_features(some)
    left_out = {item.feature: item.reason for item in selection.left_out}
    assert [f.name for f in FEATURES if f.name not in left_out] == [f.name for f in selection.kept]
    assert left_out["login_count_30d"] == "the bank has no table digital_events"
    assert left_out["savings_accounts_open"] == "the bank has no table products"
    assert left_out["region_urban_share"] == "the bank has no table regions"
    assert left_out["debt_service_90d"] == "the bank has no table instalments"
    assert "accounts_open" not in left_out


def test_a_column_that_is_never_known_leaves_out_what_needs_it_only() -> None:
    without = {**ALL_TABLES, "transactions": ALL_TABLES["transactions"] - {"balance_minor"}}
    left_out = {item.feature: item.reason for item in select_features(without).left_out}
    assert left_out["balance_latest"] == "the bank's transactions have no known balance_minor"
    assert "overdraft_use" in left_out and "debit_sum_90d" not in left_out


@pytest.mark.parametrize(
    "tables", [(), ("customers",), ("transactions",), ("customers", "accounts", "loans")]
)
def test_refuses_a_bank_without_customers_or_without_any_event(tables: tuple[str, ...]) -> None:
    with pytest.raises(TablesMissing, match="features need the table customers and at least one"):
        select_features({name: ALL_TABLES[name] for name in tables})


@pytest.mark.parametrize("event", ["transactions", "repayments", "digital_events", "interactions"])
def test_customers_and_one_event_table_are_enough(tmp_path: Path, event: str) -> None:
    bank = make_bank(Random(3), 20)
    trusted = write_bank({name: bank[name] for name in ("customers", event)}, tmp_path / "trusted")
    (report,) = compute_snapshots(trusted, [SNAPSHOT], tmp_path / "found", FeatureOptions())
    columns = pq.read_schema(snapshot_file(tmp_path / "found", SNAPSHOT)).names
    kept = [feature.name for feature in report.selection.kept]
    consents = ["allows_profiling", "allows_credit", "allows_marketing"]
    assert columns == ["customer_id", "snapshot_date", *kept, *consents]
    assert len(kept) > 5
    assert len(kept) + len(report.selection.left_out) == len(FEATURES)


def test_a_column_that_is_empty_in_every_part_is_one_the_bank_lacks(tmp_path: Path) -> None:
    bank = make_bank(Random(3), 20)
    for row in bank["transactions"]:
        row["counterparty"] = None
    described = describe_tables(write_bank(bank, tmp_path))
    assert "counterparty" not in described["transactions"]
    assert {"balance_minor", "amount_minor"} <= described["transactions"]
    bank["transactions"][0]["counterparty"] = "x1"
    assert "counterparty" in describe_tables(write_bank(bank, tmp_path))["transactions"]
