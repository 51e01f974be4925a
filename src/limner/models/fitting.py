"""From a model's definition and its samples to a fitted model."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from limner.contract import Column
from limner.domain import Purpose
from limner.errors import SettingsInvalid
from limner.features import find_catalogue
from limner.modelling.amount_training import fit_amount
from limner.modelling.calibration_sample import Division
from limner.modelling.choice_training import fit_choice
from limner.modelling.fitted import FittedModel, Manifest
from limner.modelling.gradient_boosting import TrainingCurve
from limner.modelling.imputation import Imputation, fit_imputation
from limner.modelling.training import (
    Fit,
    Progress,
    TrainingData,
    fit_probability,
    fit_segments,
)
from limner.models.input_checks import check_input
from limner.models.spec import ModelSpec
from limner.outcomes.point_scale import PointScale
from limner.samples import CUSTOMER_COLUMN
from limner.settings import PARAMS_FILE, Settings


def fit_model(
    spec: ModelSpec, development: pd.DataFrame, validation: pd.DataFrame, settings: Settings,
    progress: Progress,
) -> tuple[FittedModel, pd.DataFrame]:  # fmt: skip
    """Fit a model of any family.

    Returns:
        the fitted model, and its loss by round with columns ``round``,
        ``development`` and ``validation``.

    Raises:
        FeatureForbidden: the definition asks for a feature it may not use.
        FeatureUnfit, LeakSuspected, SingleClassSample: see :func:`check_input`.
        UnknownCategory: validation holds a category that development lacks.
        SettingsInvalid: the settings are of another family.
        NothingToChoose: a model of several products has none to ask about.
    """
    model = settings.model(spec.name)
    spec.refuse_other_family(model)
    data = training_data(spec, development, validation, settings)
    check_input(data, settings.training_checks, predicts=spec.family != "segmentation")
    data, imputation = fill_missing(spec, data, settings, progress)
    fit = _fit(spec, data, settings, progress)
    loss = "loss, in standard deviations," if fit.amount else "log loss"
    progress(f"{fit.curve.best_round + 1} rounds, validation {loss}"
             f" {fit.curve.validation[fit.curve.best_round]:.4f}")  # fmt: skip
    manifest = _manifest(spec, data, fit, imputation, settings)
    return FittedModel(manifest, fit.trees, fit.ends), _curve_table(fit.curve)


def training_data(
    spec: ModelSpec, development: pd.DataFrame, validation: pd.DataFrame, settings: Settings
) -> TrainingData:
    """Gather what a model is fitted from.

    Raises:
        FeatureForbidden: the definition asks for a feature it may not use.
    """
    contract = find_catalogue(spec.portfolio).contract
    features = spec.features(settings.model(spec.name).protected_features)
    needed = {name for feature in features for name in feature.of}
    return TrainingData(
        model=spec.name,
        features=features,
        columns={c.name: c for c in contract.columns if c.name in needed},
        development=development,
        validation=validation,
        outcome=spec.outcome,
        monotone=spec.monotone,
        products=spec.products,
        taken_back=frozenset(c.column for c in spec.screened if c.taken_back),
    )


def fill_missing(
    spec: ModelSpec, data: TrainingData, settings: Settings, progress: Progress
) -> tuple[TrainingData, Imputation | None]:
    """Fill what is missing, as development taught it, where the model wants that."""
    needed = list(dict.fromkeys(name for feature in data.features for name in feature.of))
    imputation = _imputation(spec, data.development, needed, settings, progress)
    if imputation is None:
        return data, None
    development, validation = (imputation.apply(f) for f in (data.development, data.validation))
    return data._replace(development=development, validation=validation), imputation


def _imputation(
    spec: ModelSpec, development: pd.DataFrame, columns: Sequence[str], settings: Settings,
    progress: Progress,
) -> Imputation | None:  # fmt: skip
    """Learn from development alone how to fill what is missing, where the model wants that."""
    wanted = settings.model(spec.name).imputation
    if wanted is None or wanted.method == "none":
        return None
    if wanted.indicators:
        problem = f"models.{spec.name}.imputation.indicators: the catalogue has no such features"
        raise SettingsInvalid(str(PARAMS_FILE), [problem])
    return fit_imputation(
        development, columns, wanted, settings.seed, threads=settings.runtime.threads,
        customers=CUSTOMER_COLUMN if CUSTOMER_COLUMN in development else None, progress=progress,
    )  # fmt: skip


def _fit(spec: ModelSpec, data: TrainingData, settings: Settings, progress: Progress) -> Fit:
    model = settings.model(spec.name)
    if model.segmentation:
        return fit_segments(data, model, settings.seed, settings.runtime.threads, progress)
    if model.amount:
        return fit_amount(data, model, settings.seed, settings.runtime.threads)
    folds = settings.rivals.calibration_folds
    if model.choice:
        return fit_choice(data, model, folds, settings.seed, settings.runtime.threads, progress)
    scale = (
        PointScale(**settings.scorecard.model_dump()) if spec.purpose is Purpose.CREDIT else None
    )
    return fit_probability(
        data, model, folds, settings.seed, settings.runtime.threads, scale, Division.of(settings)
    )


def _manifest(
    spec: ModelSpec, data: TrainingData, fit: Fit, imputation: Imputation | None, settings: Settings
) -> Manifest:
    return Manifest(
        model=spec.name,
        title=spec.title,
        portfolio=spec.portfolio,
        purpose=spec.purpose.value,
        use=spec.use,
        not_for=spec.not_for,
        outcome=spec.outcome,
        facts=tuple(data.columns.values()),
        features=fit.features,
        example={name: _typical(data.development[name], c) for name, c in data.columns.items()},
        reasons=settings.explanation.reasons,
        additivity_tolerance=_tolerance(fit, settings),
        imputation=imputation,
        probability=fit.probability,
        segmentation=fit.segmentation,
        amount=fit.amount,
        choice=fit.choice,
        screened=spec.screened,
    )


def _tolerance(fit: Fit, settings: Settings) -> float:
    """Say how far contributions may miss a score, in the score's own unit."""
    tolerance = settings.explanation.additivity_tolerance
    return fit.amount.in_minor_units(tolerance) if fit.amount else tolerance


def _typical(values: "pd.Series[Any]", column: Column) -> str | int | float | None:
    """Return the median of numbers that are not codes, or the commonest category."""
    if not column.is_number:
        common = values.mode()
        return str(common[0]) if len(common) else None
    codes = [code for code, _ in column.codes]
    middle = values[~values.isin(codes)].median()
    if pd.isna(middle):
        return None
    return int(middle) if column.kind == "integer" else float(middle)


def _curve_table(curve: TrainingCurve) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "round": range(len(curve.development)),
            "development": curve.development,
            "validation": curve.validation,
        }
    )
