"""Reference models: a plain scorecard, XGBoost's defaults, an unconstrained twin, less data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.artifacts import write_text
from limner.features import find_catalogue
from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.amount_rivals import AmountRivalsRecord, fit_amount_rivals
from limner.modelling.calibration import Calibration, fit_calibration
from limner.modelling.calibration_choice import compare_calibrations
from limner.modelling.calibration_sample import BuiltRows, Division, Fitting
from limner.modelling.checked_folder import read_checked, write_checksums
from limner.modelling.choice_training import product_labels
from limner.modelling.fitted import FittedModel, ProbabilityPart, read_model, write_model
from limner.modelling.folds import events_of
from limner.modelling.gradient_boosting import (
    BoostedTrees,
    LabelledMatrix,
    fit_trees,
    fit_with_defaults,
)
from limner.modelling.model_input import model_input
from limner.modelling.protected_reference import (
    REFERENCE,
    ProtectedReference,
    features_of,
    fit_protected_reference,
)
from limner.modelling.rivals_record import (
    BaselineRecord,
    PartRecord,
    ProductBaseline,
    RivalsRecord,
    TreesRecord,
    ValueRecord,
)
from limner.modelling.training import Progress, facts_of, tree_fitting
from limner.modelling.woe_scorecard import fit_woe_scorecard
from limner.outcomes import find_dated_outcome
from limner.outcomes.dated_amounts import months_before
from limner.outcomes.value import best_threshold
from limner.samples import DataPart, customer_numbers
from limner.settings import ModelSettings, Settings, Training

Floats = npt.NDArray[np.float64]
RIVALS_FILE = "rivals.json"
UNCONSTRAINED = "unconstrained"
BASELINE = "baseline"
DEFAULTS = "plain_defaults"
# Fits trees on one sample and stops them on another.
Growing = Callable[[LabelledMatrix, LabelledMatrix], BoostedTrees]


class FittedPart(NamedTuple):
    """A model fitted on part of development, and how many rows that is."""

    fraction: float
    rows: int
    fitted: FittedModel


@dataclass(frozen=True)
class Rivals:
    """The record, its trees and its models of parts of development, by name."""

    record: RivalsRecord
    trees: dict[str, BoostedTrees]
    parts: dict[str, FittedModel] = field(default_factory=dict)
    reference: ProtectedReference | None = None

    @property
    def fractions(self) -> Mapping[str, DataPart]:
        """What was fitted on part of development, by name."""
        trees = {
            t.name: DataPart(t.fraction, t.rows, t.rounds)
            for t in self.record.trees
            if t.fraction < 1
        }
        return trees | {
            p.name: DataPart(p.fraction, p.rows, self.parts[p.name].trees.rounds)
            for p in self.record.parts
        }

    def with_parts(self, found: Sequence[FittedPart]) -> "Rivals":
        """Add models that were fitted on parts of development."""
        parts = {f"fraction_{part.fraction:g}": part for part in found}
        records = tuple(
            PartRecord(name=name, fraction=part.fraction, rows=part.rows)
            for name, part in parts.items()
        )
        return Rivals(
            self.record.model_copy(update={"parts": records}), self.trees,
            {name: part.fitted for name, part in parts.items()}, self.reference,
        )  # fmt: skip

    def probability(self, name: str, features: Sequence[FittedFeature], values: Matrix) -> Floats:
        """Score an encoded matrix with one rival, calibrated: shape (n_customers,)."""
        if name == BASELINE:
            assert self.record.baseline
            return _probability(self.record.baseline, features, values)
        calibration = next(t.calibration for t in self.record.trees if t.name == name)
        return calibration.probability(self.trees[name].margins(values))

    def product_probability(
        self, kind: str, features: Sequence[FittedFeature], values: Matrix
    ) -> Floats:
        """Score an encoded matrix with one product's baseline, calibrated: shape (n_customers,)."""
        found = next(product for product in self.record.products if product.kind == kind)
        return _probability(found.baseline, features, values)


class _Variant(NamedTuple):
    """Trees that are fitted beside the model on ``fraction`` of development."""

    name: str
    fraction: float
    grow: Growing


