"""The quality report counts what happened, compares it with before, and fetches nothing."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from limner.artifacts import canonical_json
from limner.domain import Bilingual, Purpose
from limner.intake.identity.settings import IdentitySettings
from limner.intake.privacy.consent import ConsentCount
from limner.intake.quality import changes, consent_section, identity_section, quality_report
from limner.intake.quality_page import render_quality_page
from tiny_bank import customer, good_rows, take_in_rows, transaction

TITLE = Bilingual("Tiny <bank>", "微型银行")
REVIEW = "data/tinybank/identity/review.csv"
LINKAGE = IdentitySettings(
    master_system="core", accept=0.97, review_from=0.8, floor=0.01, block_limit=200,
    largest_cluster=8, training_pairs=1000, certain_share=0.7, seed=1,
)  # fmt: skip


def people(records: int, customers: int, waiting: int, withdrawn: int) -> dict[str, Any]:
    """What the report is told of customers: so many records, marketing withdrawn by so many."""
    counts = {"records": records, "customers": customers, "pairs merged": records - customers,
              "records alone": customers, "stale decisions": 0}  # fmt: skip
    if waiting:
        counts["pairs review"] = waiting
    consents = (
        ConsentCount(Purpose.PROFILING, 1, 0), ConsentCount(Purpose.MARKETING, 3, withdrawn),
    )  # fmt: skip
    return {"identity": identity_section(counts, LINKAGE),
            "consent": consent_section(consents, customers)}  # fmt: skip


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two intakes, a month apart; the later one is worse."""
    folder = tmp_path_factory.mktemp("quality")
    rows = good_rows()
    intake = take_in_rows(folder / "1", rows, day=date(2024, 6, 30)).intake
    first = quality_report(intake, **people(12, 10, waiting=0, withdrawn=2))
    rows["transactions"] += [
        transaction("x", "a9", "core:1", amount_minor="-1", counterparty=None),
        transaction("t1", "a1", "core:1", amount_minor="1"),
        transaction("y", "a1", "core:1", booked_at="2024-07-11"),
        transaction("z", "a1", "core:1", booked_at="2024-08-01"),
    ]
    rows["customers"] += [customer("core:9")]
    later = take_in_rows(folder / "2", rows, day=date(2024, 7, 31)).intake
    return first, quality_report(later, first, **people(20, 15, waiting=3, withdrawn=5))


def test_each_dimension_is_counted(reports: tuple[dict[str, Any], dict[str, Any]]) -> None:
    table = reports[1]["tables"]["transactions"]
    assert (table["rows_in"], table["rows_trusted"], table["rows_quarantined"]) == (8, 4, 4)
    assert table["completeness"]["counterparty"] == 0.75
    assert table["uniqueness"] == {"key": ["transaction_id"], "copies": 2, "share": 0.75}
    assert table["validity"]["share"] == 0.5
    assert {r["rule"]: r["rows"] for r in table["validity"]["rules"]} == {
        "must be from 0 to 1,000,000,000,000": 1, "must be a key of accounts": 1,
        "must not lie after the extract's day": 1, "must be unique": 2,
    }  # fmt: skip
    # The row from the future is quarantined and says nothing about freshness.
    assert table["freshness"] == {
        "latest": "2024-07-11", "days_behind": 20, "promised_days": 7, "kept": False,
    }  # fmt: skip
    integrity = {r["column"]: (r["dangling"], r["share"]) for r in table["integrity"]}
    assert integrity == {"account_id": (1, 0.875), "customer_id": (0, 1.0)}
    assert reports[1]["customers_without_account"] == 1
    assert "loans" in reports[1]["left_out"]


