"""The catalogue for a terminal and as a page."""

import re
from pathlib import Path
from random import Random

import numpy as np
import pytest

from feature_bank import SNAPSHOT, make_bank, write_bank
from limner.domain import PURPOSE_WORDS, Purpose
from limner.errors import ArtifactMissing, UnknownName
from limner.features.relational.catalogue import FEATURES, THEMES, find_feature
from limner.features.relational.distribution import of_categories, of_numbers
from limner.features.relational.listing import chosen_features, list_features, show_feature
from limner.features.relational.options import FeatureOptions
from limner.features.relational.page import THEME_WORDS, read_page, render_page
from limner.features.relational.snapshot import compute_snapshots, snapshot_file


def test_narrows_the_catalogue_by_purpose_source_and_mark() -> None:
    marketing = chosen_features(Purpose.MARKETING)
    assert 0 < len(marketing) < len(FEATURES)
    assert all(Purpose.MARKETING in f.purposes for f in marketing)
    assert {f.name for f in chosen_features(source="regions")} == {
        f.name for f in FEATURES if f.name.startswith("region_")
    }
    marked = chosen_features(sensitive_only=True)
    assert {f.sensitive for f in marked} == {"protected", "proxy"}
    assert find_feature("age_years") in marked
    with pytest.raises(UnknownName, match="no canonical table is named 'weather'"):
        chosen_features(source="weather")


def test_lists_one_line_a_feature() -> None:
    lines = list_features(FEATURES).splitlines()
    assert len(lines) == len(FEATURES) + 2
    assert lines[0].startswith("feature ") and lines[-1] == f"{len(FEATURES)} features"
    assert any(re.match(r"sex +category +customers +protected +Sex as recorded", x) for x in lines)


def test_shows_all_that_is_stated_about_a_feature() -> None:
    shown = show_feature(find_feature("debt_service_90d"))
    assert "(sum amount_minor of instalments, 90 days) / (sum amount_minor of transactions" in shown
    assert "Lending, Core banking" in shown and "近90天贷款还款与收入之比" in shown
    assert "missing: what it is divided by is nought or unknown" in shown
    assert "more of it, more risk" in shown


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_every_feature_can_be_shown(feature: object) -> None:
    shown = show_feature(feature)  # type: ignore[arg-type]
    assert len(shown.splitlines()) == 14 and "object at" not in shown


def test_every_theme_and_purpose_has_words() -> None:
    assert set(THEME_WORDS) == set(THEMES)
    assert set(PURPOSE_WORDS) == set(Purpose)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    bank = make_bank(Random(2), 60)
    del bank["interactions"]
    compute_snapshots(write_bank(bank, folder / "t"), [SNAPSHOT], folder, FeatureOptions())
    return snapshot_file(folder, SNAPSHOT)


def test_the_page_has_every_feature_or_its_reason_and_needs_nothing_else(snapshot: Path) -> None:
    page = render_page(read_page("tiny", snapshot))
    for feature in FEATURES:
        assert f"<code>{feature.name}</code>" in page
    assert page.count("the bank has no table interactions") == len(
        chosen_features(source="interactions")
    )
    assert page.count("<svg") > 150
    assert not re.search(r"(src|href)=\"(?!#)|url\(|<script", page)
    assert page == render_page(read_page("tiny", snapshot))
    assert "c001" not in page


def test_the_page_refuses_a_snapshot_that_was_not_computed(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing):
        read_page("tiny", tmp_path / "2024-06-30.parquet")


def test_a_distribution_counts_missing_and_nought_and_hides_extremes() -> None:
    values = np.array([np.nan] * 20 + [0.0] * 30 + list(range(1, 150)) + [1e9])
    found = of_numbers(values)
    assert (found.missing, found.zero) == pytest.approx((0.1, 0.15))
    assert sum(found.bars) == 180 and max(found.quantiles) < 1e9
    assert of_numbers(np.full(3, np.nan)).missing == 1
    assert of_numbers(np.full(3, 7.0)).bars == (3,)


def test_a_rare_category_is_told_among_the_others_only() -> None:
    found = of_categories(["rented"] * 20 + ["owned"] * 15 + ["castle"] * 2 + [None] * 3)
    assert found.missing == pytest.approx(3 / 40)
    assert dict(found.shares) == pytest.approx({"rented": 0.5, "owned": 0.375, "(others)": 0.05})
