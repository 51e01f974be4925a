"""What a model is about to be fitted on: refused where no honest model can come of it."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.errors import FeatureUnfit, LeakSuspected, SingleClassSample
from limner.features.catalogue import Feature
from limner.features.values import Values, feature_values
from limner.modelling.single_feature import Groups, bin_numbers, measure_single_feature
from limner.modelling.training import TrainingData, facts_of
from limner.settings import TrainingChecks


def check_input(data: TrainingData, limits: TrainingChecks, *, predicts: bool) -> None:
    """Check the development sample, feature by feature, before anything is fitted.

    Args:
        predicts: whether the model predicts the outcome; segments only describe it, so
            that a constant outcome, or a feature that knows it, does them no harm.

    Raises:
        SingleClassSample: the outcome is constant in development or validation.
        FeatureUnfit: a feature is missing for everyone, has too many categories, or is a
            category with a direction.
        LeakSuspected: a feature alone ranks the outcome better than the limit.
    """
    if predicts:
        _refuse_constant_outcome(data, "development", data.development)
        _refuse_constant_outcome(data, "validation", data.validation)
    for feature, values in _values(data):
        _refuse_unfit(data, feature, values, limits)
    if predicts:
        _refuse_leaks(data, limits)
        _refuse_leaks_of_products(data, limits)


def _values(data: TrainingData) -> Iterator[tuple[Feature, Values]]:
    """Evaluate every feature on development."""
    facts = facts_of(data.development, data.columns)
    # Those of one column first: of what several are made, the column at fault is named.
    for feature in sorted(data.features, key=lambda feature: len(feature.of)):
        yield feature, feature_values(feature, data.columns, facts)


def _refuse_leaks(data: TrainingData, limits: TrainingChecks) -> None:
    outcome = _as_event(data.development[data.outcome.column].to_numpy().astype(np.float64))
    for feature, values in _values(data):
        _refuse_leak(data, feature, values, outcome, limits)


def _refuse_leaks_of_products(data: TrainingData, limits: TrainingChecks) -> None:
    """Look for leaks among those who lack a product, where holding it says nothing any more."""
    for product in data.products:
        if product.held_by in data.columns:
            lacking = data.development[~(data.development[product.held_by] > 0)]
            # By chance alone a feature ranks a handful of events as well as it likes.
            if lacking[product.column].sum() >= limits.least_events:
                of_one = data._replace(development=lacking, outcome=product.taken.undated)
                _refuse_leaks(of_one, limits)


def _as_event(outcome: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ask of an amount whether it is above the median: what knows it ranks even that too well."""
    if np.isin(outcome, (0, 1)).all():
        return outcome
    return (outcome > np.median(outcome)).astype(np.float64)


def _refuse_constant_outcome(data: TrainingData, sample: str, frame: pd.DataFrame) -> None:
    outcome = frame[data.outcome.column].to_numpy()
    if outcome.min() == outcome.max():
        value = int(outcome[0])
        raise SingleClassSample(data.model, sample, data.outcome.column, value, len(outcome))


def _refuse_unfit(
    data: TrainingData, feature: Feature, values: Values, limits: TrainingChecks
) -> None:
    definition = f"src/limner/models/{data.model}.py"
    if bool(np.all(pd.isna(values))):
        raise FeatureUnfit(
            data.model, feature.name,
            f"{_columns(feature.of)} missing for all {len(values):,} customers of the development"
            " sample",
            f"mend the extract or its mapping, or take the feature out of {definition}",
        )  # fmt: skip
    if values.dtype != object:
        return
    if data.monotone.get(feature.name, 0):
        raise FeatureUnfit(
            data.model, feature.name, "it is a category, which has no direction to rise or fall in",
            f"take it out of 'monotone' in {definition}",
        )  # fmt: skip
    categories = len(pd.unique(values[~pd.isna(values)]))
    if categories > limits.most_categories:
        raise FeatureUnfit(
            data.model, feature.name,
            f"{feature.of[0]} has {categories:,} categories in the development sample, more than"
            f" {limits.most_categories:,} (training_checks.most_categories)",
            "group the rare ones in the portfolio's SQL, or take the feature out",
        )  # fmt: skip


def _refuse_leak(
    data: TrainingData, feature: Feature, values: Values, outcome: npt.NDArray[np.float64],
    limits: TrainingChecks,
) -> None:  # fmt: skip
    if set(feature.of) <= data.taken_back:
        return
    found = measure_single_feature(_groups(values), np.asarray(pd.isna(values)), outcome)
    if found.auc >= limits.single_feature_auc:
        by = "by its missing cells" if found.by_missingness else "by its values"
        raise LeakSuspected(
            data.model, feature.name, _columns(feature.of), by, found.auc,
            limits.single_feature_auc,
        )  # fmt: skip


def _groups(values: Values) -> Groups:
    if values.dtype != object:
        return bin_numbers(np.asarray(values, dtype=np.float64))
    codes, _ = pd.factorize(values, use_na_sentinel=False)
    return np.asarray(codes, dtype=np.int64)


def _columns(names: Sequence[str]) -> str:
    return " and ".join(names)