def test_figures_are_compared_with_the_intake_before(
    reports: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    first, later = reports
    assert changes(first) == {}
    assert later["previous"]["day"] == "2024-06-30"
    found = changes(later)
    assert found["transactions.validity"] == -0.5
    assert found["transactions.uniqueness"] == -0.25
    assert found["transactions.completeness.counterparty"] == 0.0
    assert found["transactions.integrity.account_id"] == -0.125
    assert found["transactions.freshness"] == 20
    assert found["customers.rows_in"] == 1


def test_running_the_same_intake_again_changes_no_byte(
    bank_folder: Path, reports: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    rows = good_rows()
    intake = take_in_rows(bank_folder, rows, day=date(2024, 6, 30)).intake
    told = people(12, 10, waiting=0, withdrawn=2)
    again = quality_report(intake, json.loads(canonical_json(reports[0])), **told)
    assert canonical_json(again) == canonical_json(reports[0])
    later = quality_report(
        take_in_rows(bank_folder, rows, day=date(2024, 7, 31)).intake, reports[1]
    )
    assert later["previous"] == reports[1]["previous"]


def test_a_report_of_another_bank_or_format_is_no_previous_one(tmp_path: Path) -> None:
    intake = take_in_rows(tmp_path, good_rows()).intake
    other = quality_report(intake) | {"day": "2024-01-01"}
    assert quality_report(intake, other)["previous"] is not None
    assert quality_report(intake, other | {"bank": "other"})["previous"] is None
    assert quality_report(intake, other | {"format": 0})["previous"] is None


def test_what_became_of_records_and_consents_is_compared_too(
    reports: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    found = changes(reports[1])
    assert (found["identity.records"], found["identity.merged away"]) == (8, 3)
    assert found["consent.marketing.withdrawn"] == 3
    assert found["consent.marketing.undecided"] == 2
    # None waited before: that is a figure to compare with.
    assert found["identity.pairs review"] == 3


def test_a_report_of_before_consent_was_counted_is_a_previous_one(tmp_path: Path) -> None:
    intake = take_in_rows(tmp_path, good_rows(), day=date(2024, 7, 31)).intake
    old = quality_report(intake) | {"day": "2024-06-30"}
    del old["identity"], old["consent"]
    later = quality_report(intake, old, **people(20, 15, waiting=3, withdrawn=5))
    assert later["previous"]["day"] == "2024-06-30"
    assert "identity.records" not in changes(later)


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_escapes_names_and_fetches_nothing(
    reports: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    page = render_quality_page(reports[1], TITLE, REVIEW)
    parsed = _Page(page)
    assert parsed.open == []
    assert all(address.startswith("#") for address in parsed.addresses)
    assert "Tiny &lt;bank&gt;" in page
    assert not re.search(r"url\(|@import|<script|https?://", page)
    for heading in ("数据表概览", "违反的规则", "缺失的数据表", "完整性与引用完整性"):
        assert heading in page


def test_the_page_shows_every_table_every_broken_rule_and_the_trend(
    reports: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    page = render_quality_page(reports[1], TITLE, REVIEW)
    for name in (*reports[1]["tables"], *reports[1]["left_out"]):
        assert f"<code>{name}</code>" in page
    assert "account_id: must be a key of accounts" in page
    assert "▼ 50.00 pp" in page
    assert "▲ 20 d" in page
    assert "no earlier intake" in render_quality_page(reports[0], TITLE, REVIEW)


def test_a_share_is_never_rounded_to_whole(
    reports: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    report = json.loads(canonical_json(reports[1]))
    report["tables"]["transactions"]["validity"]["share"] = 0.9999999
    report["tables"]["transactions"]["validity"]["rules"][0]["share"] = 0.0000001
    page = render_quality_page(report, TITLE, REVIEW)
    assert "&lt; 100 %" in page
    assert "&gt; 0 %" in page


def test_the_page_shows_how_records_became_customers_and_what_they_allow(
    reports: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    page = render_quality_page(reports[1], TITLE, REVIEW)
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "at least 0.97 are merged" in text
    assert "Trusted records of all systems 各系统记录 20 ▲ 8" in text
    assert "合并掉的记录 5 ▲ 3" in text
    assert "Pairs that wait for a person 待人工判定 3 ▲ 3" in text
    assert f"<code>{REVIEW}</code>" in page
    assert "marketing 营销 5 ▲ 3 33.33 % 3 = 7 ▲ 2" in text
    # Nobody waits: no file to read.
    assert REVIEW not in render_quality_page(reports[0], TITLE, REVIEW)


def test_a_bank_that_records_no_consent_says_what_holds(tmp_path: Path) -> None:
    intake = take_in_rows(tmp_path, good_rows()).intake
    page = render_quality_page(quality_report(intake), TITLE, REVIEW)
    assert "The bank records no consent" in page
    assert "features.consent_defaults" in page
