"""What a reviewer is promised of every point-in-time feature."""

import re
from collections import Counter

import pytest

from limner.contract import Sensitivity
from limner.domain import Purpose
from limner.errors import UnknownName
from limner.features.relational.catalogue import FEATURES, THEMES, find_feature
from limner.features.relational.definitions import (
    ADDITIVE,
    Aggregate,
    Difference,
    Distinct,
    Ratio,
    SnapshotFeature,
    Trend,
    Variation,
    primitives,
    where,
    window_days,
)
from limner.features.relational.listing import owner_of
from limner.features.relational.selection import needs_of, tables_of
from limner.features.relational.sources import HOLDING_DAYS, SOURCES
from limner.portfolios.canonical import canonical_table

CHINESE = re.compile(r"[\u4e00-\u9fff]")
each = pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)


def test_there_are_enough_and_no_two_share_a_name_or_a_label() -> None:
    assert len(FEATURES) >= 90
    for told in (
        [f.name for f in FEATURES],
        [f.label.en for f in FEATURES],
        [f.label.zh for f in FEATURES],
    ):
        assert [text for text, times in Counter(told).items() if times > 1] == []


def test_ratios_trends_and_variations_are_first_class() -> None:
    kinds = Counter(type(feature.formula) for feature in FEATURES)
    assert all(kinds[kind] >= 2 for kind in (Ratio, Trend, Variation, Difference, Distinct))


def test_every_source_is_used() -> None:
    used = {p.source for f in FEATURES for p in primitives(f.formula)}
    assert used == set(SOURCES)


@each
def test_is_told_in_english_and_chinese(feature: SnapshotFeature) -> None:
    for told in (feature.label, feature.reason):
        assert told.en and not CHINESE.search(told.en)
        assert CHINESE.search(told.zh)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", feature.name)
    assert feature.meaning[0].isupper() and owner_of(feature)


@each
def test_looks_back_a_bounded_time_that_its_name_does_not_contradict(
    feature: SnapshotFeature,
) -> None:
    assert 1 <= window_days(feature.formula) <= HOLDING_DAYS
    named = [int(days) for days in re.findall(r"_(\d+)d(?=_|$)", feature.name)]
    looked = {p.days for p in primitives(feature.formula)}
    for p in primitives(feature.formula):
        # A holding may have begun ever so long ago and have ended within the window.
        ended = [c for c in getattr(p, "where", ()) if c.column == "days_since_end"]
        looked |= {days for c in ended for days in c.values if isinstance(days, int)}
    if named:
        assert max(named) in looked
        assert isinstance(feature.formula, Variation) or set(named) <= looked


@each
def test_never_reads_an_identifier(feature: SnapshotFeature) -> None:
    for need in needs_of(feature):
        table, column = need.split(".")
        promised = canonical_table(table).column(column)
        assert promised.key or promised.sensitivity is not Sensitivity.IDENTIFIER


@each
def test_is_marked_where_it_is_computed_from_a_protected_column(feature: SnapshotFeature) -> None:
    columns = (canonical_table(t).column(c) for t, c in (n.split(".") for n in needs_of(feature)))
    if any(column.sensitivity is Sensitivity.PROTECTED for column in columns):
        assert feature.sensitive == "protected"
    else:
        assert feature.sensitive != "protected"


@each
def test_says_what_stands_for_nothing_and_why(feature: SnapshotFeature) -> None:
    assert len(feature.when_empty.why) > 15
    formula = feature.formula
    if isinstance(formula, Distinct) or (
        isinstance(formula, Aggregate) and formula.kind in ADDITIVE
    ):
        assert feature.when_empty.value == 0
    if isinstance(formula, Ratio | Trend | Variation):
        assert feature.when_empty.value is None


def test_where_people_live_is_a_proxy_and_never_decides_on_credit() -> None:
    regional = [f for f in FEATURES if "regions" in tables_of(f)]
    assert len(regional) >= 4
    for feature in regional:
        assert feature.sensitive == "proxy" and Purpose.CREDIT not in feature.purposes


def test_gambling_and_arrears_are_never_used_for_marketing() -> None:
    delicate = [f for f in FEATURES if "gambling" in f.name or f in THEMES["lending"]]
    assert len(delicate) > 20
    assert [f.name for f in delicate if Purpose.MARKETING in f.purposes] == []


def test_finds_a_feature_by_name_and_names_the_others() -> None:
    assert find_feature("debit_sum_90d").unit == "minor units"
    with pytest.raises(UnknownName, match="no feature is named 'wealth'"):
        find_feature("wealth")


def test_refuses_definitions_that_mean_nothing() -> None:
    debit = Aggregate("sum", "transactions", 90, "amount_minor")
    for wrong in (
        lambda: where("direction"),
        lambda: where("amount_minor", 1, 2, operator="<"),
        lambda: Aggregate("sum", "transactions", 90),
        lambda: Aggregate("count", "transactions", 90, after=90),
        lambda: Trend(debit, 90, 90),
        lambda: Trend(Aggregate("max", "transactions", 90, "amount_minor"), 30, 90),
        lambda: Variation(debit, 1),
    ):
        with pytest.raises(ValueError, match=r"."):
            wrong()
