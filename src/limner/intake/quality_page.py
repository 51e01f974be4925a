"""The quality report as one self-contained page that a data owner can read and print."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from jinja2 import Environment

from limner.domain import PURPOSE_WORDS, Bilingual
from limner.intake.quality import changes, figures
from limner.pages import page_environment

# A change this small is shown as none: a tenth of the last decimal on the page.
_NO_CHANGE = 0.00005


def render_quality_page(report: Mapping[str, Any], title: Bilingual, review_file: str) -> str:
    """Render one HTML file; equal reports give equal bytes.

    Args:
        report: of :func:`limner.intake.quality.quality_report`.
        title: the bank's name.
        review_file: where the pairs of records are that a person must decide.
    """
    changed = changes(report)
    template = _environment().get_template("quality_page.html.j2")
    return template.render(
        report=report,
        title=title,
        findings=_findings(report),
        identity=report["identity"],
        figure=figures(report).get,
        customers=(report["identity"] or {}).get("customers", 0),
        review_file=review_file,
        purposes={purpose.value: words for purpose, words in PURPOSE_WORDS.items()},
        change=changed.get,
    )


def _findings(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what a data owner has to look at, worst share of rows first."""
    found = [
        {"table": name, "rule": f"{rule['column']}: {rule['rule']}", "rows": rule["rows"],
         "share": rule["share"]}
        for name, table in report["tables"].items()
        for rule in table["validity"]["rules"]
    ]  # fmt: skip
    return sorted(found, key=lambda f: (-f["share"], f["table"], f["rule"]))


def _percent(share: float) -> str:
    """Show a share with two decimals, never rounding a fault away."""
    if share < 1 and round(100 * share, 2) == 100:
        return "< 100 %"
    if share > 0 and round(100 * share, 2) == 0:
        return "> 0 %"
    return f"{100 * share:.2f} %"


def _trend(change: float | None, unit: Literal["pp", "d", ""] = "pp") -> str:
    """Write a change: of a share in percentage points, of a lag in days, or of a count."""
    if change is None:
        return "–"
    if abs(change) < _NO_CHANGE:
        return "="
    arrow = "▲" if change > 0 else "▼"
    size = f"{100 * abs(change):.2f}" if unit == "pp" else f"{abs(change):,.0f}"
    return f"{arrow} {size} {unit}".rstrip()


@cache
def _environment() -> Environment:
    environment = page_environment("limner.intake")
    environment.filters.update(percent=_percent, trend=_trend, number=lambda n: f"{n:,}")
    return environment
