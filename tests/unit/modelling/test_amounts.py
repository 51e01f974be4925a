"""A model of amounts: what it is fitted to, and what it makes of its trees."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.cli import main
from limner.errors import NothingToTune, SettingsInvalid, UnknownName
from limner.modelling.amount_part import AmountPart, FittedTier, tier_of
from limner.modelling.checked_folder import write_checksums
from limner.modelling.conformal import TooFewForInterval
from limner.modelling.fitted import ENDS_FILE, ArtifactUnreadable, read_model, write_model
from limner.modelling.linear_amount import LinearAmount, fit_linear_amount
from limner.modelling.rivals import fit_rivals, read_rivals, write_rivals
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.models.tuning import refuse_untunable
from limner.scoring import AmountScore, matrix_of, score_frame, scored
from project import ROOT, changed, settings_with
from project import settings as committed
from small_models import AMOUNT, RISK, fitted, quick_settings, samples_of

TIERS = (
    FittedTier(name="low", from_minor=None, offered=False, correction_minor=5.0),
    FittedTier(name="high", from_minor=1000, offered=True, correction_minor=50.0),
)
PART = AmountPart(centre=100, scale=10, slope=2, intercept=-50, coverage=0.8, tiers=TIERS)


def test_margins_become_whole_minor_units_by_the_calibration_line() -> None:
    margins = np.array([0.0, 1.0, 100.04], dtype=np.float32)
    assert PART.expected(margins).tolist() == [150, 170, 2151]


def test_an_interval_is_moved_by_its_tiers_correction_and_never_upside_down() -> None:
    ends = np.array([[0, 10], [10, 0], [0, 100]], dtype=np.float32)
    expected = np.array([150.0, 150.0, 1000.0])
    found = PART.interval(ends, expected)
    assert found.tolist() == [[95, 205], [95, 205], [50, 1150]]


def test_an_interval_always_holds_the_expected_amount() -> None:
    ends = np.zeros((2, 2), dtype=np.float32)
    assert PART.interval(ends, np.array([-3.0, 900.0])).tolist() == [[-3, 105], [95, 900]]


@settings(deadline=None, max_examples=50)
@given(
    starts=st.lists(st.integers(-1000, 1000), min_size=1, max_size=5, unique=True).map(sorted),
    amount=st.integers(-2000, 2000),
)
def test_a_tier_begins_at_its_lower_end(starts: list[int], amount: int) -> None:
    place = int(tier_of(np.array([float(amount)]), starts)[0])
    ends = [-np.inf, *starts, np.inf]
    assert ends[place] <= amount < ends[place + 1]


def test_scores_are_whole_money_with_the_tier_and_the_decision_that_follow() -> None:
    one, test = fitted(AMOUNT), samples_of(AMOUNT).test
    part = one.manifest.amount
    assert part
    by_name = {tier.name: tier for tier in part.tiers}
    tiers = set()
    for score in score_frame(one, test):
        assert isinstance(score, AmountScore)
        assert all(type(money) is int for money in score[:3])
        assert score.low_minor <= score.expected_minor <= score.high_minor
        assert score.favourable == by_name[score.tier].offered
        start = by_name[score.tier].from_minor
        assert start is None or score.expected_minor >= start
        tiers.add(score.tier)
    assert tiers == set(by_name)


def test_expected_amounts_come_near_and_intervals_hold_on_customers_nobody_saw() -> None:
    one, test = fitted(AMOUNT), samples_of(AMOUNT).test
    result = scored(one, matrix_of(one, {n: test[n].to_numpy() for n in one.manifest.columns}, ""))
    amounts = test[one.manifest.outcome.column].to_numpy()
    assert result.interval is not None
    assert np.corrcoef(result.value, amounts)[0, 1] > 0.6
    assert result.value.mean() == pytest.approx(amounts.mean(), rel=0.15)
    inside = (amounts >= result.interval[:, 0]) & (amounts <= result.interval[:, 1])
    assert inside.mean() == pytest.approx(0.8, abs=0.08)


def test_the_mean_is_calibrated_on_validation() -> None:
    one, seen = fitted(AMOUNT), samples_of(AMOUNT).validation
    result = scored(one, matrix_of(one, {n: seen[n].to_numpy() for n in one.manifest.columns}, ""))
    amounts = seen[one.manifest.outcome.column].to_numpy()
    slope, intercept = np.polyfit(result.value, amounts, 1)
    assert slope == pytest.approx(1, abs=1e-3)
    assert intercept == pytest.approx(0, abs=5)


def test_refuses_a_damaged_file_of_the_intervals_trees(tmp_path: Path) -> None:
    write_model(fitted(AMOUNT), tmp_path)
    (tmp_path / ENDS_FILE).write_bytes(b"no trees")
    write_checksums(tmp_path)
    with pytest.raises(ArtifactUnreadable, match=ENDS_FILE):
        read_model(tmp_path, 1)


def test_refuses_validation_too_small_for_the_interval_asked_for() -> None:
    samples = samples_of(AMOUNT)
    with pytest.raises(TooFewForInterval, match="3 customers of validation are too few"):
        fit_model(
            find_spec(AMOUNT), samples.development, samples.validation.head(6), quick_settings(),
            lambda _: None,
        )  # fmt: skip


def test_rivals_predict_what_they_say_and_come_back_the_same(tmp_path: Path) -> None:
    one, samples = fitted(AMOUNT), samples_of(AMOUNT)
    rivals = fit_rivals(one, samples.development, samples.validation, quick_settings(), print)
    write_rivals(rivals, tmp_path)
    read = read_rivals(tmp_path, one.manifest.features, 1)
    assert read.record == rivals.record
    record = read.record.amount
    assert record
    test = samples.test
    values = matrix_of(one, {n: test[n].to_numpy() for n in one.manifest.columns}, "")
    found = record.predict(one.manifest.features, values, test)
    assert set(found) == {"mean", "before", "linear"}
    assert found["mean"][0] == samples.development["customer_margin_minor"].mean()
    assert found["before"].tolist() == (2.0 * test["customer_margin_before_minor"]).tolist()
    assert np.corrcoef(found["linear"], test["customer_margin_minor"])[0, 1] > 0.8
    without = test.drop(columns="customer_margin_before_minor")
    assert set(record.predict(one.manifest.features, values, without)) == {"mean", "linear"}


def test_the_linear_rival_is_ridge_regression_on_standardised_columns() -> None:
    draw = np.random.default_rng(3)
    # Two values a column, so that nothing is cut off at its ends.
    values = draw.choice([-2.0, 3.0], (200, 3)).astype(np.float32)
    amounts = values @ np.array([5.0, -2.0, 0.0]) + draw.normal(size=200)
    features = [
        replace(f, feature=replace(f.feature, name=name), categories=None)
        for f, name in zip(fitted(RISK).manifest.features, "abc", strict=False)
    ]
    data = (values, amounts)
    found: LinearAmount = fit_linear_amount(features, data, data, [0.5])
    standard = (values - values.mean(axis=0)) / values.std(axis=0)
    stacked = np.vstack([standard, np.sqrt(0.5 * 200) * np.eye(3)])
    by_hand = np.linalg.lstsq(stacked, np.r_[amounts - amounts.mean(), 0, 0, 0], rcond=None)[0]
    assert [term.coefficient for term in found.terms] == pytest.approx(by_hand.tolist(), rel=1e-5)
    gap = np.full((1, 3), np.nan, dtype=np.float32)
    assert found.predict(features, gap)[0] == pytest.approx(amounts.mean())


def test_a_search_for_parameters_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(NothingToTune, match=f"state models.{AMOUNT}.training by hand"):
        refuse_untunable(find_spec(AMOUNT))


def test_asking_for_the_tier_names_the_model_that_answers_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UnknownName, match=f"'value_tier' is part of what model {AMOUNT} answers"):
        committed().model("value_tier")
    monkeypatch.chdir(ROOT)
    told = CliRunner().invoke(main, ["tune", "value_tier"])
    assert told.exit_code == UnknownName.exit_code
    assert f"part of what model {AMOUNT} answers" in told.output


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("amount.tiers.0.up_to", 0.9, "upper ends must rise"),
        ("amount.tiers.3.up_to", 0.99, "the last be 1"),
        ("amount.tiers.1.name", "basic", "the same name"),
        ("amount.offered_from", "gold", "no tier 'gold'"),
        ("amount.coverage", 1.0, "less than 1"),
        ("calibration", "platt", "a amount has no calibration"),
    ],
)
def test_refuses_tiers_that_do_not_part_everybody(path: str, value: object, fault: str) -> None:
    from limner.settings import parse_settings

    content = changed(f"models.{AMOUNT}.{path}", value)
    with pytest.raises(SettingsInvalid, match=fault):
        parse_settings(content)


def test_refuses_a_model_of_amounts_of_a_bank_without_rates() -> None:
    with pytest.raises(
        SettingsInvalid, match=r"margin.harbour: missing key: models.lifetime_value"
    ):
        settings_with({"margin": {}})
