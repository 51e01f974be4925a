"""The catalogue page: every feature with its meaning and its distribution, in one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from limner.artifacts import read_json
from limner.domain import PURPOSE_WORDS, Bilingual, Purpose
from limner.errors import UnknownName
from limner.features.relational.catalogue import FEATURES, THEMES
from limner.features.relational.definitions import window_days
from limner.features.relational.distribution import Distribution, read_distributions
from limner.features.relational.listing import describe, owner_of
from limner.features.relational.selection import tables_of
from limner.pages import page_environment

THEME_WORDS = {
    "people": Bilingual("The customer", "客户信息"),
    "holdings": Bilingual("Holdings", "持有产品"),
    "money": Bilingual("Movements", "资金流动"),
    "balances": Bilingual("Balances", "余额"),
    "income": Bilingual("Income", "收入"),
    "spending": Bilingual("Spending", "支出结构"),
    "lending": Bilingual("Loans and arrears", "贷款与逾期"),
    "card use": Bilingual("Credit cards", "信用卡使用"),
    "contact": Bilingual("Contact", "渠道与互动"),
}
_BAR_WIDTH, _HEIGHT = 6, 44


@dataclass(frozen=True)
class CataloguePage:
    """What the page shows.

    Attributes:
        report: the snapshot's report, ``<date>.json``.
        distributions: of the features that the snapshot has.
    """

    bank: str
    report: Mapping[str, Any]
    distributions: Mapping[str, Distribution]


def read_page(bank: str, snapshot: Path) -> CataloguePage:
    """Gather the page of one computed snapshot.

    Raises:
        ArtifactMissing: the snapshot or its report is not there.
        UnknownName: the snapshot has a feature that the catalogue no longer has.
    """
    report = read_json(snapshot.with_suffix(".json"))
    known = {feature.name for feature in FEATURES}
    for name in report["features"]:
        if name not in known:
            raise UnknownName("feature", name, sorted(known))
    return CataloguePage(bank, report, read_distributions(snapshot, report["features"]))


def render_page(page: CataloguePage) -> str:
    """Render one HTML file with all it needs inside; equal pages give equal bytes."""
    return _environment().get_template("catalogue_page.html.j2").render(page=page)


@cache
def _environment() -> Environment:
    environment = page_environment("limner.features.relational")
    environment.filters.update(figure=figure, percent=percent)
    environment.globals.update(
        themes=THEMES, theme_words=THEME_WORDS, purpose_words=PURPOSE_WORDS, describe=describe,
        owner_of=owner_of, tables_of=tables_of, window_days=window_days, bars=bars,
        purposes=tuple(Purpose), bar_width=_BAR_WIDTH, height=_HEIGHT,
    )  # fmt: skip
    return environment


def bars(distribution: Distribution) -> list[tuple[int, float, float]]:
    """Place a histogram's bars: left edge, top and height, in the drawing's units."""
    most = max(distribution.bars)
    heights = [round(_HEIGHT * n / most, 1) for n in distribution.bars]
    return [(i * _BAR_WIDTH, round(_HEIGHT - h, 1), h) for i, h in enumerate(heights)]


def figure(value: float) -> str:
    """Write a value of any size in few digits, with a true minus sign.

    >>> figure(-1234567.8), figure(0.12345), figure(12.0)
    ('−1,234,568', '0.123', '12')
    """
    if value == int(value) or abs(value) >= 1_000:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.6f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def percent(share: float) -> str:
    """Write a share; a little is never written as nothing, nor almost all as all.

    >>> percent(0.0), percent(0.0001), percent(0.5), percent(0.9999)
    ('0%', '<0.1%', '50.0%', '>99.9%')
    """
    if share in (0, 1):
        return f"{share:.0%}"
    if share < 0.001:
        return "<0.1%"
    return ">99.9%" if share > 0.999 else f"{share:.1%}"