class _Samples(NamedTuple):
    """What a model was built on; ``built`` is all of it, where that calibrates."""

    development: LabelledMatrix
    validation: LabelledMatrix
    built: BuiltRows | None = None

    def calibration(
        self, fit: Fitting, margins: npt.ArrayLike, fitted_on: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.ArrayLike, npt.NDArray[np.int64]]:
        """Return the margins and outcomes that a rival is calibrated on, as the model was.

        Args:
            fit: how the rival is fitted.
            margins: of the rival on validation.
            fitted_on: rows of development that it was fitted on; all if None.
        """
        if self.built is None:
            return margins, self.validation.outcome
        allowed = None
        if fitted_on is not None:
            allowed = np.ones(len(self.built.rows.outcome), dtype=bool)
            allowed[: len(self.development.outcome)] = False
            allowed[fitted_on] = True
        return self.built.out_of_fold(fit, allowed), self.built.rows.outcome


def fit_rivals(
    fitted: FittedModel, development: pd.DataFrame, validation: pd.DataFrame,
    settings: Settings, progress: Progress,
) -> Rivals:  # fmt: skip
    """Fit on the samples that the model itself was fitted and calibrated on.

    The unconstrained twin is fitted where a feature has a direction; the same trees on
    nested random parts of development show whether more data would help. XGBoost's plain
    defaults show what the model's own settings are worth.

    Raises:
        TooFewForFolds: an outcome has fewer customers in validation than there are folds.
    """
    part, model = fitted.manifest.probability, settings.model(fitted.manifest.model)
    if model.amount:
        return Rivals(RivalsRecord(amount=_of_amounts(fitted, development, validation, model)), {})
    if fitted.manifest.choice:
        products = _product_baselines(fitted, development, validation, settings)
        return Rivals(RivalsRecord(declared_calibration=model.calibration, products=products), {})
    if part is None:
        return Rivals(RivalsRecord(), {})
    samples = _samples(fitted, part, (development, validation), settings)
    baseline = _fit_baseline(fitted, samples, settings)
    trees, records = {}, []
    for variant in _variants(fitted.manifest.features, model.training, settings):
        rows = part_rows(
            samples.development.outcome, variant.fraction, settings.seed,
            customer_numbers(development),
        )  # fmt: skip
        trees[variant.name], kept = _fit_variant(fitted, variant, rows, samples)
        records.append(kept)
        progress(f"rival {kept.name}: {kept.rounds} rounds on {kept.rows:,} customers")
    margins = fitted.trees.margins(samples.validation.values)
    fit = tree_fitting(
        fitted.manifest.features, model.training, settings.seed, settings.runtime.threads
    )
    learnt = samples.calibration(fit, margins)
    who = samples.built.customers if samples.built else customer_numbers(validation)
    record = RivalsRecord(
        declared_calibration=model.calibration,
        calibrations=compare_calibrations(
            fitted.manifest.model, *learnt, settings.rivals.calibration_folds, settings.seed, who
        ),
        baseline=baseline,
        trees=tuple(records),
    )
    value = _value(
        model, part.calibration.probability(margins),
        Rivals(record, trees).probability(
            BASELINE, fitted.manifest.features, samples.validation.values
        ),
        samples.validation.outcome,
    )  # fmt: skip
    reference = fit_protected_reference(
        fitted, find_catalogue(fitted.manifest.portfolio).contract,
        (samples.development, samples.validation), (development, validation), settings,
    )  # fmt: skip
    protected = reference.record if reference else None
    if reference:
        progress(
            f"reference with {', '.join(reference.attributes)}: {reference.trees.rounds} rounds"
        )
    found = record.model_copy(update={"value": value, "protected": protected})
    return Rivals(found, trees, reference=reference)


def write_rivals(rivals: Rivals, folder: Path) -> None:
    """Write the record and one file a tree ensemble; equal rivals give equal bytes."""
    write_text(folder / RIVALS_FILE, rivals.record.model_dump_json(indent=1) + "\n")
    for name, trees in rivals.trees.items():
        (folder / f"{name}.ubj").write_bytes(trees.to_bytes())
    if rivals.reference:
        (folder / f"{REFERENCE}.ubj").write_bytes(rivals.reference.trees.to_bytes())
    for name, fitted in rivals.parts.items():
        write_model(fitted, folder / name)
    write_checksums(folder)


