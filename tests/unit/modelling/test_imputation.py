"""Imputation keeps what was recorded, sees only development, and fills each record alike."""

from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pydantic import TypeAdapter, ValidationError

from imputation_rows import COLUMNS, GAPS, TRAINING, holed_rows, settings_of, whole_rows
from limner.errors import ColumnMissing, ImputationImpossible, UnknownCategory
from limner.modelling.imputation import Imputation, fit_imputation
from limner.settings import ImputationSettings

METHODS = ("median", "regression", "boosting")
every_method = pytest.mark.parametrize("method", METHODS)


def fit(rows: pd.DataFrame, method: str, **more: Any) -> Imputation:
    wanted = settings_of(method, **more)
    return fit_imputation(rows, COLUMNS, wanted, seed=5, customers="customer_id")


def as_json(imputation: Imputation) -> bytes:
    return TypeAdapter(Imputation).dump_json(imputation)


@every_method
def test_never_looks_at_rows_outside_development(method: str) -> None:
    rows = holed_rows(400)
    apart = rows["sample"] != "development"
    altered = rows.copy()
    altered.loc[apart, ["age", "spending", "income", "dependents"]] = 1e9
    altered.loc[apart, ["job", "housing"]] = "unheard of"
    fitted = as_json(fit(rows, method))
    assert as_json(fit(altered, method)) == fitted
    assert as_json(fit(rows[~apart], method)) == fitted
    development = rows.copy()
    development.loc[~apart, "income"] *= 2
    assert as_json(fit(development, method)) != fitted


@every_method
def test_never_looks_at_the_outcome(method: str) -> None:
    rows = holed_rows(300)
    assert as_json(fit(rows.assign(outcome=7), method)) == as_json(fit(rows, method))


@every_method
def test_the_order_of_rows_has_no_say(method: str) -> None:
    rows = holed_rows(400)
    shuffled = rows.sample(frac=1.0, random_state=3)
    fitted, again = fit(rows, method, fill="draw"), fit(shuffled, method, fill="draw")
    assert as_json(again) == as_json(fitted)
    assert_frame_equal(again.apply(shuffled).sort_index(), fitted.apply(rows))


@every_method
@pytest.mark.parametrize("fill", ["centre", "draw"])
def test_a_record_is_filled_alike_alone_and_among_others(method: str, fill: str) -> None:
    rows = holed_rows(120)
    fitted = fit(rows, method, fill=fill)
    alone = pd.concat([fitted.apply(rows.iloc[[place]]) for place in range(len(rows))])
    assert_frame_equal(alone, fitted.apply(rows))


@every_method
def test_a_fitted_imputation_comes_back_from_json_and_fills_the_same(method: str) -> None:
    rows = holed_rows(300)
    fitted = fit(rows, method)
    read = TypeAdapter(Imputation).validate_json(as_json(fitted))
    assert read == fitted
    assert_frame_equal(read.draws(rows, 2)[1], fitted.draws(rows, 2)[1])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    method=st.sampled_from(METHODS),
    fill=st.sampled_from(["centre", "draw"]),
    seed=st.integers(0, 10_000),
    size=st.integers(60, 150),
    share=st.sampled_from([0.02, 0.3, 0.6]),
)
def test_fills_every_hole_and_touches_nothing_else(
    method: str, fill: str, seed: int, size: int, share: float
) -> None:
    rows = holed_rows(size, seed, share)
    before = rows.copy()
    development = rows[rows["sample"] == "development"]
    assume(development["job"].nunique() == 3 and development["housing"].nunique() == 2)
    found = fit(rows, method, fill=fill).apply(rows)
    assert_frame_equal(rows, before)
    assert list(found) == list(rows)
    for column in GAPS:
        assert found[column].notna().all()
        told = rows[column].notna()
        assert (found[column][told] == rows[column][told]).all()
        assert set(found[column][~told]) <= set(development[column].dropna()) or column in (
            "income", "dependents")  # fmt: skip
    for column in ("income", "dependents"):
        filled = found[column][rows[column].isna()]
        assert (filled == filled.round()).all()
        assert filled.between(development[column].min(), development[column].max()).all()
    others = [column for column in rows if column not in GAPS]
    assert_frame_equal(found[others], rows[others])


