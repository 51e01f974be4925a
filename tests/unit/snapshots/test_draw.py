"""Customers at snapshots: kept or excluded once, mature, in one random sample, the same again."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from dated_bank import SHARES, Row, cohort_rows, fates, outcomes, withdraw, write_bank
from drawn_banks import SNAPSHOT, Bank, banks
from limner.domain import Purpose
from limner.errors import EverySnapshotExcluded, OutcomeUnavailable
from limner.outcomes import find_dated_outcome
from limner.snapshots import Snapshots, SnapshotSamples, Windows, draw_snapshots
from limner.snapshots.cohort import APART, IMMATURE, LEFT, OVERLAP, SHORT_HISTORY, WITHDRAWN
from limner.snapshots.draw import random_samples

DAY = dt.timedelta(days=1)
DEFAULT, ATTRITION = find_dated_outcome("default_90_days"), find_dated_outcome("attrition")
SAVINGS = find_dated_outcome("product_taken_savings")
LATE_FROM = dt.date(2023, 6, 1)
WINDOWS = Windows(
    first_snapshot=dt.date(2023, 1, 1), last_snapshot=dt.date(2023, 8, 1), observation_months=6
)
SAMPLES = SnapshotSamples(shares=SHARES, out_of_time_from=LATE_FROM, purge_overlap=True, seed=3)
RANDOM = ["development", "validation", "test"]


def draw(
    folder: Path, last_day: dt.date | None = dt.date(2023, 9, 30),
    withdrawn: Collection[str] = (), threads: int = 1, seed: int = 3, purge: bool = True,
) -> Snapshots:  # fmt: skip
    windows = WINDOWS.model_copy(update={"last_day": last_day})
    samples = SAMPLES.model_copy(update={"seed": seed, "purge_overlap": purge})
    return draw_snapshots(folder, SAVINGS, windows, samples, withdraw(folder, withdrawn), threads)


def savings_bank(folder: Path, customers: int = 60) -> Path:
    """Every third customer opens a savings account, each on a day of their own."""
    names = [f"c{number}" for number in range(customers)]
    first = dt.date(2023, 1, 1)
    return write_bank(
        folder,
        {
            "customers": [{"customer_id": name} for name in names],
            "products": [{"product_id": "s", "kind": "savings"}],
            "accounts": [
                {"customer_id": name, "product_id": "s", "opened_on": first + 3 * number * DAY}
                for number, name in enumerate(names[::3])
            ],
            "transactions": [{"customer_id": "c0", "booked_at": dt.datetime(2023, 9, 30, 9)}],
        },
    )


def reason_columns(exclusions: pd.DataFrame) -> list[str]:
    return [c for c in exclusions.columns if c not in ("snapshot_date", "population", "kept")]


@settings(deadline=None, max_examples=25)
@given(bank=banks(), withdrawn=st.sets(st.sampled_from(["c0", "c1"])), purge=st.booleans(),
       months_observed=st.integers(8, 12))  # fmt: skip
def test_everybody_onboarded_is_kept_or_excluded_once_and_never_kept_immature(
    bank: Bank, withdrawn: set[str], purge: bool, months_observed: int
) -> None:
    windows = WINDOWS.model_copy(update={
        "last_snapshot": dt.date(2023, 3, 1),
        "last_day": SNAPSHOT + 30 * months_observed * DAY,
    })  # fmt: skip
    # The windows of January and February end by then, that of March does not.
    late_from = dt.date(2023, 10, 1)
    samples = SAMPLES.model_copy(update={"purge_overlap": purge, "out_of_time_from": late_from})
    with TemporaryDirectory() as folder:
        write_bank(Path(folder), with_somebody_steady(bank))
        consent = withdraw(Path(folder), withdrawn)
        drawn = draw_snapshots(Path(folder), ATTRITION, windows, samples, consent)
    for row in drawn.exclusions.to_dict("records"):
        day = row["snapshot_date"].date()
        everybody = ["steady", *(c for c in bank["customers"] if c["onboarded_on"] < day)]
        kept = drawn.frame[drawn.frame["snapshot_date"] == row["snapshot_date"]]
        excluded = sum(row[reason] for reason in reason_columns(drawn.exclusions))
        assert row["population"] == len(everybody) == row["kept"] + excluded
        assert row["kept"] == len(kept) == kept["customer_id"].nunique()
        assert not len(kept) or ATTRITION.window_end(day) - DAY <= windows.last_day
        assert not set(kept["customer_id"]) & withdrawn


def with_somebody_steady(bank: Bank) -> Bank:
    """Add a customer whom nothing but immaturity and the purge excludes."""
    use = [dt.datetime(2022 + month // 12, month % 12 + 1, 15) for month in range(24)]
    rows: Bank = {
        "customers": [{}],
        "accounts": [{}],
        "transactions": [{"booked_at": moment} for moment in use],
    }
    more = {name: [{**row, "customer_id": "steady"} for row in rows[name]] for name in rows}
    return {name: [*found, *more.get(name, [])] for name, found in bank.items()}


@settings(deadline=None, max_examples=15)
@given(bank=banks(most_customers=2), late=banks(most_customers=2))
def test_facts_from_the_windows_end_on_never_change_a_fate(bank: Bank, late: Bank) -> None:
    for outcome in (DEFAULT, ATTRITION):
        end = outcome.window_end(SNAPSHOT)
        with TemporaryDirectory() as before, TemporaryDirectory() as after:
            write_bank(Path(before), bank)
            write_bank(Path(after), with_later_facts(bank, late, end))
            assert cohort_rows(Path(before), outcome, SNAPSHOT) == cohort_rows(
                Path(after), outcome, SNAPSHOT
            )


def with_later_facts(bank: Bank, late: Bank, end: dt.date) -> Bank:
    """Add another bank's rows, moved to the window's end or later, and late endings."""
    dated = {"accounts": "opened_on", "loans": "granted_on", "instalments": "due_on",
             "transactions": "booked_at", "repayments": "paid_on"}  # fmt: skip
    both = dict(bank)
    for table, column in dated.items():
        first = dt.datetime.combine(end, dt.time()) if column == "booked_at" else end
        moved = [{**row, column: max(row[column], first)} for row in late[table]]
        both[table] = [*bank[table], *moved]
    both["accounts"] = [
        {**row, "closed_on": row["closed_on"] or end} if row["opened_on"] < end else row
        for row in both["accounts"]
    ]
    return both


@settings(deadline=None, max_examples=15)
@given(bank=banks(most_customers=3), early=banks(most_customers=3))
def test_transactions_and_arrears_from_before_the_window_never_change_an_outcome(
    bank: Bank, early: Bank
) -> None:
    more = dict(bank)
    quiet_before = dt.datetime.combine(SNAPSHOT, dt.time()) - dt.timedelta(seconds=1)
    more["transactions"] = [*bank["transactions"], *(
        {**row, "booked_at": min(row["booked_at"], quiet_before)} for row in early["transactions"]
    )]  # fmt: skip
    past = SNAPSHOT - 91 * DAY
    more["instalments"] = [*bank["instalments"], *(
        {**row, "instalment_id": f"early {number}", "due_on": min(row["due_on"], past)}
        for number, row in enumerate(early["instalments"])
    )]  # fmt: skip
    with TemporaryDirectory() as before, TemporaryDirectory() as after:
        write_bank(Path(before), bank)
        write_bank(Path(after), more)
        for outcome in (DEFAULT, ATTRITION):
            found = outcomes(Path(after), outcome, SNAPSHOT)
            assert found == outcomes(Path(before), outcome, SNAPSHOT)


@settings(deadline=None)
@given(st.lists(st.text(max_size=3), min_size=1), st.lists(st.text(max_size=3)),
       st.integers(0, 2**32 - 1))  # fmt: skip
def test_a_customers_random_sample_depends_on_nobody_else(
    some: list[str], others: list[str], seed: int
) -> None:
    samples = SAMPLES.model_copy(update={"seed": seed})
    alone = random_samples(np.array(some, dtype=object), samples)
    among = random_samples(np.array([*others, *some], dtype=object), samples)
    assert among[len(others) :].tolist() == alone.tolist()
    assert set(alone) <= set(RANDOM)


def test_random_samples_have_the_stated_shares_and_another_seed_gives_others() -> None:
    customers = np.array([f"customer {number}" for number in range(20_000)], dtype=object)
    names = random_samples(customers, SAMPLES)
    found = [float((names == name).mean()) for name in RANDOM]
    # Four standard errors of a share of 0.6 among 20,000.
    assert found == pytest.approx([0.6, 0.2, 0.2], abs=0.014)
    other = random_samples(customers, SAMPLES.model_copy(update={"seed": 4}))
    # Two independent splits agree on 0.6² + 0.2² + 0.2² of customers.
    assert float((names == other).mean()) == pytest.approx(0.44, abs=0.014)


def test_a_customer_is_never_in_two_random_samples(tmp_path: Path) -> None:
    frame = draw(savings_bank(tmp_path)).frame
    early = frame[frame["sample"] != "out_of_time"]
    assert set(early["sample"]) == set(RANDOM)
    assert early["snapshot_date"].nunique() > 1
    assert (early.groupby("customer_id")["sample"].nunique() == 1).all()


def test_snapshots_from_the_stated_day_on_are_out_of_time(tmp_path: Path) -> None:
    frame = draw(savings_bank(tmp_path)).frame
    late = frame["snapshot_date"] >= pd.Timestamp(LATE_FROM)
    assert late.any()
    assert ((frame["sample"] == "out_of_time") == late).all()
    assert str(frame["snapshot_date"].dtype) == "datetime64[ns]"


def test_windows_that_reach_into_the_out_of_time_period_are_purged_and_counted(
    tmp_path: Path,
) -> None:
    savings_bank(tmp_path)
    purged, whole = draw(tmp_path), draw(tmp_path, purge=False)
    months = purged.exclusions["snapshot_date"].dt.month
    assert months[purged.exclusions[OVERLAP] > 0].tolist() == [4, 5]
    assert (purged.exclusions[OVERLAP].isin([0, 60])).all()
    assert not whole.exclusions[OVERLAP].any()
    earlier = [drawn.frame[drawn.frame["snapshot_date"].dt.month < 4] for drawn in (purged, whole)]
    assert_frame_equal(*earlier)


@pytest.mark.parametrize(
    ("last_day", "mature"), [(dt.date(2023, 3, 30), 0), (dt.date(2023, 3, 31), 1)]
)
def test_a_cohort_is_mature_once_the_windows_last_day_is_observed(
    tmp_path: Path, last_day: dt.date, mature: int
) -> None:
    # The customer who took the product on the first day is left out as the others are.
    found = fates(savings_bank(tmp_path), SAVINGS, dt.date(2023, 1, 1), last_day)
    assert found["c0"] == (1 if mature else IMMATURE)
    assert found["c1"] == (0 if mature else IMMATURE)


def test_reasons_count_in_their_order_the_first_that_applies(tmp_path: Path) -> None:
    snapshot, short = dt.date(2023, 1, 1), dt.date(2022, 1, 2)
    closed = {"opened_on": dt.date(2020, 1, 1), "closed_on": dt.date(2022, 12, 31)}
    bank: Bank = {
        "customers": [
            {"customer_id": "all of it", "onboarded_on": short},
            {"customer_id": "closed and short", "onboarded_on": short},
            {"customer_id": "just long enough", "onboarded_on": short - DAY},
            {"customer_id": "left"},
            {"customer_id": "still here"},
            {"customer_id": "not yet here", "onboarded_on": snapshot},
        ],
        "products": [],
        "accounts": [
            {"customer_id": name, **closed} for name in ("all of it", "closed and short", "left")
        ]
        + [{"customer_id": "still here", "closed_on": snapshot}],
    }
    write_bank(tmp_path, bank)
    mature = fates(tmp_path, SAVINGS, snapshot, withdrawn=["all of it", "a stranger"])
    assert mature == {
        "all of it": WITHDRAWN,
        "closed and short": SHORT_HISTORY,
        "left": LEFT,
        "just long enough": 0,
        "still here": 0,
    }
    immature = fates(tmp_path, SAVINGS, snapshot, last_day=snapshot, withdrawn=["all of it"])
    stay = ("just long enough", "still here")
    assert immature == mature | dict.fromkeys(stay, IMMATURE)


@pytest.mark.parametrize("still", [{"cards": {"issued_on": dt.date(2022, 1, 1)}}, {"loans": {}}])
def test_a_customer_with_a_card_or_a_loan_has_not_left(
    tmp_path: Path, still: dict[str, Row]
) -> None:
    closed = {"customer_id": "a", "closed_on": dt.date(2022, 12, 31)}
    held = {table: [{"customer_id": "a", "loan_id": "l", **row}] for table, row in still.items()}
    bank = {"customers": [{"customer_id": "a"}], "products": [], "accounts": [closed], **held}
    assert fates(write_bank(tmp_path, bank), SAVINGS, dt.date(2023, 1, 1)) == {"a": 0}


def test_the_last_day_is_that_of_the_latest_event_unless_it_is_stated(tmp_path: Path) -> None:
    savings_bank(tmp_path)
    assert draw(tmp_path, last_day=None).last_day == dt.date(2023, 9, 30)
    assert draw(tmp_path, last_day=dt.date(2023, 8, 1)).last_day == dt.date(2023, 8, 1)


@pytest.mark.parametrize(
    ("observed_by", "last_day"),
    [(("transactions",), 30), (("transactions", "accounts"), 2), (("accounts",), 2)],
)
def test_of_several_feeds_the_one_that_ends_first_bounds_what_is_observed(
    tmp_path: Path, observed_by: tuple[str, ...], last_day: int
) -> None:
    account = {"customer_id": "c1", "opened_on": dt.date(2023, 9, 2)}
    write_bank(savings_bank(tmp_path), {"accounts": [account]})
    outcome = replace(SAVINGS, observed_by=observed_by)
    drawn = draw_snapshots(tmp_path, outcome, WINDOWS, SAMPLES)
    assert drawn.last_day == dt.date(2023, 9, last_day)


def test_a_feed_that_stopped_early_never_turns_customers_good(tmp_path: Path) -> None:
    day = dt.date(2022, 6, 1)
    bank = savings_bank(tmp_path)
    write_bank(bank, {
        "loans": [{"customer_id": "c1", "loan_id": "l"}],
        "instalments": [{"customer_id": "c1", "instalment_id": "i", "loan_id": "l", "due_on": day,
                         "amount_minor": 1}],
        "repayments": [{"customer_id": "c1", "instalment_id": "i", "paid_on": day,
                        "amount_minor": 1}],
    })  # fmt: skip
    windows = Windows(
        first_snapshot=dt.date(2022, 6, 2), last_snapshot=dt.date(2022, 6, 2), observation_months=1
    )
    with pytest.raises(EverySnapshotExcluded, match=f"of 60 .* 60 times: {IMMATURE}"):
        draw_snapshots(bank, DEFAULT, windows, SAMPLES)


def test_equal_tables_give_equal_snapshots_whatever_the_order_of_rows_and_threads(
    tmp_path: Path,
) -> None:
    first = draw(savings_bank(tmp_path))
    again = draw(tmp_path, threads=2)
    pd.read_parquet(tmp_path / "customers" / "all.parquet").iloc[::-1].to_parquet(
        tmp_path / "customers" / "all.parquet"
    )
    shuffled = draw(tmp_path)
    for other in (again, shuffled):
        assert_frame_equal(first.frame, other.frame)
        assert_frame_equal(first.exclusions, other.exclusions)


def test_withdrawn_customers_are_absent_and_counted_at_every_snapshot(tmp_path: Path) -> None:
    drawn = draw(savings_bank(tmp_path), withdrawn={"c0", "c1", "unknown"})
    assert not drawn.frame["customer_id"].isin(["c0", "c1"]).any()
    assert (drawn.exclusions[WITHDRAWN] == 2).all()


def test_a_withdrawal_counts_at_earlier_snapshots_too_and_a_later_consent_not(
    tmp_path: Path,
) -> None:
    folder = savings_bank(tmp_path)
    consent = withdraw(folder, ["c0"], day=dt.date(2023, 2, 10))
    drawn = draw_snapshots(folder, SAVINGS, WINDOWS, SAMPLES, consent)
    assert (drawn.exclusions[WITHDRAWN] == 1).all()
    before = replace(consent, as_of=dt.date(2023, 1, 1))
    late = draw_snapshots(folder, SAVINGS, WINDOWS, SAMPLES, before).exclusions
    assert late.set_index("snapshot_date")[WITHDRAWN].tolist() == [0, 0, 1, 1, 1, 1, 1, 1]


def test_who_never_decided_is_asked_of_the_defaults(tmp_path: Path) -> None:
    folder = savings_bank(tmp_path)
    consent = withdraw(folder, ["c0"])
    silent = replace(consent, defaults=dict.fromkeys(Purpose, False))
    with pytest.raises(EverySnapshotExcluded, match=WITHDRAWN):
        draw_snapshots(folder, SAVINGS, WINDOWS, SAMPLES, silent)


def test_without_the_purge_the_out_of_time_sample_is_of_nobody_seen_before(tmp_path: Path) -> None:
    drawn = draw(savings_bank(tmp_path, 200), purge=False)
    late = drawn.frame[drawn.frame["sample"] == "out_of_time"]
    seen = drawn.frame[drawn.frame["sample"].isin(["development", "validation"])]
    assert len(late)
    assert not set(late["customer_id"]) & set(seen["customer_id"])
    apart = drawn.exclusions.set_index("snapshot_date")[APART]
    assert (apart[apart.index >= pd.Timestamp(LATE_FROM)] > 0).any()
    assert (apart[apart.index < pd.Timestamp(LATE_FROM)] == 0).all()


@pytest.mark.parametrize(
    ("extract_day", "last_day"),
    [("2023-10-01", "2023-09-30"), ("2023-10-07", "2023-10-06"), ("2023-10-08", "2023-09-30")],
)
def test_a_fresh_table_is_whole_up_to_the_extracts_day(
    tmp_path: Path, extract_day: str, last_day: str
) -> None:
    """The latest transaction is of 30 September; their contract asks for seven days."""
    windows = WINDOWS.model_copy(update={"extract_day": dt.date.fromisoformat(extract_day)})
    drawn = draw_snapshots(savings_bank(tmp_path), SAVINGS, windows, SAMPLES)
    assert drawn.last_day == dt.date.fromisoformat(last_day)


def test_refuses_an_outcome_whose_tables_the_bank_lacks(tmp_path: Path) -> None:
    write_bank(tmp_path, {"customers": [], "loans": []})
    with pytest.raises(OutcomeUnavailable, match="no rows of instalments, repayments: map"):
        draw_snapshots(tmp_path, DEFAULT, WINDOWS, SAMPLES)
    write_bank(tmp_path, {"instalments": [], "repayments": []})
    with pytest.raises(OutcomeUnavailable, match="no rows of repayments: state last_day"):
        draw_snapshots(tmp_path, DEFAULT, WINDOWS, SAMPLES)