def read_rivals(folder: Path, features: Sequence[FittedFeature], threads: int) -> Rivals:
    """Read what :func:`write_rivals` wrote.

    Raises:
        ArtifactMissing: the folder is not there.
        ArtifactAltered: a file is not as training wrote it; none was parsed.
    """
    files = read_checked(folder)
    record = RivalsRecord.model_validate_json(files[RIVALS_FILE])
    trees = {
        found.name: BoostedTrees.from_bytes(files[f"{found.name}.ubj"], features, threads)
        for found in record.trees
    }
    parts = {found.name: read_model(folder / found.name, threads) for found in record.parts}
    reference = None
    if record.protected:
        every = features_of(features, record.protected)
        read = BoostedTrees.from_bytes(files[f"{REFERENCE}.ubj"], every, threads)
        reference = ProtectedReference(record.protected, read)
    return Rivals(record, trees, parts, reference)


def _of_amounts(
    fitted: FittedModel, development: pd.DataFrame, validation: pd.DataFrame, model: ModelSettings
) -> AmountRivalsRecord:
    assert model.amount
    outcome = find_dated_outcome(fitted.manifest.outcome.name)
    labelled = [_labelled(fitted, frame) for frame in (development, validation)]
    first, second = ((part.values, part.outcome.astype(np.float64)) for part in labelled)
    penalties = model.amount.linear_penalties
    return fit_amount_rivals(
        fitted.manifest.features, first, second, penalties, months_before(outcome)
    )


def _samples(
    fitted: FittedModel, part: ProbabilityPart, frames: Sequence[pd.DataFrame], settings: Settings
) -> _Samples:
    development, validation = (_labelled(fitted, frame) for frame in frames)
    samples = _Samples(development, validation)
    if part.calibrated_on == "validation":
        return samples
    manifest = fitted.manifest
    built = BuiltRows.of(
        manifest.model, manifest.outcome.column, (development, validation),
        [customer_numbers(frame) for frame in frames], Division.of(settings),
    )  # fmt: skip
    return samples._replace(built=built)


def _labelled(fitted: FittedModel, frame: pd.DataFrame) -> LabelledMatrix:
    outcome = frame[fitted.manifest.outcome.column].to_numpy()
    return LabelledMatrix(_values(fitted, frame), outcome)


def _values(fitted: FittedModel, frame: pd.DataFrame) -> Matrix:
    manifest = fitted.manifest
    facts = facts_of(frame, manifest.columns)
    return model_input(manifest, facts, f"model {manifest.model}, rivals")


def _variants(
    features: tuple[FittedFeature, ...], training: Training, settings: Settings
) -> list[_Variant]:
    seed, threads = settings.seed, settings.runtime.threads
    free = tuple(replace(feature, monotone=0) for feature in features)

    def as_the_model(of: tuple[FittedFeature, ...]) -> Growing:
        return lambda fitted, stopped: fit_trees(
            fitted, stopped, of, training, classes=2, seed=seed, threads=threads
        )[0]

    variants = [
        _Variant(f"fraction_{fraction:g}", fraction, as_the_model(features))
        for fraction in settings.rivals.learning_fractions
    ]
    if any(feature.monotone for feature in features):
        variants.append(_Variant(UNCONSTRAINED, 1.0, as_the_model(free)))
    return [
        *variants,
        _Variant(
            DEFAULTS, 1.0,
            lambda fitted, _: fit_with_defaults(fitted, features, seed=seed, threads=threads),
        ),
    ]  # fmt: skip


