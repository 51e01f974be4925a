"""The quality report as one self-contained page that a data owner can read and print."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment

from limner.domain import Bilingual
from limner.intake.quality import changes
from limner.pages import page_environment

# A change this small is shown as none: a tenth of the last decimal on the page.
_NO_CHANGE = 0.00005


def render_quality_page(report: Mapping[str, Any], title: Bilingual) -> str:
    """Render one HTML file; equal reports give equal bytes.

    Args:
        report: of :func:`limner.intake.quality.quality_report`.
        title: the bank's name.
    """
    changed = changes(report)
    template = _environment().get_template("quality_page.html.j2")
    return template.render(
        report=report,
        title=title,
        findings=_findings(report),
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


def _trend(change: float | None, *, days: bool = False) -> str:
    if change is None:
        return "–"
    if abs(change) < _NO_CHANGE:
        return "="
    arrow = "▲" if change > 0 else "▼"
    return f"{arrow} {abs(change):,.0f} d" if days else f"{arrow} {100 * abs(change):.2f} pp"


@cache
def _environment() -> Environment:
    environment = page_environment("limner.intake")
    environment.filters.update(percent=_percent, trend=_trend, number=lambda n: f"{n:,}")
    return environment
