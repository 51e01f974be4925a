"""The pages as a browser shows them: drawn whole, without scripts failing or the network."""

import shutil
import subprocess
from pathlib import Path

import pytest

from small_project import SmallProject

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
PAGES = (
    "artifacts/models/term_deposit_propensity/review.html",
    "artifacts/models/deposit_segments/review.html",
    "artifacts/models/serious_delinquency/review.html",
    "artifacts/monitoring/bank_marketing/drift.html",
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def browse(page: Path, profile: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM
    return subprocess.run(
        [CHROMIUM, *QUIET, f"--user-data-dir={profile}", *options, page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_an_error_or_a_request(
    trained: SmallProject, tmp_path: Path, name: str
) -> None:
    shown = browse(trained.folder / name, tmp_path, "--virtual-time-budget=8000", "--dump-dom")
    assert "CONSOLE" not in shown.stderr, shown.stderr
    assert "</html>" in shown.stdout


def test_a_page_with_a_failing_script_is_caught(tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<script>nothing.here()</script>", encoding="utf-8")
    assert "CONSOLE" in browse(page, tmp_path / "profile", "--dump-dom").stderr


def test_the_review_page_prints_on_a_few_sheets(trained: SmallProject, tmp_path: Path) -> None:
    sheets = tmp_path / "review.pdf"
    browse(trained.folder / PAGES[0], tmp_path / "profile", f"--print-to-pdf={sheets}")
    pages = sheets.read_bytes().count(b"/Type /Page\n")
    assert 3 <= pages <= 25, pages
