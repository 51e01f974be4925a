"""Evidently's verdicts, its page and its record, as Limner hands them on.

Each report takes seconds (Evidently's import), so the module makes three and shares them.
"""

import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from limner.errors import ColumnMissing
from limner.monitoring.evidently_report import Draw, DriftReport, drift_report

HOSTILE = "</script><script>fetch('https://example.org')</script>"


@dataclass(frozen=True)
class Limits:
    number_method: str = "wasserstein"
    number_threshold: float = 0.1
    category_method: str = "jensenshannon"
    category_threshold: float = 0.1
    drifted_share: float = 0.3


def customers(seed: int, rows: int = 800) -> pd.DataFrame:
    """Ten unrelated columns of one unchanging population, keyed by customer."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "balance_minor": draw.lognormal(11, 1, rows).round(),
            "tenure_months": draw.integers(0, 240, rows),
            "age_years": np.where(draw.random(rows) < 0.2, np.nan, draw.normal(45, 12, rows)),
            "visits": draw.poisson(3, rows),
            "never_filled": np.nan,
            "channel": draw.choice(["branch", "mobile", "web"], rows, p=[0.6, 0.3, 0.1]),
            "region": draw.choice(["north", "east", "south", "west", "centre"], rows),
            "housing": draw.choice(["own", "rent", HOSTILE], rows),
            "product": draw.choice(["card", "loan", None], rows),
            "segment_code": draw.integers(1, 4, rows),
        },
        index=[f"customer-{seed}-{row}" for row in range(rows)],
    )


NUMBERS = ["balance_minor", "tenure_months", "age_years", "visits", "never_filled"]
CATEGORIES = ["channel", "region", "housing", "product", "segment_code"]


def planted_report(draw: Draw = "all") -> DriftReport:
    """Three of ten columns moved, in a population that otherwise stays as it was."""
    current = customers(1).sample(frac=1, random_state=2)
    current["tenure_months"] += 48
    current["channel"] = current["channel"].replace("branch", "mobile")
    current["product"] = current["product"].mask(np.arange(len(current)) % 2 == 0)
    current["segment_code"] = current["segment_code"].astype("float64")
    current["never_filled"] = None
    current.iloc[:5, current.columns.get_loc("balance_minor")] = np.inf
    return drift_report(
        customers(1), current, numbers=NUMBERS, categories=CATEGORIES, limits=Limits(), draw=draw
    )


def digests(report: DriftReport) -> list[str]:
    texts = [report.html, json.dumps(report.evidently), repr(report.columns)]
    return [hashlib.sha256(text.encode()).hexdigest() for text in texts]


@pytest.fixture(scope="module")
def planted() -> DriftReport:
    return planted_report()


def drifted(report: DriftReport) -> set[str]:
    return {verdict.column for verdict in report.columns if verdict.drifted}


def test_finds_a_shifted_number_and_changed_category_mixes_and_nothing_else(
    planted: DriftReport,
) -> None:
    # In "product" only the share of missing values changed; "segment_code" is 1 here, 1.0 there.
    assert drifted(planted) == {"tenure_months", "channel", "product"}
    assert (planted.reference_rows, planted.current_rows) == (800, 800)


def test_verdicts_keep_the_order_asked_for_and_name_our_methods(planted: DriftReport) -> None:
    assert [verdict.column for verdict in planted.columns] == NUMBERS + CATEGORIES
    kinds = [(verdict.kind, verdict.method) for verdict in planted.columns]
    assert kinds[:4] == [("number", "wasserstein")] * 4
    assert kinds[5:] == [("category", "jensenshannon")] * 5
    assert {verdict.threshold for verdict in planted.columns} == {0.1}


def test_a_drifted_share_exactly_at_the_limit_is_dataset_drift(planted: DriftReport) -> None:
    assert planted.drifted_share == planted.share_limit == 0.3
    assert planted.drift_found


def test_a_column_empty_on_both_sides_is_compared_by_presence(planted: DriftReport) -> None:
    (verdict,) = (verdict for verdict in planted.columns if verdict.column == "never_filled")
    assert (verdict.kind, verdict.method) == ("number", "jensenshannon of presence")
    assert (verdict.score, verdict.drifted) == (0.0, False)


def test_the_record_is_strict_json_and_judges_by_our_limits_only(planted: DriftReport) -> None:
    json.dumps(planted.evidently, allow_nan=False)
    of_the_share, *of_columns = planted.evidently["tests"]
    assert of_the_share["test_config"]["threshold"] == 0.3
    assert len(of_columns) == len(planted.columns)
    assert {test["metric_config"]["params"]["threshold"] for test in of_columns} == {0.1}


def test_another_process_gives_the_same_bytes(planted: DriftReport) -> None:
    program = f"import runpy; runpy.run_path({__file__!r}, run_name='another_process')"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert answer.stdout.split() == digests(planted)


class LoadedAddresses(HTMLParser):
    """Everything in a page's tags and styles that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.first_tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.first_tags.append((tag, dict(attrs)))
        fetching = {"src", "href", "srcset", "data", "action", "poster", "background"}
        self.found += [value or "" for name, value in attrs if name in fetching]

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style":
            self.found += re.findall(r"url\(\s*['\"]?([^)'\"]+)", data)
            self.found += re.findall(r"@import\s+\S+", data)


