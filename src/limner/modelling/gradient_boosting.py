"""The only door to XGBoost: boosted trees on a float32 matrix of checked codes."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.batch_contributions import BatchContributions
from limner.modelling.plain_trees import read_trees
from limner.settings import Training
from limner.settings.boosting import Boosting
from limner.settings.imputation import ImputationTraining

if TYPE_CHECKING:
    import xgboost

Margins = npt.NDArray[np.float32]
# From so many rows on, contributions of a batch at once are faster than row by row.
_BATCH = 5_000
# As many trees as xgboost.XGBClassifier fits where nothing is said.
DEFAULT_ROUNDS = 100


@dataclass(frozen=True)
class LabelledMatrix:
    """Model input and outcome: shapes (n_customers, n_features) and (n_customers,).

    Of several binary outcomes at once the shape is (n_customers, n_outcomes). ``start`` is the
    log-odds, of the outcome's shape, from which boosting sets out; None for the same everywhere.
    """

    values: Matrix
    outcome: npt.NDArray[np.int64]
    start: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True)
class AmountMatrix:
    """Model input and amounts that are learnt: shapes (n_rows, n_features) and (n_rows,)."""

    values: Matrix
    outcome: npt.NDArray[np.float64]
    start: None = None


@dataclass(frozen=True)
class TrainingCurve:
    """Loss by round on both samples, and the round at which fitting ended best."""

    development: tuple[float, ...]
    validation: tuple[float, ...]
    best_round: int


class BoostedTrees:
    """A fitted tree ensemble for one outcome, several of them, several classes or quantiles."""

    def __init__(
        self, booster: "xgboost.Booster", feature_types: Sequence[str], threads: int
    ) -> None:
        self._booster, self._feature_types = booster, list(feature_types)
        self.threads = threads

    @classmethod
    def from_bytes(
        cls, content: bytes, features: Sequence[FittedFeature], threads: int
    ) -> "BoostedTrees":
        """Load an ensemble from XGBoost's own UBJSON format (data only, no code).

        XGBoost may end the process on altered bytes: verify them before.

        Raises:
            ValueError: the bytes hold no ensemble.
        """
        booster = _loaded(content, {"nthread": threads})
        return cls(booster, _feature_types(features), threads)

    @property
    def rounds(self) -> int:
        """How many rounds of boosting the ensemble keeps."""
        return int(self._booster.num_boosted_rounds())

    def to_bytes(self) -> bytes:
        """Serialise as UBJSON; equal ensembles give equal bytes."""
        return bytes(self._booster.save_raw("ubj"))

    def margins(self, values: Matrix) -> Margins:
        """Score in log-odds: shape (n_customers,), or (n_customers, n_classes or n_outcomes)."""
        return np.asarray(self._booster.inplace_predict(values, predict_type="margin"))

    def contributions(self, values: Matrix) -> Margins:
        """Shapley contributions to the margin, path-dependent TreeSHAP.

        Returns:
            shape (n_customers, n_features + 1), or (n_customers, n_classes,
            n_features + 1); the last entry is the base value; they sum to the margin.

        Source:
            Lundberg et al. (2020), From local explanations to global understanding.
        """
        if len(values) < _BATCH:
            return self._own_contributions(values)
        base = self._own_contributions(values[:1])[0, ..., -1]
        return self._batch(values, np.atleast_1d(base)).reshape(len(values), *base.shape, -1)

    def _own_contributions(self, values: Matrix) -> Margins:
        import xgboost

        matrix = xgboost.DMatrix(values, feature_types=self._feature_types, enable_categorical=True)
        return np.asarray(self._booster.predict(matrix, pred_contribs=True))

    @cached_property
    def _batch(self) -> BatchContributions:
        trees = read_trees(bytes(self._booster.save_raw("json")))
        return BatchContributions(trees)


@dataclass(frozen=True)
class QuantisedSample:
    """One sample in the bins that trees are grown from: made once, fitted on many times."""

    matrix: "xgboost.QuantileDMatrix"


def quantise(
    sample: LabelledMatrix | AmountMatrix, features: Sequence[FittedFeature], max_bins: int,
    threads: int,
    bins_of: QuantisedSample | None = None,
) -> QuantisedSample:  # fmt: skip
    """Sort every feature's values into at most ``max_bins`` bins.

    Args:
        bins_of: take this sample's bins, as a sample that stops boosting must.
    """
    import xgboost

    return QuantisedSample(
        xgboost.QuantileDMatrix(
            # Sorting into bins is slower where a row's values lie apart.
            np.ascontiguousarray(sample.values),
            sample.outcome,
            feature_types=_feature_types(features),
            enable_categorical=True, max_bin=max_bins, nthread=threads,
            base_margin=sample.start,
            ref=bins_of.matrix if bins_of else None,
        )
    )  # fmt: skip


def fit_trees(
    development: LabelledMatrix, validation: LabelledMatrix, features: Sequence[FittedFeature],
    training: Training, *, classes: int, seed: int, threads: int,
    rates: Sequence[float] = (),
) -> tuple[BoostedTrees, TrainingCurve]:  # fmt: skip
    """Boost on development; stop where validation's log loss no longer falls.

    Args:
        classes: 2 for binary outcomes, otherwise outcomes are 0 .. classes - 1.
        rates: of several binary outcomes: what a score sets out from, where samples state where
            boosting does.
    """
    fitted_on = quantise(development, features, training.max_bins, threads)
    stopped_on = quantise(validation, features, training.max_bins, threads, fitted_on)
    return fit_quantised(
        fitted_on,
        stopped_on,
        features,
        training,
        classes=classes,
        seed=seed,
        threads=threads,
        rates=rates,
    )


def fit_with_defaults(
    sample: LabelledMatrix, features: Sequence[FittedFeature], *, seed: int, threads: int
) -> BoostedTrees:
    """Fit what XGBoost fits to a binary outcome where nothing but the data is given.

    No early stopping, no monotone constraints: every parameter is the library's own default.
    """
    import xgboost

    types = _feature_types(features)
    matrix = xgboost.QuantileDMatrix(
        np.ascontiguousarray(sample.values), sample.outcome, feature_types=types,
        enable_categorical=True, nthread=threads,
    )  # fmt: skip
    parameters = {"objective": "binary:logistic", "seed": seed, "nthread": threads}
    booster = xgboost.train(parameters, matrix, DEFAULT_ROUNDS)
    return BoostedTrees(booster, types, threads)


def fit_quantised(
    fitted_on: QuantisedSample, stopped_on: QuantisedSample, features: Sequence[FittedFeature],
    training: Training, *, classes: int, seed: int, threads: int, watch_fitted: bool = True,
    objective: Mapping[str, Any] | None = None,
    rates: Sequence[float] = (),
) -> tuple[BoostedTrees, TrainingCurve]:  # fmt: skip
    """Boost on one sample and stop on another; see :func:`fit_trees`.

    Args:
        objective: in XGBoost's words; that of ``classes`` if None.
        watch_fitted: also follow the loss on the sample that is fitted on, for the curve.
    """
    import xgboost

    watched = [(fitted_on.matrix, "development")] if watch_fitted else []
    history: dict[str, dict[str, list[float]]] = {}
    booster = xgboost.train(
        _parameters(features, training, objective or _of_classes(classes), seed, threads)
        | _starts(rates),
        fitted_on.matrix,
        training.rounds,
        evals=[*watched, (stopped_on.matrix, "validation")],
        early_stopping_rounds=training.early_stopping,
        evals_result=history,
        verbose_eval=False,
    )
    best = int(booster.best_iteration)
    # A slice drops the rounds after the best one and the attributes that name it.
    trees = BoostedTrees(booster[: best + 1], _feature_types(features), threads)
    (validation_loss,) = history["validation"].values()
    (development_loss,) = history["development"].values() if watch_fitted else ((),)
    return trees, TrainingCurve(tuple(development_loss), tuple(validation_loss), best)


def amount_objective(kind: Literal["squared_error", "pseudo_huber"]) -> Mapping[str, Any]:
    """Name what trees of an expected amount make small, in XGBoost's words."""
    if kind == "squared_error":
        return {"objective": "reg:squarederror", "eval_metric": "rmse"}
    return {"objective": "reg:pseudohubererror", "eval_metric": "mphe"}