def part_rows(
    outcome: npt.NDArray[np.int64], fraction: float, seed: int,
    customers: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Draw part of the customers, with the same rate; smaller parts lie within larger ones.

    Args:
        outcome: 0 or 1, shape (n_rows,).
        customers: number of each row's customer where one stands in several rows: all of
            them are drawn together, and stratified by whether any has the outcome.

    Returns:
        places of the rows that are kept.
    """
    if fraction == 1.0:
        return np.arange(len(outcome))
    numbers = np.arange(len(outcome)) if customers is None else customers
    happened = events_of(numbers, outcome)
    generator = np.random.default_rng(seed)
    kept = np.zeros(len(happened), dtype=bool)
    for value in (0, 1):
        stratum = generator.permutation(np.flatnonzero(happened == value))
        kept[stratum[: max(round(fraction * len(stratum)), 1)]] = True
    return np.flatnonzero(kept[numbers])


def _fit_variant(
    fitted: FittedModel, variant: _Variant, rows: npt.NDArray[np.int64], samples: _Samples
) -> tuple[BoostedTrees, TreesRecord]:
    whole = samples.development
    part = LabelledMatrix(whole.values[rows], whole.outcome[rows])
    trees = variant.grow(part, samples.validation)

    def fit(some: LabelledMatrix, stopped: LabelledMatrix) -> Callable[[Matrix], npt.ArrayLike]:
        return variant.grow(some, stopped).margins

    learnt = samples.calibration(fit, trees.margins(samples.validation.values), rows)
    record = TreesRecord(
        name=variant.name,
        fraction=variant.fraction,
        rows=len(rows),
        rounds=trees.rounds,
        calibration=_calibrated(fitted, *learnt),
    )
    return trees, record


def _probability(
    record: BaselineRecord, features: Sequence[FittedFeature], values: Matrix
) -> Floats:
    return record.calibration.probability(record.scorecard.margins(features, values))


def _product_baselines(
    fitted: FittedModel, development: pd.DataFrame, validation: pd.DataFrame, settings: Settings
) -> tuple[ProductBaseline, ...]:
    part, features = fitted.manifest.choice, fitted.manifest.features
    assert part is not None
    columns, held_by = [p.column for p in part.products], [p.held_by for p in part.products]
    values, stopping = (_values(fitted, frame) for frame in (development, validation))
    labels, stopping_labels = (
        product_labels(columns, held_by, features, matrix, frame)
        for matrix, frame in ((values, development), (stopping, validation))
    )
    found = []
    for place, product in enumerate(part.products):
        rows, judged = labels.lacking[:, place], stopping_labels.lacking[:, place]
        scorecard = fit_woe_scorecard(
            features,
            values[rows],
            labels.taken[rows, place],
            settings.rivals,
            most=settings.rivals.product_features,
        )
        calibration = fit_calibration(
            product.calibration.method,
            scorecard.margins(features, stopping[judged]),
            stopping_labels.taken[judged, place],
        )
        record = BaselineRecord(scorecard=scorecard, calibration=calibration)
        found.append(ProductBaseline(kind=product.kind, baseline=record))
    return tuple(found)


def _fit_baseline(fitted: FittedModel, samples: _Samples, settings: Settings) -> BaselineRecord:
    features = fitted.manifest.features

    def fit(rows: LabelledMatrix, _: LabelledMatrix) -> Callable[[Matrix], npt.ArrayLike]:
        return partial(
            fit_woe_scorecard(features, rows.values, rows.outcome, settings.rivals).margins,
            features,
        )

    scorecard = fit_woe_scorecard(
        features, samples.development.values, samples.development.outcome, settings.rivals
    )
    learnt = samples.calibration(fit, scorecard.margins(features, samples.validation.values))
    return BaselineRecord(scorecard=scorecard, calibration=_calibrated(fitted, *learnt))


def _calibrated(
    fitted: FittedModel, margins: npt.ArrayLike, outcome: npt.NDArray[np.int64]
) -> Calibration:
    """Calibrate a rival by the model's own method, so that the two differ in nothing else."""
    assert fitted.manifest.probability
    return fit_calibration(fitted.manifest.probability.calibration.method, margins, outcome)


def _value(
    model: ModelSettings, probability: Floats, baseline: Floats, outcome: npt.NDArray[np.int64]
) -> ValueRecord | None:
    if model.value is None:
        return None
    return ValueRecord(
        matrix=model.value,
        threshold=best_threshold(model.value, probability, outcome),
        baseline_threshold=best_threshold(model.value, baseline, outcome),
    )
