"""Files of snapshots: the same bytes twice, computed again only where something changed."""

import datetime as dt
import json
from pathlib import Path
from random import Random
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest

from feature_bank import SNAPSHOT, BankRows, Row, make_bank, write_bank, write_part
from limner.errors import SumInexact
from limner.features.relational import snapshot as snapshots
from limner.features.relational.catalogue import FEATURES, find_feature
from limner.features.relational.options import ConsentDefaults, FeatureOptions
from limner.features.relational.snapshot import compute_snapshots, snapshot_file

MAY, JUNE = dt.date(2024, 5, 31), dt.date(2024, 6, 30)


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    return write_bank(make_bank(Random(5), 30), tmp_path / "trusted")


def computed(trusted: Path, target: Path, *dates: dt.date, **options: object) -> list[bool]:
    reports = compute_snapshots(trusted, dates, target, FeatureOptions(**options))  # type: ignore[arg-type]
    return [report.computed for report in reports]


def columns_of(file: Path) -> dict[str, list[object]]:
    return pq.read_table(file).to_pydict()


def change(trusted: Path, part: str, column: str, add: int) -> None:
    file = trusted / "transactions" / f"{part}.parquet"
    rows = pq.read_table(file).to_pylist()
    write_part("transactions", [{**row, column: row[column] + add} for row in rows], file)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_same_bytes_whatever_the_number_of_threads(
    trusted: Path, tmp_path: Path, threads: int
) -> None:
    computed(trusted, tmp_path / "a", JUNE, threads=1)
    computed(trusted, tmp_path / "b", JUNE, threads=threads)
    for name in (f"{JUNE}.parquet", f"{JUNE}.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_memory_limit_changes_no_value(trusted: Path, tmp_path: Path) -> None:
    computed(trusted, tmp_path / "a", JUNE)
    computed(trusted, tmp_path / "b", JUNE, memory_limit="200MB")
    assert (tmp_path / "a" / f"{JUNE}.parquet").read_bytes() == (
        tmp_path / "b" / f"{JUNE}.parquet"
    ).read_bytes()


def test_rows_are_in_order_of_customers_and_typed(trusted: Path, tmp_path: Path) -> None:
    computed(trusted, tmp_path, JUNE)
    table = pq.read_table(snapshot_file(tmp_path, JUNE))
    customers = table.column("customer_id").to_pylist()
    assert customers == sorted(set(customers)) and len(customers) > 20
    assert set(table.column("snapshot_date").to_pylist()) == {JUNE}
    types = {str(table.schema.field(f.name).type) for f in FEATURES}
    assert types == {"int64", "double", "string"}


def test_a_second_run_keeps_what_is_right(trusted: Path, tmp_path: Path) -> None:
    assert computed(trusted, tmp_path / "f", MAY, JUNE) == [True, True]
    assert computed(trusted, tmp_path / "f", MAY, JUNE) == [False, False]


def test_a_further_month_costs_one_snapshot(trusted: Path, tmp_path: Path) -> None:
    computed(trusted, tmp_path / "f", MAY)
    with patch.object(snapshots, "run_on_duckdb", wraps=snapshots.run_on_duckdb) as run:
        assert computed(trusted, tmp_path / "f", MAY, JUNE) == [False, True]
    assert run.call_count == 1


def test_a_new_part_after_a_snapshot_leaves_it_alone(trusted: Path, tmp_path: Path) -> None:
    computed(trusted, tmp_path / "f", MAY)
    change(trusted, "2024-06", "amount_minor", 1)
    assert computed(trusted, tmp_path / "f", MAY, JUNE) == [False, True]


def test_a_changed_part_within_the_look_back_computes_again(trusted: Path, tmp_path: Path) -> None:
    computed(trusted, tmp_path / "f", MAY, JUNE)
    before = columns_of(snapshot_file(tmp_path / "f", MAY))
    change(trusted, "2024-04", "amount_minor", 100)
    assert computed(trusted, tmp_path / "f", MAY, JUNE) == [True, True]
    after = columns_of(snapshot_file(tmp_path / "f", MAY))
    assert before["debit_sum_90d"] != after["debit_sum_90d"]


def test_a_changed_part_before_the_look_back_leaves_it_alone(trusted: Path, tmp_path: Path) -> None:
    computed(trusted, tmp_path / "f", JUNE)
    change(trusted, "2023-05", "amount_minor", 100)
    assert computed(trusted, tmp_path / "f", JUNE) == [False]


def test_a_changed_definition_computes_again(trusted: Path, tmp_path: Path) -> None:
    options, two = FeatureOptions(), [find_feature("debit_sum_90d"), find_feature("tenure_days")]
    compute_snapshots(trusted, [JUNE], tmp_path / "f", options, two)
    (report,) = compute_snapshots(trusted, [JUNE], tmp_path / "f", options, two[:1])
    assert report.computed


def test_consent_defaults_are_part_of_what_a_snapshot_rests_on(
    trusted: Path, tmp_path: Path
) -> None:
    computed(trusted, tmp_path / "f", JUNE)
    asked = ConsentDefaults(marketing=False)
    assert computed(trusted, tmp_path / "f", JUNE, consent_defaults=asked) == [True]


@pytest.mark.parametrize("broken", ["altered", "cut", "gone", "report gone", "report cut"])
def test_a_file_that_is_not_what_was_computed_is_computed_again(
    trusted: Path, tmp_path: Path, broken: str
) -> None:
    computed(trusted, tmp_path / "f", JUNE)
    file = snapshot_file(tmp_path / "f", JUNE)
    right, report = file.read_bytes(), file.with_suffix(".json")
    match broken:
        case "altered":
            file.write_bytes(right[:-9] + bytes(9))
        case "cut":
            file.write_bytes(right[:100])
        case "gone":
            file.unlink()
        case "report gone":
            report.unlink()
        case _:
            report.write_text(report.read_text()[:50])
    assert computed(trusted, tmp_path / "f", JUNE) == [True]
    assert file.read_bytes() == right


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(trusted: Path, tmp_path: Path) -> None:
    target = tmp_path / "f"
    computed(trusted, target, JUNE)
    before = {file.name: file.read_bytes() for file in target.iterdir()}
    change(trusted, "2024-06", "amount_minor", 2**53)
    with pytest.raises(SumInexact, match="beyond 9,007,199,254,740,992"):
        computed(trusted, target, JUNE)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == before


def test_reads_only_the_parts_that_its_windows_need(trusted: Path, tmp_path: Path) -> None:
    # A part that may not be read is no Parquet file: opening it would fail.
    one = [find_feature("debit_sum_90d")]
    for month in ("2024-03", "2024-07"):
        (trusted / "transactions" / f"{month}.parquet").write_bytes(b"not a table")
    with patch.object(snapshots, "describe_tables", return_value=_all_columns()):
        compute_snapshots(trusted, [JUNE], tmp_path / "f", FeatureOptions(), one)


def _all_columns() -> object:
    from feature_bank import ALL_TABLES

    return {name: ALL_TABLES[name] for name in ("customers", "transactions")}


def test_the_report_lists_what_is_left_out_and_counts_customers(tmp_path: Path) -> None:
    bank = make_bank(Random(5), 30)
    trusted = write_bank({n: bank[n] for n in ("customers", "transactions")}, tmp_path / "t")
    computed(trusted, tmp_path / "f", JUNE)
    report = json.loads((tmp_path / "f" / f"{JUNE}.json").read_text())
    assert {"feature": "login_count_30d", "reason": "the bank has no table digital_events"} in (
        report["left_out"]
    )
    known = {r["customer_id"] for r in bank["customers"] if r["onboarded_on"] < JUNE}
    assert report["customers"]["onboarded"] == report["customers"]["included"] == len(known)
    assert str(tmp_path) not in json.dumps(report)


def test_a_bank_before_its_first_transaction_has_customers_and_noughts(tmp_path: Path) -> None:
    bank: BankRows = {
        "customers": [_customer("c1", dt.date(2020, 1, 1)), _customer("c2", JUNE)],
        "transactions": [_transaction("c1", dt.datetime(2024, 7, 1))],
    }
    trusted = write_bank(bank, tmp_path / "t")
    computed(trusted, tmp_path / "f", JUNE)
    found = columns_of(snapshot_file(tmp_path / "f", JUNE))
    assert found["customer_id"] == ["c1"]
    assert found["debit_sum_90d"] == [0.0] and found["debit_mean_90d"] == [None]


def test_a_transaction_of_nobody_known_makes_no_customer(tmp_path: Path) -> None:
    bank: BankRows = {
        "customers": [_customer("c1", dt.date(2020, 1, 1))],
        "transactions": [_transaction("stranger", dt.datetime(2024, 6, 1))],
    }
    computed(write_bank(bank, tmp_path / "t"), tmp_path / "f", JUNE)
    assert columns_of(snapshot_file(tmp_path / "f", JUNE))["customer_id"] == ["c1"]


def _customer(name: str, onboarded: dt.date) -> Row:
    return {"customer_id": name, "system": "core", "onboarded_on": onboarded,
            "birth_date": None, "sex": None, "region_id": None}  # fmt: skip


def _transaction(customer: str, at: dt.datetime) -> Row:
    return {"transaction_id": "t", "account_id": "a", "customer_id": customer, "booked_at": at,
            "direction": "debit", "amount_minor": 5, "channel": "card", "category": "other",
            "counterparty": None, "balance_minor": 5}  # fmt: skip


def test_progress_names_each_snapshot(trusted: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    for _ in range(2):
        compute_snapshots(trusted, [JUNE], tmp_path / "f", FeatureOptions(), progress=lines.append)
    assert lines[0].startswith("2024-06-30: computed, ") and f"{len(FEATURES)} features" in lines[0]
    assert lines[1].startswith("2024-06-30: kept, ")
    assert SNAPSHOT == JUNE