def quantile_objective(shares: tuple[float, ...]) -> Mapping[str, Any]:
    """Let trees learn quantiles, one margin each: shares of rows whose amount lies below."""
    return {"objective": "reg:quantileerror", "quantile_alpha": list(shares)}


def _of_classes(classes: int) -> dict[str, Any]:
    return (
        {"objective": "binary:logistic", "eval_metric": "logloss"}
        if classes == 2
        else {"objective": "multi:softprob", "eval_metric": "mlogloss", "num_class": classes}
    )


def _parameters(
    features: Sequence[FittedFeature], training: Training, objective: Mapping[str, Any], seed: int,
    threads: int,
) -> dict[str, Any]:  # fmt: skip
    return (
        dict(objective)
        | _beyond_defaults(training)
        | _growth(training, seed, threads)
        | {
            "reg_lambda": training.l2,
            "monotone_constraints": tuple(feature.monotone for feature in features),
        }
    )


def _starts(rates: Sequence[float]) -> dict[str, Any]:
    return {"base_score": list(rates)} if rates else {}


def _growth(training: Boosting, seed: int, threads: int) -> dict[str, Any]:
    return {
        "tree_method": "hist",
        "max_depth": training.max_depth,
        "learning_rate": training.learning_rate,
        "min_child_weight": training.min_child_weight,
        "subsample": training.subsample,
        "colsample_bytree": training.column_sample,
        "seed": seed,
        "nthread": threads,
    }


