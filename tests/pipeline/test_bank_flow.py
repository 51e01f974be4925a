"""A bank of many systems, from its extracts to features: nothing lost, nobody named, no leak."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from limner.artifacts import BankPaths, sha256_of, write_json
from limner.intake.identity.files import read_map
from limner.intake.identity.labelled import score_linkage
from limner.intake.privacy.bank_keys import keys_of
from limner.intake.privacy.scan import find_planted
from limner.monitoring.bank_drift import part_snapshots
from limner.monitoring.evidently_report import drift_report
from limner.settings import parse_settings
from limner.snapshots.cohort import WITHDRAWN
from project import settings
from small_project import BANK_MODEL, SmallProject

STAGES = ("stages.acquire_bank", "stages.intake_bank", "stages.features")
MONITOR = "monitoring.bank_drift"
# Shorter texts turn up by chance in compressed bytes and long numbers.
TELLING = 8
FILLER = "000000000"


@pytest.fixture(scope="module")
def bank(untrained: SmallProject, tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """A project in which harbour was made, taken in and described by features."""
    project = untrained.copy(tmp_path_factory.mktemp("bank") / "project")
    for stage in STAGES:
        project.stage(stage, "harbour")
    return project


def paths(project: SmallProject) -> BankPaths:
    return BankPaths(project.folder / BankPaths.of("harbour").folder)


def quality(project: SmallProject) -> Any:
    return json.loads(paths(project).quality.read_text("utf-8"))


def truth(project: SmallProject, table: str) -> pd.DataFrame:
    return pd.read_parquet(paths(project).truth / f"{table}.parquet")


def rows_of(folder: Path) -> int:
    return sum(len(pd.read_parquet(part)) for part in sorted(folder.glob("*.parquet")))


def test_every_row_is_trusted_or_quarantined(bank: SmallProject) -> None:
    found = quality(bank)
    assert len(found["tables"]) == 18
    for name, table in found["tables"].items():
        assert table["rows_in"] == table["rows_trusted"] + table["rows_quarantined"], name
        quarantined = pd.read_parquet(paths(bank).quarantine / f"{name}.parquet")
        assert len(quarantined) == table["rows_quarantined"]
        written = rows_of(paths(bank).trusted / name)
        if name == "customers":
            assert written == found["identity"]["customers"]
            assert found["identity"]["records"] == table["rows_trusted"]
        else:
            assert written == table["rows_trusted"]


def test_no_artefact_names_anybody(bank: SmallProject) -> None:
    planted = truth(bank, "planted")["value"]
    planted = planted[(planted.str.len() >= TELLING) & ~planted.str.endswith(FILLER)].tolist()
    assert find_planted(paths(bank).extract, planted), "the scanner finds what is there"
    for made in ("trusted", "quarantine", "identity", "features"):
        assert not find_planted(getattr(paths(bank), made), planted), made
    for page in ("quality.json", "quality.html", "features.json", "features.html"):
        text = (paths(bank).folder / page).read_text("utf-8")
        assert not [value for value in planted if value in text], page
    assert not paths(bank).checked.exists()


def test_records_of_one_person_become_one_customer(bank: SmallProject) -> None:
    stated = parse_settings(bank.params())
    keys = keys_of("harbour", stated.bank("harbour"), stated.privacy, stated.seed)
    file = paths(bank).truth / "identity.parquet"
    scored = score_linkage("harbour", paths(bank).identity, file, keys.pseudonym)
    # Planted rows stand for no person, but may be trusted once.
    assert scored.unlabelled <= 10
    merged = scored.quality.merged
    assert merged.precision is not None
    assert merged.precision >= 0.98
    assert merged.recall is not None
    assert merged.recall >= 0.95


def test_the_quality_page_tells_of_merges_and_withdrawn_consent(bank: SmallProject) -> None:
    found, told = quality(bank)["identity"], quality(bank)["consent"]
    assert found["accept"] == bank.params()["identity"]["accept"]
    assert 0 < found["customers"] < found["records"]
    assert set(told) == {"profiling", "credit", "marketing"}
    for counts in told.values():
        assert sum(counts.values()) == found["customers"]
    page = (paths(bank).folder / "quality.html").read_text("utf-8")
    for heading in ("客户识别", "授权与撤回"):
        assert heading in page
    withdrawn = told["marketing"]["withdrawn"]
    assert withdrawn > 0
    assert f'<td class="n">{withdrawn:,}</td>' in page


def test_tables_still_join_after_keys_became_pseudonyms(bank: SmallProject) -> None:
    def keys(table: str, column: str) -> set[str]:
        parts = sorted((paths(bank).trusted / table).glob("*.parquet"))
        return set(pd.concat(pd.read_parquet(p, columns=[column]) for p in parts)[column])

    customers = keys("customers", "customer_id")
    assert all(len(key) == 32 for key in customers)
    for table in ("accounts", "transactions", "digital_events", "campaign_contacts", "consents"):
        assert keys(table, "customer_id") <= customers, table
    assert keys("transactions", "account_id") <= keys("accounts", "account_id")
    assert keys("repayments", "instalment_id") <= keys("instalments", "instalment_id")


def test_features_of_each_month_are_written_and_consent_counts(bank: SmallProject) -> None:
    summary = json.loads(paths(bank).features_summary.read_text("utf-8"))
    assert summary["features"] >= 90
    for day, counts in summary["snapshots"].items():
        table = pd.read_parquet(paths(bank).features / f"{day}.parquet")
        assert len(table) == counts["included"] > 0
        for purpose, withheld in counts["withheld"].items():
            assert counts["onboarded"] - int(table[f"allows_{purpose}"].sum()) == withheld
        assert summary["snapshots"][day]["withheld"]["marketing"] > 0


# What changes on the day that the drift begins, by the truth: cash and groceries, digital events.
DRIFTING = [
    "login_count_30d", "login_count_90d", "digital_payment_count_90d", "online_share_90d",
    "cash_sum_90d", "cash_share_90d", "groceries_share_90d",
]  # fmt: skip
# Who the customers are changes little in half a year: age, region, what they hold.
STEADY = ["age_years", "region_urban_share", "accounts_open", "dependents"]
# Grows older by construction, drift or none: loans are repaid, the last campaign recedes.
AGEING = ["loan_repaid_share", "days_since_campaign_contact"]


@pytest.mark.parametrize(
    ("months", "day", "found"),
    [((5, 6, 7, 10, 11), 10, {*DRIFTING, *AGEING}), ((5, 6, 7), 7, set(AGEING))],
    ids=["across the day", "before it"],
)
def test_drift_is_found_across_the_day_it_begins_on_and_not_before(
    bank: SmallProject, months: tuple[int, ...], day: int, found: set[str]
) -> None:
    begins = truth(bank, "drift")["from"].unique().tolist()
    assert [str(day) for day in begins] == ["2024-07-01"]
    dates = [dt.date(2024, month, 1) for month in months]
    _, _, sides = part_snapshots(
        "harbour", paths(bank).features, dates, dt.date(2024, day, 1), 5000, seed=1
    )
    report = drift_report(
        sides.reference, sides.current, numbers=[*DRIFTING, *STEADY, *AGEING], categories=["sex"],
        limits=settings().monitoring,
    )  # fmt: skip
    assert {column.column for column in report.columns if column.drifted} == found


def test_the_monitor_writes_the_files_that_a_mart_has(bank: SmallProject) -> None:
    bank.stage(MONITOR, "harbour")
    folder = bank.folder / paths(bank).monitoring
    verdict = json.loads((folder / "drift.json").read_text("utf-8"))
    assert verdict["reference"] == "customers at 2 snapshots from 2024-03-01 to 2024-04-01"
    assert verdict["current_rows"] == bank.params()["monitoring"]["rows"]
    names = [column["column"] for column in verdict["columns"]]
    assert len(names) == json.loads(paths(bank).features_summary.read_text("utf-8"))["features"]
    assert list(pd.read_parquet(folder / "reference.parquet")) == names
    metrics = json.loads((folder / "metrics.json").read_text("utf-8"))
    assert metrics["drift/columns"] == len(names)
    assert 0 < metrics["drift/drifted_columns"] < len(names)
    assert (folder / "drift.html").stat().st_size < 6_000_000
    assert (folder / "evidently.json").is_file()


def test_a_further_month_costs_one_snapshot(bank: SmallProject, tmp_path: Path) -> None:
    project = bank.copy(tmp_path / "project")
    params = project.params()
    last = params["banks"]["harbour"]["snapshots"]["last"]
    later = (dt.date.fromisoformat(last) + dt.timedelta(days=31)).replace(day=1)
    params["banks"]["harbour"]["snapshots"]["last"] = later.isoformat()
    project.set_params(params)
    output = project.stage("stages.features", "harbour").stdout
    assert output.count(": computed,") == 1
    assert f"{later}: computed," in output


def test_two_intakes_give_the_same_bytes(bank: SmallProject, tmp_path: Path) -> None:
    project = bank.copy(tmp_path / "project")
    before = {name: sha256_of(getattr(paths(bank), name)) for name in ("trusted", "quarantine",
              "identity", "quality", "features", "features_page", "vault", "extract")}  # fmt: skip
    for stage in STAGES:
        project.stage(stage, "harbour")
    after = {name: sha256_of(getattr(paths(project), name)) for name in before}
    assert after == before


def test_a_bank_whose_files_are_not_here_is_named_as_left_out(untrained: SmallProject) -> None:
    said = [untrained.stage(stage, "berka").stdout for stage in (*STAGES, MONITOR)]
    assert all("berka: left out, its files are not here" in line for line in said)
    page = untrained.folder / "data" / "berka" / "quality.html"
    assert "Left out" in page.read_text("utf-8")


def test_a_decision_reruns_the_intake_which_still_knows_the_one_before(
    bank: SmallProject, tmp_path: Path
) -> None:
    project = bank.copy(tmp_path / "project")
    target = "intake_bank@harbour"
    for stage in ("acquire_bank@harbour", target):
        project.run("dvc", "commit", "--force", stage)
    assert project.reran("dvc", "repro", target) == []
    before = quality(project)
    write_json(paths(project).quality, before | {"day": "2024-06-30"})
    project.run("dvc", "commit", "--force", target)
    records = read_map(paths(project).identity)
    first, second = records[records["how"] == "alone"]["record_id"].head(2)
    project.run("limner", "identity", "decide", first, second, "same", "--by", "T", "--why", "test")
    assert project.reran("dvc", "repro", target) == [target]
    after = quality(project)
    assert after["identity"]["customers"] == before["identity"]["customers"] - 1
    assert after["identity"]["pairs decided same"] == 1
    # DVC removes what a stage makes before it runs: not this.
    assert after["previous"]["day"] == "2024-06-30"


def test_a_table_that_lost_most_of_its_rows_stops_the_intake(
    bank: SmallProject, tmp_path: Path
) -> None:
    project = bank.copy(tmp_path / "project")
    found = quality(project)
    found["tables"]["accounts"]["rows_in"] *= 3
    write_json(paths(project).quality, found | {"day": "2024-06-30"})
    before = sha256_of(paths(project).trusted)
    stopped = project.stage("stages.intake_bank", "harbour", expect=71)
    assert "TableOutOfLimits: accounts: " in stopped.stderr
    assert "66.7% fewer" in stopped.stderr
    assert sha256_of(paths(project).trusted) == before
    assert not paths(project).checked.exists()


def test_more_broken_rows_than_allowed_stop_the_intake(bank: SmallProject, tmp_path: Path) -> None:
    project = bank.copy(tmp_path / "project")
    params = project.params()
    params["banks"]["harbour"]["quarantine_limits"] = {"transactions": 0.00001}
    project.set_params(params)
    before = sha256_of(paths(project).trusted)
    stopped = project.stage("stages.intake_bank", "harbour", expect=11)
    assert "transactions" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert sha256_of(paths(project).trusted) == before
    assert not paths(project).checked.exists()


@pytest.fixture(scope="module")
def sampled(bank: SmallProject) -> tuple[pd.DataFrame, Any]:
    """The sample of a model of the bank, and its counts."""
    bank.stage("stages.sample", BANK_MODEL)
    folder = bank.folder / "artifacts" / "models" / BANK_MODEL
    counts = json.loads((folder / "sample.json").read_text("utf-8"))
    return pd.read_parquet(folder / "sample.parquet"), counts


def test_everybody_seen_at_a_snapshot_is_sampled_or_excluded_with_a_reason(
    sampled: tuple[pd.DataFrame, Any],
) -> None:
    sample, counts = sampled
    excluded = counts["excluded"]
    for count in (excluded["together"], *excluded["by_date"].values()):
        reasons = [rows for reason, rows in count.items() if reason not in ("population", "kept")]
        assert count["population"] == sum(reasons) + count["kept"]
    assert excluded["together"]["kept"] == len(sample)
    parts = (part["customers"] for name, part in counts.items() if name != "excluded")
    assert sum(parts) == len(sample)


def test_no_customer_is_in_two_samples_that_judge_each_other(
    sampled: tuple[pd.DataFrame, Any],
) -> None:
    sample, _ = sampled
    held = {name: set(rows["customer_id"]) for name, rows in sample.groupby("sample")}
    assert set(held) == {"development", "validation", "test", "out_of_time"}
    for first, second in (("development", "validation"), ("development", "test"),
                          ("validation", "test"), ("development", "out_of_time"),
                          ("validation", "out_of_time")):  # fmt: skip
        assert not held[first] & held[second], (first, second)


def test_a_sample_holds_the_features_of_its_day_and_only_of_those_who_consent(
    bank: SmallProject, sampled: tuple[pd.DataFrame, Any]
) -> None:
    sample, counts = sampled
    assert counts["excluded"]["together"][WITHDRAWN] > 0
    for day, rows in sample.groupby("snapshot_date"):
        file = paths(bank).features / f"{pd.Timestamp(str(day)):%Y-%m-%d}.parquet"
        known = pd.read_parquet(file).set_index("customer_id").loc[rows["customer_id"]]
        assert known["allows_profiling"].all()
        names = [name for name in rows.columns if name in known.columns and name != "snapshot_date"]
        assert len(names) > 90
        pd.testing.assert_frame_equal(
            rows[names].reset_index(drop=True), known[names].reset_index(drop=True)
        )


def test_equal_tables_give_the_same_sample(
    bank: SmallProject, sampled: tuple[pd.DataFrame, Any]
) -> None:
    file = bank.folder / "artifacts" / "models" / BANK_MODEL / "sample.parquet"
    before = sha256_of(file)
    bank.stage("stages.sample", BANK_MODEL)
    assert sha256_of(file) == before