def test_a_process_that_imported_evidently_long_before_gives_the_same_bytes() -> None:
    rows = customers(3)[["tenure_months", "region"]].reset_index(drop=True)
    options = {
        "columns": list(rows), "num_method": "wasserstein", "num_threshold": 0.1,
        "cat_method": "jensenshannon", "cat_threshold": 0.1, "drift_share": 0.3,
    }  # fmt: skip
    question = pickle.dumps((rows, rows[:300], ["tenure_months"], ["region"], options))
    imported = "import uuid6, plotly.graph_objects, evidently.presets, mlflow"
    answers = [
        subprocess.run(
            [sys.executable, "-c",
             f"{before}\nfrom limner.monitoring.evidently_report import _answer\n_answer()"],
            input=question, capture_output=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": "0"},
        ).stdout
        for before in ("", imported)
    ]  # fmt: skip
    assert len(answers[0]) > 10_000
    # Where they part, if ever they do: whole, they would be cut off in a log.
    pairs = enumerate(zip(*answers, strict=False))
    apart = next((place for place, (one, other) in pairs if one != other), 0)
    around = slice(max(apart - 200, 0), apart + 200)
    assert answers[0][around] == answers[1][around]
    assert answers[0] == answers[1]


def test_the_page_loads_nothing_from_outside(planted: DriftReport) -> None:
    page = LoadedAddresses()
    page.feed(planted.html)
    assert [address[:30] for address in page.found if not address.startswith("data:")] == []

    # What the script inside might fetch (map tiles, say) the browser is told to refuse,
    # and told so before the first line of script.
    tags = [tag for tag, _ in page.first_tags]
    (policy_at,) = (
        place
        for place, (_, attrs) in enumerate(page.first_tags)
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    policy = page.first_tags[policy_at][1]["content"] or ""
    assert policy_at < tags.index("script")
    assert policy.startswith("default-src 'none';")
    assert not re.search(r"connect-src|frame-src|https?:|\*", policy)


def test_a_category_never_becomes_script(planted: DriftReport) -> None:
    assert any(verdict.column == "housing" for verdict in planted.columns)
    assert "</script><script>" not in planted.html
    assert "\\u003c/script>\\u003cscript>" in planted.html


def test_no_customer_key_gets_into_the_page(planted: DriftReport) -> None:
    assert "customer-1-" not in planted.html + json.dumps(planted.evidently)


def test_finds_no_drift_between_two_random_halves_save_in_an_emptied_column() -> None:
    halves = customers(3, rows=4000).sample(frac=1, random_state=3)
    first, second = halves[:2000], halves[2000:].assign(visits=np.nan)
    report = drift_report(first, second, numbers=NUMBERS, categories=CATEGORIES, limits=Limits())
    assert drifted(report) == {"visits"}
    (verdict,) = (verdict for verdict in report.columns if verdict.drifted)
    assert verdict.method == "jensenshannon of presence"
    assert (report.drifted_share, report.drift_found) == (0.1, False)


@pytest.fixture(scope="module")
def narrow() -> DriftReport:
    return planted_report("drifted")


def test_a_page_of_the_drifted_columns_judges_every_column_alike(
    planted: DriftReport, narrow: DriftReport
) -> None:
    assert narrow.columns == planted.columns
    assert (narrow.drifted_share, narrow.drift_found) == (planted.drifted_share, True)
    assert (
        narrow.evidently["tests"][0]["test_config"] == planted.evidently["tests"][0]["test_config"]
    )
    assert len(narrow.evidently["tests"]) == len(planted.columns) + 1
    json.dumps(narrow.evidently, allow_nan=False)


def test_a_page_of_the_drifted_columns_has_every_row_and_their_figures_only(
    planted: DriftReport, narrow: DriftReport
) -> None:
    rows, figures, summaries = shown(narrow)
    all_rows, all_figures, all_summaries = shown(planted)
    assert set(rows) == set(all_rows) == set(NUMBERS + CATEGORIES)
    assert {name for name, ids in rows.items() if ids} == drifted(narrow)
    opened = {figure for ids in rows.values() for figure in ids}
    assert opened
    assert opened <= set(figures)
    assert len(figures) < len(all_figures)
    assert set(summaries) == drifted(narrow)
    assert set(all_summaries) == set(NUMBERS + CATEGORIES)


def test_a_page_without_a_drifted_column_draws_the_one_nearest_its_limit() -> None:
    halves = customers(3, rows=2000).sample(frac=1, random_state=3)
    report = drift_report(halves[:1000], halves[1000:], numbers=["visits", "tenure_months"],
                          categories=["region"], limits=Limits(), draw="drifted")  # fmt: skip
    assert drifted(report) == set()
    nearest = max(report.columns, key=lambda verdict: verdict.score).column
    rows, _, summaries = shown(report)
    assert [name for name, ids in rows.items() if ids] == summaries == [nearest]


def test_a_page_of_the_drifted_columns_opens_in_a_browser(
    narrow: DriftReport, tmp_path: Path
) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    page = tmp_path / "drift.html"
    page.write_text(narrow.html, encoding="utf-8")
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--enable-logging=stderr", "--host-resolver-rules=MAP * ~NOTFOUND",
         f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=8000", "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr, done.stderr
    # The table is drawn with its ten rows, those without figures too.
    for name in ("tenure_months", "age_years", "region"):
        assert f">{name}<" in done.stdout


def shown(report: DriftReport) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """Read a page: figures that each row of the table opens, all figures, columns summarised."""
    data = re.findall(r"(?m)^    var ((?:additional_graphs_)?metric_\w+) = (.*);$", report.html)
    (widgets,) = (json.loads(d)["widgets"] for name, d in data if name.startswith("metric"))
    (figures,) = (json.loads(d) for name, d in data if name.startswith("additional"))
    parts = [part for group in widgets for part in group["widgets"]]
    (table,) = (part["params"]["data"] for part in parts if part["type"] == "big_table")
    rows = {
        row["column_name"]: [opened["id"] for opened in row.get("details", {}).get("parts", ())]
        for row in table
    }
    summaries = [part["params"]["header"] for part in parts if part["type"] == "rich_data"]
    return rows, list(figures), summaries


@pytest.mark.parametrize(
    ("fault", "numbers", "message"),
    [
        (lambda rows: rows.drop(columns="visits"), ["visits"], "current rows: column visits"),
        (lambda rows: rows.head(0), ["visits"], "no current rows"),
        (lambda rows: rows, ["visits", "visits"], "named twice: visits"),
        (lambda rows: rows, [], "no column named"),
        (lambda rows: rows, ["region"], "region holds a value that is no number"),
    ],
)
def test_refuses_what_cannot_be_compared(fault, numbers, message) -> None:  # type: ignore[no-untyped-def]
    rows = customers(5, rows=20)
    with pytest.raises((ColumnMissing, ValueError), match=message):
        drift_report(rows, fault(rows), numbers=numbers, categories=[], limits=Limits())


if __name__ == "another_process":
    print(*digests(planted_report()))