def _beyond_defaults(training: Training) -> dict[str, Any]:
    """Name the optional parameters in XGBoost's words, those that say something only."""
    optional: dict[str, Any] = {
        "reg_alpha": training.l1,
        "gamma": training.gamma,
        "max_delta_step": training.max_delta_step,
        "max_leaves": training.max_leaves,
    }
    stated = {name: value for name, value in optional.items() if value}
    if training.max_leaves:
        stated["grow_policy"] = "lossguide"
    if training.level_sample < 1:
        stated["colsample_bylevel"] = training.level_sample
    return stated | {"max_bin": training.max_bins, "max_cat_threshold": training.category_groups}


def _feature_types(features: Sequence[FittedFeature]) -> list[str]:
    return ["q" if feature.categories is None else "c" for feature in features]


def _loaded(content: bytes, options: dict[str, Any]) -> "xgboost.Booster":
    """Read an ensemble from UBJSON: data only, no code.

    Raises:
        ValueError: it holds no ensemble.
    """
    import xgboost

    if not content:
        # XGBoost would end the whole process.
        raise ValueError("it is empty")
    booster = xgboost.Booster(options)
    try:
        booster.load_model(bytearray(content))
    except xgboost.core.XGBoostError:
        raise ValueError("XGBoost cannot read it") from None
    return booster


class ConditionalTrees:
    """Trees that tell what one column is likely to be, from the others; kept as text."""

    def __init__(self, booster: "xgboost.Booster") -> None:
        self._booster = booster

    @classmethod
    def from_text(cls, text: str) -> "ConditionalTrees":
        """Read what :meth:`to_text` wrote.

        Raises:
            ValueError: the text holds no ensemble.
        """
        return cls(_loaded(base64.b64decode(text, validate=True), {}))

    def to_text(self) -> str:
        """Serialise as UBJSON (data only, no code) in base64; equal ensembles, equal texts."""
        return base64.b64encode(bytes(self._booster.save_raw("ubj"))).decode()

    def predict(self, values: Matrix) -> npt.NDArray[np.float64]:
        """Predict the column: shape (n_rows,), or probabilities (n_rows, n_classes)."""
        return np.asarray(self._booster.inplace_predict(values), dtype=np.float64)


def fit_conditional(
    values: Matrix, target: npt.NDArray[np.float64], folds: npt.NDArray[np.int64],
    kinds: Sequence[str], training: ImputationTraining, *, classes: int, seed: int, threads: int,
) -> tuple[ConditionalTrees, npt.NDArray[np.float64]]:  # fmt: skip
    """Boost a column on others, for as many rounds as held-out folds still gain from.

    Args:
        values: shape (n_rows, n_inputs), NaN where missing.
        folds: number of each row's fold; rows of one customer share one.
        kinds: of the inputs, ``q`` for numbers and ``c`` for codes of categories.
        classes: 0 for a number, otherwise ``target`` holds codes below it.

    Returns:
        trees of all rows, and what the trees of the other folds say of each row.
    """
    import xgboost

    options: dict[str, Any] = {"feature_types": list(kinds), "enable_categorical": True}
    parameters = _conditional_parameters(training, classes, seed, threads)
    shape = (len(target), classes) if classes else (len(target),)
    held_out, rounds = np.empty(shape), []
    for fold in np.unique(folds):
        out = folds == fold
        others = xgboost.QuantileDMatrix(values[~out], target[~out], **options)
        fitted = xgboost.train(
            parameters, others, training.rounds, verbose_eval=False,
            evals=[(xgboost.QuantileDMatrix(values[out], target[out], ref=others, **options), "")],
            early_stopping_rounds=training.early_stopping,
        )  # fmt: skip
        rounds.append(fitted.best_iteration + 1)
        trees = ConditionalTrees(fitted[: fitted.best_iteration + 1])
        held_out[out] = trees.predict(values[out])
    everyone = xgboost.QuantileDMatrix(values, target, **options)
    booster = xgboost.train(parameters, everyone, int(np.ceil(np.mean(rounds))))
    return ConditionalTrees(booster), held_out


def _conditional_parameters(
    training: ImputationTraining, classes: int, seed: int, threads: int
) -> dict[str, Any]:
    objective: dict[str, Any] = (
        {"objective": "multi:softprob", "num_class": classes}
        if classes
        else {"objective": "reg:squarederror"}
    )
    return objective | _growth(training, seed, threads)
