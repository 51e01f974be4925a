"""The latest decision before a day holds that day."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from limner.domain import Purpose
from limner.intake.privacy.consent import ConsentCount, consent_counts

CONSENTS = [
    ("a", "marketing", "given", "2024-01-01T10:00"),
    ("a", "marketing", "withdrawn", "2024-03-01T00:00"),
    ("b", "marketing", "withdrawn", "2024-01-05T10:00"),
    ("b", "marketing", "given", "2024-02-05T10:00"),
    ("b", "credit", "given", "2024-02-05T10:00"),
    ("c", "marketing", "withdrawn", "2024-01-07T10:00"),
    ("c", "marketing", "given", "2024-01-07T10:00"),
]

Decision = tuple[str, str, str, str]


def write(folder: Path, decisions: list[Decision]) -> Path:
    """Write decisions as a trusted table of two parts."""
    folder.mkdir(exist_ok=True)
    for number, part in enumerate((decisions[::2], decisions[1::2])):
        columns = ["customer_id", "purpose", "decision", "recorded_at"]
        frame = pd.DataFrame(part, columns=columns).astype(str)
        moments = frame["recorded_at"].astype("datetime64[us]")
        frame.assign(recorded_at=moments).to_parquet(folder / f"{number}.parquet")
    return folder


@pytest.fixture
def consents(tmp_path: Path) -> Path:
    return write(tmp_path / "consents", CONSENTS)


def counts(consents: Path, day: str) -> dict[str, tuple[int, int]]:
    found = consent_counts(consents, dt.date.fromisoformat(day))
    return {count.purpose.value: (count.given, count.withdrawn) for count in found}


def test_counts_by_purpose_what_was_decided_last(consents: Path) -> None:
    found = counts(consents, "2024-03-02")
    assert found == {"profiling": (0, 0), "credit": (1, 0), "marketing": (1, 2)}


def test_a_decision_on_the_day_itself_is_not_known_yet(consents: Path) -> None:
    assert counts(consents, "2024-03-01")["marketing"] == (2, 1)
    assert counts(consents, "2024-01-01")["marketing"] == (0, 0)


def test_of_two_decisions_at_one_moment_the_withdrawal_holds(consents: Path) -> None:
    assert counts(consents, "2024-02-01")["marketing"] == (1, 2)


def test_no_decisions_are_counted_as_none(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty", [])
    assert consent_counts(empty, dt.date(2024, 1, 1))[0] == ConsentCount(Purpose.PROFILING, 0, 0)


def by_hand(decisions: list[Decision], before: str) -> dict[str, tuple[int, int]]:
    """Walk through the decisions one by one."""
    last: dict[tuple[str, str], str] = {}
    # 'withdrawn' sorts after 'given'.
    for customer, purpose, decision, when in sorted(decisions, key=lambda d: (d[3], d[2])):
        if when < before:
            last[customer, purpose] = decision
    return {
        p.value: tuple(
            sum(1 for (_, purpose), d in last.items() if (purpose, d) == (p.value, wanted))
            for wanted in ("given", "withdrawn")
        )  # type: ignore[misc]
        for p in Purpose
    }


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from([p.value for p in Purpose]),
            st.sampled_from(["given", "withdrawn"]),
            st.sampled_from([f"2024-01-0{day}T0{hour}:00" for day in (1, 2, 3) for hour in (0, 1)]),
        ),
        max_size=20,
    )
)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_agrees_with_a_walk_through_the_decisions(tmp_path: Path, drawn: list[Decision]) -> None:
    folder = write(tmp_path / "drawn", drawn)
    assert counts(folder, "2024-01-03") == by_hand(drawn, "2024-01-03")
