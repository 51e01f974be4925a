"""The latest decision before a day holds that day."""

import datetime as dt

import pandas as pd
import pytest

from limner.domain import Purpose
from limner.errors import ColumnMissing, UnknownName
from limner.intake.privacy.consent import ConsentCount, consent_counts, latest_consents

CONSENTS = pd.DataFrame(
    [
        ("a", "marketing", "given", "2024-01-01T10:00"),
        ("a", "marketing", "withdrawn", "2024-03-01T00:00"),
        ("b", "marketing", "withdrawn", "2024-01-05T10:00"),
        ("b", "marketing", "given", "2024-02-05T10:00"),
        ("b", "credit", "given", "2024-02-05T10:00"),
        ("c", "marketing", "withdrawn", "2024-01-07T10:00"),
        ("c", "marketing", "given", "2024-01-07T10:00"),
    ],
    columns=["customer_id", "purpose", "decision", "recorded_at"],
)


def counts(day: str) -> dict[str, tuple[int, int]]:
    found = consent_counts(CONSENTS, dt.date.fromisoformat(day))
    return {count.purpose.value: (count.given, count.withdrawn) for count in found}


def test_counts_by_purpose_what_was_decided_last() -> None:
    assert counts("2024-03-02") == {"profiling": (0, 0), "credit": (1, 0), "marketing": (1, 2)}


def test_a_decision_on_the_day_itself_is_not_known_yet() -> None:
    assert counts("2024-03-01")["marketing"] == (2, 1)
    assert counts("2024-01-01")["marketing"] == (0, 0)


def test_of_two_decisions_at_one_moment_the_withdrawal_holds() -> None:
    last = latest_consents(CONSENTS, dt.date(2024, 2, 1)).set_index("customer_id")["decision"]
    assert last.to_dict() == {"a": "given", "b": "withdrawn", "c": "withdrawn"}


def test_the_order_of_rows_changes_nothing() -> None:
    day = dt.date(2025, 1, 1)
    assert latest_consents(CONSENTS[::-1], day).equals(latest_consents(CONSENTS, day))


def test_no_decisions_are_counted_as_none() -> None:
    assert consent_counts(CONSENTS.head(0), dt.date(2024, 1, 1))[0] == ConsentCount(
        Purpose.PROFILING, 0, 0
    )


@pytest.mark.parametrize(("column", "kind"), [("purpose", "purpose"), ("decision", "decision")])
def test_refuses_what_the_contract_does_not_know(column: str, kind: str) -> None:
    with pytest.raises(UnknownName, match=f"no {kind} is named 'perhaps'"):
        consent_counts(CONSENTS.assign(**{column: "perhaps"}), dt.date(2024, 1, 1))


def test_refuses_a_table_without_its_columns() -> None:
    with pytest.raises(ColumnMissing, match="recorded_at"):
        consent_counts(CONSENTS.drop(columns="recorded_at"), dt.date(2024, 1, 1))
