"""A reference model that has the protected attributes too: what leaving them out costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.contract import Column, Contract
from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.features.encoding import FittedFeature, Matrix, encode, fit_features
from limner.modelling.calibration import fit_calibration
from limner.modelling.fitted import FittedModel, Manifest
from limner.modelling.gradient_boosting import BoostedTrees, LabelledMatrix, fit_trees
from limner.modelling.rivals_record import ProtectedRecord
from limner.settings import Settings

REFERENCE = "with_protected"


@dataclass(frozen=True)
class ProtectedReference:
    """The record and the trees of the reference model."""

    record: ProtectedRecord
    trees: BoostedTrees

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the protected attributes that the reference has and the model has not."""
        return tuple(column.name for column in self.record.columns)

    def probability(self, values: Matrix, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Score customers.

        Args:
            values: the model's own encoded matrix, shape (n_customers, n_features).
            frame: the same customers, with their protected attributes.
        """
        margins = self.trees.margins(_with_protected(values, self.record, frame))
        return self.record.calibration.probability(margins)


def fit_protected_reference(
    fitted: FittedModel, contract: Contract, samples: Sequence[LabelledMatrix],
    frames: Sequence[pd.DataFrame], settings: Settings,
) -> ProtectedReference | None:  # fmt: skip
    """Fit the model's own trees on its features and the protected attributes that it lacks.

    Args:
        samples: development and validation as the model reads them.
        frames: the same customers as tables.

    Returns:
        the reference, or None where the model lacks no protected attribute that is recorded.
    """
    assert fitted.manifest.probability
    columns = _left_out(fitted.manifest, contract, frames[0])
    if not columns:
        return None
    extra = _fit_features(columns, frames[0])
    method = fitted.manifest.probability.calibration.method
    draft = ProtectedRecord(
        columns=columns, features=extra, rounds=0,
        calibration=fitted.manifest.probability.calibration,
    )  # fmt: skip
    development, validation = (
        LabelledMatrix(_with_protected(sample.values, draft, frame), sample.outcome)
        for sample, frame in zip(samples, frames, strict=True)
    )
    trees, _ = fit_trees(
        development, validation, features_of(fitted.manifest.features, draft),
        settings.model(fitted.manifest.model).training, classes=2, seed=settings.seed,
        threads=settings.runtime.threads,
    )  # fmt: skip
    calibration = fit_calibration(method, trees.margins(validation.values), validation.outcome)
    record = draft.model_copy(update={"rounds": trees.rounds, "calibration": calibration})
    return ProtectedReference(record, trees)


def features_of(
    features: Sequence[FittedFeature], record: ProtectedRecord
) -> tuple[FittedFeature, ...]:
    """Return the reference's features: the model's, then the protected attributes."""
    return (*features, *record.features)


def _left_out(manifest: Manifest, contract: Contract, frame: pd.DataFrame) -> tuple[Column, ...]:
    names = [name for name in contract.protected() if name not in manifest.columns]
    found = (contract.column(name) for name in names if name in frame)
    return tuple(c for c in found if c.kind != "date" and frame[c.name].nunique() > 1)


def _fit_features(columns: Sequence[Column], frame: pd.DataFrame) -> tuple[FittedFeature, ...]:
    words = {c.name: Bilingual(c.name, c.name) for c in columns}
    features = [
        Feature(f"protected_{c.name}", (c.name,), c.meaning, words[c.name], words[c.name])
        for c in columns
    ]
    facts = {c.name: frame[c.name].to_numpy() for c in columns}
    return fit_features(features, {}, {c.name: c for c in columns}, facts)


def _with_protected(values: Matrix, record: ProtectedRecord, frame: pd.DataFrame) -> Matrix:
    """Put the protected attributes beside the model's own features."""
    facts = {}
    for fitted in record.features:
        (name,) = fitted.feature.of
        column = frame[name]
        if fitted.categories is not None:
            # A category that development lacks is missing to the reference.
            column = column.astype(object).where(column.isin(fitted.categories), None)
        facts[name] = column.to_numpy()
    columns = {column.name: column for column in record.columns}
    extra = encode(record.features, columns, facts, "reference with protected attributes")
    return np.column_stack([values, extra]).astype(np.float32)
