"""Who withdrew a purpose is absent from that purpose's features, and is counted."""

import datetime as dt
from pathlib import Path

import pytest

from feature_bank import SNAPSHOT, BankRows, Row, write_bank
from limner.domain import Purpose
from limner.errors import FeatureForbidden
from limner.features.relational.options import ConsentDefaults, FeatureOptions
from limner.features.relational.reading import read_snapshot
from limner.features.relational.snapshot import SnapshotReport, compute_snapshots

PROFILING, CREDIT, MARKETING = Purpose.PROFILING, Purpose.CREDIT, Purpose.MARKETING
MIDNIGHT = dt.datetime.combine(SNAPSHOT, dt.time())
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)


def decision(customer: str, purpose: Purpose, decided: str, at: dt.datetime) -> Row:
    return {
        "customer_id": customer, "purpose": purpose.value, "decision": decided, "recorded_at": at,
    }  # fmt: skip


def snapshot_of(
    folder: Path, decisions: list[Row], defaults: ConsentDefaults | None = None, customers: int = 1
) -> SnapshotReport:
    bank: BankRows = {
        "customers": [
            {"customer_id": f"c{n}", "system": "core", "onboarded_on": dt.date(2020, 1, 1)}
            for n in range(customers)
        ],
        "digital_events": [
            {"event_id": "e", "customer_id": "c0", "occurred_at": MIDNIGHT - DAY, "kind": "login",
             "device": "web", "seconds": 3}
        ],
        "consents": decisions,
    }  # fmt: skip
    options = FeatureOptions(consent_defaults=defaults or ConsentDefaults())
    trusted = write_bank(bank, folder / "trusted")
    (report,) = compute_snapshots(trusted, [SNAPSHOT], folder, options)
    return report


def present(folder: Path, purpose: Purpose) -> list[str]:
    return list(read_snapshot(folder, SNAPSHOT, purpose)["customer_id"])


@pytest.mark.parametrize(
    ("decisions", "allowed"),
    [
        ([], True),
        ([("given", -DAY)], True),
        ([("withdrawn", -DAY)], False),
        ([("withdrawn", -SECOND)], False),
        ([("withdrawn", 0 * DAY)], True),
        ([("withdrawn", DAY)], True),
        ([("withdrawn", -2 * DAY), ("given", -DAY)], True),
        ([("given", -2 * DAY), ("withdrawn", -DAY)], False),
        ([("given", -DAY), ("withdrawn", -DAY)], False),
        ([("withdrawn", -DAY), ("given", 0 * DAY)], False),
        ([("given", -9_000 * DAY), ("withdrawn", -8_000 * DAY)], False),
    ],
)
def test_the_latest_decision_before_the_snapshot_holds(
    tmp_path: Path, decisions: list[tuple[str, dt.timedelta]], allowed: bool
) -> None:
    rows = [decision("c0", CREDIT, what, MIDNIGHT + when) for what, when in decisions]
    report = snapshot_of(tmp_path, rows)
    assert (present(tmp_path, CREDIT) == ["c0"]) is allowed
    assert report.customers.withheld[CREDIT] == (0 if allowed else 1)
    assert present(tmp_path, MARKETING) == ["c0"]


@pytest.mark.parametrize("default", [True, False])
def test_who_never_decided_has_the_stated_default(tmp_path: Path, default: bool) -> None:
    decisions = [decision("c1", MARKETING, "given" if not default else "withdrawn", MIDNIGHT - DAY)]
    snapshot_of(tmp_path, decisions, ConsentDefaults(marketing=default), customers=2)
    assert present(tmp_path, MARKETING) == (["c0"] if default else ["c1"])
    assert present(tmp_path, PROFILING) == ["c0", "c1"]


def test_who_withdrew_every_purpose_is_in_no_snapshot_and_is_counted(tmp_path: Path) -> None:
    decisions = [decision("c1", p, "withdrawn", MIDNIGHT - DAY) for p in Purpose]
    report = snapshot_of(tmp_path, decisions, customers=3)
    assert (report.customers.onboarded, report.customers.included) == (3, 2)
    assert report.customers.withheld == dict.fromkeys(Purpose, 1)
    assert [present(tmp_path, purpose) for purpose in Purpose] == [["c0", "c2"]] * 3


def test_a_purpose_sees_only_the_features_permitted_for_it(tmp_path: Path) -> None:
    snapshot_of(tmp_path, [])
    columns = {p: set(read_snapshot(tmp_path, SNAPSHOT, p).columns) for p in Purpose}
    assert all("login_count_30d" in found for found in columns.values())
    assert not any(c.startswith("allows_") for found in columns.values() for c in found)
    assert read_snapshot(tmp_path, SNAPSHOT, CREDIT, ("login_count_30d",)).shape == (1, 3)


def test_refuses_a_feature_that_is_not_permitted_or_left_out(tmp_path: Path) -> None:
    snapshot_of(tmp_path, [])
    with pytest.raises(FeatureForbidden, match="m may not use feature health_share_90d: it is not"):
        read_snapshot(tmp_path, SNAPSHOT, CREDIT, ("health_share_90d",), "m")
    with pytest.raises(FeatureForbidden, match="left out: the bank has no table transactions"):
        read_snapshot(tmp_path, SNAPSHOT, CREDIT, ("debit_sum_90d",), "m")