@given(values=st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=1, max_size=30))
def test_a_median_is_the_recorded_one(values: list[float | None]) -> None:
    rows = pd.DataFrame({"x": pd.Series(values, dtype=float)})
    wanted = settings_of("median", ("x",), tail_share=1e-9)
    if rows["x"].isna().all():
        with pytest.raises(ImputationImpossible, match="never recorded"):
            fit_imputation(rows, ["x"], wanted, seed=1)
        return
    found = fit_imputation(rows, ["x"], wanted, seed=1).apply(pd.DataFrame({"x": [np.nan]}))
    known = np.sort(rows["x"].dropna())
    middle = known[[(len(known) - 1) // 2, len(known) // 2]]
    slack = 1e-6 * (1 + np.abs(known).max())
    assert middle[0] - slack <= found["x"].iloc[0] <= middle[1] + slack


@every_method
def test_refuses_a_column_that_development_never_recorded(method: str) -> None:
    rows = holed_rows(200)
    rows.loc[rows["sample"] == "development", "income"] = np.nan
    with pytest.raises(
        ImputationImpossible, match=r"income .*never recorded.*take it out"
    ) as fault:
        fit(rows, method)
    assert fault.value.exit_code == 69


def test_refuses_a_column_that_is_none_of_the_models() -> None:
    with pytest.raises(ImputationImpossible, match=r"shoe_size .*imputation\.columns"):
        fit(holed_rows(100), "median", columns=("shoe_size",))


def test_refuses_fewer_customers_than_folds() -> None:
    rows = holed_rows(200)
    told = rows.index[(rows["sample"] == "development") & rows["income"].notna()]
    rows.loc[told[1:], "income"] = np.nan
    # Two rows of one customer, so that there is something to learn.
    rows.loc[told[:1].append(told[1:2]), "customer_id"] = "one"
    rows.loc[told[1], "income"] = 12.0
    with pytest.raises(ImputationImpossible, match="fewer customers than 3 folds"):
        fit(rows, "boosting")


def test_refuses_dates_and_absent_columns_and_unheard_categories() -> None:
    rows = holed_rows(100)
    with pytest.raises(ImputationImpossible, match=r"age .*neither numbers nor texts"):
        fit(rows.assign(age=pd.Timestamp("2024-01-01")), "median")
    with pytest.raises(ColumnMissing):
        fit(rows.drop(columns="age"), "median")
    fitted = fit(rows, "boosting")
    with pytest.raises(UnknownCategory, match="job = 'astronaut'"):
        fitted.apply(rows.assign(job="astronaut"))
    with pytest.raises(ColumnMissing):
        fitted.apply(rows.drop(columns="job"))


def test_indicators_say_what_was_missing() -> None:
    rows = holed_rows(200)
    fitted = fit(rows, "boosting", indicators=True)
    found = fitted.apply(rows)
    assert fitted.indicator_columns == ("income_missing", "housing_missing", "dependents_missing")
    for column in GAPS:
        assert (found[f"{column}_missing"] == rows[column].isna()).all()
    assert fit(rows, "boosting").indicator_columns == ()


def test_none_leaves_everything_missing() -> None:
    rows = holed_rows(50)
    assert_frame_equal(fit(rows, "none").apply(rows), rows)


def test_draws_differ_and_follow_from_the_seed() -> None:
    rows = holed_rows(400)
    first, second = fit(rows, "boosting").draws(rows, 2)
    gone = rows["income"].isna()
    assert (first["income"][gone] != second["income"][gone]).mean() > 0.9
    other = fit_imputation(rows, COLUMNS, settings_of("boosting"), 6, customers="customer_id")
    assert (other.draws(rows, 1)[0]["income"][gone] != first["income"][gone]).mean() > 0.9


def test_a_column_knows_the_filled_values_of_those_before_it() -> None:
    # Two columns that are each other's double, and both missing: they are filled as doubles.
    draw = np.random.default_rng(1)
    side = draw.choice(["left", "right"], 600)
    rows = pd.DataFrame({"chance": draw.random(600), "a": side, "b": side}).astype({"a": object})
    rows.loc[:150, "a"] = None
    rows.loc[100:250, "b"] = None
    wanted = settings_of("boosting", ("a", "b"), fill="draw")
    found = fit_imputation(rows, ["chance", "a", "b"], wanted, seed=1).apply(rows)
    both = found.loc[100:150]
    assert (both["a"] == both["b"]).mean() > 0.9
    assert both["a"].nunique() == 2


def test_a_constant_column_is_filled_with_its_constant() -> None:
    rows = whole_rows(100).assign(income=5.0, housing="rented")
    rows.loc[:20, "income"] = np.nan
    rows.loc[10:40, "housing"] = None
    found = fit(rows, "boosting", fill="draw").apply(rows)
    assert set(found["income"]) == {5.0}
    assert set(found["housing"]) == {"rented"}


def test_settings_refuse_what_does_not_fit_together() -> None:
    methods = get_args(ImputationSettings.model_fields["method"].annotation)
    assert set(methods) == {"none", *METHODS}
    with pytest.raises(ValidationError, match="boosting needs a training section"):
        settings_of("boosting", training=None)
    with pytest.raises(ValidationError, match="median has no training section"):
        settings_of("median", training=TRAINING)
    with pytest.raises(ValidationError, match="each once"):
        settings_of("median", ("a", "a"))
