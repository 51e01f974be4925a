"""Which loans were not repaid: what the bank wrote down, of loans granted after the snapshot."""

import datetime as dt
from pathlib import Path

import pytest

from dated_bank import NO_LATE_SAMPLE, fates, write_bank
from limner.errors import OutcomeUnavailable
from limner.outcomes.own_definitions import LOAN_NOT_REPAID
from limner.portfolios.berka import LOAN_STATUS
from limner.snapshots.draw import draw_snapshots
from limner.snapshots.windows import Windows

SNAPSHOT = dt.date(1996, 3, 1)
OTHERS = "no loan granted in the month after"


def bank(folder: Path, *loans: tuple[str, str, dt.date, str | None]) -> Path:
    """Write loans (id, customer, day granted, last status); no status: the bank wrote none."""
    write_bank(folder, {
        "customers": [
            {"customer_id": customer, "onboarded_on": dt.date(1993, 1, 1)}
            for customer in sorted({customer for _, customer, _, _ in loans})
        ],
        "loans": [
            {"loan_id": loan, "customer_id": customer, "granted_on": day,
             "principal_minor": 1_200_000, "term_months": 24}
            for loan, customer, day, _ in loans
        ],
        LOAN_STATUS.table: [
            {"loan_id": loan, "customer_id": customer, "granted_on": day, "status": status,
             "bad": int(status in "BD")}
            for loan, customer, day, status in loans if status
        ],
    })  # fmt: skip
    return folder


def test_bad_is_finished_and_not_paid_or_running_and_in_debt(tmp_path: Path) -> None:
    day = dt.date(1996, 3, 12)
    folder = bank(tmp_path, *((f"l{s}", s, day, s) for s in "ABCD"))
    found = fates(folder, LOAN_NOT_REPAID, SNAPSHOT, observation_months=1)
    assert found == {"A": 0, "B": 1, "C": 0, "D": 1}


@pytest.mark.parametrize(
    ("granted", "asked"),
    [(dt.date(1996, 2, 29), False), (SNAPSHOT, True), (dt.date(1996, 3, 31), True),
     (dt.date(1996, 4, 1), False)],
)  # fmt: skip
def test_only_loans_of_the_month_after_are_asked_about(
    tmp_path: Path, granted: dt.date, asked: bool
) -> None:
    folder = bank(tmp_path, ("l", "c", granted, "B"))
    found = fates(folder, LOAN_NOT_REPAID, SNAPSHOT, observation_months=1)
    assert found == {"c": 1 if asked else OTHERS}


def test_of_two_loans_in_a_month_the_first_is_asked_about(tmp_path: Path) -> None:
    folder = bank(
        tmp_path, ("l2", "c", dt.date(1996, 3, 20), "B"), ("l1", "c", dt.date(1996, 3, 5), "A")
    )
    assert fates(folder, LOAN_NOT_REPAID, SNAPSHOT, observation_months=1) == {"c": 0}


def test_a_loan_whose_end_nobody_wrote_down_is_neither_good_nor_bad(tmp_path: Path) -> None:
    day = dt.date(1996, 3, 12)
    folder = bank(tmp_path, ("l1", "c", day, None), ("l2", "d", day, "A"))
    found = fates(folder, LOAN_NOT_REPAID, SNAPSHOT, observation_months=1)
    assert found == {"c": "how the loan ended is not known", "d": 0}


def test_a_sample_holds_what_was_asked_for_in_the_month_after(tmp_path: Path) -> None:
    folder = bank(tmp_path, ("l", "c", dt.date(1996, 4, 12), "D"))
    windows = Windows(first_snapshot=SNAPSHOT, last_snapshot=dt.date(1996, 5, 1),
                      observation_months=1)  # fmt: skip
    found = draw_snapshots(folder, LOAN_NOT_REPAID, windows, NO_LATE_SAMPLE, own=folder)
    (row,) = found.frame.to_dict("records")
    assert row["snapshot_date"] == dt.datetime(1996, 4, 1)
    assert row["loan_not_repaid"] == 1
    asked = [row[name] for name in LOAN_NOT_REPAID.fact_names]
    assert asked == [1_200_000, 24, 50_000]
    assert found.last_day == dt.date(1998, 12, 31)


def test_a_loan_that_has_not_run_for_a_year_is_not_asked_about(tmp_path: Path) -> None:
    folder = bank(
        tmp_path, ("l", "c", dt.date(1998, 1, 2), "C"), ("m", "d", dt.date(1998, 2, 1), "D")
    )
    windows = Windows(first_snapshot=dt.date(1998, 1, 1), last_snapshot=dt.date(1998, 2, 1),
                      observation_months=1)  # fmt: skip
    found = draw_snapshots(folder, LOAN_NOT_REPAID, windows, NO_LATE_SAMPLE, own=folder)
    assert found.frame["snapshot_date"].tolist() == [dt.datetime(1998, 1, 1)]


def test_refuses_a_bank_that_wrote_no_ends_down(tmp_path: Path) -> None:
    folder = bank(tmp_path, ("l", "c", dt.date(1996, 3, 12), "A"))
    windows = Windows(first_snapshot=SNAPSHOT, last_snapshot=SNAPSHOT, observation_months=1)
    for own in (None, tmp_path / "nowhere"):
        with pytest.raises(OutcomeUnavailable, match=LOAN_STATUS.table):
            draw_snapshots(folder, LOAN_NOT_REPAID, windows, NO_LATE_SAMPLE, own=own)
