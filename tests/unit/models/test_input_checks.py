"""What no honest model can come of is refused before it is fitted, by model, column and remedy."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from limner.domain import Bilingual, ScreenedColumn
from limner.errors import FeatureUnfit, LeakSuspected, SingleClassSample
from limner.modelling.training import TrainingData
from limner.models import find_spec
from limner.models.fitting import fit_model, training_data
from limner.models.input_checks import check_input
from limner.settings import Settings
from project import settings_with
from small_models import PROPENSITY, RISK, SEGMENTS, quick_settings, samples_of

Change = Callable[[pd.DataFrame], pd.DataFrame]


def checked(model: str, change: Change, settings: Settings | None = None, **spec: object) -> None:
    found = settings or quick_settings()
    samples = samples_of(model)
    data = training_data(
        replace(find_spec(model), **spec),  # type: ignore[arg-type]
        change(samples.development.copy()),
        change(samples.validation.copy()),
        found,
    )
    check_input(data, found.training_checks, predicts=model != SEGMENTS)


def as_it_is(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


@pytest.mark.parametrize("model", [RISK, PROPENSITY, SEGMENTS])
def test_an_ordinary_sample_passes(model: str) -> None:
    checked(model, as_it_is)


def test_refuses_a_constant_outcome() -> None:
    with pytest.raises(SingleClassSample, match=r"model serious_delinquency: all .* = 0"):
        checked(RISK, lambda frame: frame.assign(seriously_delinquent=0))


def test_refuses_a_feature_that_is_missing_for_everyone() -> None:
    with pytest.raises(
        FeatureUnfit, match=r"feature monthly_debt: debt_ratio and monthly_income missing for all"
    ):
        checked(RISK, lambda f: f.assign(monthly_income=np.nan), feature_names=("monthly_debt",),
                monotone={})  # fmt: skip
    with pytest.raises(FeatureUnfit, match=r"feature job: job missing for all 900 customers"):
        checked(PROPENSITY, lambda f: f.assign(job=None))


def test_refuses_an_explosion_of_categories() -> None:
    few = settings_with({"training_checks.most_categories": 11})
    with pytest.raises(FeatureUnfit, match=r"feature job: job has 12 categories .* more than 11"):
        checked(PROPENSITY, as_it_is, few)
    checked(PROPENSITY, as_it_is, settings_with({"training_checks.most_categories": 12}))


def test_refuses_a_direction_on_a_category() -> None:
    with pytest.raises(FeatureUnfit, match=r"feature late_payment_code: it is a category.*monoton"):
        checked(RISK, as_it_is, monotone={"late_payment_code": 1})


@pytest.mark.parametrize("turned", [False, True])
def test_refuses_a_number_that_equals_the_outcome_or_its_opposite(turned: bool) -> None:
    def leak(frame: pd.DataFrame) -> pd.DataFrame:
        known = frame["seriously_delinquent"]
        return frame.assign(dependents=1 - known if turned else known)

    with pytest.raises(
        LeakSuspected,
        match=r"feature dependents: alone .* AUC 1\.000, by its values \(limit 0\.9\).*AFTER_OUT",
    ):
        checked(RISK, leak)


def test_refuses_a_category_that_equals_the_outcome() -> None:
    def leak(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(contact_channel=frame["subscribed"].map({0: "unknown", 1: "cellular"}))

    with pytest.raises(LeakSuspected, match="feature contact_channel"):
        checked(PROPENSITY, leak)


def test_a_feature_whose_being_missing_tells_the_outcome_is_a_leak_too() -> None:
    def leak(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(monthly_income=frame["seriously_delinquent"].map({0: 3000, 1: None}))

    with pytest.raises(LeakSuspected, match=r"monthly_income: alone .* by its missing cells"):
        checked(RISK, leak)


def test_a_column_that_a_person_took_back_is_no_leak_and_no_other_is_excused() -> None:
    def leak(*columns: str) -> Change:
        return lambda frame: frame.assign(
            **dict.fromkeys(columns, frame["seriously_delinquent"].astype(float))
        )

    reason = Bilingual("by its value: alone it ranks the outcome", "取值所致")
    back = ScreenedColumn("dependents", "leak", reason, taken_back="counted at the application")
    checked(RISK, leak("dependents"), screened=(back,))
    with pytest.raises(LeakSuspected, match="feature dependents"):
        checked(RISK, leak("dependents"), screened=(replace(back, taken_back=""),))
    with pytest.raises(LeakSuspected, match="feature open_credit_lines"):
        checked(RISK, leak("dependents", "open_credit_lines"), screened=(back,))


def test_many_small_categories_are_never_taken_for_a_leak() -> None:
    # Each customer a category of their own tells all of the outcome, and nothing of another's.
    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(job=[f"job {i}" for i in range(len(frame))])

    checked(PROPENSITY, own, settings_with({"training_checks.most_categories": 10_000}))


def test_segments_may_have_a_constant_outcome() -> None:
    checked(SEGMENTS, lambda frame: frame.assign(subscribed=0))


def test_a_fit_is_checked_before_anything_is_fitted() -> None:
    samples = samples_of(RISK)
    leaking = samples.development.assign(age=samples.development["seriously_delinquent"] + 30)
    with pytest.raises(LeakSuspected, match="feature age"):
        fit_model(find_spec(RISK), leaking, samples.validation, quick_settings(), lambda _: None)


def test_what_is_checked_is_the_development_sample() -> None:
    samples = samples_of(RISK)
    data: TrainingData = training_data(
        find_spec(RISK), samples.development, samples.validation, quick_settings()
    )
    assert data.development is samples.development
