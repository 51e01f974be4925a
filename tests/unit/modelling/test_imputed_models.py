"""A model that wants its missing values filled: the same in training, in batches and in records."""

import numpy as np
import pandas as pd
import pytest

from limner.errors import SettingsInvalid
from limner.modelling.fitted import FittedModel, read_model, write_model
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.scoring import score_frame, score_records
from limner.settings import Settings
from project import settings_with
from small_models import RISK, quick_settings, samples_of

TRAINING = {
    "folds": 2, "max_depth": 2, "learning_rate": 0.3, "rounds": 10, "early_stopping": 5,
    "min_child_weight": 1.0, "subsample": 1.0, "column_sample": 1.0,
}  # fmt: skip


def wanting(**changes: object) -> Settings:
    imputation = {
        "method": "boosting", "columns": ["monthly_income"], "tail_share": 0.001,
        "training": TRAINING, **changes,
    }  # fmt: skip
    plain = quick_settings()
    model = settings_with({f"models.{RISK}.imputation": imputation}).model(RISK)
    quick = plain.model(RISK).model_copy(update={"imputation": model.imputation})
    return plain.model_copy(update={"models": {**plain.models, RISK: quick}})


def fit(settings: Settings, validation: pd.DataFrame | None = None) -> FittedModel:
    samples = samples_of(RISK)
    given = samples.validation if validation is None else validation
    return fit_model(find_spec(RISK), samples.development, given, settings, lambda _: None)[0]


def test_a_missing_value_scores_as_what_it_is_filled_with() -> None:
    fitted = fit(wanting())
    imputation = fitted.manifest.imputation
    assert imputation is not None
    test = samples_of(RISK).test
    gaps = test[test["monthly_income"].isna()]
    assert len(gaps) > 5
    filled = imputation.apply(gaps)
    assert filled["monthly_income"].notna().all()
    assert score_frame(fitted, gaps) == score_frame(fitted, filled.round({"monthly_income": 9}))
    left = score_frame(fit(quick_settings()), gaps)
    assert [s.probability for s in left] != [s.probability for s in score_frame(fitted, gaps)]


def test_a_record_alone_scores_as_in_a_table() -> None:
    fitted = fit(wanting(fill="draw"))
    test = samples_of(RISK).test.head(40)
    assert test["monthly_income"].isna().any()
    alone = [score_frame(fitted, test.iloc[[row]])[0] for row in range(len(test))]
    assert alone == score_frame(fitted, test)
    example = dict(fitted.manifest.example) | {"monthly_income": None}
    assert score_records(fitted, [example])


def test_only_development_says_how_to_fill() -> None:
    other = samples_of(RISK).validation.copy()
    other["monthly_income"] = np.where(other["monthly_income"].isna(), 1.0, np.nan)
    assert fit(wanting()).manifest.imputation == fit(wanting(), other).manifest.imputation


def test_it_is_kept_with_the_model(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    fitted = fit(wanting())
    write_model(fitted, folder)
    again = read_model(folder, threads=1)
    test = samples_of(RISK).test
    assert score_frame(again, test) == score_frame(fitted, test)


def test_refuses_indicators_that_no_catalogue_has() -> None:
    with pytest.raises(SettingsInvalid, match=r"imputation\.indicators: the catalogue has no such"):
        fit(wanting(indicators=True))
